"""Who may do what: access, roles and keys as the statements of the workspace log say, and which statements count."""

from enum import IntEnum

from app.codec import STATEMENT
from app.domain.words import Access, IdentityLevel
from app.errors import VerifyError
from app.storage.crypto import key_id, verify
from app.storage.engine import Reader, Writer
from app.storage.log import decode_body
from app.storage.ops import Certify, Found, State
from app.storage.statements import (
    AUTHORITY,
    Kind,
    Statement,
    decode_certificate,
    decode_statement,
    sequencer_conditions,
)

GRANTED, REVOKED = "granted", "revoked"
# A key somebody claims for a person who has one already: kept, and counts for nothing until that person or an owner
# certifies it.
CLAIMED = -1


class Counts(IntEnum):
    """Why a statement counts, or why not; it is kept and shown all the same."""

    SIGNATURE_FAILS = 0
    YES = 1
    KEY_UNKNOWN = 2
    ROLE_NOT_HELD = 3
    NOT_ALLOWED = 4


def access_of(reader: Reader, person: bytes | None) -> Access:
    """The access a person holds; while nobody holds any, an unnamed person may do everything here."""
    if person is None:
        anyone = reader.row("SELECT 1 FROM statement WHERE kind = ? AND counts = 1 LIMIT 1", (Kind.ACCESS,))
        return Access.NONE if anyone else Access.OWNER
    word = reader.value(
        "SELECT meaning FROM statement WHERE kind = ? AND subject = ? AND counts = 1 ORDER BY rev DESC, op DESC LIMIT 1",
        (Kind.ACCESS, person),
    )
    return Access[word.upper()] if word and word.upper() in Access.__members__ else Access.NONE


def holds_role(reader: Reader, person: bytes, role: str, project: bytes | None) -> bool:
    """Whether the role was given to the person, for the whole workspace or for this project, and not taken since."""
    rows = reader.rows(
        "SELECT meaning, body FROM statement WHERE kind = ? AND subject = ? AND role = ? AND counts = 1 "
        "ORDER BY rev DESC, op DESC",
        (Kind.ROLE, person, role),
    )
    for meaning, body in rows:
        if decode_statement(body).request in (None, project):
            return bool(meaning == GRANTED)
    return False


def roles_of(reader: Reader, person: bytes, project: bytes | None = None) -> tuple[str, ...]:
    """The roles a person holds, sorted."""
    names = reader.rows(
        "SELECT DISTINCT role FROM statement WHERE kind = ? AND subject = ? AND counts = 1 ORDER BY role",
        (Kind.ROLE, person),
    )
    return tuple(name for (name,) in names if holds_role(reader, person, name, project))


def is_accepted(reader: Reader, key: bytes) -> bool:
    """Whether a key counts as its person's."""
    return reader.row("SELECT 1 FROM certificate WHERE key = ? AND level >= 0", (key,)) is not None


def level_of(reader: Reader, key: bytes) -> IdentityLevel:
    """How sure it is whose key this is: the best of its certificates."""
    found = reader.value("SELECT max(level) FROM certificate WHERE key = ?", (key,))
    return IdentityLevel(max(0, found or 0))


def sequencer_of(reader: Reader, log: bytes, epoch: int) -> bytes | None:
    """The public key that gives a log its order in an epoch: its founder's, or the one an owner handed it to."""
    if epoch == 1:
        body = reader.value("SELECT body FROM entry WHERE log = ? ORDER BY rev LIMIT 1", (log,))
        first = decode_body(body).ops[0] if body is not None else None
        return first.sequencer if isinstance(first, Found) else None
    for (body,) in reader.rows(
        "SELECT body FROM statement WHERE log = ? AND kind = ? AND counts = 1 ORDER BY rev DESC",
        (log, Kind.SEQUENCER),
    ):
        named, _size, _root, key = sequencer_conditions(decode_statement(body))
        if named == epoch:
            return key
    return None


# -- taking statements and certificates in -------------------------------------------------------------------------


def take_statement(writer: Writer, log: bytes, rev: int, op: bytes, state: State) -> bytes | None:
    """Keeps a statement with the judgement whether it counts; its subject, or None when it stands already."""
    statement = decode_statement(state.body)
    if statement.log != log:
        raise VerifyError("A statement stands in another log than it names.")
    if writer.row("SELECT 1 FROM statement WHERE hash = ?", (statement.id,)):
        return None
    counts = judge(writer, statement, state)
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
    if counts is Counts.YES and statement.kind == Kind.SEQUENCER:
        _hand_over(writer, statement)
    if statement.kind in AUTHORITY:
        judge_again(writer)
    return statement.subject


