"""A line for work that takes long: what is done, how far it is, and a way to end it; quick work never shows it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.i18n import _
from ui.desktop.bridge import Bridge, Then, Work
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.theme.theme import Theme

_SHOWN_AFTER_MS = 600
_TICK_MS = 150


class WorkingLine(QFrame):
    """One work at a time: a further one ends the one before."""

    given_up = Signal()

    def __init__(self, theme: Theme, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._work: Work | None = None
        self._number = 0
        self._waited = 0
        self._words = ""
        self._then: Then | None = None
        self.text = label(theme, "", "body", "text2")
        self.cancel = KeyButton(theme, _("Cancel"), kind="quiet")
        self.cancel.clicked.connect(self.give_up)
        self.setProperty("edge", "bottom")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), theme.px(4), theme.px(14), theme.px(4))
        row.setSpacing(theme.px(8))
        row.addWidget(Sign(theme, "clock", "text3", 16))
        row.addWidget(self.text, 1)
        row.addWidget(self.cancel)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self.hide()

    def begin(self, words: str, job: Callable[[Work], Any], then: Then) -> None:
        if self._work is not None:
            self._work.give_up()
        self._words, self._waited = words, 0
        self._number += 1
        self._then = then
        number = self._number
        self._work = self._bridge.work(lambda work: (number, job(work)), self._answered, self._failed)
        self._timer.start()

    def _answered(self, answer: tuple[int, Any]) -> None:
        number, found = answer
        if number == self._number and self._then is not None:
            self._end()
            self._then(found)

    def _failed(self, _error: Any) -> None:
        """The window says why."""
        self._end()

    def is_working(self) -> bool:
        return self._work is not None

    def give_up(self) -> None:
        if self._work is not None:
            self._work.give_up()
            self._number += 1
            self._end()
            self.given_up.emit()

    def _end(self) -> None:
        self._work = None
        self._timer.stop()
        self.hide()

    def _on_tick(self) -> None:
        self._waited += _TICK_MS
        if self._work is not None and self._waited >= _SHOWN_AFTER_MS:
            text = _("{what} {percent} %").format(what=self._words, percent=self._work.percent)
            self.text.setText(text)
            self.setAccessibleName(text)
            self.show()
