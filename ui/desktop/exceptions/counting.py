"""How many exceptions wait for somebody to act, on the rail: counted in the background, some time after each change."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer

from ui.desktop.bridge import Work
from ui.desktop.desk import Desk
from ui.desktop.exceptions.reading import how_many_ask
from ui.desktop.moments import now_ms

_SETTLES_MS = 1500  # a change seldom comes alone


class Counting(QObject):
    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLES_MS)
        self._soon.timeout.connect(self.count)
        desk.bridge.changed.connect(self._on_changed)
        desk.place_changed.connect(self.count)

    def _on_changed(self, _changes: Any) -> None:
        self._soon.start()

    def count(self) -> None:
        if self._desk.bridge.is_closed:
            return
        project, run = self._desk.project_id, self._desk.run_id
        if project is None or not self._desk.bridge.workspace.is_open:
            self._show(0)
            return
        job = partial(_counted, self._desk.bridge.workspace, project, run)
        self._desk.bridge.work(job, self._show)

    def _show(self, count: int) -> None:
        self._desk.counted.emit("prove", count)


def _counted(workspace: Any, project: bytes, run: bytes | None, _work: Work) -> int:
    found: int = workspace.read(how_many_ask, project, run, now_ms())
    return found
