"""Pages that a face writes by itself, one a turn of the loop, so that the window goes on meanwhile."""

from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app import platform
from app.errors import StorageError
from app.i18n import _, counted
from ui.desktop.desk import Desk

Pages = Generator[
    int, None, int
]  # yields how many there will be, after each page; returns how many there are
_TELLS_EVERY = 20


def written(pages: Pages) -> int:
    """All of them at once; returns how many."""
    while True:
        try:
            next(pages)
        except StopIteration as end:
            return int(end.value)


class Paging(QObject):
    """One file under way: it has its name only when it is whole, and none is left where the window closes before."""

    def __init__(self, desk: Desk, to: Path, make: Callable[[Path], Pages], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._to = desk, to
        self._partial = to.with_name(f"{to.name}.part")
        self._pages = make(self._partial)
        self._number = 0
        self._next = QTimer(self)
        self._next.setInterval(0)
        self._next.timeout.connect(self._write_one)
        self.destroyed.connect(partial(_forget, self._pages, self._partial))  # the window was closed before
        self._next.start()

    @property
    def is_on(self) -> bool:
        return self._next.isActive()

    def _write_one(self) -> None:
        try:
            total = next(self._pages)
        except StopIteration as end:
            self._end(int(end.value))
        except StorageError as error:
            self._next.stop()
            self._desk.say(str(error), "blocked")
        else:
            self._number += 1
            if self._number % _TELLS_EVERY == 0:
                told = _("Writing page {n} of {total}…").format(n=f"{self._number:,}", total=f"{total:,}")
                self._desk.say(told, "running")

    def _end(self, count: int) -> None:
        self._next.stop()
        try:
            platform.replace_file(self._partial, self._to)
        except OSError:
            told = _("{file} cannot be written. Nothing was changed. Choose another place.")
            self._desk.say(told.format(file=self._to.name), "blocked")
            return
        pages = counted("{n} page", "{n} pages", count)
        self._desk.say(_("Exported: {file}, {pages}.").format(file=self._to.name, pages=pages))


def _forget(pages: Pages, partial_file: Path, *_gone: object) -> None:
    pages.close()
    with suppress(OSError):
        partial_file.unlink(missing_ok=True)
