"""What a screen shows, kept in a file: a picture in pixels, or pages of lines and letters."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import i18n
from app.errors import Invalid, StorageError
from app.i18n import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea

    from ui.desktop.main_window import MainWindow
    from ui.desktop.views import View
    from ui.desktop.workspaces import OpenWorkspace

SIZE = (1440, 900)
FACES = {  # the name on the command line, and where it stands in the window
    "checklist": "plan/checklist",
    "board": "plan/board",
    "gantt": "plan/gantt",
    "cockpit": "run/cockpit",
    "gates": "prove/gates",
}
SUFFIXES = (".png", ".pdf")
_TALLEST = 16_000  # px; a picture above is larger than most programs open
_STILL_TURNS = 8  # on a busy machine a turn may take longer than all of them should; a layout needs several
_STILL_MS = 300  # the selected task is looked at a moment after the grid stands still
_GIVE_UP_S = 120


@dataclass(frozen=True, slots=True)
class Wish:
    """What to picture; without a run the one in which things happen now."""

    face: str
    project: bytes
    run: bytes | None
    language: str
    theme: str = "light"


@dataclass(frozen=True, slots=True)
class Painted:
    pages: int
    is_whole: bool  # a picture has a largest height, pages have none


def check_wish(face: str, to: Path) -> None:
    """Raises Invalid in words before anything is opened."""
    if face not in FACES:
        raise _no_such_view(face)
    if to.suffix.casefold() not in SUFFIXES:
        told = _("A view becomes a picture or pages: let {name} end in one of: {suffixes}.")
        raise Invalid(told.format(name=to.name, suffixes=", ".join(SUFFIXES)))
    if not to.parent.is_dir():
        told = _("The folder {folder} is not there. Nothing was written. Make it, or choose another place.")
        raise StorageError(told.format(folder=to.parent))


def _no_such_view(face: str) -> Invalid:
    told = _("There is no view {name}. Choose one of: {views}.")
    return Invalid(told.format(name=face, views=", ".join(FACES)))


def need_no_screen() -> None:
    """Before the first window: where windows belong to a server, a picture asks none."""
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def picture_of(folder: Path, wish: Wish, to: Path) -> Painted:
    """Opens the workspace in a folder, shows a face of a project in a window nobody sees, and keeps it in a file."""
    check_wish(wish.face, to)
    need_no_screen()
    from ui.desktop.workspaces import open_workspace

    workspace = open_workspace(folder, sample=False)
    is_paged = to.suffix.casefold() == ".pdf"
    with unseen_window(workspace, wish.language, wish.theme, plain=is_paged) as window:
        window.desk.choose(wish.project, wish.run)
        begin(window, FACES[wish.face])
        if not has_face(window, wish.face):
            raise _no_such_view(wish.face)
        return _painted(window, to)


@contextmanager
def unseen_window(
    workspace: "OpenWorkspace", language: str, theme: str, *, plain: bool = False
) -> "Iterator[MainWindow]":
    """A window over a workspace, in one look, on no screen; the workspace is closed with it."""
    from ui.desktop.application import dress
    from ui.desktop.bridge import Bridge
    from ui.desktop.desk import Desk
    from ui.desktop.entrance import the_application
    from ui.desktop.main_window import MainWindow
    from ui.desktop.preferences import Preferences

    application = the_application()
    i18n.set_language(language)
    bridge = Bridge(workspace)
    try:
        look = dress(application, theme, 1.0, language, plain=plain)
        window = MainWindow(Desk(bridge, look, Preferences(language=language, theme=theme)))
        window.resize(*SIZE)
        yield window
        window.close()
        window.deleteLater()
    finally:
        bridge.close()


def begin(window: "MainWindow", place: str) -> None:
    """Its first paint, then a place of it, with all that is written there."""
    show_unseen(window)
    window.begin()
    wait_for(window)
    window.go_to(place)
    wait_for(window)


def has_face(window: "MainWindow", face: str) -> bool:
    from ui.desktop.faces import Faces

    view = window.current_view()
    return isinstance(view, Faces) and view.has(FACES[face].partition("/")[2])


def show_unseen(window: "MainWindow") -> None:
    """Shown as far as its widgets know, without anything appearing on the screen somebody works at."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.platformName() != "offscreen":
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    window.activateWindow()
    window.grab()  # its first paint: what may be slow waits for it


