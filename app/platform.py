"""The one module that knows on which system it runs: private files, durable replacement, other processes.

Everything else is written for Windows, macOS and Linux alike; `tests/test_house.py` refuses such calls elsewhere.
"""

import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

WINDOWS = os.name == "nt"
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_REPLACE_TRIES = (
    20  # Windows refuses while a virus scanner or indexer holds the target, usually for milliseconds
)
_REPLACE_PAUSE_SECONDS = 0.05


def computer_name() -> str:
    """What people call this computer, as a device's name; empty where it is called as every other."""
    import socket

    name = socket.gethostname().partition(".")[0].strip()[:60]
    return "" if name.casefold() in ("localhost", "localdomain") else name


def make_private(path: Path) -> None:
    """Only the owner may read or write. On Windows the user's own folders already say so."""
    if not WINDOWS:
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)


def private_folder(path: Path) -> Path:
    """The folder, created where it is missing, its parents too; only what is created is made private."""
    if not path.is_dir():
        private_folder(path.parent)
        path.mkdir(exist_ok=True)
        make_private(path)
    return path


def create_private(path: Path) -> None:
    """An empty file that was never readable by others, not even for a moment; an existing one is made private."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
        return
    make_private(path)


def sync_file(path: Path) -> None:
    """Returns when the content is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Returns when the names in a folder are on the disk. Windows keeps them with the files and has no such call."""
    if not WINDOWS:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replace_file(source: Path, target: Path) -> None:
    """The target becomes the source in one step: after a power cut it is wholly the old or wholly the new one."""
    sync_file(source)
    for remaining in reversed(range(_REPLACE_TRIES)):
        try:
            source.replace(target)
            break
        except PermissionError:
            if not WINDOWS or remaining == 0:
                raise
            time.sleep(_REPLACE_PAUSE_SECONDS)
    sync_folder(target.parent)


def write_private(path: Path, content: bytes) -> None:
    """Writes a whole file that only the owner may read; readers see the old or the new content, never a part."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # born with 0600
    _write_whole(handle, Path(name), path, content)


def write_shared(path: Path, content: bytes) -> None:
    """Writes a whole file the user asked for, readable as the user's other files are."""
    name = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    _write_whole(os.open(name, flags, 0o666), name, path, content)  # less the umask


def _write_whole(handle: int, temporary: Path, path: Path, content: bytes) -> None:
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        replace_file(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def claim(path: Path) -> BinaryIO | None:
    """A file that no other process can claim until this one closes it or ends; None while another holds it."""
    create_private(path)
    file = path.open("rb+")
    try:
        _lock(file.fileno())
    except OSError:
        file.close()
        return None
    return file


def is_running(process_id: int) -> bool:
    """Whether a process with this number exists now, whoever owns it."""
    if process_id <= 0:
        return False
    return _is_running(process_id)


if sys.platform == "win32":
    import ctypes
    import msvcrt

    _SYNCHRONIZE = 0x00100000
    _ACCESS_DENIED = 5
    _WAIT_TIMEOUT = 0x102

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _is_running(process_id: int) -> bool:
        # never os.kill here: on Windows signal 0 ends the process
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(_SYNCHRONIZE, 0, process_id)
        if not handle:
            return ctypes.get_last_error() == _ACCESS_DENIED
        try:
            return bool(kernel.WaitForSingleObject(ctypes.c_void_p(handle), 0) == _WAIT_TIMEOUT)
        finally:
            kernel.CloseHandle(ctypes.c_void_p(handle))

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_running(process_id: int) -> bool:
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True  # it lives, and is somebody else's
        return True
