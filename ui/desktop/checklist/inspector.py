"""The selected task in full: its state and what it lacks, its conflicts, checks, proof, evidence and attempts."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.durations import format_minutes
from app.domain.words import GateState, Requirement, Status
from app.i18n import N_, _
from app.queries.checklist import StageRow, TaskRow
from app.queries.task_detail import TaskDetail
from ui.desktop.actions import STEP_BY_ID
from ui.desktop.checklist.columns import Shown
from ui.desktop.checklist.conflict import ConflictCard
from ui.desktop.checklist.defining import Defining
from ui.desktop.checklist.grouping import GroupRow
from ui.desktop.checklist.parts import AttemptLine, CheckLine, EvidenceLine
from ui.desktop.checklist.reading import InFull, in_full
from ui.desktop.checklist.second import SecondPerson
from ui.desktop.checklist.steps import Steps
from ui.desktop.checklist.words import STATUS_TONE, requirement_icon, requirement_word, status_word
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.components.textbox import TextBox
from ui.desktop.desk import Desk
from ui.desktop.moments import instant, now_ms, wall

# The next thing one would do with a step, and what else; by state.
_OFFERED = {
    Status.TODO: ("start", "skip", "block"),
    Status.READY: ("start", "skip", "block"),
    Status.RUNNING: ("finish", "wait", "block", "fail"),
    Status.WAITING: ("start", "finish", "block"),
    Status.BLOCKED: ("start", "fail", "skip"),
    Status.FAILED: ("start", "skip"),
    Status.CLAIMED: ("evidence", "note"),
    Status.SKIPPED: ("start",),
    Status.DONE: (),
}

NEWER = N_("A newer version of Launchbook wrote more about this. It is kept, and shown after an update.")


class Inspector(QFrame):
    wants_other = Signal(object, str)  # task and field of a conflict: a value of one's own

    def __init__(self, desk: Desk, steps: Steps, number_of: Callable[[bytes], str], *, plans: bool) -> None:
        super().__init__()
        self._plans = plans  # while planning the task itself can be changed here
        self.defining = Defining(desk, self)
        self._number_of = number_of
        self._desk = desk
        self._theme = desk.theme
        self._steps = steps
        self._row: TaskRow | None = None
        self._filled = b""
        self._shown = Shown("en", "UTC")
        self.setProperty("layer", "panel")
        self.setProperty("edge", "left")
        self.setFixedWidth(self._theme.row("inspector"))
        self.setAcceptDrops(True)
        self.setAccessibleName(_("Selected task"))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        self.panel = Panel(self._theme)
        column.addWidget(self.panel)
        self._show_nothing()

    def show_task(self, row: TaskRow | None, shown: Shown) -> None:
        """Shows what the grid knows at once and asks for the rest."""
        self._row, self._shown = row, shown
        if not self.isVisible():
            return
        if row is None:
            self._show_nothing()
            return
        place = (row, self._desk.run_id, shown.language, now_ms())
        self._desk.bridge.fetch(in_full, *place, then=self._fill)

    def show_stage(self, stage: StageRow) -> None:
        """A stage and the gate that closes it."""
        self._row = None
        body = self.panel.begin()
        body.text(_("Stage {number}").format(number=stage.number), "meta", "text2")
        body.text(stage.title or _("Without a stage"), "section")
        body.pair(_("Tasks"), str(stage.task_count))
        body.pair(_("Done"), str(stage.done_count))
        if stage.minutes:
            body.pair(_("Duration"), format_minutes(stage.minutes, self._shown.language))
        if stage.owner_role:
            body.pair(_("Role"), stage.owner_role)
        body.heading(_("Gate"))
        if stage.gate_id is None:
            body.text(_("Nothing closes this stage yet."), "body", "text2")
            if stage.id is not None:
                self._button(body, _("Add a gate"), "gate_closed", partial(self.defining.ask_gate, stage))
        else:
            is_open = stage.gate_state is not GateState.CLOSED
            sign, tone = ("gate_open", "done") if is_open else ("gate_closed", "blocked")
            body.signed(
                sign, tone, _("The gate is open") if is_open else _("The gate is closed"), text_tone=tone
            )
            self._button(body, _("Show the gate"), "prove", partial(self._desk.go_to.emit, "prove"))
        body.end()

    def show_group(self, group: GroupRow) -> None:
        """Tasks put together by something that is no stage."""
        self._row = None
        body = self.panel.begin()
        body.text(group.title, "section")
        body.pair(_("Tasks"), str(group.task_count))
        body.pair(_("Done"), str(group.done_count))
        if group.minutes:
            body.pair(_("Duration"), format_minutes(group.minutes, self._shown.language))
        body.end()

    def _button(self, body: Body, text: str, icon: str, act: Callable[[], object]) -> None:
        line = QHBoxLayout()
        button = KeyButton(self._theme, text, icon=icon)
        button.clicked.connect(lambda _on=False: act())
        line.addWidget(button)
        line.addStretch(1)
        body.add_layout(line)

    def _show_nothing(self) -> None:
        body = self.panel.begin()
        body.text(_("No task selected"), "section")
        body.text(_("Select a task to see its checks, its proof and what it lacks."), "body", "text2")
        body.end()

    def _fill(self, found: InFull | None) -> None:
        row = self._row
        if row is None or found is None or found.detail.id != row.id:
            return  # the selection has moved on; its own answer is on the way
        if self._filled == row.id and self._is_typing():
            return  # a reading must not take away what is being typed
        detail = found.detail
        body = self.panel.begin()
        self._filled = row.id
        self._head(body, row)
        if detail.newer:
            body.signed("synced", "waiting", _("Newer data present"), second=_(NEWER))
        for torn in found.conflicts:
            card = ConflictCard(self._desk, torn, row, self._shown)
            card.wants_other.connect(self.wants_other)
            body.add(card)
        self._buttons(body, row)
        self._facts(body, row, detail)
        self._texts(body, row, detail)
        self._proof(body, row, detail)
        if detail.attempts:
            body.heading(_("What happened"))
            for attempt in detail.attempts:
                body.add(AttemptLine(self._desk, attempt, self._shown.zone, f"{row.number} {row.title}"))
        body.end()

    def _cards(self) -> list[ConflictCard]:
        return self.findChildren(ConflictCard) if self._row is not None and self._row.conflicts else []

    def has_conflict(self) -> bool:
        return bool(self._cards())

    def keep(self, number: int) -> None:
        """Keeps the value with this number of the first conflict shown."""
        for card in self._cards()[:1]:
            card.keep_number(number)

    def ask_all(self) -> None:
        for card in self._cards()[:1]:
            card.ask_all()

    def _read_again(self) -> None:
        self.show_task(self._row, self._shown)

    def _is_typing(self) -> bool:
        texts = any(one.is_editing() for one in self.findChildren(TextBox))
        return texts or any(one.is_editing() for one in self.findChildren(SecondPerson))

    def _head(self, body: Body, row: TaskRow) -> None:
        top = QHBoxLayout()
        top.setSpacing(self._theme.px(6))
        top.addWidget(label(self._theme, row.number, "meta", "text2"))
        tone = STATUS_TONE[row.status]
        top.addWidget(Sign(self._theme, row.status.value, tone, 14))
        top.addWidget(
            label(self._theme, status_word(row.status), "meta", tone if tone != "ready" else "running")
        )
        bar = self._shown.bars.get(row.id)
        if bar is not None and bar.is_critical:
            top.addWidget(Sign(self._theme, "critical", "critical", 14))
            top.addWidget(label(self._theme, _("on the critical path"), "meta", "text2"))
        top.addStretch(1)
        body.add_layout(top)
        body.text(row.title, "section")
        if row.why_not:
            title = (
                _("Said done, but it does not count") if row.status is Status.CLAIMED else _("Not yet done")
            )
            if row.status is Status.CLAIMED:
                body.box("late", "claimed", title, row.why_not)
            elif row.status is not Status.DONE:
                for sentence in row.why_not:
                    body.text(sentence, "meta", "text2")

    def _buttons(self, body: Body, row: TaskRow) -> None:
        offered = _OFFERED[row.status]
        if not offered:
            return
        line = QHBoxLayout()
        line.setSpacing(self._theme.px(6))
        for number, action_id in enumerate(offered[:3]):
            action = STEP_BY_ID[action_id]
            button = KeyButton(self._theme, _(action.text), kind="" if number else "primary", key=action.key)
            button.clicked.connect(lambda _on=False, a=action, r=row: self._steps.act(a, r))
            line.addWidget(button)
        line.addStretch(1)
        body.column.addSpacing(self._theme.px(4))
        body.add_layout(line)
        body.column.addSpacing(self._theme.px(4))

    def _facts(self, body: Body, row: TaskRow, detail: TaskDetail) -> None:
        if row.owner:
            body.pair(_("Owner"), self._who(row.owner))
        for name, person in ((_("Accountable"), detail.accountable), (_("Deputy"), detail.deputy)):
            if person:
                body.pair(name, self._who(person))
        if row.role:
            body.pair(_("Role"), row.role)
        if row.minutes is not None:
            length = format_minutes(row.minutes, self._shown.language)
            took = self._shown.rehearsed.get(row.id)
            if took is not None:
                rehearsed = _("rehearsed {length}").format(length=format_minutes(took, self._shown.language))
                length = f"{length} · {rehearsed}"
            body.pair(_("Duration"), length)
        self._times(body, row)
        if row.start:
            body.pair(_("Not before"), wall(row.start))
        if row.due:
            body.pair(_("Due"), wall(row.due))
        if row.started_ms is not None:
            ends = instant(row.finished_ms, self._shown.zone)
            body.pair(_("Took place"), f"{instant(row.started_ms, self._shown.zone)} → {ends or '…'}")
        if row.remaining is not None and row.status is Status.RUNNING:
            body.pair(_("Remaining"), format_minutes(row.remaining, self._shown.language))
        if row.after:
            body.pair(_("Starts after"), row.after)
        lets_start = [self._number_of(link.other) or link.title for link in detail.links if not link.into]
        if lets_start:
            body.pair(_("Lets start"), ", ".join(lets_start))
        if row.stream:
            body.pair(_("Stream"), row.stream)
        if detail.rollback:
            body.heading(_("Rollback"))
            minutes = row.rollback_minutes
            length = format_minutes(minutes, self._shown.language) if minutes is not None else ""
            body.signed("no_return", "pnr", detail.rollback, second=length)

    def _times(self, body: Body, row: TaskRow) -> None:
        """When it will take place; what has happened is told by its attempts."""
        bar = self._shown.bars.get(row.id)
        if bar is None or row.started_ms is not None or row.status in (Status.DONE, Status.SKIPPED):
            return
        zone = self._shown.zone
        body.pair(_("When"), f"{instant(bar.start_ms, zone)} → {instant(bar.finish_ms, zone)}")
        if not bar.is_critical:
            body.pair(_("Slack"), format_minutes(bar.slack_minutes, self._shown.language))

    def _who(self, name: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._theme.px(6))
        row.addWidget(Avatar(self._theme, name))
        row.addWidget(label(self._theme, name, wrap=True), 1)
        return made

    def _texts(self, body: Body, row: TaskRow, detail: TaskDetail) -> None:
        if self._plans:
            body.heading(_("Instruction"))
            body.add(self.defining.instruction(row, detail.instruction))
        elif detail.instruction:
            body.heading(_("Instruction"))
            body.text(detail.instruction)
        if detail.checks or self._plans:
            body.heading(_("Checks, {n}").format(n=len(detail.checks)) if detail.checks else _("Checks"))
        for check in detail.checks:
            body.add(CheckLine(self._desk, check, row, self._steps))
        if self._plans:
            body.add(self.defining.add_check_button(row))

    def _proof(self, body: Body, row: TaskRow, detail: TaskDetail) -> None:
        if row.requires or self._plans:
            body.heading(_("Proof this task requires"))
        if self._plans:
            body.add(self.defining.requirements(row))
        else:
            for name in row.requires:
                requirement = Requirement(name)
                body.signed(requirement_icon(requirement), "text2", requirement_word(requirement))
        if Requirement.SECOND in row.requires and row.status is Status.CLAIMED:
            form = SecondPerson(self._desk, row)
            form.ended.connect(self._read_again)
            body.add(form)
        body.heading(_("Evidence, {n}").format(n=len(detail.evidence)) if detail.evidence else _("Evidence"))
        for evidence in detail.evidence:
            line = EvidenceLine(self._theme, evidence, self._shown.zone)
            line.wants_copy.connect(self._steps.save_copy)
            line.wants_removal.connect(self._steps.remove_evidence)
            line.wants_erasure.connect(partial(self._steps.erase_evidence, at=f"{row.number} {row.title}"))
            body.add(line)
        body.add(self._drop_zone(row))

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
        for action_id in ("evidence", "note"):
            action = STEP_BY_ID[action_id]
            button = KeyButton(theme, _(action.text), icon=action.icon, key=action.key)
            button.clicked.connect(lambda _on=False, a=action: self._steps.act(a, row))
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        return zone

    # Files dropped anywhere on the panel belong to the task it shows.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._row is not None and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if self._row is not None and files:
            event.acceptProposedAction()
            self._steps.attach(self._row, files)
