"""Exceptions at a gate that somebody accepted: a signed statement that names what the exception rests on.

An acceptance answers exactly what its author was shown. When more is started, signed or missing, when the signed content
changes, or when the statement is taken back, the exception is open again. It opens no gate and makes no signature count.
"""

from collections.abc import Iterable
from typing import NamedTuple

from app.codec import pack, sha256
from app.process.digests import gate_digest
from app.queries.content import EvidenceFilter, gate_content
from app.queries.signatures import Signed, is_stale, statements_about, withdrawn_ids
from app.storage.authority import Counts
from app.storage.engine import Reader
from app.storage.plain import plain_text
from app.storage.statements import Kind


class Answer(NamedTuple):
    """Who accepted it, when (UTC ms), and why. `id` is the statement's."""

    id: bytes
    person: bytes
    when_ms: int
    reason: str


def ground_of(kind: str, rests_on: Iterable[bytes | str]) -> bytes:
    """32 bytes that name an exception by its kind and by what it rests on, in any order."""
    parts = sorted(one if isinstance(one, bytes) else one.encode() for one in rests_on)
    return sha256(pack([kind, parts]))


class Given(NamedTuple):
    """An acceptance as it was stated. stale: the gate's content changed since. withdrawn: taken back."""

    signed: Signed
    stale: bool
    withdrawn: bool

    @property
    def holds(self) -> bool:
        return self.signed.counts == Counts.YES and not (self.stale or self.withdrawn)


def given_at(reader: Reader, project: bytes, run: bytes, gate: bytes) -> list[Given]:
    """All acceptances at a gate in a run, oldest first."""

    def digest(language: str, evidence_for: EvidenceFilter) -> bytes:
        return gate_digest(gate_content(reader, run, gate, language, evidence_for))

    found = statements_about(reader, gate, Kind.ACCEPTANCE, run)
    gone = withdrawn_ids(reader, gate) if found else set()
    return [Given(one, is_stale(project, one.statement, digest), one.statement.id in gone) for one in found]


def answers_at(reader: Reader, project: bytes, run: bytes, gate: bytes) -> dict[bytes, Answer]:
    """Ground -> the acceptance that answers it, the last of several."""
    found = {}
    for one in given_at(reader, project, run, gate):
        statement = one.signed.statement
        if one.holds and statement.conditions is not None:
            reason = plain_text(reader, statement.reason)
            found[statement.conditions] = Answer(
                statement.id, statement.person, statement.happened_at, reason
            )
    return found
