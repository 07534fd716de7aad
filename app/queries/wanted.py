"""What a refused action wanted: field by field what it saw and what it wrote, from its signed commits and what they rest on."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from app.domain.registry import SPECS, EntitySpec
from app.i18n import _
from app.queries.log import named
from app.queries.people import names
from app.queries.retention import belongs_to
from app.storage.engine import Reader
from app.storage.log import Commit, decode_body
from app.storage.ops import LIFE, Create, Delete, Put, op_parts
from app.storage.plain import plain_text

_QUIET = frozenset(
    {"rank", "number", "base"}
)  # a place among siblings, what an import saw: nothing to a person
_ABOVE = frozenset({"step", "item", "run", "criterion", "subject", "sha256", "stage", "task", "gate"})
DELETED = "deleted"  # stands as the field of what was deleted


class WantedChange(NamedTuple):
    """`of`: what it belongs to, as it is called; `before` and `after` are plain values, lists where several stood."""

    of: str
    field: str
    before: tuple[Any, ...]
    after: Any


class Wanted(NamedTuple):
    """The first changes, and how many more there are. names: what it and the ones before it made themselves, by id."""

    changes: tuple[WantedChange, ...]
    more: int
    names: dict[bytes, str]


def wanted(
    reader: Reader,
    action: bytes,
    language: str = "en",
    most: int = 3,
    made: Mapping[bytes, str] | None = None,
) -> Wanted:
    """What an action's commits hold, whether they count or not. `made`: what refused ones before it made themselves."""
    reading = _Reading(reader, language, dict(made or {}))
    rows = reader.rows("SELECT body FROM entry WHERE action = ? ORDER BY rev", (action,))
    found: dict[tuple[bytes, str], tuple[str | None, WantedChange]] = {}
    for (body,) in rows:
        commit = decode_body(body)
        for thing, field, tongue, change in reading.changes(commit):
            known = found.get((thing, field))
            if known is None or (tongue == language and known[0] != language):
                found[thing, field] = (tongue, change)
    changes = [change for _tongue, change in found.values()]
    return Wanted(tuple(changes[:most]), max(0, len(changes) - most), reading.made)


_Found = tuple[bytes, str, str | None, WantedChange]


class _Reading:
    """Names of what the action made itself are kept: no row has them."""

    def __init__(self, reader: Reader, language: str, made: dict[bytes, str]) -> None:
        self._reader, self._language = reader, language
        self._people = names(reader)
        self.made = made

    def changes(self, commit: Commit) -> Iterator[_Found]:
        for op in commit.ops:
            spec = SPECS.get(op.entity) if isinstance(op, Create | Put | Delete) else None
            if spec is None:
                continue
            match op:
                case Create():
                    yield from self._created(spec, op)
                case Put():
                    yield from self._put(spec, commit.log, op)
                case Delete():
                    yield op.object, DELETED, None, WantedChange(self._name(op.object), DELETED, (), None)

    def _created(self, spec: EntitySpec, op: Create) -> Iterator[_Found]:
        for number, tongue, value in op.values:
            known = spec.by_number.get(number)
            if (
                known is not None
                and known.mark.per_language
                and (op.object not in self.made or tongue == self._language)
            ):
                self.made[op.object] = str(value)
        of = self._name(op.object)
        for number, tongue, value in op.values:
            known = spec.by_number.get(number)
            if known is None or known.name in _QUIET | _ABOVE or value in (None, "", known.default):
                continue
            after = self._plain(value, erasable=known.mark.erasable)
            yield op.object, known.name, tongue, WantedChange(of, known.name, (), after)

    def _put(self, spec: EntitySpec, log: bytes, op: Put) -> Iterator[_Found]:
        known = spec.by_number.get(op.field)
        if op.field == LIFE or known is None or known.name in _QUIET:
            return
        erasable = known.mark.erasable
        before = [self._value_of(log, base, op) for base in op.base]
        seen = tuple(dict.fromkeys(self._plain(one, erasable=erasable) for one in before))
        after = self._plain(op.value, erasable=erasable)
        yield op.object, known.name, op.language, WantedChange(self._name(op.object), known.name, seen, after)

    def _value_of(self, log: bytes, base: bytes, op: Put) -> Any:
        """What the op wrote on which another rests; nothing where it is not here."""
        device, dev_seq, index = op_parts(base)
        body = self._reader.value(
            "SELECT body FROM entry WHERE log = ? AND device = ? AND dev_seq = ?", (log, device, dev_seq)
        )
        ops = decode_body(body).ops if body is not None else ()
        match ops[index] if index < len(ops) else None:
            case Put(value=value):
                return value
            case Create(values=values):
                return next(
                    (one for number, tongue, one in values if (number, tongue) == (op.field, op.language)),
                    None,
                )
        return None

    def _plain(self, value: Any, *, erasable: bool) -> Any:
        if not isinstance(value, bytes):
            return value
        return plain_text(self._reader, value) if erasable else self._name(value)

    def _name(self, thing: bytes) -> str:
        """As people call it, or what it belongs to."""
        if thing in self.made:
            return self.made[thing]
        if thing in self._people:
            return self._people[thing]
        found = named(self._reader, belongs_to(self._reader, thing), self._language)
        return found if found != thing.hex()[:8] else _("something new")
