"""What may be slow begins when the window stands on the screen: modules soon wanted, the count of exceptions, a backup."""

from functools import partial

from PySide6.QtCore import QObject, QTimer

from ui.desktop.backing_up import back_up_when_due
from ui.desktop.desk import Desk

_SOON_MS, _LATER_MS = 1500, 120_000
_COUNTED_AFTER_MS = 1200  # when all that the first screens need is loaded
_WANTED_SOON = (
    "ui.desktop.checklist.view",
    "ui.desktop.exceptions.counting",
    "ui.desktop.gates.view",
    "ui.desktop.settings.view",
    "app.commands.tasks",
    "app.commands.runs",
    "ui.desktop.cockpit.view",
    "ui.desktop.runs.readiness",
    "ui.desktop.runs.incident",
    "ui.desktop.runs.decision",
    "ui.desktop.runs.situation",
    "ui.desktop.gantt.view",
    "ui.desktop.board.view",
    "ui.desktop.evidence.view",
    "ui.desktop.exceptions.view",
    "ui.desktop.log.view",
    "ui.desktop.wallboard.view",
)


class Later(QObject):
    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._counting, self._soon, self._backing_up = (QTimer(self) for _timer in range(3))
        for timer, wait_ms, act in (
            (self._counting, _COUNTED_AFTER_MS, self.count_exceptions),
            (self._soon, _SOON_MS, self._prepare),
            (self._backing_up, _LATER_MS, self._back_up),
        ):
            timer.setSingleShot(True)
            timer.setInterval(wait_ms)
            timer.timeout.connect(act)

    def begin(self) -> None:
        """What is on the screen comes before what may be wanted."""
        for timer in (self._counting, self._backing_up, self._soon):
            timer.start()

    def _prepare(self) -> None:
        self._desk.bridge.prepare(*_WANTED_SOON)

    def count_exceptions(self) -> None:
        """On the rail, from now on after each change."""
        self._counting.stop()
        if self._desk.bridge.is_closed:
            return  # the window is going
        from ui.desktop.exceptions.counting import Counting  # loaded by now

        Counting(self._desk, self).count()

    def _back_up(self) -> None:
        """Once a day, when the window has been open a while and nobody waits for it."""
        bridge = self._desk.bridge
        if bridge.workspace.is_open and not bridge.is_closed and not bridge.workspace.is_sample:
            bridge.write(partial(back_up_when_due, bridge.workspace))
