"""How long access and roles were held, by the sequencer's order and its times of receipt: what came in time, what late.

No clock of an author decides. What was stated while a role was held counts when it arrives within the grace time after the
role was taken or the deputy's term ended; what arrives later waits for an owner's word. Without receipts nothing is late.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.words import Access
from app.storage.engine import Reader
from app.storage.log import Seq
from app.storage.ops import op_parts
from app.storage.statements import Kind, Statement, decode_statement

GRANTED, REVOKED = "granted", "revoked"
GRACE_MS = 72 * 3_600_000  # how long after a revocation what was done before it may still arrive
BEFORE_ALL, FOR_EVER = -(1 << 62), 1 << 62

Applies = Callable[[Statement], bool]


@dataclass(frozen=True, slots=True)
class Word:
    """A statement that gives or takes, when the sequencer received it, and when the next one took its place (UTC ms)."""

    statement: Statement
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Window:
    """The times at which something may have been held for a statement to be in time, and which words its author had seen."""

    since: int
    until: int
    saw: Applies

    def meets(self, word: Word) -> bool:
        begun = word.begins <= self.until or self.saw(word.statement)
        return begun and word.ends >= self.since


def access_named(word: str) -> Access:
    """The access a statement's word gives; none for a word of a newer version."""
    return Access[word.upper()] if word.upper() in Access.__members__ else Access.NONE


def arrival(reader: Reader, log: bytes, op: bytes) -> int | None:
    """When the sequencer received the commit of an op; None while no decision stands."""
    device, dev_seq, _ = op_parts(op)
    return reader.value(  # type: ignore[no-any-return]  # a column of numbers
        "SELECT l.received FROM entry e JOIN standing_leaf l ON l.hash = e.hash "
        "WHERE e.log = ? AND e.device = ? AND e.dev_seq = ?",
        (log, device, dev_seq),
    )


def words_about(reader: Reader, kind: Kind, person: bytes, role: str, applies: Applies) -> list[Word]:
    """What was given and taken in the official order; what has no receipt yet is left out."""
    rows = reader.rows(
        "SELECT s.body, l.received FROM statement s JOIN entry e ON e.rev = s.rev JOIN standing_leaf l "
        "ON l.hash = e.hash WHERE s.kind = ? AND s.subject = ? AND s.role = ? AND s.counts = 1 "
        "ORDER BY l.epoch, l.number, s.op",
        (kind, person, role),
    )
    said = [(decode_statement(body), received) for body, received in rows]
    said = [one for one in said if applies(one[0])]
    nexts = [received for _, received in said[1:]] + [FOR_EVER]
    return [
        Word(statement, received, min(after, FOR_EVER if statement.expires is None else statement.expires))
        for (statement, received), after in zip(said, nexts, strict=False)
    ]


def role_was_over(reader: Reader, person: bytes, role: str, project: bytes, window: Window) -> bool:
    """Whether by the official order nobody had given the role at any time of the window."""
    words = words_about(reader, Kind.ROLE, person, role, lambda one: one.request in (None, project))
    return _was_over([one for one in words if one.statement.meaning == GRANTED], words, window)


def access_was_over(reader: Reader, person: bytes, least: Access, log: bytes, window: Window) -> bool:
    """Whether by the official order the person held less at every time of the window, for all and for this log."""
    scopes = [
        words_about(reader, Kind.ACCESS, person, "", _within(scope)) for scope in dict.fromkeys((None, log))
    ]
    words = [word for scope in scopes for word in scope]
    return _was_over([one for one in words if access_named(one.statement.meaning) >= least], words, window)


def _within(scope: bytes | None) -> Applies:
    return lambda statement: statement.request == scope


def _was_over(giving: Sequence[Word], words: Sequence[Word], window: Window) -> bool:
    return bool(words) and not any(window.meets(one) for one in giving)


def access_since(
    reader: Reader, person: bytes, since_ms: int, log: bytes | None = None, seen: Seq = (0, 0)
) -> Access | None:
    """The highest access to a log a person held at any time since then; None when nobody ever gave them any.

    An access whose end the author had seen (`seen`, of the workspace log) is none for what they do afterwards.
    """
    rows = reader.rows(
        "SELECT s.body, s.meaning, e.received, e.hash FROM statement s JOIN entry e ON e.rev = s.rev "
        "WHERE s.kind = ? AND s.subject = ? AND s.counts = 1 ORDER BY s.rev, s.op",
        (Kind.ACCESS, person),
    )
    if not rows:
        return None
    levels = [Access.NONE]
    for scope in dict.fromkeys((None, log)):
        said = [row[1:] for row in rows if decode_statement(row[0]).request == scope]
        ends = [received >= since_ms and not _had_seen(reader, name, seen) for _, received, name in said[1:]]
        levels += [
            access_named(meaning) for (meaning, *_), held in zip(said, [*ends, True], strict=False) if held
        ]
    return max(levels)


def _had_seen(reader: Reader, name: bytes, seen: Seq) -> bool:
    """Whether a commit stands before a place in the official order of its log."""
    if seen == (0, 0):
        return False
    row = reader.row("SELECT epoch, number FROM standing_leaf WHERE hash = ?", (name,))
    return row is not None and (row[0], row[1]) < seen


def measured_ms(reader: Reader, log: bytes) -> int:
    """The time that has passed for sure: when the sequencer last received something of a log."""
    sql = "SELECT received FROM leaf WHERE log = ? ORDER BY epoch DESC, number DESC LIMIT 1"
    return int(reader.value(sql, (log,)) or BEFORE_ALL)
