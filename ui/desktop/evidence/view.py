"""Evidence: for each step of the run what it requires, what is there, what is missing by name and who has to bring it."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain.words import RunKind
from app.i18n import _, counted, ngettext
from ui.desktop.actions import STEP_BY_KEY
from ui.desktop.components.buttons import DropButton, KeyButton, Segments, add_choice
from ui.desktop.components.cells import CellTable
from ui.desktop.components.empty import EmptyState
from ui.desktop.components.labels import label
from ui.desktop.components.working import WorkingLine
from ui.desktop.desk import Desk
from ui.desktop.evidence.panel import ProofPanel, StepShown, step_shown
from ui.desktop.evidence.pieces import FilesChecked, check_files
from ui.desktop.evidence.shown import SHOWS, ProofShown, Wanted, columns, proof_shown
from ui.desktop.moments import now_ms
from ui.desktop.to_plan import to_plan_button
from ui.desktop.views import View

_LETTERS = {Qt.Key.Key_E: "E", Qt.Key.Key_N: "N"}


class EvidenceView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = (
            ("↑ ↓", _("step")),
            ("Enter", _("go to the step")),
            ("E", _("attach a file")),
            ("N", _("note")),
            ("M", _("missing only")),
        )
        theme = desk.theme
        self.wanted = Wanted()
        self.found: ProofShown | None = None
        self._place: tuple[bytes | None, bytes | None] = (None, None)
        self.table = CellTable(theme, columns(), _("Proof of each step"))
        self.working = WorkingLine(theme, desk.bridge)
        self.panel = ProofPanel(desk, self.working)
        self.empty = EmptyState(theme, "seal_fits", "", "")
        self.to_plan = to_plan_button(desk)
        self.empty.add_button(self.to_plan)
        self.shows = Segments(
            theme, tuple((name, _(word)) for name, word in SHOWS), "all", _("Which steps to show")
        )
        self.owner = DropButton(theme, "", self._fill_owners, kind="")
        self.stage = DropButton(theme, "", self._fill_stages, kind="")
        self.count = label(theme, "", "meta", "text3")
        self.check = KeyButton(theme, _("Check all files"), icon="tick")
        self._lay_out()
        self.shows.chosen.connect(self.show_only)
        self.check.clicked.connect(lambda _on=False: self.check_all_files())
        self.table.chosen.connect(self._on_chosen)
        self.table.entered.connect(self.go_to_step)
        self.panel.wants_step.connect(self.go_to_step)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(60)
        self._look.timeout.connect(self._ask_step)
        self._say()

    def _lay_out(self) -> None:
        theme = self.desk.theme
        self.tools = QWidget()
        line = QHBoxLayout(self.tools)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        for widget in (self.shows, self.owner, self.stage):
            line.addWidget(widget)
        for button in (self.owner, self.stage):
            button.may_shrink(90)
        line.addWidget(self.count)
        line.addStretch(1)
        line.addWidget(self.check)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.working)
        left.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.panel)

    # Reading.

    def show_place(self) -> None:
        place = (self.desk.project_id, self.desk.run_id)
        if place != self._place:
            self._place = place
            self.wanted = Wanted(self.wanted.show)
        self.reload()

    def on_changes(self, _changes: Any) -> None:
        self.reload()

    def reload(self) -> None:
        if self.desk.project_id is not None:
            place = (self.desk.project_id, self.desk.run_id, self.desk.language, self.wanted)
            self.desk.bridge.fetch(proof_shown, *place, then=self._take)

    def _take(self, found: ProofShown) -> None:
        self.found = found
        chosen = self.desk.task_id  # on whatever face it was chosen
        self.table.blockSignals(True)
        self.table.take(found.rows)
        self.table.blockSignals(False)
        if chosen is not None:
            self.table.go_to(chosen)
        self.stack.setCurrentIndex(0 if found.rows else 1)
        self._say_empty(found)
        self._say()
        self._look.start()

    def _say_empty(self, found: ProofShown) -> None:
        self.to_plan.setVisible(not found.total)
        if not found.total:
            text = _(
                "Say in the plan what a task must have before it counts: a note, a file, checks, a second person."
            )
            self.empty.say(_("No task asks for proof yet"), text)
        elif self.wanted.show == "missing":
            text = _("Every step that was said done has what it requires.")
            self.empty.say(_("Nothing is missing"), text)
        else:
            self.empty.say(_("No step like that"), _("Choose another owner or stage, or show all."))

    def _say(self) -> None:
        stages = dict(self.found.stages) if self.found is not None else {}
        number = self.wanted.stage
        self.owner.set_word(
            _("Nobody's") if self.wanted.owner == "-" else self.wanted.owner or _("Every owner")
        )
        self.stage.set_word(f"{number} {stages.get(number, '')}".strip() if number else _("Every stage"))
        if self.found is not None:
            lacking = self.found.lacking
            text = (
                counted("{n} step lacks something", "{n} steps lack something", lacking)
                if lacking
                else _("nothing is missing")
            )
            coming = ngettext("{n} still to come", "{n} still to come", self.found.coming)
            self.count.setText(f"{text} · {coming.format(n=self.found.coming)}")

    # Choosing.

    def show_only(self, show: str) -> None:
        self.shows.set_current(show)
        self._want(show=show)

    def show_owner(self, owner: str) -> None:
        self._want(owner=owner)

    def show_stage(self, stage: str) -> None:
        self._want(stage=stage)

    def _want(self, **values: str) -> None:
        self.wanted = self.wanted._replace(**values)
        self._say()
        self.reload()

    def _fill_owners(self, menu: QMenu) -> None:
        add_choice(menu, _("Every owner"), partial(self.show_owner, ""), checked=not self.wanted.owner)
        for owner in self.found.owners if self.found is not None else ():
            name = _("Nobody's") if owner == "-" else owner
            add_choice(menu, name, partial(self.show_owner, owner), checked=owner == self.wanted.owner)

    def _fill_stages(self, menu: QMenu) -> None:
        add_choice(menu, _("Every stage"), partial(self.show_stage, ""), checked=not self.wanted.stage)
        for number, title in self.found.stages if self.found is not None else ():
            text = f"{number}  {title}"
            add_choice(menu, text, partial(self.show_stage, number), checked=number == self.wanted.stage)

    # One step.

    def _on_chosen(self, task: bytes | None) -> None:
        if task is not None:
            self.desk.choose_task(task, self)
        self._look.start()

    def _ask_step(self) -> None:
        task = self.table.key()
        project, found = self.desk.project_id, self.found
        if task is None or project is None or found is None:
            self.panel.show_step(None)
            return
        now = now_ms()
        files = self.desk.bridge.workspace.folder / "files"
        place = (project, found.run, task, self.desk.language, now, files)
        self.desk.bridge.fetch(step_shown, *place, then=self._take_step)

    def _take_step(self, shown: StepShown | None) -> None:
        if shown is None or shown.row.id == self.table.key():
            self.panel.show_step(shown)

    def go_to_step(self, task: bytes) -> None:
        """Where the step can be started, finished and changed."""
        self.desk.choose_task(task, self)
        self.desk.go_to.emit("run/checklist" if self._is_run() else "plan/checklist")

    def _is_run(self) -> bool:
        from app.queries.projects import runs

        if self.desk.project_id is None:
            return False
        found = self.desk.bridge.read(runs, self.desk.project_id)
        return any(run.id == self.desk.run_id and run.kind != RunKind.MAIN for run in found)

    # Files.

    def check_all_files(self) -> None:
        if self.desk.project_id is not None:
            job = partial(check_files, self.desk.bridge.workspace, self.desk.project_id)
            self.working.begin(_("Checking every file…"), job, self._on_checked)

    def _on_checked(self, found: FilesChecked) -> None:
        text = counted(
            "{n} file is what was attached: its hash holds.",
            "{n} files are what was attached: their hashes hold.",
            found.whole,
        )
        if found.missing:
            away = ngettext("{n} is not on this device.", "{n} are not on this device.", len(found.missing))
            text = f"{text} {away.format(n=len(found.missing))}"
        if found.damaged:
            bad = _("Damaged: {names}. Another device or the backup has them whole.")
            text = f"{text} {bad.format(names=', '.join(found.damaged[:3]))}"
        self.desk.say(text, "blocked" if found.damaged else "late" if found.missing else "done")

    # A view like any other.

    def panes(self) -> tuple[QWidget, ...]:
        return (self.tools, self.table, self.panel) if self.tools is not None else (self.table, self.panel)

    def take_focus(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = _LETTERS.get(Qt.Key(event.key()))
        shown = self.panel.shown
        if letter is not None and shown is not None:
            self.panel.steps.act(STEP_BY_KEY[letter], shown.row)
        elif event.key() == Qt.Key.Key_M:
            self.show_only("all" if self.wanted.show == "missing" else "missing")
        else:
            super().keyPressEvent(event)
