"""What one does with a step: each key and button ends in one command, asked for its reason in place where one is needed."""

from collections.abc import Callable
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
from ui.desktop.desk import Desk, Erasing
from ui.desktop.moments import now_ms
from ui.desktop.runs.clock_words import said_moment
from ui.desktop.runs.entry import Stamp


class Steps(QObject):
    """`painted` gives the run a view shows: what is pressed there goes there, whatever was switched to since."""

    def __init__(
        self, desk: Desk, parent: QWidget, painted: Callable[[], bytes | None] | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = parent
        self._painted = painted

    def run(self) -> bytes | None:
        return self._painted() if self._painted is not None else self._desk.run_id

    def press(self, letter: str, row: TaskRow | None) -> None:
        action = STEP_BY_KEY.get(letter)
        if action is not None and row is not None:
            self.act(action, row)

    def act(self, action: Action, row: TaskRow) -> None:
        """A question keeps the run in which it was asked: its answer cannot go into another one."""
        run = self.run()
        if run is None:
            return
        if action.id == "evidence":
            self.choose_files(row)
        elif action.id == "note":
            self._ask(run, self._question(action, row), _("Keep note"), partial(self._note, run, row))
        elif action.id == "remaining":
            question = _("How long does {number} still need?").format(number=row.number)
            self._ask(run, question, _(action.text), partial(self._remaining, run, row), hint=_("20, 1h30"))
        elif action.question:
            self._ask(run, self._question(action, row), _(action.text), partial(self._step, run, action, row))
        elif action.id == "start" and row.status in (Status.TODO, Status.SKIPPED):
            # Something before it is unfinished: the record must say why it starts anyway.
            question = _("{number} is not ready. Why start it now?").format(number=row.number)
            hint = row.why_not[0] if row.why_not else ""
            self._ask(run, question, _(action.text), partial(self._step, run, action, row), hint=hint)
        else:
            self._step(run, action, row, "")

    def _ask(
        self, run: bytes, question: str, verb: str, then: Callable[[str], object], *, hint: str = ""
    ) -> None:
        mark = self._desk.run_marks.get(run, "")
        self._desk.ask(f"{mark} · {question}" if mark else question, verb, then, hint=hint)

    def _question(self, action: Action, row: TaskRow) -> str:
        return _(action.question or "Note on {number}").format(number=row.number)

    def _enter(self, command: str, said: str, *args: Any, **more: Any) -> None:
        """One entry, for whom and when the line above the buttons says; what is not plain is said in words."""
        stamp = self._desk.entry.use()
        give_back = partial(self._give_back, stamp)
        then = None if stamp.is_plain else partial(self._entered, stamp, said)
        self._desk.bridge.run(command, *args, then=then, failed=give_back, **stamp.words(), **more)

    def _give_back(self, stamp: Stamp, _error: Exception) -> None:
        self._desk.entry.give_back(stamp)

    def _entered(self, stamp: Stamp, said: str, _done: Any) -> None:
        self._desk.say(stamped(said, stamp, self._desk.zone))

    def _step(self, run: bytes, action: Action, row: TaskRow, reason: str) -> None:
        more: dict[str, Any] = {"reason": reason} if reason else {}
        said = _("{number}: {what}").format(number=row.number, what=_(action.text))
        self._enter(action.command, said, run, row.id, **more)

    def _remaining(self, run: bytes, row: TaskRow, text: str) -> None:
        minutes = parse_minutes(text)
        if minutes is None:
            wrong = _("“{text}” is no duration. Try 90, 1h30 or 1.5h.").format(text=text)
            self._desk.say(wrong, "blocked")
            return
        self.set_remaining(run, row, minutes)

    def set_remaining(self, run: bytes, row: TaskRow, minutes: int) -> None:
        said = _("{number}: {what}").format(number=row.number, what=_("Remaining"))
        self._enter(STEP_BY_ID["remaining"].command, said, run, row.id, minutes)

    def _note(self, run: bytes, row: TaskRow, text: str) -> None:
        said = _("{number}: {what}").format(number=row.number, what=_("Note"))
        self._enter(STEP_BY_ID["note"].command, said, run, row.id, text)

    def tick(self, check: Any, outcome: CheckOutcome, value: str | None) -> None:
        run = self.run()
        if run is not None:
            self._enter("app.commands.runs:tick", check.text, run, check.id, outcome, value=value)

    def remove_evidence(self, evidence: EvidenceRow) -> None:
        """What was signed over it goes stale, visibly; one step brings it back."""
        undo = partial(self._desk.bridge.write, self._desk.bridge.workspace.undo)
        self._desk.bridge.run("app.commands.runs:remove_evidence", evidence.id)
        name = evidence.name or evidence.text[:60]
        self._desk.say(_("Removed: {name}").format(name=name), "done", _("Undo"), undo)

    def erase_evidence(self, evidence: EvidenceRow, at: str) -> None:
        """Opens the sheet for it; `at` says where it stands."""
        is_file = evidence.sha256 is not None
        text = evidence.name if is_file else evidence.text
        self._desk.erase(Erasing("object", evidence.id, at, text, is_file=is_file))

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
        run, stamp = self.run(), self._desk.entry.use()
        if run is None:
            return
        for file in files:
            self._desk.bridge.write(partial(self._attach_one, run, row, Path(file), stamp))
        text = ngettext(
            "{n} file kept as evidence of {number}.", "{n} files kept as evidence of {number}.", len(files)
        )
        self._desk.say(stamped(text.format(n=len(files), number=row.number), stamp, self._desk.zone))

    def _attach_one(self, run: bytes, row: TaskRow, file: Path, stamp: Stamp) -> Any:
        """Runs in the writer thread: reading and hashing a large file takes its time."""
        workspace = self._desk.bridge.workspace
        kept = load("app.storage.files:FileStore")(workspace.folder / "files").keep(file)
        command = load(STEP_BY_ID["evidence"].command)
        return workspace.run(command, run, row.id, kept.sha256, kept.size, kept.name, **stamp.words())


def stamped(said: str, stamp: Stamp, zone: str) -> str:
    """What was entered, for whom, when it happened, and when it was typed: both times are shown."""
    now = now_ms()
    typed = said_moment(now, now, zone)
    if stamp.at is None:
        if stamp.person is None:
            return said
        return _("{what} · for {person} · typed {typed}").format(what=said, person=stamp.name, typed=typed)
    at = said_moment(stamp.at, now, zone)
    if stamp.person is None:
        return _("{what} · happened {at}, typed {typed}").format(what=said, at=at, typed=typed)
    text = _("{what} · for {person} · happened {at}, typed {typed}")
    return text.format(what=said, person=stamp.name, at=at, typed=typed)
