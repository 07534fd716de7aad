"""Rows as a whole: removed, moved up and down and between stages, linked; several at once are one action."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.i18n import _, ngettext
from app.queries.checklist import StageRow, TaskRow
from ui.desktop.actions import load
from ui.desktop.checklist.linking import Before, read_after
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.checklist.outline import Order
from ui.desktop.desk import Desk


class Moving(QObject):
    def __init__(self, desk: Desk, model: ChecklistModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model

    def _run(self, command: str, *args: Any, **kw: Any) -> None:
        self._desk.bridge.run(command, *args, seen=self._model.rev, **kw)

    # Removing.

    def delete(self, rows: list[TaskRow], current: object) -> None:
        if not rows and isinstance(current, StageRow) and current.id is not None:
            told = partial(self._deleted, current.title)
            self._run("app.commands.projects:delete_stage", current.id, then=told)
        if not rows:
            return
        names = rows[0].title if len(rows) == 1 else _("{n} tasks").format(n=f"{len(rows):,}")
        told = partial(self._deleted, names)
        self._run("app.commands.tasks:delete_tasks", [row.id for row in rows], then=told)

    def _deleted(self, names: str, _done: Any) -> None:
        self._desk.say(_("Deleted: {names}").format(names=names), "done", _("Undo"), self.undo)

    def undo(self) -> None:
        self._desk.bridge.write(self._desk.bridge.workspace.undo)

    # Moving.

    def move(self, rows: list[TaskRow], by: int) -> None:
        """The selected rows of one stage, together, one place up or down."""
        if not rows or not self._is_planned():
            return
        stage = rows[0].stage_id
        chosen = {row.id for row in rows if row.stage_id == stage}
        siblings = [task for task in self._model.outline.tasks if task.stage_id == stage]
        places = [place for place, task in enumerate(siblings) if task.id in chosen]
        others = [task for task in siblings if task.id not in chosen]
        place = places[0] + by if by < 0 else places[-1] - len(places) + 1 + by
        if not 0 <= place <= len(others):
            return
        above = others[place - 1].id if place else None
        self._put([siblings[one].id for one in places], stage, above)

    def to_stage(self, rows: list[TaskRow], by: int) -> None:
        """To the end of the stage before, or to the beginning of the one after."""
        if not rows or not self._is_planned():
            return
        stages = [stage.id for stage in self._model.outline.stages]
        here = stages.index(rows[0].stage_id) if rows[0].stage_id in stages else len(stages)
        if not 0 <= here + by < len(stages):
            return
        goal = stages[here + by]
        last = [task.id for task in self._model.outline.tasks if task.stage_id == goal][-1:]
        self._put([row.id for row in rows], goal, None if by > 0 or not last else last[0])

    def _put(self, tasks: list[bytes], stage: bytes | None, above: bytes | None) -> None:
        if len(tasks) == 1:
            self._run("app.commands.tasks:move_task", tasks[0], stage, above, first=above is None)
        else:
            self._run("app.commands.selections:move_tasks", tasks, stage, above, first=above is None)

    def _is_planned(self) -> bool:
        """Rows have a place only in the order of the plan, under their stages."""
        outline = self._model.outline
        if not outline.order.column and outline.group == "stage":
            return True
        text = _("Rows are moved in the order of the plan, by stage.")
        self._desk.say(text, "late", _("Show the plan's order"), self.as_planned)
        return False

    def as_planned(self) -> None:
        self._model.sort_by(Order())
        self._model.group_by("stage")

    # Linking.

    def ask_link(self, rows: list[TaskRow]) -> None:
        if not rows:
            return
        question = ngettext(
            "After which task does {number} come?", "After which task do these {n} tasks come?", len(rows)
        ).format(number=rows[0].number, n=len(rows))
        hint = _("1.3 or 2.1SS+30; several with commas")
        self._desk.ask(question, _("Link"), partial(self._link, rows), hint=hint)

    def _link(self, rows: list[TaskRow], text: str) -> None:
        numbers = {task.number: task.id for task in self._model.outline.tasks}
        wanted, wrong = read_after(text, numbers, {row.id for row in rows})
        if wrong:
            self._desk.say(wrong, "blocked")
            return
        make = load("app.commands.tasks:Predecessor")
        links = [make(*one) for one in wanted]
        tasks = [row.id for row in rows]
        told = partial(self._linked, rows, wanted)
        self._run("app.commands.selections:add_predecessors", tasks, links, then=told)

    def _linked(self, rows: list[TaskRow], wanted: list[Before], _done: Any) -> None:
        numbers = {task.id: task.number for task in self._model.outline.tasks}
        before = ", ".join(numbers.get(one.task, "?") for one in wanted)
        after = ", ".join(row.number for row in rows[:5]) + ("…" if len(rows) > 5 else "")
        text = _("Now after {before}: {after}").format(before=before, after=after)
        self._desk.say(text, "done", _("Undo"), self.undo)
