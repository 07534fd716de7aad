"""What the search box offers: places, actions of the frame, and the tasks of the project looked at."""

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.i18n import N_
from app.queries.checklist import Checklist, checklist
from ui.desktop.checklist.words import STATUS_TONE
from ui.desktop.search.box import Hit, SearchBox, hit
from ui.desktop.views import VIEWS

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow


class Finding(QObject):
    """Lives with the window; its answers may come after the box is closed."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._box: SearchBox | None = None

    def open(self) -> SearchBox:
        desk = self._window.desk
        self._box = box = SearchBox(desk, self._window, self.actions())
        box.left.connect(self._window.focus_view)
        box.open_below(self._window.topbar.search)
        if desk.project_id is not None:
            place = (desk.project_id, desk.run_id, desk.language, int(time.time() * 1000))
            desk.bridge.fetch(checklist, *place, then=self._take)
        return box

    def _take(self, found: Checklist) -> None:
        if self._box is not None and isValid(self._box):
            self._box.add_hits(self._task_hits(found))

    def actions(self) -> list[Hit]:
        window, desk = self._window, self._window.desk
        found = [
            hit("undo", N_("Undo"), "Ctrl Z", window.undo),
            hit("redo", N_("Redo"), "Ctrl Y", window.redo),
        ]
        for number, spec in enumerate(VIEWS, 1):
            found.append(hit(spec.icon, spec.text, f"Ctrl {number}", partial(window.go_to, spec.id)))
        found += [
            hit("plus", N_("New project…"), "", window.places.ask_project),
            hit("file", N_("Open a plan file…"), "Ctrl O", desk.choose_file.emit),
            hit("run", N_("Open the sample"), "", desk.open_sample.emit),
        ]
        if desk.project_id is not None:
            found.append(hit("plus", N_("New stage…"), "", window.places.ask_stage))
        for name, text in (
            ("light", N_("Theme: light")),
            ("dark", N_("Theme: dark")),
            ("contrast", N_("Theme: high contrast")),
        ):
            found.append(hit("eye", text, "", partial(window.change, theme=name)))
        for name, text in (("en", "English"), ("zh", "中文")):
            found.append(Hit("comment", "text2", text, "", "", partial(window.change, language=name)))
        return found

    def _task_hits(self, found: Checklist) -> list[Hit]:
        window = self._window
        return [
            Hit(
                task.status.value,
                STATUS_TONE[task.status],
                f"{task.number}  {task.title}",
                task.owner,
                "",
                partial(window.show_task, task.id),
            )
            for task in found.tasks
        ]
