"""Every screen of a window and everything that opens above them, as pictures."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.pictures.above import OVER, unsorted
from tests.pictures.sheets import SHEETS
from ui.desktop.faces import Faces
from ui.desktop.main_window import MainWindow
from ui.desktop.pictures import SIZE, wait_for
from ui.desktop.views import VIEWS

Picture = tuple[str, QImage]


def screens(window: MainWindow, only: str) -> Iterator[Picture]:
    """Each place and each of its faces, then what opens above them."""
    places = list(_places(window))
    for place in places:
        if only in place.replace("/", "-"):
            window.go_to(place)
            yield place.replace("/", "-"), taken(window)
    for name, act in {**OVER, **SHEETS}.items():
        if only in name.replace(" ", "-") and (
            window.desk.project_id is not None or name in ("search", "new project", "import columns")
        ):
            window.go_to("plan")
            wait_for(window, 50)
            act(window)
            yield name.replace(" ", "-"), taken(window)
            _close_all(window)


def _places(window: MainWindow) -> Iterator[str]:
    for spec in VIEWS:
        window.go_to(spec.id)
        view = window.current_view()
        if isinstance(view, Faces):
            yield from (f"{spec.id}/{face.id}" for face in view.specs)
        else:
            yield spec.id


def taken(window: MainWindow) -> QImage:
    """The window with what stands open above it."""
    wait_for(window, 120)
    wait_for(
        window, 60
    )  # a slow machine answers within one turn of the loop: what that laid out is not painted yet
    image = window.grab().toImage()
    with QPainter(image) as painter:
        for above in QApplication.topLevelWidgets():
            if above is not window and above.isVisible() and above.isWindow():
                painter.drawPixmap(window.mapFromGlobal(above.pos()), above.grab())
    return image


def _close_all(window: MainWindow) -> None:
    for _round in range(2):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    for above in QApplication.topLevelWidgets():
        if above is not window and above.isVisible():
            above.close()
    for widget in (window.message, window.question):
        widget.hide()
    window.desk.entry.set_person(None)
    window.desk.entry.set_time(None)
    window.resize(*SIZE)
    unsorted(window)
    wait_for(window, 50)
