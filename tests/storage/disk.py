"""A simulated disk under SQLite: power cuts with torn and reordered writes, input/output errors, and no room.

What the program wrote but did not sync lies in the drive's cache. A power cut keeps a random part of that cache, sector
by sector; a file created or deleted since the last sync may come or go. A fault strikes at the n-th operation that
changes the disk, so that a test can try every n. SQLite is served through the VFS `simulated`; paths are `<disk>/<file>`.

The disk has no shared memory and no locks: open databases on it in exclusive mode, one connection a file.
"""

import copy
import itertools
import random
from dataclasses import dataclass, field
from typing import Any, ClassVar

import apsw

SECTOR = 512
VFS_NAME = "simulated"
KEPT = 0.5  # of the writes in the cache
TORN = 0.3  # of those that are kept
NOISE = 0.1  # of the sectors of a torn write
UNSYNCED_NAME_KEPT = 0.5


@dataclass(frozen=True, slots=True)
class Write:
    """One write or, without data, one truncation to `offset`, that waits in the cache."""

    offset: int
    data: bytes | None


@dataclass(slots=True)
class File:
    """One file: as the program sees it, as the platter holds it, and what waits in between."""

    seen: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    cache: list[Write] = field(default_factory=list)

    def write(self, data: bytes, offset: int) -> None:
        _put(self.seen, offset, data)
        self.cache.append(Write(offset, data))

    def truncate(self, size: int) -> None:
        del self.seen[size:]
        self.cache.append(Write(size, None))

    def sync(self) -> None:
        self.durable = bytearray(self.seen)
        self.cache.clear()

    def after_power_loss(self, chance: random.Random) -> "File":
        content = bytearray(self.durable)
        for write in self.cache:
            if chance.random() >= KEPT:
                continue
            if write.data is None:
                del content[write.offset :]
            elif chance.random() < TORN:
                _put_torn(content, write.offset, write.data, chance)
            else:
                _put(content, write.offset, write.data)
        return File(content, bytearray(content))


def _put(content: bytearray, offset: int, data: bytes) -> None:
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _put_torn(content: bytearray, offset: int, data: bytes, chance: random.Random) -> None:
    """Each sector arrives or not, whatever its place in the write; one that was just being written may hold noise."""
    for start in range(0, len(data), SECTOR):
        sector = data[start : start + SECTOR]
        if chance.random() < NOISE:
            sector = chance.randbytes(len(sector))
        elif chance.random() < KEPT:
            continue
        _put(content, offset + start, sector)


class PowerLoss(apsw.IOError):
    """The power is gone. What the program does after this no longer reaches the platter."""


@dataclass(slots=True)
class Files:
    """The files by name, and the names that a power cut cannot take away."""

    seen: dict[str, File] = field(default_factory=dict)
    durable: dict[str, File] = field(default_factory=dict)

    def after_power_loss(self, chance: random.Random) -> "Files":
        """What was synced and a random part of the rest."""
        after = Files()
        for name in sorted(self.seen.keys() | self.durable.keys()):
            seen, durable = self.seen.get(name), self.durable.get(name)
            kept = seen if seen is durable or chance.random() < UNSYNCED_NAME_KEPT else durable
            if kept is not None:
                after.seen[name] = after.durable[name] = kept.after_power_loss(chance)
        return after