def wait_for(window: "MainWindow", still_ms: int = _STILL_MS) -> None:
    """Until all that was asked is answered, and nothing has been asked for a moment."""
    from PySide6.QtCore import QCoreApplication

    deadline = time.monotonic() + _GIVE_UP_S
    still, turns = time.monotonic(), 0
    while time.monotonic() < deadline:
        QCoreApplication.processEvents()
        now = time.monotonic()
        if not (window.is_settled() and window.desk.bridge.is_idle()):
            still, turns = now, 0
        elif now - still > still_ms / 1000 and turns > _STILL_TURNS:
            return
        turns += 1
        time.sleep(0.005)


def _painted(window: "MainWindow", to: Path) -> Painted:
    if to.suffix.casefold() == ".png":
        return _as_picture(window, to)
    own: Callable[[Path], int] | None = getattr(window.current_view().face(), "write_pages", None)
    if own is not None:  # a face that knows its own pages: a Gantt is wider than any window
        return Painted(own(to), is_whole=True)
    return _as_pages(window, to)


def longest_list(view: "View") -> "QAbstractScrollArea | None":
    """What a screen is about, where one list takes most of it and does not fit."""
    for one in _scrolling(view):
        if 5 * one.width() * one.height() > 2 * view.width() * view.height():
            return one
    return None


def _scrolling(view: "View") -> "list[QAbstractScrollArea]":
    from PySide6.QtWidgets import QAbstractScrollArea

    found = [one for one in view.findChildren(QAbstractScrollArea) if one.isVisible()]
    return [one for one in found if one.verticalScrollBar().maximum() or one.horizontalScrollBar().maximum()]


def _grow(window: "MainWindow", missing: int, tallest: int) -> bool:
    """Whether everything fits now."""
    wanted = window.height() + missing
    if missing:
        window.resize(window.width(), min(wanted, tallest))
        wait_for(window)
    return wanted <= tallest


def _as_picture(window: "MainWindow", to: Path) -> Painted:
    """As high as what it shows, up to a limit."""
    view = window.current_view()
    found = longest_list(view)
    missing = max(map(_missing_height, [found] if found is not None else _scrolling(view)), default=0)
    whole = _grow(window, missing, _TALLEST)
    if not window.grab().save(str(to)):
        told = _("{file} cannot be written. Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=to))
    return Painted(1, whole)


def _missing_height(area: "QAbstractScrollArea") -> int:
    """How many pixels of a list stand outside its window."""
    from PySide6.QtWidgets import QAbstractItemView, QTableView

    bar = area.verticalScrollBar()
    if isinstance(area, QTableView):
        return max(0, area.verticalHeader().length() - area.viewport().height())
    if isinstance(area, QAbstractItemView) and area.verticalScrollMode() is area.ScrollMode.ScrollPerItem:
        return bar.maximum() * max(1, area.sizeHintForRow(0))
    return bar.maximum() - bar.minimum()


def _as_pages(window: "MainWindow", to: Path) -> Painted:
    """One page for each window full of the list: every page has its head, and no line is cut in two."""
    from ui.desktop.pages import Pages

    view = window.current_view()
    found = longest_list(view)
    if found is None:  # small parts that scroll become as high as they need, within reason
        _grow(window, max(map(_missing_height, _scrolling(view)), default=0), 2 * SIZE[1])
    places = list(_places(found)) if found is not None else [(0, 0)]
    with Pages(window, len(places), to) as pages:
        for across, down in places:
            if found is not None:
                found.verticalScrollBar().setValue(down)
                found.horizontalScrollBar().setValue(across)
                wait_for(window, 0)
            pages.paint(view)
    return Painted(len(places), is_whole=True)


def _places(area: "QAbstractScrollArea") -> Iterator[tuple[int, int]]:
    """Where to scroll to, line by line of a page after the other: right first, then down."""
    from PySide6.QtWidgets import QAbstractItemView

    down, across = area.verticalScrollBar(), area.horizontalScrollBar()
    by_line = (
        isinstance(area, QAbstractItemView) and area.verticalScrollMode() is area.ScrollMode.ScrollPerItem
    )
    line = 0 if by_line else area.fontMetrics().height() * 2
    for y in _steps(down.minimum(), down.maximum(), down.pageStep() - line):
        for x in _steps(across.minimum(), across.maximum(), across.pageStep()):
            yield x, y


def _steps(first: int, last: int, step: int) -> Iterator[int]:
    yield from range(first, last, max(1, step))
    yield last
