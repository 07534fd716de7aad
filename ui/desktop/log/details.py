"""What one entry of the log changed: field by field, before and after, read from the signed commits themselves."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from app.queries.log import named
from app.queries.people import names
from app.storage.engine import Reader

_MOST, _STEP = 12, 11
_NEVER = 1 << 62
_QUIET = frozenset({"rank", "number"})  # a place among siblings says nothing to a person
_BEGUN = frozenset({12, 13, 14, 15})  # attempt, results, evidence: made when something is first recorded
_ABOVE = frozenset(
    {"step", "item", "run", "criterion", "subject", "sha256"}
)  # where it hangs, not what it says


class ChangeShown(NamedTuple):
    """`of` names the object where an entry changed several."""

    field: str
    before: Any
    after: Any
    of: str = ""


class StatedShown(NamedTuple):
    """A statement in the entry: `counts` is authority.Counts."""

    kind: int
    person: str
    role: str
    meaning: str
    presence: str
    level: int
    counts: int
    digest: bytes


class Details(NamedTuple):
    """`more` counts what is not listed: created and deleted objects, and changes beyond the first ones."""

    action: bytes
    changes: tuple[ChangeShown, ...]
    more: int
    stated: tuple[StatedShown, ...] = ()
    follows: int | None = None  # the entry before it in its device's chain
    follows_hash: bytes = b""
    holds: bool = False  # the device's signature over the entry
    received_ms: int | None = None  # by the sequencer


def details(reader: Reader, action: bytes, rev: int, language: str = "en") -> Details:
    """`rev` is the action's first revision: what stood before is what that one did not know."""
    from app.storage.history import (
        commits_of,
    )  # all of the data layer; the log is looked at after the first paint

    words = _Words(reader, language)
    ops = [op for commit in commits_of(reader, action) for op in commit.ops]
    found: list[ChangeShown] = []
    silent = 0
    for op in ops:
        shown = list(_changes(reader, op, rev, words))
        silent += not shown and getattr(op, "entity", _STEP) not in (_STEP, *_BEGUN)
        found += shown
    if len({change.of for change in found}) <= 1:
        found = [change._replace(of="") for change in found]
    follows, follows_hash = _before(reader, rev)
    return Details(
        *(action, tuple(found[:_MOST]), max(0, len(found) - _MOST) + silent, _stated(reader, ops)),
        *(follows, follows_hash, _holds(reader, rev)),
        reader.value("SELECT l.received FROM entry e JOIN leaf l ON l.hash = e.hash WHERE e.rev = ?", (rev,)),
    )


def _changes(reader: Reader, op: Any, rev: int, words: "_Words") -> Iterator[ChangeShown]:
    from app.domain.registry import SPECS
    from app.storage.heads import heads_of
    from app.storage.ops import LIFE, Create, Put

    if isinstance(op, Put) and op.field != LIFE and op.entity in SPECS:
        known = SPECS[op.entity].by_number.get(op.field)
        if known is not None and known.name not in _QUIET:
            heads = heads_of(reader, op.object, op.field, op.language, rev - 1, _NEVER)
            before = heads[0].value if heads else None
            was, now = (words.plain(one, erasable=known.mark.erasable) for one in (before, op.value))
            yield ChangeShown(known.name, was, now, words.name(op.object))
    elif isinstance(op, Create) and op.entity in _BEGUN:
        for number, _language, value in op.values:
            known = SPECS[op.entity].by_number.get(number)
            if known is not None and known.name not in _QUIET | _ABOVE and value not in (None, ""):
                after = words.plain(value, erasable=known.mark.erasable)
                yield ChangeShown(known.name, None, after, words.name(op.object))


class _Words:
    def __init__(self, reader: Reader, language: str) -> None:
        self._reader, self._language = reader, language
        self._people = names(reader)

    def plain(self, value: Any, *, erasable: bool) -> Any:
        from app.storage.plain import plain_text

        if not isinstance(value, bytes):
            return value
        return plain_text(self._reader, value) if erasable else self.name(value)

    def name(self, thing: bytes) -> str:
        return self._people.get(thing) or named(self._reader, thing, self._language)


def _stated(reader: Reader, ops: list[Any]) -> tuple[StatedShown, ...]:
    from app.storage.ops import State
    from app.storage.statements import decode_statement

    people = names(reader)
    found = []
    for op in ops:
        if isinstance(op, State):
            one = decode_statement(op.body)
            counts, level = reader.row("SELECT counts, level FROM statement WHERE hash = ?", (one.id,)) or (
                0,
                0,
            )
            found.append(
                StatedShown(
                    *(one.kind, people.get(one.person, ""), one.role, one.meaning, one.presence),
                    *(level, counts, one.digest),
                )
            )
    return tuple(found)


def _before(reader: Reader, rev: int) -> tuple[int | None, bytes]:
    row = reader.row(
        "SELECT b.rev, b.hash, l.number FROM entry e JOIN entry b ON b.log = e.log AND b.device = e.device "
        "AND b.dev_seq = e.dev_seq - 1 LEFT JOIN leaf l ON l.hash = b.hash WHERE e.rev = ?",
        (rev,),
    )
    if row is None:
        return None, b""
    return (row[2] if row[2] is not None else row[0]), row[1]


def _holds(reader: Reader, rev: int) -> bool:
    from app.codec import COMMIT
    from app.storage.crypto import verify
    from app.storage.log import commit_hash

    name, body, signature, key = reader.row(
        "SELECT e.hash, e.body, e.signature, d.key FROM entry e LEFT JOIN device d ON d.id = e.device WHERE e.rev = ?",
        (rev,),
    ) or (b"", b"", b"", None)
    return key is not None and commit_hash(body) == name and verify(key, COMMIT + body, signature)
