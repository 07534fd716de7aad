"""Who may do what: access, roles and keys as the statements of the workspace log say, and which statements count."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import IntEnum

from app.codec import STATEMENT
from app.domain.words import Access
from app.errors import VerifyError
from app.storage.certificates import keep_certificate, level_of, settle_levels
from app.storage.crypto import verify
from app.storage.engine import Reader, Writer
from app.storage.epochs import begin_epoch
from app.storage.ops import Certify, State
from app.storage.statements import (
    AUTHORITY,
    Kind,
    Statement,
    decode_statement,
    sequencer_conditions,
)

GRANTED, REVOKED = "granted", "revoked"
GRACE_MS = 72 * 3_600_000  # how long after a revocation what was done before it may still arrive
BEFORE_ALL = -(1 << 62)


class Counts(IntEnum):
    """Why a statement counts, or why not; it is kept and shown all the same."""

    SIGNATURE_FAILS = 0
    YES = 1
    KEY_UNKNOWN = 2
    ROLE_NOT_HELD = 3
    NOT_ALLOWED = 4


def access_of(reader: Reader, person: bytes | None, by: "Author | None" = None) -> Access:
    """The access a person holds now, or held as the author of a statement knew it.

    While nobody holds any, an unnamed person may do everything here. Two owners who decide apart: the lower access.
    """
    if person is None:
        return Access.NONE if _anybody(reader, None) else Access.OWNER
    levels = [_access(one.meaning) for one in _standing(reader, Kind.ACCESS, person, "", by)]
    return min(levels, default=Access.NONE)


def access_since(reader: Reader, person: bytes, since_ms: int) -> Access | None:
    """The highest access a person held at any time since then; None when nobody ever gave them any."""
    rows = reader.rows(
        "SELECT s.meaning, e.received FROM statement s JOIN entry e ON e.rev = s.rev WHERE s.kind = ? AND s.subject = ? "
        "AND s.counts = 1 ORDER BY s.rev, s.op",
        (Kind.ACCESS, person),
    )
    replaced = [received for _, received in rows[1:]]
    levels = [_access(meaning) for (meaning, _), end in zip(rows, replaced, strict=False) if end >= since_ms]
    return max([*levels, _access(rows[-1][0])]) if rows else None


def _access(word: str) -> Access:
    return Access[word.upper()] if word.upper() in Access.__members__ else Access.NONE


def holds_role(
    reader: Reader, person: bytes, role: str, project: bytes | None, by: "Author | None" = None
) -> bool:
    """Whether the role was given to the person, for the whole workspace or for this project, and not taken since.

    Of two who decide apart, the one who took it counts.
    """
    words = [
        one.meaning
        for one in _standing(reader, Kind.ROLE, person, role, by, lambda one: one.request in (None, project))
    ]
    return bool(words) and all(word == GRANTED for word in words)


@dataclass(frozen=True, slots=True)
class Author:
    """A statement with the op that brought it: what its author had seen when stating."""

    statement: Statement
    op: bytes

    def saw(self, log: bytes, op: bytes) -> bool:
        """Whether a commit was known to the author: within the frontier, or earlier on the same chain."""
        earlier = self.statement.log == log and self.op[:16] == op[:16] and op < self.op
        return earlier or self.statement.covers(log, op)


def _standing(
    reader: Reader,
    kind: Kind,
    subject: bytes,
    role: str,
    by: Author | None,
    applies: Callable[[Statement], bool] = lambda _: True,
) -> list[Statement]:
    """The statements about a subject that no later one replaces, of those `by` had seen; several when made apart."""
    rows = reader.rows(
        "SELECT op, body FROM statement WHERE kind = ? AND subject = ? AND role = ? AND counts = 1",
        (kind, subject, role),
    )
    known = [Author(decode_statement(body), op) for op, body in rows]
    known = [
        one for one in known if applies(one.statement) and (by is None or by.saw(one.statement.log, one.op))
    ]
    return [
        one.statement
        for one in known
        if not any(other.saw(one.statement.log, one.op) for other in known if other is not one)
    ]


def _anybody(reader: Reader, by: Author | None) -> bool:
    """Whether anybody holds access, as far as the author of a statement knew."""
    rows = reader.rows("SELECT op, log FROM statement WHERE kind = ? AND counts = 1", (Kind.ACCESS,))
    return any(by is None or by.saw(log, op) for op, log in rows)


def founding_device(reader: Reader) -> bytes | None:
    """The device that founded the workspace."""
    return reader.value(  # type: ignore[no-any-return]  # a column of ids
        "SELECT device FROM entry WHERE log = (SELECT value FROM meta WHERE key = 'workspace') ORDER BY rev LIMIT 1"
    )


def roles_of(reader: Reader, person: bytes, project: bytes | None = None) -> tuple[str, ...]:
    """The roles a person holds, sorted."""
    names = reader.rows(
        "SELECT DISTINCT role FROM statement WHERE kind = ? AND subject = ? AND counts = 1 ORDER BY role",
        (Kind.ROLE, person),
    )
    return tuple(name for (name,) in names if holds_role(reader, person, name, project))


# -- taking statements and certificates in -------------------------------------------------------------------------


def take_statement(writer: Writer, log: bytes, rev: int, op: bytes, state: State) -> bytes | None:
    """Keeps a statement with the judgement whether it counts; its subject, or None when it stands already."""
    statement = decode_statement(state.body)
    if statement.log != log:
        raise VerifyError("A statement stands in another log than it names.")
    if writer.row("SELECT 1 FROM statement WHERE hash = ?", (statement.id,)):
        return None
    counts = judge(writer, Author(statement, op), state)
    writer.execute(
        "INSERT INTO statement (hash, op, log, rev, kind, run, subject, person, role, meaning, body, signature, counts, "
        "level) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (statement.id, op, log, rev, statement.kind, statement.run, statement.subject, statement.person)
        + (
            statement.role,
            statement.meaning,
            state.body,
            state.signature,
            counts,
            level_of(writer, statement.key),
        ),
    )
    if counts is Counts.YES:
        _take_effect(writer, statement)
    return statement.subject


def _take_effect(writer: Writer, statement: Statement) -> None:
    if statement.kind == Kind.SEQUENCER:
        _hand_over(writer, statement)
    if statement.kind == Kind.ACCESS and _access(statement.meaning) is Access.OWNER:
        judge_again(writer, settle_levels(writer, statement.subject))


def _hand_over(writer: Writer, statement: Statement) -> None:
    """From the statement on another key gives the log its order, in a new epoch."""
    epoch, size, root, key = sequencer_conditions(statement)
    begin_epoch(writer, statement.log, epoch, key, size, root)


def take_certificate(writer: Writer, rev: int, op: bytes, certify: Certify) -> bytes | None:
    """Keeps a key certificate whose signature holds; the person, or None when it stands already or does not hold."""
    kept = keep_certificate(writer, rev, op, certify)
    if kept is not None:
        judge_again(writer, settle_levels(writer, kept))
    return kept


def judge(reader: Reader, author: Author, state: State) -> Counts:
    """Whether a statement counts: signature, key and person, and the right to state it."""
    statement = author.statement
    row = reader.row(
        "SELECT public FROM certificate WHERE key = ? AND person = ? AND level >= 0",
        (statement.key, statement.person),
    )
    if row is None:
        return Counts.KEY_UNKNOWN
    if not verify(row[0], STATEMENT + state.body, state.signature):
        return Counts.SIGNATURE_FAILS
    return may_state(reader, author)


def may_state(reader: Reader, author: Author) -> Counts:
    """Access and role behind a statement whose signature holds, as its author's frontier shows them."""
    statement = author.statement
    if statement.kind in AUTHORITY:
        owner = access_of(reader, statement.person, author) is Access.OWNER
        return Counts.YES if owner or _founds(reader, author) else Counts.NOT_ALLOWED
    if statement.kind in (Kind.SIGN_OFF, Kind.WAIVER):
        held = holds_role(reader, statement.person, statement.role, statement.log, author)
        return Counts.YES if held else Counts.ROLE_NOT_HELD
    if statement.kind in (Kind.VERDICT, Kind.ACCEPTANCE):
        enough = access_of(reader, statement.person, author) >= Access.MANAGER
        return Counts.YES if enough else Counts.NOT_ALLOWED
    return Counts.YES


