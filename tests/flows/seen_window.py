"""The desktop in a process of its own, which says when asked where something stands; keys and mouse come through the display.

Each line of its input is a question: `settle` waits until everything asked is answered, `where TEXT` finds a button, a field, a
line of a menu or a cell by what one reads there, `focus` says who has the keyboard, `cell` in which column. Each answer is one line of JSON.
"""

import json
import sys
import threading
import time
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QWidget,
)

from ui.__main__ import main

_GIVE_UP_S = 60


class Listener(QObject):
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self.answer, Qt.ConnectionType.QueuedConnection)

    def answer(self, question: str) -> None:
        word, _space, rest = question.partition(" ")
        answer: Any = {"settle": self.settle, "where": self.where, "focus": self.focus, "cell": self.cell}[
            word
        ](rest)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    def settle(self, _rest: str) -> str:
        deadline = time.monotonic() + _GIVE_UP_S
        quiet = 0
        while quiet < 4 and time.monotonic() < deadline:
            QApplication.processEvents()
            quiet = quiet + 1 if all(map(_is_quiet, _windows())) else 0
            time.sleep(0.01)
        return "quiet" if quiet else "no answer"

    def focus(self, _rest: str) -> str:
        """The line a menu stands on, else the name of what has the keyboard."""
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu):
            action = menu.activeAction()
            return action.text().partition("\t")[0] if isinstance(action, QAction) else ""
        widget = QApplication.focusWidget()
        if widget is None:
            return ""
        return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")

    def cell(self, _rest: str) -> str:
        """The column one is in."""
        view = QApplication.focusWidget()
        columns = getattr(view.model(), "columns", ()) if isinstance(view, QAbstractItemView) else ()
        return columns[view.currentIndex().column()].id if columns else ""  # type: ignore[union-attr]  # a view then

    def where(self, text: str) -> list[int]:
        """The middle of it on the screen; empty when nobody could see it."""
        for top in reversed(_windows()):
            for widget in (*top.findChildren(QWidget), top):
                found = _spot_of(widget, text) if widget.isVisible() else None
                if found is not None:
                    corner = widget.mapToGlobal(found.center())
                    return [corner.x(), corner.y()]
        return []


def _windows() -> list[QWidget]:
    above = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    others = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not above]
    return [*others, above] if above is not None else others


def _is_quiet(window: QWidget) -> bool:
    content = window.centralWidget() if isinstance(window, QMainWindow) else window
    desk = getattr(content, "desk", None)
    is_idle = desk is None or desk.bridge.is_idle()
    return is_idle and not any(
        timer.isActive() and timer.isSingleShot() and timer.interval() < 1000
        for timer in window.findChildren(QTimer)
    )


def _spot_of(widget: QWidget, text: str) -> QRect | None:
    if isinstance(widget, QMenu):
        actions = [one for one in widget.actions() if one.text().partition("\t")[0] == text]
        return widget.actionGeometry(actions[0]) if actions else None
    if isinstance(widget, QAbstractItemView):
        return _cell_of(widget, text)
    words = {widget.accessibleName()}
    if isinstance(widget, QAbstractButton | QLabel):
        words.add(widget.text())
    if isinstance(widget, QLineEdit):
        words.add(widget.placeholderText())
    return widget.rect() if text in words else None


def _cell_of(view: QAbstractItemView, text: str) -> QRect | None:
    """By what stands in it; `1.1|state` is the second name's column in the line with the first."""
    line, _bar, column = text.partition("|")
    model = view.model()
    for row in range(model.rowCount()):
        cells = [str(model.index(row, n).data() or "") for n in range(model.columnCount())]
        if line in cells:
            columns = [one.id for one in getattr(model, "columns", ())]
            number = columns.index(column) if column in columns else cells.index(line)
            found = view.visualRect(model.index(row, number))
            return found.translated(view.viewport().mapTo(view, QPoint(0, 0)))
    return None


def listen(listener: Listener) -> None:
    for line in sys.stdin:
        listener.asked.emit(line.strip())


def begin() -> None:
    """As soon as there is an application to listen in."""
    while QApplication.instance() is None:
        time.sleep(0.02)
    time.sleep(0.3)
    listener = Listener()
    application = QApplication.instance()
    assert application is not None
    listener.moveToThread(application.thread())
    listen(listener)


if __name__ == "__main__":
    threading.Thread(target=begin, daemon=True).start()
    sys.exit(main())
