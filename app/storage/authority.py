"""Who may do what: access, roles and keys as the statements of the workspace log say, and which statements count."""

from collections.abc import Callable, Collection, Mapping
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
from app.storage.seen import Claim, note
from app.storage.statements import (
    AUTHORITY,
    Kind,
    Statement,
    decode_statement,
    sequencer_conditions,
)
from app.storage.taken_out import key_is_beyond
from app.storage.terms import (
    GRACE_MS,
    GRANTED,
    Window,
    access_named,
    access_was_over,
    arrival,
    measured_ms,
    role_was_over,
)


class Counts(IntEnum):
    """Why a statement counts, or why not; it is kept and shown all the same."""

    SIGNATURE_FAILS = 0
    YES = 1
    KEY_UNKNOWN = 2
    ROLE_NOT_HELD = 3
    NOT_ALLOWED = 4
    LATE = 5  # or by a key on a device that was lost: it counts once an owner accepts it


def access_of(
    reader: Reader, person: bytes | None, by: "Author | None" = None, log: bytes | None = None
) -> Access:
    """The access a person holds now, or held as the author of a statement knew it: to everything, or also to one log.

    While nobody holds any, an unnamed person may do everything here. Two owners who decide apart: the lower access.
    """
    if person is None:
        return Access.NONE if _anybody(reader, None) else Access.OWNER
    everywhere = _access_within(reader, person, None, by)
    return everywhere if log is None else max(everywhere, _access_within(reader, person, log, by))


def _access_within(reader: Reader, person: bytes, scope: bytes | None, by: "Author | None") -> Access:
    standing = _standing(reader, Kind.ACCESS, person, "", by, lambda one: one.request == scope)
    return min((access_named(one.meaning) for one in standing), default=Access.NONE)


def project_access(reader: Reader, person: bytes) -> dict[bytes, Access]:
    """The access to single projects a person holds, beside the one to everything."""
    bodies = reader.rows(
        "SELECT body FROM statement WHERE kind = ? AND subject = ? AND counts = 1", (Kind.ACCESS, person)
    )
    projects = sorted({one for (body,) in bodies if (one := decode_statement(body).request) is not None})
    held = {project: _access_within(reader, person, project, None) for project in projects}
    return {project: access for project, access in held.items() if access}


@dataclass(frozen=True, slots=True)
class Reach:
    """What a person may do at one moment: everywhere, and in single projects beside."""

    everywhere: Access
    projects: Mapping[bytes, Access]

    @classmethod
    def of(cls, reader: Reader, person: bytes | None) -> "Reach":
        everywhere = access_of(reader, person)
        full = person is None or everywhere is Access.OWNER
        return cls(everywhere, {} if full else project_access(reader, person or b""))

    @property
    def most(self) -> Access:
        return max([self.everywhere, *self.projects.values()])

    def to(self, log: bytes) -> Access:
        return max(self.everywhere, self.projects.get(log, Access.NONE))


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


def term_is_over(reader: Reader, person: bytes, role: str, project: bytes) -> bool:
    """Whether a deputy's term has ended for sure: the sequencer has received something of the project since."""
    standing = _standing(reader, Kind.ROLE, person, role, None, lambda one: one.request in (None, project))
    passed = measured_ms(reader, project)
    return any(one.expires is not None and one.expires < passed for one in standing)


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
    elif statement.kind == Kind.ACCESS and access_named(statement.meaning) is Access.OWNER:
        judge_again(writer, settle_levels(writer, statement.subject))
    elif statement.kind == Kind.DEVICE:
        for person in _persons_on(writer, statement.subject):
            judge_again(writer, {person} | settle_levels(writer, person))
    judge_again(writer, _rests_on(writer, statement))


def _persons_on(reader: Reader, device: bytes) -> list[bytes]:
    rows = reader.rows("SELECT DISTINCT person FROM certificate WHERE device = ? ORDER BY person", (device,))
    return [person for (person,) in rows]


