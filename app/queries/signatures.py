"""Sign-offs with what has become of them: withdrawn, stale, sequenced, and evidence they do not cover."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.ids import step_id
from app.domain.words import Presence, VerdictWord
from app.process.digests import EvidenceContent, gate_digest, step_digest
from app.process.gates import SignOff
from app.queries.content import EvidenceFilter, gate_content, step_content
from app.storage.authority import Author
from app.storage.engine import Reader
from app.storage.statements import Kind, Statement, decode_statement

DigestOf = Callable[[str, EvidenceFilter], bytes]  # language, evidence that was seen -> content digest now


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement row with its decoded body; `counts` is authority.Counts."""

    statement: Statement
    counts: int
    level: int
    op: bytes
    rev: int
    sequenced: bool


def statements_about(reader: Reader, subject: bytes, kind: int, run: bytes | None = None) -> list[Signed]:
    """The statements of a kind about a subject (in a run, where one is given).

    Each stands after those its author had seen, so that all who hold the same ones list them alike.
    """
    rows = reader.rows(
        "SELECT s.body, s.counts, s.level, s.op, s.rev, EXISTS (SELECT 1 FROM standing_leaf l WHERE l.hash = e.hash AND "
        "l.accepted) FROM statement s JOIN entry e ON e.rev = s.rev WHERE s.subject = ? AND s.kind = ? "
        "AND (? IS NULL OR s.run = ?) ORDER BY s.op",
        (subject, kind, run, run),
    )
    found = [
        Signed(decode_statement(body), counts, level, op, rev, bool(sequenced))
        for body, counts, level, op, rev, sequenced in rows
    ]
    return sorted(found, key=lambda one: len(seen_by(one, found)))


def seen_by(one: Signed, others: Sequence[Signed]) -> frozenset[bytes]:
    """Ids of the statements among others that its author knew when stating."""
    author = Author(one.statement, one.op)
    return frozenset(other.statement.id for other in others if author.saw(other.statement.log, other.op))


def verdicts_given(reader: Reader, gate: bytes, run: bytes) -> list[Signed]:
    """The verdicts at a gate that count and that nobody took back."""
    given = statements_about(reader, gate, Kind.VERDICT, run)
    withdrawn = withdrawn_ids(reader, gate) if given else ()
    return [one for one in given if one.counts == 1 and one.statement.id not in withdrawn]


def verdict_in_force(reader: Reader, gate: bytes, run: bytes) -> str | None:
    """The last verdict at a gate that holds; of two given apart, a no-go.

    Where the last one was taken back, the one before it is in force again.
    """
    given = verdicts_given(reader, gate, run)
    seen = frozenset().union(*(seen_by(one, given) for one in given))
    last = {one.statement.meaning for one in given if one.statement.id not in seen}
    return next((word for word in (VerdictWord.NO_GO.value, VerdictWord.GO.value) if word in last), None)


def withdrawn_ids(reader: Reader, subject: bytes) -> set[bytes]:
    """Ids of the statements about a subject that their own author withdrew."""
    authors: dict[bytes, bytes] = dict(
        reader.rows("SELECT hash, person FROM statement WHERE subject = ?", (subject,))
    )
    return {
        one.statement.request
        for one in statements_about(reader, subject, Kind.WITHDRAWAL)
        if one.counts == 1
        and one.statement.request
        and authors.get(one.statement.request) == one.statement.person
    }


def sign_offs(
    reader: Reader, log: bytes, subject: bytes, run: bytes, digest_of: DigestOf, kind: int = Kind.SIGN_OFF
) -> list[SignOff]:
    """The sign-offs (or waivers) about a subject in a run, each judged against the subject's content now."""
    withdrawn = withdrawn_ids(reader, subject)
    given = statements_about(reader, subject, kind, run)
    return [
        as_sign_off(
            one,
            stale=is_stale(log, one.statement, digest_of),
            withdrawn=one.statement.id in withdrawn,
            saw=seen_by(one, given),
        )
        for one in given
    ]


def as_sign_off(one: Signed, *, stale: bool, withdrawn: bool, saw: frozenset[bytes] = frozenset()) -> SignOff:
    statement = one.statement
    return SignOff(
        id=statement.id,
        person=statement.person,
        role=statement.role,
        meaning=statement.meaning,
        level=one.level,
        presence=statement.presence or Presence.PIN.value,
        device=one.op[:16],
        verifies=one.counts == 1,
        withdrawn=withdrawn,
        stale=stale,
        sequenced=one.sequenced,
        saw=saw,
    )


def is_stale(log: bytes, statement: Statement, digest_of: DigestOf) -> bool:
    """Whether the signed content changed: what was added since is left out, what is gone or replaced shows."""

    def seen(one: EvidenceContent) -> bool:
        return statement.covers(log, one.op)

    return digest_of(statement.language, seen) != statement.digest


def sign_offs_of_step(
    reader: Reader, project: bytes, run: bytes, task: bytes, step: bytes, kind: int = Kind.SIGN_OFF
) -> list[SignOff]:
    def digest(language: str, evidence_for: EvidenceFilter) -> bytes:
        return step_digest(step_content(reader, run, task, language, evidence_for))

    return sign_offs(reader, project, step, run, digest, kind)


def waivers(reader: Reader, project: bytes, run: bytes, task: bytes) -> list[SignOff]:
    """All waivers of a task's step in a run, also those that let nothing pass."""
    return sign_offs_of_step(reader, project, run, task, step_id(run, task), Kind.WAIVER)


def sign_offs_of_gate(reader: Reader, project: bytes, run: bytes, gate: bytes) -> list[SignOff]:
    def digest(language: str, evidence_for: EvidenceFilter) -> bytes:
        return gate_digest(gate_content(reader, run, gate, language, evidence_for))

    return sign_offs(reader, project, gate, run, digest)


def ground_is_sequenced(reader: Reader) -> bool:
    """Whether every role, access and key in the workspace log has a receipt."""
    open_end = reader.value(
        "SELECT count(*) FROM statement s JOIN entry e ON e.rev = s.rev WHERE s.kind IN (?, ?) AND NOT EXISTS "
        "(SELECT 1 FROM standing_leaf l WHERE l.hash = e.hash)",
        (Kind.ACCESS, Kind.ROLE),
    )
    return not open_end
