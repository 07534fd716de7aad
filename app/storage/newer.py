"""What of an op this version does not know: a later one wrote it, and it stays in the log until that one reads it."""

from app.domain.registry import SPECS, FieldSpec
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
            knows = all(
                _is_known(spec.by_number.get(number), value) for number, _language, value in values if number
            )
            return None if knows else thing
        case Put(entity=entity, object=thing, field=number, value=value):
            spec = SPECS.get(entity)
            if spec is None:
                return b""
            return None if number == LIFE or _is_known(spec.by_number.get(number), value) else thing
        case Delete(entity=entity):
            return b"" if entity not in SPECS else None
    return None


def _is_known(known: FieldSpec | None, value: object) -> bool:
    """Whether the field is known, and the word in it; a word that is not is kept in the row all the same."""
    if known is None:
        return False
    words = known.mark.words
    return words is None or value in (None, "") or value in words.__members__.values()