def _hand_over(writer: Writer, statement: Statement) -> None:
    """From the statement on another key gives the log its order, in a new epoch; an older hand-over changes nothing."""
    epoch, _size, _root, key = sequencer_conditions(statement)
    writer.execute(
        "UPDATE log SET sequencer = ?, epoch = ? WHERE id = ? AND epoch < ?",
        (key, epoch, statement.log, epoch),
    )


def take_certificate(writer: Writer, rev: int, op: bytes, certify: Certify) -> bytes | None:
    """Keeps a key certificate whose signature holds; the person, or None when it stands already or does not hold."""
    certificate = decode_certificate(certify.body)
    own = key_id(certificate.public)
    issuer = certificate.public
    level: int = IdentityLevel.SELF_DECLARED
    if certificate.issuer == own:
        others = writer.row(
            "SELECT 1 FROM certificate WHERE person = ? AND key <> ? AND level >= 0",
            (certificate.person, own),
        )
        level = CLAIMED if others else level
    else:
        row = writer.row(
            "SELECT public, person FROM certificate WHERE key = ? AND level >= 0", (certificate.issuer,)
        )
        if row is None:
            return None
        issuer, issuer_person = row
        owner = access_of(writer, issuer_person) is Access.OWNER
        if issuer_person != certificate.person:
            level = IdentityLevel.VOUCHED if owner else CLAIMED
    if not verify(issuer, certificate.message, certify.signature):
        return None
    place = (own, certificate.issuer, certificate.device)
    if writer.row("SELECT 1 FROM certificate WHERE key = ? AND issuer = ? AND device = ?", place):
        return None
    writer.execute(
        "INSERT INTO certificate (key, issuer, person, device, public, level, issued, body, signature, op, rev) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (own, certificate.issuer, certificate.person, certificate.device, certificate.public, level)
        + (certificate.issued_at, certify.body, certify.signature, op, rev),
    )
    judge_again(writer)
    return certificate.person


def judge(reader: Reader, statement: Statement, state: State) -> Counts:
    """Whether a statement counts: signature, key and person, and the right to state it."""
    row = reader.row(
        "SELECT public FROM certificate WHERE key = ? AND person = ? AND level >= 0",
        (statement.key, statement.person),
    )
    if row is None:
        return Counts.KEY_UNKNOWN
    if not verify(row[0], STATEMENT + state.body, state.signature):
        return Counts.SIGNATURE_FAILS
    return may_state(reader, statement)


def may_state(reader: Reader, statement: Statement) -> Counts:
    """Access and role behind a statement whose signature holds."""
    if statement.kind in AUTHORITY:
        founding = statement.kind == Kind.ACCESS and statement.subject == statement.person
        nobody = reader.row("SELECT 1 FROM statement WHERE kind = ? AND counts = 1", (Kind.ACCESS,)) is None
        owner = access_of(reader, statement.person) is Access.OWNER
        return Counts.YES if owner or (founding and nobody) else Counts.NOT_ALLOWED
    if statement.kind in (Kind.SIGN_OFF, Kind.WAIVER):
        held = holds_role(reader, statement.person, statement.role, statement.log)
        return Counts.YES if held else Counts.ROLE_NOT_HELD
    if statement.kind == Kind.VERDICT:
        enough = access_of(reader, statement.person) >= Access.MANAGER
        return Counts.YES if enough else Counts.NOT_ALLOWED
    return Counts.YES


def judge_again(writer: Writer) -> None:
    """A key, role or access that came later makes earlier statements count; one taken away unmakes none."""
    waiting = writer.rows(
        "SELECT hash, body, signature FROM statement WHERE counts IN (?, ?, ?)",
        (Counts.KEY_UNKNOWN, Counts.ROLE_NOT_HELD, Counts.NOT_ALLOWED),
    )
    for name, body, signature in waiting:
        statement = decode_statement(body)
        counts = judge(writer, statement, State(body, signature))
        if counts is Counts.YES:
            writer.execute(
                "UPDATE statement SET counts = ?, level = ? WHERE hash = ?",
                (counts, level_of(writer, statement.key), name),
            )
            if statement.kind == Kind.SEQUENCER:
                _hand_over(writer, statement)
