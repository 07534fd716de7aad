"""What of an op this version does not know: a later one wrote it, and it stays in the log until that one reads it."""

from collections.abc import Iterable

from app.codec import Value
from app.domain.registry import SPECS, EntitySpec
from app.storage.ops import LIFE, Create, Delete, Op, Put


def newer_in(op: Op | None) -> bytes | None:
    """The object of which the op says more than is known here; empty where it is none known here, None where all is known."""
    match op:
        case None:
            return b""
        case Create(entity=entity, object=thing, values=values):
            spec = SPECS.get(entity)
            if spec is None:
                return b""
            knows = spec.numbers.issuperset(number for number, _language, _value in values if number != LIFE)
            return None if knows and (not spec.words or _knows_words(spec, values)) else thing
        case Put(entity=entity, object=thing, field=number, language=language, value=value):
            spec = SPECS.get(entity)
            if spec is None:
                return b""
            knows = number == LIFE or number in spec.by_number
            return None if knows and _knows_words(spec, [(number, language, value)]) else thing
        case Delete(entity=entity):
            return b"" if entity not in SPECS else None
    return None


def _knows_words(spec: EntitySpec, values: Iterable[tuple[int, str | None, Value]]) -> bool:
    """A word that is not known is kept in the row all the same."""
    return all(value in spec.words[number] for number, _language, value in values if number in spec.words)
