"""People and devices of a workspace. What they may do is stated in the log, not stored here."""

from typing import ClassVar

from app.domain.entity import Entity, field


class Person(Entity, table=True):
    """`handle` is the short id used on the command line; a person without access is a contact of the plan."""

    NUMBER: ClassVar[int] = 16

    handle: str = field(1, "", max_length=60, index=True)
    name: str = field(2, "", erasable=True, max_length=200)
    name_hash: bytes | None = None
    email: str = field(3, "", erasable=True, max_length=300)
    email_hash: bytes | None = None


class Device(Entity, table=True):
    """One installation. `key` is its Ed25519 public key, 32 bytes."""

    NUMBER: ClassVar[int] = 17

    name: str = field(1, "", max_length=200)
    key: bytes = field(2, b"")


class Origin(Entity, table=True):
    """Where an object came from, with the values the source had: the base of a three-way merge at the next import."""

    NUMBER: ClassVar[int] = 18

    object: bytes = field(1, parent=True, beside=True, index=True)
    source: str = field(2, "", max_length=400, index=True)
    key: str = field(3, "", max_length=1000)
    base: str = field(4, "", max_length=200_000)
