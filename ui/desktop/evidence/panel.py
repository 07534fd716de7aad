"""The chosen step's proof: what it requires and who brings it, its checks and evidence, and ways to bring what is missing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.words import Claim, Requirement, Status
from app.i18n import _
from app.process.status import missing_of
from app.queries.checklist import TaskRow, task_row
from app.queries.facts import run_facts
from app.queries.task_detail import EvidenceRow, TaskDetail, task_detail
from app.storage.engine import Reader
from app.storage.files import FileStore
from ui.desktop.actions import STEP_BY_ID
from ui.desktop.checklist.parts import CheckLine
from ui.desktop.checklist.second import SecondPerson
from ui.desktop.checklist.steps import Steps
from ui.desktop.checklist.words import STATUS_TONE, requirement_word, status_word
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.components.working import WorkingLine
from ui.desktop.desk import Desk
from ui.desktop.evidence.pieces import PieceLine, copy_to_open


class StepShown(NamedTuple):
    """`here` are the files of its evidence that lie on this device."""

    row: TaskRow
    detail: TaskDetail
    missing: tuple[Requirement, ...]
    here: frozenset[bytes]


def step_shown(
    reader: Reader, project: bytes, run: bytes, task: bytes, language: str, now_ms: int, files: Path
) -> StepShown | None:
    row = task_row(reader, project, run, task, language, now_ms)
    detail = task_detail(reader, task, run, language)
    if row is None or detail is None:
        return None
    store = FileStore(files)
    hashes = (one.sha256 for one in detail.evidence if one.sha256 is not None)
    step = run_facts(reader, project, run, now_ms, gates=False, only=(task,)).step(task)
    return StepShown(row, detail, missing_of(step), frozenset(one for one in hashes if store.has(one)))


def _system_viewer(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class ProofPanel(QFrame):
    """Files dropped anywhere on it belong to the step it shows."""

    wants_step = Signal(object)  # to go to it

    def __init__(self, desk: Desk, working: WorkingLine) -> None:
        super().__init__()
        self._desk, self._theme, self._working = desk, desk.theme, working
        self.steps = Steps(desk, self)
        self.shown: StepShown | None = None
        self.viewer: Callable[[Path], object] = _system_viewer
        self._folder = QTemporaryDir()
        self.setProperty("layer", "panel")
        self.setProperty("edge", "left")
        self.setFixedWidth(self._theme.px(360))
        self.setAcceptDrops(True)
        self.setAccessibleName(_("Proof of the selected step"))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        self.panel = Panel(self._theme)
        column.addWidget(self.panel)
        self.show_step(None)

    def is_typing(self) -> bool:
        return any(one.is_editing() for one in self.findChildren(SecondPerson))

    def show_step(self, shown: StepShown | None) -> None:
        same = shown is not None and self.shown is not None and shown.row.id == self.shown.row.id
        if same and self.is_typing():
            return  # a reading must not take away what is being typed
        self.shown = shown
        body = self.panel.begin()
        if shown is None:
            body.text(_("No step selected"), "section")
            body.text(
                _("Select a step to see what proves it, and to bring what is missing."), "body", "text2"
            )
            body.end()
            return
        self._head(body, shown.row)
        self._requirements(body, shown)
        if shown.detail.checks:
            passed = _("Checks, {passed} of {total} passed")
            body.heading(passed.format(passed=shown.row.checks_passed, total=shown.row.checks_total))
            for check in shown.detail.checks:
                body.add(CheckLine(self._desk, check, shown.row, self.steps))
        count = len(shown.detail.evidence)
        body.heading(_("Evidence, {n}").format(n=count) if count else _("Evidence"))
        for piece in shown.detail.evidence:
            body.add(self._piece(piece, shown))
        body.add(self._drop_zone(shown.row))
        body.end()

    def _head(self, body: Body, row: TaskRow) -> None:
        theme = self._theme
        top = QHBoxLayout()
        top.setSpacing(theme.px(6))
        top.addWidget(label(theme, row.number, "meta", "text2"))
        tone = STATUS_TONE[row.status]
        top.addWidget(Sign(theme, row.status.value, tone, 14))
        top.addWidget(label(theme, status_word(row.status), "meta", tone if tone != "ready" else "running"))
        top.addStretch(1)
        go = KeyButton(theme, _("Go to the step"), key="Enter")
        go.clicked.connect(lambda _on=False: self.wants_step.emit(row.id))
        top.addWidget(go)
        body.add_layout(top)
        body.text(row.title, "section")
        if row.owner:
            owner = QHBoxLayout()
            owner.setSpacing(theme.px(6))
            owner.addWidget(Avatar(theme, row.owner))
            owner.addWidget(label(theme, row.owner, wrap=True), 1)
            body.add_layout(owner)
        if row.status is Status.CLAIMED:
            body.box("late", "claimed", _("Said done, but it does not count"), row.why_not)

    def _requirements(self, body: Body, shown: StepShown) -> None:
        row = shown.row
        body.heading(_("What it requires"))
        if not row.requires:
            body.text(_("Nothing has to prove this step; what is there is shown below."), "meta", "text3")
        over = row.claim is Claim.DONE
        for name in row.requires:
            requirement = Requirement(name)
            lacks = requirement in shown.missing
            sign, tone = (
                ("done", "done") if not lacks else ("claimed", "late") if over else ("todo", "waiting")
            )
            second = _("there") if not lacks else _("missing") if over else _("still to come")
            body.signed(sign, tone, requirement_word(requirement), second=second)
        if over and Requirement.SECOND in shown.missing:
            body.add(SecondPerson(self._desk, row))

    def _piece(self, piece: EvidenceRow, shown: StepShown) -> PieceLine:
        line = PieceLine(self._theme, piece, self._desk.zone, is_here=piece.sha256 in shown.here)
        line.wants_open.connect(self.open_file)
        line.wants_copy.connect(self.steps.save_copy)
        line.wants_removal.connect(self.steps.remove_evidence)
        at = f"{shown.row.number} {shown.row.title}"
        line.wants_erasure.connect(partial(self.steps.erase_evidence, at=at))
        return line

    def _drop_zone(self, row: TaskRow) -> QFrame:
        theme = self._theme
        zone = QFrame()
        zone.setProperty("box", "drop")
        column = QVBoxLayout(zone)
        column.setContentsMargins(*(theme.px(10),) * 4)
        column.setSpacing(theme.px(8))
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        head.addWidget(Sign(theme, "download", "text3", 16))
        head.addWidget(label(theme, _("Drop files here, or"), "body", "text2"), 1)
        column.addLayout(head)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(6))
        for action_id, text in (("evidence", _("Attach a file…")), ("note", _("Write a note"))):
            action = STEP_BY_ID[action_id]
            button = KeyButton(theme, text, icon=action.icon, key=action.key)
            button.clicked.connect(lambda _on=False, a=action: self.steps.act(a, row))
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        return zone

    # Files.

    def open_file(self, piece: EvidenceRow) -> None:
        """Read and compared with its hash first; what does not hold is said and not opened."""
        job = partial(copy_to_open, self._desk.bridge.workspace, piece, Path(self._folder.path()))
        self._working.begin(_("Checking {name}…").format(name=piece.name), job, self._on_checked)

    def _on_checked(self, path: Path) -> None:
        self.viewer(path)
        self._desk.say(_("{name} is what was attached: its hash holds.").format(name=path.name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.shown is not None and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if self.shown is not None and files:
            event.acceptProposedAction()
            self.steps.attach(self.shown.row, files)
