"""What the search box offers: actions of the screen and the frame, steps of the chosen task, everything in the workspace."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.i18n import N_, _, in_language
from app.queries.checklist import TaskRow
from ui.desktop.actions import STEP_ACTIONS
from ui.desktop.checklist.steps import Steps
from ui.desktop.frame.offers import offers
from ui.desktop.moments import now_ms
from ui.desktop.search.box import SearchBox
from ui.desktop.search.hits import Hit, hit, other_language, spelled
from ui.desktop.search.index import Index, index

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow

_LAST = 5


class Finding(QObject):
    """Lives with the window; its answers may come after the box is closed."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._box: SearchBox | None = None
        self._steps = Steps(window.desk, window)
        self._read: Index | None = None
        self._rev = -1

    def open(self) -> SearchBox:
        window, desk = self._window, self._window.desk
        doing = [*self.actions(), *self._workspaces()]
        self._box = box = SearchBox(desk, window, doing, self._last(doing))
        box.left.connect(window.focus_view)
        box.done.connect(self._note)
        box.open = self._go
        box.open_below(window.topbar.search)
        if desk.bridge.workspace.is_open:
            place = (desk.project_id, desk.run_id, desk.language, now_ms())
            desk.bridge.fetch(index, *place, doing, then=self._take)
        return box

    def _take(self, found: Index) -> None:
        self._read = found
        if self._box is None or not isValid(self._box):
            return
        chosen = found.tasks.get(self._window.current_view().chosen_task() or b"")
        steps = self._step_hits(chosen) if chosen is not None else []
        self._box.set_hits([*found.doing, *steps, *found.hits])

    # What can be done.

    def actions(self) -> list[Hit]:
        return [hit(one.icon, one.text, one.key, one.act) for one in offers(self._window)]

    def _step_hits(self, task: TaskRow) -> list[Hit]:
        """The keys of the state column, for the chosen task, by name."""
        other, made = other_language(), []
        for action in STEP_ACTIONS:
            text = N_("{action} {number}")
            words = _(text).format(action=_(action.text), number=task.number)
            beside = in_language(text, other).format(
                action=in_language(action.text, other), number=task.number
            )
            act = partial(self._steps.act, action, task)
            made.append(
                spelled(
                    Hit(
                        action.icon,
                        "text2",
                        words,
                        beside if beside != words else "",
                        action.key,
                        act,
                        "do",
                        task.title,
                    )
                )
            )
        return made

    def _workspaces(self) -> list[Hit]:
        ways = self._window.desk.workspaces
        if ways is None:
            return []
        return [
            Hit(
                "library",
                "text2",
                one.name,
                act=partial(ways.open, one.folder),
                kind="workspace",
                fact=str(one.folder),
            )
            for one in ways.choices()
            if not one.is_here
        ]

    # What was used last.

    def _note(self, chosen: Hit) -> None:
        if chosen.kind in ("do", "recent") and chosen.name:
            desk = self._window.desk
            names = (chosen.name, *(one for one in desk.preferences.commands if one != chosen.name))
            desk.preferences = desk.preferences.changed(commands=names[:_LAST])

    def _last(self, doing: list[Hit]) -> list[Hit]:
        by_name = {one.name: one for one in doing if one.name}
        names = self._window.desk.preferences.commands
        return [by_name[name]._replace(kind="recent") for name in names if name in by_name]

    # Going there.

    def _go(self, chosen: Hit) -> None:
        window, desk, target = self._window, self._window.desk, chosen.target
        if chosen.kind == "task":
            window.show_task(target)
        elif chosen.kind == "place" and chosen.name == "run" and desk.project_id is not None:
            desk.look_at(desk.project_id, target)
        elif chosen.kind == "place":
            desk.look_at(target)
        elif chosen.kind == "person":
            window.go_to("plan/checklist")
            window.current_view().face().show_matching(chosen.text)
        elif chosen.kind == "moment":
            window.go_to("prove/log")
            window.current_view().face().show_thing(target)
        elif chosen.icon == "gate_closed":
            window.go_to("prove/gates")
            window.current_view().face().show_thing(target)
        elif self._read is not None:  # a stage: its first task
            first = next((task for task in self._read.tasks.values() if task.stage_id == target), None)
            if first is not None:
                window.show_task(first.id)
