"""Pages and pictures that a face makes by itself, a part a turn of the loop, so that the window goes on meanwhile."""

from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from app import platform
from app.errors import StorageError
from app.i18n import _, counted
from ui.desktop.desk import Desk

Pages = Generator[int, None, int]  # after each page how many there will be; in the end how many there are
_TELLS_EVERY = 20


class Painted(NamedTuple):
    """A picture; not whole where it would have been too high."""

    image: QImage
    is_whole: bool


Strips = Generator[int, None, Painted]  # after each strip how many there will be; in the end the picture


def written(pages: Pages) -> int:
    """All of them at once; returns how many."""
    while True:
        try:
            next(pages)
        except StopIteration as end:
            return int(end.value)


class Turns(QObject):
    """Long work of the window's own thread, a step a turn of the loop; it ends where its window closes."""

    def __init__(self, desk: Desk, steps: Generator[int, None, Any], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._steps = desk, steps
        self._next = QTimer(self)
        self._next.setInterval(0)
        self._next.timeout.connect(self.take_one)
        self.destroyed.connect(partial(_close, steps))
        self._next.start()

    @property
    def is_on(self) -> bool:
        return self._next.isActive()

    def take_one(self) -> None:
        try:
            total = next(self._steps)
        except StopIteration as end:
            self._next.stop()
            self._end(end.value)
        except StorageError as error:
            self._next.stop()
            self._fail()
            self._desk.say(str(error), "blocked")
        else:
            self._tell(total)

    def _tell(self, _total: int) -> None:
        """A step is done, of so many."""

    def _end(self, _value: Any) -> None:
        """All of them are."""

    def _fail(self) -> None:
        """What was begun is of no use."""


class Paging(Turns):
    """One file under way: it has its name only when it is whole, and none is left where the window closes before."""

    def __init__(self, desk: Desk, to: Path, make: Callable[[Path], Pages], parent: QObject) -> None:
        self._to, self._partial = to, to.with_name(f"{to.name}.part")
        self._number = 0
        super().__init__(desk, make(self._partial), parent)
        self.destroyed.connect(partial(_remove, self._partial))

    def _tell(self, total: int) -> None:
        self._number += 1
        if self._number % _TELLS_EVERY == 0:
            told = _("Writing page {n} of {total}…").format(n=f"{self._number:,}", total=f"{total:,}")
            self._desk.say(told, "running")

    def _fail(self) -> None:
        _remove(self._partial)

    def _end(self, count: int) -> None:
        try:
            platform.replace_file(self._partial, self._to)
        except OSError:
            self._fail()
            self._desk.say(cannot_write(self._to), "blocked")
            return
        pages = counted("{n} page", "{n} pages", count)
        self._desk.say(_("Exported: {file}, {pages}.").format(file=self._to.name, pages=pages))


class Picturing(Turns):
    """A picture painted strip by strip, then packed and written in the worker's thread."""

    def __init__(self, desk: Desk, to: Path, strips: Strips, parent: QObject) -> None:
        super().__init__(desk, strips, parent)
        self._to = to

    def _end(self, painted: Painted) -> None:
        self._is_whole = painted.is_whole
        self._desk.bridge.work(partial(_saved, painted.image, self._to), self._say)

    def _say(self, is_written: bool) -> None:  # noqa: FBT001 - the answer of the worker
        name = self._to.name
        if not is_written:
            self._desk.say(cannot_write(self._to), "blocked")
        elif self._is_whole:
            self._desk.say(_("Exported: {file}.").format(file=name))
        else:
            told = _("Exported: {file}, without the last rows: they need pages. Export a PDF to have all.")
            self._desk.say(told.format(file=name), "late")


def cannot_write(to: Path) -> str:
    told = _("{file} cannot be written. Nothing was changed. Choose another place.")
    return told.format(file=to.name)


def _saved(image: QImage, to: Path, _work: object) -> bool:
    """Beside it first: what stood there before stays until the new one is whole."""
    partial_file = to.with_name(f"{to.name}.part")
    try:
        if image.save(str(partial_file), "PNG"):  # type: ignore[call-overload]  # the stub wants bytes, Qt takes text
            platform.replace_file(partial_file, to)
            return True
    except OSError:
        pass
    _remove(partial_file)
    return False


def _close(steps: Generator[int, None, Any], *_gone: object) -> None:
    steps.close()


def _remove(partial_file: Path, *_gone: object) -> None:
    with suppress(OSError):
        partial_file.unlink(missing_ok=True)
