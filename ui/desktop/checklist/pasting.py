"""The clipboard: rows copied out as text and as a list, cut and put elsewhere, and any plan text taken in."""

import json
from functools import partial
from typing import Any

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.i18n import _, counted, ngettext
from app.queries.checklist import StageRow, TaskRow
from app.queries.people import names
from ui.desktop.actions import load
from ui.desktop.checklist.copying import as_markdown, as_table
from ui.desktop.checklist.grid import ChecklistGrid
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.desk import Desk

MIME = "application/x-launchbook-tasks"
_SAID = 2  # reasons in one line; more are counted


class Pasting(QObject):
    def __init__(self, desk: Desk, model: ChecklistModel, grid: ChecklistGrid, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._grid = grid

    # Out.

    def copy(self, rows: list[TaskRow], *, as_list: bool = False, cut: bool = False) -> None:
        """Plain text for any other program, and which tasks they are for this one."""
        if not rows or self._desk.project_id is None:
            return
        found = QMimeData()
        markdown = as_markdown(self._model.outline.stages, rows, self._model.shown)
        found.setText(markdown if as_list else as_table(self._grid.texts(rows)))
        found.setData("text/markdown", markdown.encode())
        own = {"project": self._desk.project_id.hex(), "tasks": [row.id.hex() for row in rows], "cut": cut}
        if not as_list:
            found.setData(MIME, json.dumps(own).encode())
        QGuiApplication.clipboard().setMimeData(found)
        count = len(rows)
        if cut:
            text = ngettext(
                "{n} task cut. Ctrl V puts it elsewhere; until then it stays.",
                "{n} tasks cut. Ctrl V puts them elsewhere; until then they stay.",
                count,
            )
        elif as_list:
            text = ngettext(
                "{n} task copied as a Markdown list.", "{n} tasks copied as a Markdown list.", count
            )
        else:
            text = ngettext("{n} task copied.", "{n} tasks copied.", count)
        self._desk.say(text.format(n=f"{count:,}"))

    # In.

    def paste(self) -> None:
        project = self._desk.project_id
        clipboard = QGuiApplication.clipboard()
        if project is None:
            return
        own = self._own(clipboard.mimeData())
        if own is not None:
            self._put(*own)
            return
        text = clipboard.text()
        if not text.strip():
            self._desk.say(_("There is no text on the clipboard. Nothing was pasted."), "late")
            return
        stage, after = self._place()
        place = (project, stage, after, self._model.shown.language)
        job = partial(paste_text, self._desk.bridge.workspace, text, *place)
        self._desk.bridge.write(job, then=self._pasted)

    def _place(self) -> tuple[bytes | None, bytes | None]:
        row = self._grid.current_row()
        if isinstance(row, TaskRow):
            return row.stage_id, row.id
        return (row.id if isinstance(row, StageRow) else None), None

    def _own(self, found: QMimeData | None) -> tuple[list[bytes], bool] | None:
        """Tasks of this project that were copied or cut here and are still there; a clipboard may hold nothing."""
        if found is None or not found.hasFormat(MIME):
            return None
        try:
            told = json.loads(bytes(found.data(MIME).data()))
            if bytes.fromhex(told["project"]) != self._desk.project_id:
                return None
            here = {task.id for task in self._model.outline.tasks}
            tasks = [task for task in map(bytes.fromhex, told["tasks"]) if task in here]
            return (tasks, bool(told["cut"])) if tasks else None
        except (ValueError, KeyError, TypeError):
            return None  # written by something that is not us

    def _put(self, tasks: list[bytes], cut: bool) -> None:  # noqa: FBT001 - as it stands on the clipboard
        stage, after = self._place()
        run = partial(self._desk.bridge.run, seen=self._model.rev)
        if not cut:
            command = "app.commands.selections:copy_tasks"
            run(command, tasks, self._desk.project_id, stage=stage, after=after, then=self._copied)
            return
        if after in tasks:
            return  # behind itself is where it is
        run("app.commands.selections:move_tasks", tasks, stage, after)
        QGuiApplication.clipboard().clear()  # cut rows are put once

    def _copied(self, done: Any) -> None:
        self._tell(len(done.result), ())
        self._grid.go_to(done.result[0])

    def _pasted(self, report: Any) -> None:
        self._tell(len(report.tasks), report.skipped)

    def _tell(self, count: int, skipped: tuple[Any, ...]) -> None:
        parts = [counted("{n} row pasted as a task.", "{n} rows pasted as tasks.", count)]
        for one in skipped[:_SAID]:
            where = _("Line {n}: {reason}").format(n=one.line, reason=one.reason)
            parts.append(where if one.line else one.reason)
        if len(skipped) > _SAID:
            more = len(skipped) - _SAID
            parts.append(counted("{n} more was left out.", "{n} more were left out.", more))
        tone = "late" if skipped or not count else "done"
        undo = partial(self._desk.bridge.write, self._desk.bridge.workspace.undo)
        self._desk.say(" ".join(parts), tone, _("Undo") if count else "", undo if count else None)


def paste_text(
    workspace: Any, text: str, project: bytes, stage: bytes | None, after: bytes | None, language: str
) -> Any:
    """Reads and adds the tasks as one action; runs in the writer thread."""
    draft = load("app.integrations.pasted:read_pasted")(text, workspace.read(names).values())
    place = {"stage": stage, "after": after, "language": language}
    return workspace.run(load("app.commands.pasting:paste_draft"), project, draft, **place).result
