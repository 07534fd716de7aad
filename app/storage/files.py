"""Files by the SHA-256 of their whole content, beside the database; the log carries only the hash."""

import contextlib
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app import platform
from app.errors import Invalid, NotFound, StorageError
from app.i18n import _

log = logging.getLogger("launchbook.files")

_CHUNK = 1 << 20
_INCOMING = "incoming"  # parts of files that other replicas send, by hash and source


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is now in the store."""

    sha256: bytes
    size: int
    name: str


class FileStore:
    """`folder/ab/cdef...`: content never changes under a name, so a half-written one cannot be mistaken for whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, path: Path) -> KeptFile:
        """Copies a file in and returns its hash, once it is on the disk. Raises Invalid or StorageError."""
        if not path.is_file():
            raise Invalid(_("{name} is no file.").format(name=path.name))
        digest, size = hashlib.sha256(), 0
        try:
            handle, partial = tempfile.mkstemp(prefix=".part.", dir=platform.private_folder(self.folder))
            with os.fdopen(handle, "wb") as target, path.open("rb") as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    target.write(chunk)
                    size += len(chunk)
            self._settle(Path(partial), digest.digest())
        except OSError as error:
            raise _not_kept(path.name, error) from error
        return KeptFile(digest.digest(), size, path.name)

    def _settle(self, partial: Path, sha256: bytes) -> None:
        target = self.path_of(sha256)
        if target.exists():
            partial.unlink()
            return
        platform.private_folder(target.parent)
        platform.replace_file(partial, target)

    # -- from elsewhere, in parts ------------------------------------------------------------------------------------

    def incoming(self, sha256: bytes, source: str) -> int:
        """How much of a file has come from one source; the next part goes on there."""
        try:
            return self._part_of(sha256, source).stat().st_size
        except FileNotFoundError:
            return 0

    def take_part(self, sha256: bytes, source: str, offset: int, part: bytes) -> int:
        """Adds a part and returns how much has come; a part that does not go on where the last one ended adds nothing."""
        path = self._part_of(sha256, source)
        try:
            platform.private_folder(path.parent)
            platform.create_private(path)
            with path.open("rb+") as file:
                if file.seek(0, os.SEEK_END) == offset:
                    file.write(part)
                return file.tell()
        except OSError as error:
            raise _not_kept(sha256.hex()[:12], error) from error

    def settle(self, sha256: bytes, source: str) -> bool:
        """Keeps what has come as the whole file; False, and all of it thrown away, when it is another one."""
        path = self._part_of(sha256, source)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").digest() != sha256:
                path.unlink()
                return False
        self._settle(path, sha256)
        return True

    def give_up(self, before: float) -> None:
        """Throws away parts that nothing was added to since a moment (seconds of the epoch)."""
        for path in (self.folder / _INCOMING).glob("*"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def _part_of(self, sha256: bytes, source: str) -> Path:
        return self.folder / _INCOMING / f"{sha256.hex()}.{source}"

    # -- here --------------------------------------------------------------------------------------------------------

    def path_of(self, sha256: bytes) -> Path:
        name = sha256.hex()
        return self.folder / name[:2] / name[2:]

    def forget(self, hashes: Iterable[bytes]) -> set[bytes]:
        """Throws away those among some hashes that are files here, parts that came of them too; returns which cannot go yet."""
        left = set(hashes)
        parts: dict[str, list[Path]] = {}
        for part in (self.folder / _INCOMING).glob("*"):
            parts.setdefault(part.name.partition(".")[0], []).append(part)
        for sha256 in tuple(left):
            try:
                for path in (self.path_of(sha256), *parts.get(sha256.hex(), ())):
                    path.unlink(missing_ok=True)
                left.remove(sha256)
            except OSError as error:  # somebody has it open
                log.warning("%s is erased and cannot be deleted yet: %s", sha256.hex()[:12], error)
        return left

    def hashes(self) -> Iterator[bytes]:
        """What lies here, whole or in part."""
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(ValueError):
                yield bytes.fromhex(path.parent.name + path.name)
        for path in (self.folder / _INCOMING).glob("*"):
            with contextlib.suppress(ValueError):
                yield bytes.fromhex(path.name.partition(".")[0])

    def has(self, sha256: bytes) -> bool:
        return self.path_of(sha256).exists()

    def read(self, sha256: bytes) -> bytes:
        """The whole content, checked against its hash; raises NotFound or StorageError."""
        path = self.path_of(sha256)
        if not path.exists():
            raise NotFound(_("The file {hash} is not on this device.").format(hash=sha256.hex()[:12]))
        content = path.read_bytes()
        if hashlib.sha256(content).digest() != sha256:
            raise StorageError(_("The file {hash} is damaged on this device.").format(hash=sha256.hex()[:12]))
        return content


def _not_kept(name: str, error: OSError) -> StorageError:
    return StorageError(
        _("{name} could not be kept ({detail}). Nothing was changed.").format(
            name=name, detail=error.strerror or str(error)
        )
    )