def _rests_on(reader: Reader, statement: Statement) -> set[bytes]:
    """The persons whose statements may count otherwise by one that was taken, or that the sequencer has placed."""
    if statement.kind in (Kind.ACCESS, Kind.ROLE):
        return {statement.subject}
    if statement.kind not in (Kind.ACCEPTANCE, Kind.WITHDRAWAL) or statement.request is None:
        return set()
    row = reader.row("SELECT body, person FROM statement WHERE hash = ?", (statement.request,))
    if row is None:
        return set()
    if statement.kind == Kind.ACCEPTANCE:
        return {row[1]}
    taken_back = decode_statement(row[0])
    return _rests_on(reader, taken_back) if taken_back.kind == Kind.ACCEPTANCE else set()


def _hand_over(writer: Writer, statement: Statement) -> None:
    """From the statement on another key gives the log its order, in a new epoch."""
    epoch, size, root, key = sequencer_conditions(statement)
    begin_epoch(writer, statement.log, epoch, key, size, root)
    note(writer, Claim(statement.log, epoch - 1, size, root))


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
    counts = may_state(reader, author)
    if counts is Counts.YES and _needs_a_word(reader, author) and not _has_a_word(reader, statement):
        return Counts.LATE
    return counts


def may_state(reader: Reader, author: Author) -> Counts:
    """Access and role behind a statement whose signature holds, as its author's frontier shows them."""
    statement = author.statement
    least = _least(statement)
    if statement.kind == Kind.DEVICE and _is_own_device(reader, author):
        return Counts.YES
    if statement.kind in _IN_A_ROLE and not holds_role(
        reader, statement.person, statement.role, statement.log, author
    ):
        return Counts.ROLE_NOT_HELD
    if least and access_of(reader, statement.person, author, statement.log) < least:
        return Counts.YES if _founds(reader, author) else Counts.NOT_ALLOWED
    return Counts.YES


_IN_A_ROLE = (Kind.SIGN_OFF, Kind.WAIVER)


def _least(statement: Statement) -> Access:
    """The access it takes to state it; statements of authority are about the whole workspace."""
    if statement.kind in (*AUTHORITY, Kind.REDACTION) or (
        statement.kind == Kind.ACCEPTANCE and statement.request is not None
    ):
        return Access.OWNER
    if statement.kind in (Kind.VERDICT, Kind.ACCEPTANCE):
        return Access.MANAGER
    return Access.READER if statement.kind in _IN_A_ROLE else Access.NONE


def _is_own_device(reader: Reader, author: Author) -> bool:
    """Whether a device is that of the statement's author and, as far as they knew, of nobody else."""
    device, person, workspace = author.statement.subject, author.statement.person, author.statement.log
    found = [
        (who, level)
        for who, op, level in reader.rows(
            "SELECT person, op, level FROM certificate WHERE device = ?", (device,)
        )
        if author.saw(workspace, op)
    ]
    return any(level >= 0 for _, level in found) and all(who == person for who, _ in found)


def _needs_a_word(reader: Reader, author: Author) -> bool:
    """Whether a statement came too late after its author's right ended, or may be that of whoever found a lost device."""
    statement = author.statement
    if key_is_beyond(reader, statement.key, statement.log, author.op):
        return True
    least = _least(statement)
    came = arrival(reader, statement.log, author.op) if least else None
    if came is None or (statement.kind == Kind.DEVICE and _is_own_device(reader, author)):
        return False
    window = Window(came - GRACE_MS, came, lambda word: _saw_statement(reader, author, word))
    over = access_was_over(reader, statement.person, least, statement.log, window)
    if statement.kind in _IN_A_ROLE:
        over = over or role_was_over(reader, statement.person, statement.role, statement.log, window)
    return over


def _saw_statement(reader: Reader, author: Author, other: Statement) -> bool:
    op = reader.value("SELECT op FROM statement WHERE hash = ?", (other.id,))
    return op is not None and author.saw(other.log, op)


