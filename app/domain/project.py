"""A project (or template: a project of kind template), its stages, and the gates that close them."""

from typing import ClassVar

from app.domain.entity import Entity, field, text
from app.domain.words import IdentityLevel, ProjectKind


class Project(Entity, table=True):
    """One go-live. Its id is its log's id. Wall times are "2026-03-06T22:00" in `zone`."""

    NUMBER: ClassVar[int] = 1

    name: dict[str, str] = text(1, signed=True, max_length=400)
    kind: str = field(2, "project", words=ProjectKind)
    language: str = field(3, "en", max_length=12)
    zone: str = field(4, "UTC", max_length=64)
    window_start: str | None = field(5, signed=True, max_length=40)
    window_end: str | None = field(6, signed=True, max_length=40)
    t0: str | None = field(7, max_length=40)
    no_return: str | None = field(8, max_length=40)
    description: dict[str, str] = text(9)
    manager: bytes | None = field(10)
    decider: bytes | None = field(11)
    legal_hold: str = field(12, "", max_length=1000)  # why nothing of it may be erased; "" where it may
    retention_days: int | None = field(13, ge=1, le=36_500)  # how long after its end its texts are kept


class Stage(Entity, table=True):
    NUMBER: ClassVar[int] = 2

    rank: str = field(1, "", max_length=200)
    title: dict[str, str] = text(2, signed=True, max_length=1000)
    owner_role: str = field(3, "", max_length=200)
    entry_conditions: dict[str, str] = text(4)


class Gate(Entity, table=True):
    """Closes a stage, or a list of tasks (`GateTask`); `whole_project` covers every task."""

    NUMBER: ClassVar[int] = 3

    rank: str = field(1, "", max_length=200)
    name: dict[str, str] = text(2, signed=True, max_length=400)
    stage: bytes | None = field(3, signed=True, parent=True, index=True)
    whole_project: bool = field(4, default=False, signed=True)
    different_persons: bool = field(5, default=True, signed=True)
    author_may_sign: bool = field(6, default=False, signed=True)
    least_level: int = field(7, 0, signed=True, words=IdentityLevel)
    scripts_allowed: bool = field(8, default=True, signed=True)
    different_devices: bool = field(9, default=False, signed=True)


class GateTask(Entity, table=True):
    """Membership of a task in a gate: an observed-remove set element."""

    NUMBER: ClassVar[int] = 4
    __tablename__ = "gate_task"

    gate: bytes = field(1, signed=True, parent=True, index=True)
    task: bytes = field(2, signed=True)


class GateRole(Entity, table=True):
    """A role whose sign-off a gate requires, and from how many persons."""

    NUMBER: ClassVar[int] = 5
    __tablename__ = "gate_role"

    gate: bytes = field(1, signed=True, parent=True, index=True)
    role: str = field(2, "", signed=True, max_length=200)
    count: int = field(3, 1, signed=True, ge=1, le=100)


class Criterion(Entity, table=True):
    """One condition of a gate; whether it holds is a fact of a run (`CriterionResult`)."""

    NUMBER: ClassVar[int] = 6

    gate: bytes = field(1, signed=True, parent=True, index=True)
    rank: str = field(2, "", max_length=200)
    text: dict[str, str] = text(3, signed=True, max_length=4000)
    target: str | None = field(4, signed=True, max_length=200)
