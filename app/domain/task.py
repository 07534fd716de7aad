"""A task, its checks, and the links between tasks: definitions only, what happened lives in a run."""

from typing import ClassVar

from app.domain.entity import Entity, field, text
from app.domain.words import CheckKind, LinkType


class Task(Entity, table=True):
    NUMBER: ClassVar[int] = 7

    stage: bytes | None = field(1, parent=True, index=True)
    rank: str = field(2, "", max_length=200)
    title: dict[str, str] = text(3, signed=True, max_length=1000)
    instruction: dict[str, str] = text(4, signed=True, max_length=100_000)
    owner: bytes | None = field(5)
    accountable: bytes | None = field(6)
    deputy: bytes | None = field(7)
    role: str = field(8, "", max_length=200)
    minutes: int | None = field(9, ge=0, le=5_256_000)
    start: str | None = field(10, max_length=40)
    due: str | None = field(11, max_length=40)
    priority: int | None = field(12, ge=1, le=5)
    stream: str = field(13, "", max_length=200)
    rollback: dict[str, str] = text(14, max_length=20_000)
    rollback_minutes: int | None = field(15, ge=0, le=5_256_000)
    rollback_task: bytes | None = field(16)
    requires: str = field(17, "", signed=True, max_length=60)


class Check(Entity, table=True):
    """One line of a task; `target` and `tolerance` are canonical decimals, or a text to compare with."""

    NUMBER: ClassVar[int] = 8
    __tablename__ = "check_item"  # "check" is a word of SQL

    task: bytes = field(1, parent=True, index=True)
    rank: str = field(2, "", max_length=200)
    text: dict[str, str] = text(3, signed=True, max_length=4000)
    kind: str = field(4, "tick", signed=True, words=CheckKind)
    target: str | None = field(5, signed=True, max_length=200)
    tolerance: str | None = field(6, signed=True, max_length=60)
    unit: str = field(7, "", signed=True, max_length=40)


class Link(Entity, table=True):
    """`before` -> `after` with a lag in minutes: an observed-remove set element."""

    NUMBER: ClassVar[int] = 9

    before: bytes = field(1, index=True)
    after: bytes = field(2, index=True)
    type: str = field(3, "FS", words=LinkType)
    lag: int = field(4, 0, ge=-5_256_000, le=5_256_000)
