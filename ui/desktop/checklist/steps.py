"""What one does with a step: each key and button ends in one command, asked for its reason in place where one is needed."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app import platform
from app.domain.durations import parse_minutes
from app.domain.words import CheckOutcome, Status
from app.i18n import _, ngettext
from app.queries.checklist import TaskRow
from app.queries.task_detail import EvidenceRow
from ui.desktop.actions import STEP_BY_ID, STEP_BY_KEY, Action, load
from ui.desktop.desk import Desk


class Steps(QObject):
    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = parent

    def press(self, letter: str, row: TaskRow | None) -> None:
        action = STEP_BY_KEY.get(letter)
        if action is not None and row is not None:
            self.act(action, row)

    def act(self, action: Action, row: TaskRow) -> None:
        if action.id == "evidence":
            self.choose_files(row)
        elif action.id == "note":
            self._desk.ask(self._question(action, row), _("Keep note"), partial(self._note, row))
        elif action.id == "remaining":
            question = _("How long does {number} still need?").format(number=row.number)
            self._desk.ask(question, _(action.text), partial(self._remaining, row), hint=_("20, 1h30"))
        elif action.question:
            self._desk.ask(self._question(action, row), _(action.text), partial(self._step, action, row))
        elif action.id == "start" and row.status in (Status.TODO, Status.SKIPPED):
            # Something before it is unfinished: the record must say why it starts anyway.
            question = _("{number} is not ready. Why start it now?").format(number=row.number)
            hint = row.why_not[0] if row.why_not else ""
            self._desk.ask(question, _(action.text), partial(self._step, action, row), hint=hint)
        else:
            self._step(action, row, "")

    def _question(self, action: Action, row: TaskRow) -> str:
        return _(action.question or "Note on {number}").format(number=row.number)

    def _step(self, action: Action, row: TaskRow, reason: str) -> None:
        if self._desk.run_id is None:
            return
        more: dict[str, Any] = {"reason": reason} if reason else {}
        self._desk.bridge.run(action.command, self._desk.run_id, row.id, **more)

    def _remaining(self, row: TaskRow, text: str) -> None:
        minutes = parse_minutes(text)
        if minutes is None:
            wrong = _("“{text}” is no duration. Try 90, 1h30 or 1.5h.").format(text=text)
            self._desk.say(wrong, "blocked")
            return
        command = STEP_BY_ID["remaining"].command
        self._desk.bridge.run(command, self._desk.run_id, row.id, minutes)

    def _note(self, row: TaskRow, text: str) -> None:
        self._desk.bridge.run(STEP_BY_ID["note"].command, self._desk.run_id, row.id, text)

    def tick(self, check: Any, outcome: CheckOutcome, value: str | None) -> None:
        command = "app.commands.runs:tick"
        self._desk.bridge.run(command, self._desk.run_id, check.id, outcome, value=value)

    def remove_evidence(self, evidence: EvidenceRow) -> None:
        """What was signed over it goes stale, visibly; one step brings it back."""
        undo = partial(self._desk.bridge.write, self._desk.bridge.workspace.undo)
        self._desk.bridge.run("app.commands.runs:remove_evidence", evidence.id)
        name = evidence.name or evidence.text[:60]
        self._desk.say(_("Removed: {name}").format(name=name), "done", _("Undo"), undo)

    def save_copy(self, evidence: EvidenceRow) -> None:
        title = _("Save a copy of {name}").format(name=evidence.name)
        to, _filter = QFileDialog.getSaveFileName(self._window, title, evidence.name)
        if to:
            self._desk.bridge.write(partial(self._copy_now, evidence, Path(to)), then=self._copied)

    def _copy_now(self, evidence: EvidenceRow, to: Path) -> str:
        store = load("app.storage.files:FileStore")(self._desk.bridge.workspace.folder / "files")
        platform.write_shared(to, store.read(evidence.sha256))
        return to.name

    def _copied(self, name: str) -> None:
        self._desk.say(_("Saved: {name}").format(name=name))

    def choose_files(self, row: TaskRow) -> None:
        """The one modal thing there is: the system's file picker."""
        title = _("Evidence for {number} {title}").format(number=row.number, title=row.title)
        files, _filter = QFileDialog.getOpenFileNames(self._window, title)
        if files:
            self.attach(row, files)

    def attach(self, row: TaskRow, files: list[str]) -> None:
        for file in files:
            self._desk.bridge.write(partial(self._attach_one, row, Path(file)))
        text = ngettext(
            "{n} file kept as evidence of {number}.", "{n} files kept as evidence of {number}.", len(files)
        )
        self._desk.say(text.format(n=len(files), number=row.number))

    def _attach_one(self, row: TaskRow, file: Path) -> Any:
        """Runs in the writer thread: reading and hashing a large file takes its time."""
        workspace = self._desk.bridge.workspace
        kept = load("app.storage.files:FileStore")(workspace.folder / "files").keep(file)
        command = load(STEP_BY_ID["evidence"].command)
        return workspace.run(command, self._desk.run_id, row.id, kept.sha256, kept.size, kept.name)
