"""What every stored thing shares, and the one way to declare a field: its number, and how it is signed and merged."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, LargeBinary
from sqlmodel import Field, SQLModel

from app.codec import Value  # what a field holds; per-language fields hold one register per language

__all__ = ["Entity", "Mark", "Value", "field", "hash_of", "text"]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a field is journaled. `number` is never reused; additive only (SYNC 2.15).

    signed: its value is covered by sign-offs. erasable: stands in signed bytes only as a salted hash, its plain value in
    `<name>_hash`'s neighbour column. per_language: one register per language. least: of several values the smallest
    counts. parent: names the object this one lives in, and which lives on while this one does. beside: of a parent: it may
    be deleted all the same, for this one only says something of it.
    """

    number: int
    signed: bool = False
    erasable: bool = False
    per_language: bool = False
    least: bool = False
    parent: bool = False
    beside: bool = False
    words: type[StrEnum] | type[IntEnum] | None = None


def field(
    number: int,
    default: Any = None,
    *,
    signed: bool = False,
    erasable: bool = False,
    per_language: bool = False,
    least: bool = False,
    parent: bool = False,
    beside: bool = False,
    words: type[StrEnum] | type[IntEnum] | None = None,
    index: bool = False,
    max_length: int | None = None,
    ge: int | None = None,
    le: int | None = None,
) -> Any:
    """A journaled field; limits are checked when a command sets it."""
    mark = Mark(number, signed, erasable, per_language, least, parent, beside, words)
    info = {"mark": mark, "max_length": max_length}
    more: dict[str, Any] = {"sa_type": JSON} if per_language else {}
    return Field(default=default, index=index, ge=ge, le=le, sa_column_kwargs={"info": info}, **more)


def text(number: int, *, signed: bool = False, max_length: int = 20_000) -> Any:
    """A printed text: one register per language, `{"en": ..., "zh": ...}` in the row."""
    mark = Mark(number, signed=signed, per_language=True)
    info = {"mark": mark, "max_length": max_length}
    return Field(default_factory=dict, sa_type=JSON, sa_column_kwargs={"info": info})


def hash_of() -> Any:
    """The salted hash of the erasable field beside it: what digests cover, whether the value is erased or not."""
    return Field(default=None, sa_type=LargeBinary)


class Entity(SQLModel):
    """`log` is the log the object lives in: a project's id, or the workspace's. `alive` is derived from tombstones."""

    NUMBER: ClassVar[int]
    __table_args__ = {"sqlite_with_rowid": False}

    id: bytes = Field(primary_key=True)
    log: bytes = Field(index=True)
    alive: bool = Field(default=True, sa_type=Boolean)
