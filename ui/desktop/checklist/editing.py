"""Typing into the plan: a cell's text becomes a field of one task or of all selected ones, a line becomes a task."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.domain.durations import parse_minutes, parse_moment
from app.i18n import _
from app.queries.checklist import StageRow, TaskRow
from app.queries.people import names
from ui.desktop.actions import load
from ui.desktop.checklist.grid import ChecklistGrid
from ui.desktop.checklist.linking import read_after
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.checklist.outline import DraftRow
from ui.desktop.desk import Desk
from ui.desktop.moments import parse_wall

_LENGTHS = ("minutes", "rollback_minutes")
# Of a task's row what stands behind a column that one may fill down.
FILLED = {
    "owner": "owner_id", "minutes": "minutes", "start": "start", "due": "due", "stream": "stream",
    "priority": "priority", "rollback_minutes": "rollback_minutes",
}  # fmt: skip


class Editing(QObject):
    def __init__(
        self,
        desk: Desk,
        model: ChecklistModel,
        grid: ChecklistGrid,
        by_enter: Callable[[], bool],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._grid = grid
        self._by_enter = by_enter

    # One cell.

    def change(self, row: Any, field: str, text: str) -> None:
        if isinstance(row, StageRow):
            self._run(
                "app.commands.projects:set_stage",
                row.id,
                {"title": text},
                language=self._model.shown.language,
            )
            return
        if field == "after":
            self._link(row, text)
            return
        value, wrong = self._read(field, text, row)
        if wrong:
            self._desk.say(wrong, "blocked")
            return
        self._run("app.commands.tasks:set_task", row.id, {field: value}, language=self._model.shown.language)

    def change_all(self, field: str, text: str, rows: list[TaskRow]) -> None:
        """What was typed with Ctrl Enter: the same in every selected row."""
        if not rows:
            return
        if field not in FILLED:
            self._desk.say(_("This cell is another one in every task. Enter keeps it in one."), "late")
            return
        value, wrong = self._read(field, text, rows[0])
        if wrong:
            self._desk.say(wrong, "blocked")
            return
        self.set_all(rows, field, value)

    def fill_down(self, rows: list[TaskRow]) -> None:
        """The value of the first selected row in all below it; with one row selected, that of the row above."""
        index = self._grid.currentIndex()
        field = self._model.columns[index.column()].field if index.isValid() else ""
        if field not in FILLED:
            self._desk.say(
                _(
                    "Ctrl D fills down an owner, a duration, a time, a stream or a priority. Go to such a column."
                ),
                "late",
            )
            return
        if len(rows) == 1:
            above = self._model.row_at(index.row() - 1) if index.row() else None
            rows = [above, *rows] if isinstance(above, TaskRow) else []
        if len(rows) > 1:
            self.set_all(rows[1:], field, getattr(rows[0], FILLED[field]))

    def set_all(self, rows: list[TaskRow], field: str, value: Any) -> None:
        command = "app.commands.selections:set_tasks"
        self._run(command, [row.id for row in rows], {field: value}, language=self._model.shown.language)

    def _link(self, row: TaskRow, text: str) -> None:
        numbers = {task.number: task.id for task in self._model.outline.tasks}
        wanted, wrong = read_after(text, numbers, {row.id})
        if wrong:
            self._desk.say(wrong, "blocked")
            return
        make = load("app.commands.tasks:Predecessor")
        self._run("app.commands.tasks:set_predecessors", row.id, [make(*one) for one in wanted])

    def _read(self, field: str, text: str, row: TaskRow) -> tuple[Any, str]:
        """The value behind a text, or a sentence that says what would be readable."""
        if field in _LENGTHS:
            minutes = parse_minutes(text) if text else None
            if text and minutes is None:
                return None, _("“{text}” is no duration. Try 90, 1h30 or 1.5h.").format(text=text)
            return minutes, ""
        if field in ("start", "due"):
            return self._moment(field, text, row)
        if field == "priority":
            if text and text not in "12345":
                return None, _(
                    "“{text}” is no priority. It is 1 for the highest to 5 for the lowest."
                ).format(text=text)
            return (int(text) if text else None), ""
        if field == "owner":
            return self._person(text)
        if field == "title" and not text:
            return None, _("A task needs a title. To remove it press Del.")
        return text, ""

    def _moment(self, field: str, text: str, row: TaskRow) -> tuple[str | None, str]:
        if not text:
            return None, ""
        near = getattr(row, field) or row.start or row.due
        moment = parse_moment(text, zone=self._desk.zone) or parse_wall(text, near)
        if moment is None:
            return None, _("“{text}” is no moment. Try Fri 22:00 or 2026-03-06 22:00.").format(text=text)
        return moment, ""

    def _person(self, text: str) -> tuple[bytes | None, str]:
        """Everybody has a name here; part of it is enough while only one person fits."""
        if not text:
            return None, ""
        wanted = text.casefold()
        known = self._desk.bridge.read(names)
        exact = [person for person, name in known.items() if name.casefold() == wanted]
        found = exact or [person for person, name in known.items() if wanted in name.casefold()]
        if len(found) == 1:
            return found[0], ""
        if found:
            return None, _("Several people are called “{text}”. Type more of the name.").format(text=text)
        return None, _("Nobody is called “{text}”. Add people in Settings.").format(text=text)

    def _run(self, command: str, *args: Any, **kw: Any) -> None:
        self._desk.bridge.run(command, *args, seen=self._model.rev, **kw)

    # New tasks.

    def insert(self) -> None:
        """A line to type into, below the current one."""
        row = self._grid.current_row()
        if isinstance(row, TaskRow):
            self._open_draft(DraftRow(row.stage_id, row.id))
        elif isinstance(row, StageRow):
            self._open_draft(DraftRow(row.id, None))
        else:
            self._open_draft(DraftRow(None, None))

    def _open_draft(self, draft: DraftRow) -> None:
        self._model.set_draft(draft)
        QTimer.singleShot(0, self._edit_draft)

    def _edit_draft(self) -> None:
        draft = self._model.outline.draft
        if draft is not None:
            self._grid.edit_cell(draft.id, "title")

    def keep_draft(self, draft: DraftRow, title: str) -> None:
        self._model.set_draft(None)
        if not title:
            return
        command = "app.commands.tasks:add_task"
        self._desk.bridge.run(
            command,
            self._desk.project_id,
            title,
            stage=draft.stage_id,
            after=draft.after_task,
            language=self._model.shown.language,
            then=partial(self._added, draft, self._by_enter()),
        )

    def _added(self, draft: DraftRow, by_enter: bool, done: Any) -> None:  # noqa: FBT001 - bound by partial
        """Enter after a new task opens the next line, as in a spreadsheet; leaving otherwise does not."""
        if by_enter:
            self._open_draft(DraftRow(draft.stage_id, done.result))

    def drop_draft(self) -> None:
        if self._model.outline.draft is not None:
            self._model.set_draft(None)