def _has_a_word(reader: Reader, statement: Statement) -> bool:
    """Whether an owner accepted the statement although it came late, and did not take that back."""
    rows = reader.rows(
        "SELECT hash, kind, person, body FROM statement WHERE subject = ? AND kind IN (?, ?) AND counts = 1",
        (statement.subject, Kind.ACCEPTANCE, Kind.WITHDRAWAL),
    )
    said = [(name, kind, person, decode_statement(body).request) for name, kind, person, body in rows]
    taken_back = {(person, request) for _, kind, person, request in said if kind == Kind.WITHDRAWAL}
    return any(
        kind == Kind.ACCEPTANCE and request == statement.id and (person, name) not in taken_back
        for name, kind, person, request in said
    )


def _founds(reader: Reader, author: Author) -> bool:
    """The first owner makes themselves owner, on the device that founded the workspace or while nobody is known."""
    statement = author.statement
    if statement.kind != Kind.ACCESS or statement.subject != statement.person or _anybody(reader, author):
        return False
    return author.op[:16] == founding_device(reader) or not _anybody(reader, None)


def judge_placed(writer: Writer, log: bytes, names: Collection[bytes]) -> None:
    """After the sequencer placed commits of a log: whether their statements came in time, and whose end they were."""
    placed = [
        row
        for *row, name in writer.rows(
            "SELECT s.hash, s.op, s.body, s.signature, s.counts, e.hash FROM statement s JOIN entry e ON e.rev = s.rev "
            "WHERE s.log = ? ORDER BY s.rev, s.op",
            (log,),
        )
        if name in names
    ]
    persons: set[bytes] = set()
    for row in placed:
        persons |= _judge_row(writer, *row)
        persons |= _rests_on(writer, decode_statement(row[2]))
    judge_again(writer, persons)


def judge_all(writer: Writer) -> None:
    """After the order itself changed."""
    judge_again(writer, {person for (person,) in writer.rows("SELECT DISTINCT person FROM statement")})


def judge_again(writer: Writer, persons: Collection[bytes]) -> None:
    """After these persons' keys or rights changed: their statements count as it is now, and carry others along."""
    todo, rounds = set(persons), 0
    while todo and rounds < 100:  # who gave access to whom: each round settles one more step of the chain
        rounds += 1
        moved: set[bytes] = set()
        for row in writer.rows(
            "SELECT hash, op, body, signature, counts, person FROM statement ORDER BY rev, op"
        ):
            if row[5] in todo:
                moved |= _judge_row(writer, *row[:5])
        todo = moved


def _judge_row(
    writer: Writer, name: bytes, op: bytes, body: bytes, signature: bytes, before: int
) -> set[bytes]:
    """Judges one stored statement anew; the persons whose statements may count otherwise by it."""
    statement = decode_statement(body)
    counts = judge(writer, Author(statement, op), State(body, signature))
    writer.execute(
        "UPDATE statement SET counts = ?, level = ? WHERE hash = ?",
        (counts, level_of(writer, statement.key), name),
    )
    if counts == before:
        return set()
    if statement.kind == Kind.SEQUENCER and counts is Counts.YES:
        _hand_over(writer, statement)
    changed = _rests_on(writer, statement)
    if statement.kind == Kind.DEVICE:
        for person in _persons_on(writer, statement.subject):
            changed |= {person} | settle_levels(writer, person)
    if statement.kind == Kind.ACCESS:
        changed |= settle_levels(writer, statement.subject) | _who_made_themselves_owner(writer)
    return changed


def _who_made_themselves_owner(reader: Reader) -> set[bytes]:
    """Only one of them founds the workspace: what becomes of one decides about the others."""
    sql = "SELECT DISTINCT person FROM statement WHERE kind = ? AND subject = person"
    return {person for (person,) in reader.rows(sql, (Kind.ACCESS,))}