class Disk:
    """`changes` counts what touched the platter or its cache since the last `fail`, `cut_power` or `heal`."""

    _numbers: ClassVar = itertools.count(1)

    def __init__(self, files: Files | None = None) -> None:
        self.name = f"disk{next(self._numbers)}"
        self.changes = 0
        self._files = files or Files()
        self._at_power_loss: Files | None = None
        self._fails_at: int | None = None
        self._error: type[apsw.Error] = apsw.IOError
        self._once = False
        SimulatedVFS.disks[self.name] = self

    @property
    def files(self) -> dict[str, File]:
        """By name, as the program sees them."""
        return self._files.seen

    def path(self, file: str) -> str:
        return f"{self.name}/{file}"

    def remove(self) -> None:
        """Forgets the disk and its files."""
        del SimulatedVFS.disks[self.name]
        # a closed workspace waits for the cycle collector, which counts objects, not the megabytes of a platter
        self._files = Files()

    def copy(self) -> "Disk":
        """A new disk with the same files, everything on the platter: where many tests begin."""
        files = {name: File(bytearray(file.seen), bytearray(file.seen)) for name, file in self.files.items()}
        return Disk(Files(files, dict(files)))

    # -- faults --------------------------------------------------------------------------------------------------

    def fail(self, at: int, error: type[apsw.Error] = apsw.IOError, *, once: bool = False) -> None:
        """The `at`-th change from now on fails, and every later one too unless it is only `once`."""
        self.changes, self._fails_at, self._error, self._once = 0, at, error, once

    def cut_power(self, at: int) -> None:
        """The power fails at the `at`-th change from now on; a write under way may arrive in parts.

        The program sees one error and may close its files in peace: for it, the platter stands still from then on.
        """
        self.fail(at, PowerLoss, once=True)

    def heal(self) -> None:
        self.changes, self._fails_at = 0, None

    @property
    def has_failed(self) -> bool:
        return self._fails_at is not None and self.changes >= self._fails_at

    def after_power_loss(self, chance: random.Random) -> "Disk":
        """A new disk with what the power cut left; without one, as if the power failed now."""
        return Disk((self._at_power_loss or self._files).after_power_loss(chance))

    # -- what files do -------------------------------------------------------------------------------------------

    def change(self, file: File | None = None, under_way: Write | None = None) -> None:
        """Counts one change, or raises the failure that is due; `under_way` is what would be written to the file."""
        self.changes += 1
        if self._fails_at is None or self.changes < self._fails_at:
            return
        if self._error is PowerLoss and self.changes == self._fails_at:
            if file is not None and under_way is not None:
                file.cache.append(under_way)
            self._at_power_loss = copy.deepcopy(self._files)
        if self.changes == self._fails_at or not self._once:
            raise self._error(f"simulated failure at change {self.changes}")

    def open(self, name: str) -> File:
        return self.files.setdefault(name, File())

    def sync(self, file: File) -> None:
        """Names follow in order: as on journaling file systems, a sync brings along every earlier change of a name."""
        file.sync()
        self._files.durable = dict(self._files.seen)

    def delete(self, name: str, *, synced: bool) -> None:
        del self.files[name]
        if synced:
            self._files.durable.pop(name, None)


class SimulatedVFS(apsw.VFS):
    """Serves the disks. A path names its disk, so that a dying connection never touches the next one."""

    disks: ClassVar[dict[str, Disk]] = {}

    def __init__(self) -> None:
        super().__init__(VFS_NAME, "")

    def _find(self, path: str) -> tuple[Disk, str]:
        disk, _, name = path.partition("/")
        if disk not in self.disks:
            raise apsw.IOError(f"{disk} was removed")
        return self.disks[disk], name

    def xOpen(
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> Any:  # apsw takes any object with these methods
        flags[1] = flags[0]
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        return OpenFile(*self._find(path))

    def xDelete(self, filename: str, syncdir: bool) -> None:
        disk, name = self._find(filename)
        disk.change()
        disk.delete(name, synced=syncdir)

    def xAccess(self, pathname: str, flags: int) -> bool:
        disk, name = self._find(pathname)
        return name in disk.files

    def xFullPathname(self, name: str) -> str:
        return name


class OpenFile:
    """What SQLite holds of one open file."""

    def __init__(self, disk: Disk, name: str) -> None:
        self._disk = disk
        self._file = disk.open(name)

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.change(self._file, Write(offset, bytes(data)))
        self._file.write(bytes(data), offset)

    def xTruncate(self, newsize: int) -> None:
        self._disk.change()
        self._file.truncate(newsize)

    def xSync(self, flags: int) -> None:
        self._disk.change()
        self._disk.sync(self._file)

    def xFileSize(self) -> int:
        return len(self._file.seen)

    def xLock(self, level: int) -> None: ...

    def xUnlock(self, level: int) -> None: ...

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return (
            apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE
        )  # as SQLite's own VFS says: no sector beside a write is harmed

    def xClose(self) -> None: ...


VFS = SimulatedVFS()
