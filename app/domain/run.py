"""What happens when a plan is executed: runs, steps, attempts, results, evidence, hand-overs. Every fact names its run."""

from typing import ClassVar

from app.domain.entity import Entity, field
from app.domain.words import CheckOutcome, Claim, EvidenceKind, RunKind


class Run(Entity, table=True):
    NUMBER: ClassVar[int] = 10

    kind: str = field(1, "main", words=RunKind)
    name: str = field(2, "", max_length=200)
    started_at: int | None = field(3)
    finished_at: int | None = field(4)
    baseline: bytes | None = field(5)


class Step(Entity, table=True):
    """A task within a run. An absent step is one to do; its id is the same on every device (`ids.step_id`)."""

    NUMBER: ClassVar[int] = 11

    run: bytes = field(1, parent=True, index=True)
    task: bytes = field(2, index=True)
    occurrence: str = field(3, "", max_length=40)


class Attempt(Entity, table=True):
    """One try at a step, by `performer`; who typed it stands in the log. Instants are UTC milliseconds.

    `paused_at`: since when it waits or is blocked. `remaining` minutes were left at `remaining_at`.
    """

    NUMBER: ClassVar[int] = 12

    step: bytes = field(1, parent=True, index=True)
    number: int = field(2, 1, ge=1, le=10_000)
    claim: int = field(3, Claim.TODO, signed=True, least=True, words=Claim)
    started_at: int | None = field(4)
    finished_at: int | None = field(5)
    remaining: int | None = field(6, ge=0, le=5_256_000)
    reason: str = field(7, "", erasable=True, max_length=4000)
    reason_hash: bytes | None = None
    performer: bytes | None = field(8)
    actual_minutes: int | None = field(9, ge=0, le=5_256_000)
    paused_at: int | None = field(10)
    remaining_at: int | None = field(11)


class CheckResult(Entity, table=True):
    NUMBER: ClassVar[int] = 13
    __tablename__ = "check_result"

    step: bytes = field(1, parent=True, index=True)
    item: bytes = field(2, index=True)
    outcome: str = field(3, "", signed=True, words=CheckOutcome)
    value: str | None = field(4, signed=True, max_length=200)
    other_value: str | None = field(5, signed=True, max_length=200)
    note: str = field(6, "", signed=True, erasable=True, max_length=4000)
    note_hash: bytes | None = None
    performer: bytes | None = field(7)
    happened_at: int | None = field(8)


class CriterionResult(Entity, table=True):
    NUMBER: ClassVar[int] = 14
    __tablename__ = "criterion_result"

    run: bytes = field(1, parent=True, index=True)
    criterion: bytes = field(2, index=True)
    holds: bool | None = field(3, signed=True)
    value: str | None = field(4, signed=True, max_length=200)
    note: str = field(5, "", signed=True, erasable=True, max_length=4000)
    note_hash: bytes | None = None
    performer: bytes | None = field(6)
    happened_at: int | None = field(7)


class Evidence(Entity, table=True):
    """Supports a step, check result, criterion result or incident: an observed-remove set element. A file is known by `sha256`."""

    NUMBER: ClassVar[int] = 15

    subject: bytes = field(1, signed=True, parent=True, index=True)
    kind: str = field(2, "note", signed=True, words=EvidenceKind)
    text: str = field(3, "", signed=True, erasable=True, max_length=100_000)
    text_hash: bytes | None = None
    name: str = field(4, "", erasable=True, max_length=400)
    name_hash: bytes | None = None
    sha256: bytes | None = field(5, signed=True, index=True)
    size: int | None = field(6, ge=0)
    performer: bytes | None = field(7)
    happened_at: int | None = field(8)


class HandOver(Entity, table=True):
    """A step goes from one person to another. It counts once `taken_at` stands; one that is withdrawn never does."""

    NUMBER: ClassVar[int] = 31
    __tablename__ = "hand_over"

    step: bytes = field(1, parent=True, index=True)
    giver: bytes | None = field(2)
    receiver: bytes | None = field(3)
    note: str = field(4, "", erasable=True, max_length=4000)
    note_hash: bytes | None = None
    given_at: int | None = field(5)
    taken_at: int | None = field(6)
    withdrawn_at: int | None = field(7)


class BaselinePart(Entity, table=True):
    """Some of the planned times a run began with, packed (`app.process.baseline`); `Run.baseline` is the hash of all."""

    NUMBER: ClassVar[int] = 32
    __tablename__ = "baseline_part"

    run: bytes = field(1, parent=True, index=True)
    number: int = field(2, 0, ge=0, le=65_535)
    content: bytes = field(3, b"")
