"""The files of evidence on a stick, behind its message: each after its SHA-256 and its length, as they are."""

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from app.errors import StorageError
from app.queries.named_files import NamedFile, sizes_of
from app.storage.files import FileStore
from app.workspace import Workspace
from sync.core.parts import MOST_FILE

_HASH, _LENGTH = 32, 8
_READ = 1 << 20
_SOURCE = "stick"


@dataclass(frozen=True, slots=True)
class OnStick:
    """A file's place on a stick: where its bytes begin, and how many they are."""

    sha256: bytes
    begin: int
    size: int


def write_files(stick: BinaryIO, store: FileStore, files: list[NamedFile]) -> None:
    """Raises OSError, also for one that is not the file any more that was kept."""
    for file in files:
        path = store.path_of(file.sha256)
        size, digest = path.stat().st_size, hashlib.sha256()
        stick.write(file.sha256 + size.to_bytes(_LENGTH, "big"))
        with path.open("rb") as source:
            while part := source.read(_READ):
                digest.update(part)
                stick.write(part)
        if digest.digest() != file.sha256:
            raise OSError(f"{path.name[:12]} is damaged on this device")


def files_on(stick: BinaryIO, begin: int) -> list[OnStick] | None:
    """What stands on a stick from there on; None where it does not end with a whole file."""
    found, size = [], stick.seek(0, io.SEEK_END)
    if begin > size:
        return None
    while begin < size:
        stick.seek(begin)
        head = stick.read(_HASH + _LENGTH)
        length = int.from_bytes(head[_HASH:], "big")
        begin += len(head) + length
        if len(head) < _HASH + _LENGTH or begin > size or length > MOST_FILE:
            return None
        found.append(OnStick(head[:_HASH], begin - length, length))
    return found


def bring_files(workspace: Workspace, stick: BinaryIO, files: list[OnStick]) -> Iterator[bool]:
    """Keeps those that a log here names and that are not here; for each whether it is the file that was named.

    Raises StorageError.
    """
    wanted = workspace.read(sizes_of, [one.sha256 for one in files])
    for one in files:
        named = wanted.get(one.sha256)
        if named is None or (named and named != one.size) or workspace.files.has(one.sha256):
            continue
        yield _bring(workspace.files, stick, one)


def _bring(store: FileStore, stick: BinaryIO, file: OnStick) -> bool:
    come = store.incoming(file.sha256, _SOURCE)
    if come > file.size:
        store.settle(file.sha256, _SOURCE)  # of something else: thrown away
        come = 0
    stick.seek(file.begin + come)
    while come < file.size:
        part = stick.read(min(_READ, file.size - come))
        if not part:
            raise StorageError(os.strerror(5))
        come = store.take_part(file.sha256, _SOURCE, come, part)
    if not file.size:
        store.take_part(file.sha256, _SOURCE, 0, b"")
    return store.settle(file.sha256, _SOURCE)
