"""The line above the grid: how far the run is, by state, in signs and numbers."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.words import Status
from app.i18n import _, counted
from app.queries.checklist import Checklist
from ui.desktop.checklist.words import STATUS_TONE, status_word
from ui.desktop.components.labels import Meter, Sign, label
from ui.desktop.theme.theme import Theme

_METER = (
    (Status.DONE, "done"),
    (Status.SKIPPED, "waiting"),
    (Status.CLAIMED, "late"),
    (Status.RUNNING, "running"),
    (Status.WAITING, "waiting"),
    (Status.BLOCKED, "blocked"),
    (Status.FAILED, "blocked"),
)
_ROOM_FOR_WORDS = 900
_COUNTED = (Status.RUNNING, Status.READY, Status.WAITING, Status.CLAIMED, Status.BLOCKED, Status.FAILED)


class Count(QWidget):
    """A sign with its number and word: "3 running"."""

    def __init__(self, theme: Theme, status: Status) -> None:
        super().__init__()
        self._status = status
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(5))
        row.addWidget(Sign(theme, status.value, STATUS_TONE[status], 16))
        self._number = label(theme, "", "strong")
        row.addWidget(self._number)
        self._word = label(theme, status_word(status), "meta", "text2")
        row.addWidget(self._word)
        self.setToolTip(status_word(status))
        self.hide()

    def show_word(self, *, shown: bool) -> None:
        self._word.setVisible(shown)

    def set_number(self, number: int) -> None:
        self._number.setText(str(number))
        self.setAccessibleName(f"{number} {status_word(self._status)}")
        self.setVisible(number > 0)


class Summary(QFrame):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("layer", "canvas")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(theme.px(48))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        row.setSpacing(theme.px(18))
        words = QVBoxLayout()
        words.setSpacing(0)
        self._done = label(theme, "", "strong")
        self._left = label(theme, "", "meta", "text3")
        words.addStretch(1)
        words.addWidget(self._done)
        words.addWidget(self._left)
        words.addStretch(1)
        row.addLayout(words)
        self._meter = Meter(theme, 10)
        row.addWidget(self._meter, 1)
        self._counts = {status: Count(theme, status) for status in _COUNTED}
        for count in self._counts.values():
            row.addWidget(count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Signs and numbers stay on a narrow screen; their words are in the hint."""
        super().resizeEvent(event)
        for count in self._counts.values():
            count.show_word(shown=event.size().width() > self._theme.px(_ROOM_FOR_WORDS))

    def take(self, checklist: Checklist) -> None:
        numbers: dict[Status, int] = {}
        for task in checklist.tasks:
            numbers[task.status] = numbers.get(task.status, 0) + 1
        total = len(checklist.tasks)
        done = numbers.get(Status.DONE, 0) + numbers.get(Status.SKIPPED, 0)
        self._done.setText(_("{done} of {total} count as done").format(done=f"{done:,}", total=f"{total:,}"))
        left = total - done
        self._left.setText(counted("{n} task left", "{n} tasks left", left))
        self._meter.set_parts([(meaning, numbers.get(status, 0)) for status, meaning in _METER], total)
        self._meter.setAccessibleName(self._done.text())
        for status, count in self._counts.items():
            count.set_number(numbers.get(status, 0))
