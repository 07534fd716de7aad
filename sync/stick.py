"""Replication by a file, for a room without a network: what one side lacks goes onto a stick, and is taken from it.

A file is a line that names the format, the length of the message in eight bytes (big-endian), the message as
`sync/core/frames.py` packs it, then files of evidence. It holds no keys. Nothing is taken from a file that is not whole.
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
from app.queries.named_files import files_beyond
from app.storage.delivery import Delivery, Held, Packet, Receipt
from app.storage.replica import Taken
from app.workspace import Workspace
from sync.core import frames, wire
from sync.stick_files import bring_files, files_on, write_files

MAGIC = b"launchbook-stick/1\n"
_BATCH = 2_000  # commits a transaction
NOTHING = Held({}, {})


@dataclass(frozen=True, slots=True)
class Written:
    """What went onto a stick."""

    commits: int
    receipts: int
    files: int
    size: int


@dataclass(slots=True)
class Brought:
    """What came of a file: commits taken and refused by the rules, those whose causes are elsewhere, and what is forged.

    files: of evidence that were missing here. doubts: what speaks against whoever gives the order, now that this is here.
    """

    taken: int = 0
    refused: int = 0
    waiting: int = 0
    files: int = 0
    forged: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def add(self, one: Taken) -> None:
        self.taken += one.taken
        self.refused += len(one.refused)
        self.waiting += one.waiting
        self.forged += one.forged


def write(workspace: Workspace, to: Path, theirs: Held = NOTHING, *, with_files: bool = True) -> Written:
    """Everything the other side lacks, under its name only when it is whole. Raises StorageError."""
    named = workspace.read(files_beyond, theirs.commits) if with_files else []
    files = [one for one in named if workspace.files.has(one.sha256)]
    head = wire.Head(workspace.id, workspace.device.id, workspace.held())
    delivery = workspace.give(theirs)
    partial = to.with_name(f"{to.name}.part")
    try:
        with partial.open("wb") as file:
            file.write(MAGIC + bytes(8))
            frames.write_frames(file, wire.records(head, delivery, len(files)))
            length = file.tell() - len(MAGIC) - 8
            file.seek(len(MAGIC))
            file.write(length.to_bytes(8, "big"))
            file.seek(0, io.SEEK_END)
            write_files(file, workspace.files, files)
        size = partial.stat().st_size
        platform.make_private(partial)
        platform.replace_file(partial, to)
    except OSError as error:
        partial.unlink(missing_ok=True)
        told = _("{file} cannot be written ({detail}). Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=to.name, detail=error.strerror or error)) from error
    return Written(len(delivery.packets), len(delivery.receipts), len(files), size)


def head_of(file: Path) -> wire.Head:
    """Whose file it is and what that side holds; the whole of it is read. Raises VerifyError or StorageError."""
    reading = wire.Reading()
    for record in _records(file):
        reading.take(record)
    if reading.head is None or not reading.is_whole or reading.files != _count_files(file):
        raise VerifyError(_not_whole(file.name))
    return reading.head


def _count_files(file: Path) -> int:
    with file.open("rb") as raw:
        return len(files_on(raw, _end_of_message(raw)) or [])


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
    _bring_files(workspace, file, brought)
    brought.doubts = workspace.read(doubts, language())
    return brought


def _bring_files(workspace: Workspace, file: Path, brought: Brought) -> None:
    """Once the log is here that names them."""
    with file.open("rb") as raw:
        for is_the_one in bring_files(workspace, raw, files_on(raw, _end_of_message(raw)) or []):
            brought.files += is_the_one
            if not is_the_one:
                brought.forged.append(
                    _("A file of evidence on the stick is not the one that was signed for.")
                )


def _records(file: Path) -> Iterator[bytes]:
    """The records of a file from outside, in bounded memory."""
    try:
        with file.open("rb") as raw:
            if raw.read(len(MAGIC)) != MAGIC:
                raise VerifyError(_("{file} is no file of this program.").format(file=file.name))
            end = _end_of_message(raw)
            if files_on(raw, end) is None:
                raise VerifyError(_not_whole(file.name))
            raw.seek(len(MAGIC) + 8)
            yield from frames.read_frames(io.BufferedReader(_Until(raw, end)))
    except frames.Cut as error:
        raise VerifyError(_not_whole(file.name)) from error
    except frames.Damaged as error:
        told = _("{file} is damaged. Nothing was taken. Copy it again.")
        raise VerifyError(told.format(file=file.name)) from error
    except OSError as error:
        told = _("{file} cannot be read ({detail}). Nothing was taken.")
        raise StorageError(told.format(file=file.name, detail=error.strerror or error)) from error


def _end_of_message(raw: BinaryIO) -> int:
    """Where it ends by what the file says."""
    raw.seek(len(MAGIC))
    return len(MAGIC) + 8 + int.from_bytes(raw.read(8), "big")


class _Until(io.RawIOBase):
    """A file that ends before what else stands in it."""

    def __init__(self, raw: BinaryIO, end: int) -> None:
        self._raw, self._end = raw, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # of bytes, as here
        part = self._raw.read(min(len(buffer), self._end - self._raw.tell()))
        buffer[: len(part)] = part
        return len(part)


def _not_whole(name: str) -> str:
    return _("{file} is not whole. Nothing was taken. Copy it again.").format(file=name)
