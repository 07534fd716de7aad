"""Replication by a file, for a room without a network: what one side lacks goes onto a stick, and is taken from it.

A file is a line that names the format, the length of the rest in eight bytes (big-endian), then a message as
`sync/core/frames.py` packs it. It holds no keys. Nothing is taken from a file that is not whole.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app import platform
from app.errors import Refused, StorageError, VerifyError
from app.i18n import _, language
from app.queries.doubts import doubts
from app.storage.delivery import Delivery, Held, Packet, Receipt
from app.storage.replica import Taken
from app.workspace import Workspace
from sync.core import frames, wire

MAGIC = b"launchbook-stick/1\n"
_BATCH = 2_000  # commits a transaction
NOTHING = Held({}, {})


@dataclass(frozen=True, slots=True)
class Written:
    """What went onto a stick."""

    commits: int
    receipts: int
    size: int


@dataclass(slots=True)
class Brought:
    """What came of a file: commits taken and refused by the rules, those whose causes are elsewhere, and what is forged.

    doubts: what speaks against whoever gives the order, now that this is here.
    """

    taken: int = 0
    refused: int = 0
    waiting: int = 0
    forged: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def add(self, one: Taken) -> None:
        self.taken += one.taken
        self.refused += len(one.refused)
        self.waiting += one.waiting
        self.forged += one.forged


def write(workspace: Workspace, to: Path, theirs: Held = NOTHING) -> Written:
    """Everything the other side lacks, under its name only when it is whole. Raises StorageError."""
    head = wire.Head(workspace.id, workspace.device.id, workspace.held())
    delivery = workspace.give(theirs)
    partial = to.with_name(f"{to.name}.part")
    try:
        with partial.open("wb") as file:
            file.write(MAGIC + bytes(8))
            frames.write_frames(file, wire.records(head, delivery))
            length = file.tell() - len(MAGIC) - 8
            file.seek(len(MAGIC))
            file.write(length.to_bytes(8, "big"))
        size = partial.stat().st_size
        platform.make_private(partial)
        platform.replace_file(partial, to)
    except OSError as error:
        partial.unlink(missing_ok=True)
        told = _("{file} cannot be written ({detail}). Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=to.name, detail=error.strerror or error)) from error
    return Written(len(delivery.packets), len(delivery.receipts), size)


def head_of(file: Path) -> wire.Head:
    """Whose file it is and what that side holds; the whole of it is read. Raises VerifyError or StorageError."""
    reading = wire.Reading()
    for record in _records(file):
        reading.take(record)
    if reading.head is None or not reading.is_whole:
        raise VerifyError(_not_whole(file.name))
    return reading.head


def read(file: Path) -> Delivery:
    """All of a file at once, for a laptop that joins by it. Raises VerifyError or StorageError."""
    _head, delivery = wire.read(_records(file))
    return delivery


def bring(workspace: Workspace, file: Path) -> Brought:
    """Takes in what a file holds: read to its end first, then in batches. Raises VerifyError, StorageError or Refused."""
    if head_of(file).workspace != workspace.id:
        raise Refused(_("{file} is of another workspace. Nothing was taken.").format(file=file.name))
    brought, reading = Brought(), wire.Reading()
    packets: list[Packet] = []
    receipts: list[Receipt] = []
    for record in _records(file):
        one = reading.take(record)
        if isinstance(one, Packet):
            packets.append(one)
        elif isinstance(one, Receipt):
            receipts.append(one)
        if len(packets) >= _BATCH:
            brought.add(workspace.take(Delivery(tuple(packets))))
            packets = []
    brought.add(workspace.take(Delivery(tuple(packets), tuple(receipts))))
    brought.doubts = workspace.read(doubts, language())
    return brought


def _records(file: Path) -> Iterator[bytes]:
    """The records of a file from outside, in bounded memory."""
    try:
        with file.open("rb") as raw:
            if raw.read(len(MAGIC)) != MAGIC:
                raise VerifyError(_("{file} is no file of this program.").format(file=file.name))
            _check_length(raw, file.name)
            yield from frames.read_frames(raw)
    except frames.Cut as error:
        raise VerifyError(_not_whole(file.name)) from error
    except frames.Damaged as error:
        told = _("{file} is damaged. Nothing was taken. Copy it again.")
        raise VerifyError(told.format(file=file.name)) from error
    except OSError as error:
        told = _("{file} cannot be read ({detail}). Nothing was taken.")
        raise StorageError(told.format(file=file.name, detail=error.strerror or error)) from error


def _check_length(raw: BinaryIO, name: str) -> None:
    """Most often a file is cut off at its end: the stick was drawn too early."""
    length = int.from_bytes(raw.read(8), "big")
    begin, size = raw.tell(), raw.seek(0, io.SEEK_END)
    if size != begin + length:
        raise VerifyError(_not_whole(name))
    raw.seek(begin)


def _not_whole(name: str) -> str:
    return _("{file} is not whole. Nothing was taken. Copy it again.").format(file=name)
