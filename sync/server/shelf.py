"""Files of evidence at the server: taken in part by part, kept by the hash of the whole."""

import time
from pathlib import Path

from app.storage.files import FileStore
from sync.core.parts import HERE, MOST_FILE, PART_BYTES

GIVEN_UP_S = 7 * 86_400  # a part that nothing was added to for so long is thrown away


class NoRoom(Exception):
    """The workspace's files take as much as they may."""


class Shelf:
    """One workspace's files, up to a number of bytes. Safe to use from several threads and processes.

    Parts are kept by the device that sends them, so that two that send the same file do not disturb each other.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.store = FileStore(folder)
        self._most_bytes = most_bytes
        self.store.give_up(time.time() - GIVEN_UP_S)

    def standing(self, sha256: bytes, device: bytes) -> int:
        """How much of a file has come from a device, or HERE."""
        return HERE if self.store.has(sha256) else self.store.incoming(sha256, device.hex())

    def take(self, sha256: bytes, device: bytes, offset: int, length: int, part: bytes) -> int:
        """Adds a part of a file of this length, and says how it stands then; 0 when the whole is another file.

        Raises NoRoom with the part not kept, or StorageError.
        """
        if self.store.has(sha256):
            return HERE
        if offset + len(part) > length or length > MOST_FILE or len(part) > PART_BYTES:
            return self.standing(sha256, device)
        if not offset and self.used() + length > self._most_bytes:
            raise NoRoom
        source = device.hex()
        if self.store.take_part(sha256, source, offset, part) < length:
            return self.standing(sha256, device)
        return HERE if self.store.settle(sha256, source) else 0

    def used(self) -> int:
        """Bytes on the disk, parts included."""
        return sum(path.stat().st_size for path in self.store.folder.glob("*/*") if path.is_file())