def _founds(reader: Reader, author: Author) -> bool:
    """The first owner makes themselves owner, on the device that founded the workspace or while nobody is known."""
    statement = author.statement
    if statement.kind != Kind.ACCESS or statement.subject != statement.person or _anybody(reader, author):
        return False
    return author.op[:16] == founding_device(reader) or not _anybody(reader, None)


def judge_again(writer: Writer, persons: Collection[bytes]) -> None:
    """After these persons' keys changed: their statements count by the keys as they are now, and carry others along."""
    moved = False
    for person in persons:
        moved |= _judge_stored(writer, person)
    rounds = 0
    while moved and rounds < len(
        Kind
    ):  # who gave access to whom: each round settles one more step of the chain
        rounds += 1
        moved = _judge_stored(writer, None)


def _judge_stored(writer: Writer, person: bytes | None) -> bool:
    """Judges the statements of one person, or all; whether anybody's access or roles changed by it."""
    moved = False
    for name, op, body, signature, before in writer.rows(
        "SELECT hash, op, body, signature, counts FROM statement WHERE ?1 IS NULL OR person = ?1 ORDER BY rev, op",
        (person,),
    ):
        statement = decode_statement(body)
        counts = judge(writer, Author(statement, op), State(body, signature))
        writer.execute(
            "UPDATE statement SET counts = ?, level = ? WHERE hash = ?",
            (counts, level_of(writer, statement.key), name),
        )
        if counts != before and statement.kind in AUTHORITY:
            moved = True
            if statement.kind == Kind.SEQUENCER and counts is Counts.YES:
                _hand_over(writer, statement)
            settle_levels(writer, statement.subject)
    return moved
