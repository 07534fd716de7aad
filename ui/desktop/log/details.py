"""What one entry of the log changed: field by field, before and after, read from the signed commits themselves."""

from typing import Any, NamedTuple

from app.queries.people import names
from app.storage.engine import Reader

_MOST = 12
_NEVER = 1 << 62
_QUIET = frozenset({"rank"})  # a place among siblings says nothing to a person


class ChangeShown(NamedTuple):
    field: str
    before: Any
    after: Any


class Details(NamedTuple):
    """`more` counts what is not listed: created and deleted objects, and changes beyond the first ones."""

    action: bytes
    changes: tuple[ChangeShown, ...]
    more: int


def details(reader: Reader, action: bytes, rev: int) -> Details:
    """`rev` is the action's first revision: what stood before is what that one did not know."""
    from app.domain.registry import (
        SPECS,  # the registry brings sqlmodel; the log is looked at after the first paint
    )
    from app.storage.heads import heads_of
    from app.storage.history import commits_of
    from app.storage.ops import LIFE, Put

    people = names(reader)
    found: list[ChangeShown] = []
    ops = [op for commit in commits_of(reader, action) for op in commit.ops]
    for op in ops:
        if not isinstance(op, Put) or op.field == LIFE or op.entity not in SPECS:
            continue
        known = SPECS[op.entity].by_number.get(op.field)
        if known is None or known.name in _QUIET:
            continue
        heads = heads_of(reader, op.object, op.field, op.language, rev - 1, _NEVER)
        before = heads[0].value if heads else None
        values = (_plain(reader, value, people, erasable=known.mark.erasable) for value in (before, op.value))
        found.append(ChangeShown(known.name, *values))
    return Details(action, tuple(found[:_MOST]), len(ops) - min(len(found), _MOST))


def _plain(reader: Reader, value: Any, people: dict[bytes, str], *, erasable: bool) -> Any:
    from app.storage.plain import plain_text

    if isinstance(value, bytes):
        return plain_text(reader, value) if erasable else people.get(value, value.hex()[:8])
    return value
