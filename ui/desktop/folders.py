"""The folders of workspaces: which there are, who sits in one, and what stands in its place while none is open."""

import contextlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from app import platform
from app.errors import Refused, StorageError
from app.i18n import _

_SEAT = "window.pid"


class NoWorkspace:
    """The window is there before the sample is told: nothing can be read or written yet."""

    is_open = False
    is_sample = False
    person: bytes | None = None

    def subscribe(self, _listener: Callable[[Any], None]) -> Callable[[], None]:
        return lambda: None

    def run(self, *_args: Any, **_kw: Any) -> Any:
        raise Refused(_("No workspace is open yet. Wait a moment, then try again."))

    read = undo = redo = run

    def close(self) -> None: ...


class Choice(NamedTuple):
    """A workspace one may go to."""

    folder: Path
    name: str
    is_here: bool


def free_folder(parent: Path, name: str) -> Path:
    """A folder for a new workspace, called like it as far as every system allows."""
    plain = re.sub(r"[^\w-]+", "-", name.casefold()).strip("-")[:40] or "workspace"
    taken = (plain, *(f"{plain}-{number}" for number in range(2, 1000)))
    return next(parent / one for one in taken if not (parent / one).exists())


def check_folder(folder: Path) -> None:
    """Opening must not found a workspace where somebody expects the old one. Raises StorageError."""
    if (folder / "launchbook.db").is_file():
        return
    if folder.is_dir():
        text = _(
            "There is no workspace in {folder}. Nothing was changed. Choose the folder that holds launchbook.db."
        )
    else:
        text = _(
            "The folder {folder} is gone. If it lies on a stick or a network drive, connect that and try again; a backup brings it back with launchbook restore."
        )
    raise StorageError(text.format(folder=folder))


class Seat:
    """A mark in the workspace's folder: a second window on this machine learns that it is not alone."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _SEAT
        self._other = self._read()
        self._is_mine = False
        if not self.is_taken():
            with contextlib.suppress(OSError):
                platform.write_private(self._file, str(os.getpid()).encode())
                self._is_mine = True

    def is_taken(self) -> bool:
        return self._other not in (0, os.getpid()) and platform.is_running(self._other)

    def _read(self) -> int:
        with contextlib.suppress(OSError, ValueError):
            return int(self._file.read_text(encoding="ascii"))
        return 0

    def leave(self) -> None:
        if self._is_mine and self._read() == os.getpid():
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)
