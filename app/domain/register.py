"""The registers a go-live keeps of a run: incidents, and decisions."""

from typing import ClassVar

from app.domain.entity import Entity, field
from app.domain.words import DecisionKind, Severity


class Incident(Entity, table=True):
    """Something that went wrong in a run. `performer` raised it, `minutes_lost` is what it cost; solved once `solved_at` stands."""

    NUMBER: ClassVar[int] = 21

    run: bytes = field(1, parent=True, index=True)
    task: bytes | None = field(2)
    severity: str = field(3, "P3", words=Severity)
    title: str = field(4, "", erasable=True, max_length=400)
    title_hash: bytes | None = None
    description: str = field(5, "", erasable=True, max_length=20_000)
    description_hash: bytes | None = None
    performer: bytes | None = field(6)
    happened_at: int | None = field(7)
    owner: bytes | None = field(8)
    solved_at: int | None = field(9)
    solution: str = field(10, "", erasable=True, max_length=20_000)
    solution_hash: bytes | None = None
    minutes_lost: int | None = field(11, ge=0, le=5_256_000)


class Decision(Entity, table=True):
    """What was decided in a run, by whom and why; it may be about a gate, an incident or a task. No statement: see verdicts."""

    NUMBER: ClassVar[int] = 22

    run: bytes = field(1, parent=True, index=True)
    kind: str = field(2, "general", words=DecisionKind)
    gate: bytes | None = field(3)
    incident: bytes | None = field(4)
    task: bytes | None = field(5)
    question: str = field(6, "", erasable=True, max_length=4000)
    question_hash: bytes | None = None
    options: str = field(7, "", erasable=True, max_length=20_000)
    options_hash: bytes | None = None
    decided: str = field(8, "", erasable=True, max_length=4000)
    decided_hash: bytes | None = None
    reason: str = field(9, "", erasable=True, max_length=20_000)
    reason_hash: bytes | None = None
    decider: bytes | None = field(10)
    decided_at: int | None = field(11)
