"""The step I am in: how long it runs, its checks, what it lacks to count, what happened, and its few big buttons."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.durations import format_minutes
from app.domain.words import CheckKind, CheckOutcome, Requirement, Status
from app.i18n import _
from app.queries.night import MINUTE_MS, Line, Night
from app.queries.task_detail import CheckRow, TaskDetail
from ui.desktop.actions import STEP_BY_ID
from ui.desktop.checklist.steps import Steps
from ui.desktop.checklist.words import STATUS_TONE, requirement_icon, requirement_word, status_word
from ui.desktop.cockpit.progress import CheckBar, Progress, happenings, spent_on
from ui.desktop.cockpit.reading import Step
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.keycap import KeyCap
from ui.desktop.components.labels import ElidedLabel, Sign, label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.desk import Desk
from ui.desktop.moments import day_clock, local
from ui.desktop.runs.line import EntryLine

# What the one big button does, by state; then what stands beside it.
_MAIN = {
    Status.RUNNING: "finish",
    Status.WAITING: "start",
    Status.BLOCKED: "start",
    Status.FAILED: "start",
    Status.READY: "start",
    Status.TODO: "start",
    Status.SKIPPED: "start",
}
_HAPPENED = 4


class Focus(QFrame):
    """Reads the chosen step in full; the keys of the night go through it to `Steps`."""

    problem = Signal()
    hand_over = Signal()

    def __init__(self, desk: Desk, steps: Steps) -> None:
        super().__init__()
        self._desk, self._steps, self._theme = desk, steps, desk.theme
        self.setProperty("layer", "canvas")
        self.setProperty("edge", "right")
        self.setAccessibleName(_("The step I am in"))
        self.panel = Panel(desk.theme, layer="canvas")
        self._buttons = QFrame()
        self._row = QHBoxLayout(self._buttons)
        self._row.setContentsMargins(*(desk.theme.px(n) for n in (20, 8, 20, 12)))
        self._row.setSpacing(desk.theme.px(8))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(self.panel, 1)
        self.entry = EntryLine(desk)
        self._stamped = QHBoxLayout()
        self._stamped.setContentsMargins(*(desk.theme.px(n) for n in (16, 4, 20, 0)))
        self._stamped.addWidget(self.entry)
        self._stamped.addStretch(1)
        column.addLayout(self._stamped)
        column.addWidget(self._buttons)
        self.line: Line | None = None
        self._step = Step(None, None, {})
        self._detail: TaskDetail | None = None
        self._check: bytes | None = None
        self._shown: tuple[Any, ...] = ()

    def show_line(self, night: Night, line: Line | None, step: Step) -> None:
        """The same facts in the same minute are painted once."""
        minute = night.timeline.now_ms // MINUTE_MS
        shown = (line, step, minute, self._check, night.run)
        if shown == self._shown:
            return
        detail, rehearsed = step.detail, step.rehearsed
        self._shown, self.line, self._step, self._detail = shown, line, step, detail
        body = self.panel.begin()
        body.column.setContentsMargins(*(self._theme.px(n) for n in (20, 14, 20, 6)))
        if line is None:
            body.text(_("No step is chosen."), "body", "text3")
            body.end()
            self._fill_buttons(night, None)
            return
        self._head(body, line)
        self._time(body, night, line, rehearsed)
        if detail is not None and detail.id == line.task.id:
            self._checks(body, detail)
            self._counts(body, line, detail)
            self._happened(body, night)
            self._rollback(body, line, detail)
        body.end()
        self._fill_buttons(night, line)

    def _head(self, body: Body, line: Line) -> None:
        theme, task = self._theme, line.task
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(Sign(theme, task.status.value, STATUS_TONE[task.status], 16))
        row.addWidget(label(theme, status_word(task.status), "strong", STATUS_TONE[task.status]))
        row.addWidget(label(theme, task.number, "body", "text3"))
        if line.is_critical:
            row.addWidget(Sign(theme, "critical", "critical", 16, spoken=_("critical")))
            row.addWidget(label(theme, _("critical"), "meta", "text3"))
        row.addStretch(1)
        if who := task.holder or task.owner:
            row.addWidget(Avatar(theme, who))
            row.addWidget(ElidedLabel(theme, who, fills=False))
        body.add_layout(row)
        body.text(task.title, "title")
        if task.status in (Status.BLOCKED, Status.FAILED, Status.WAITING) and task.reason:
            tone = "blocked" if task.status is not Status.WAITING else "late"
            body.box(tone, task.status.value, task.reason)
        elif task.status is Status.TODO and task.why_not:
            body.signed("waiting", "text3", task.why_not[0], text_tone="text2")

    def _time(self, body: Body, night: Night, line: Line, rehearsed: int | None) -> None:
        theme, language = self._theme, self._theme.language
        spent = spent_on(line, night.timeline.now_ms, rehearsed)
        over = line.bar.actual_finish_ms is not None
        begun = line.bar.actual_start_ms is not None
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        big = spent.run if begun else spent.planned
        row.addWidget(label(theme, format_minutes(big, language), "figure"), 0, Qt.AlignmentFlag.AlignBottom)
        text = (
            _("of {time} planned").format(time=format_minutes(spent.planned, language))
            if begun
            else _("planned")
        )
        row.addWidget(label(theme, text, "body", "text2"), 1, Qt.AlignmentFlag.AlignBottom)
        right = QVBoxLayout()
        right.setSpacing(0)
        zone = night.timeline.zone
        ends = local(line.bar.finish_ms, zone).strftime("%H:%M")
        late = "late" if line.late > 0 else "text1"
        said = _("ended {time}") if over else _("ends {time}")
        if not begun:
            said, ends = _("starts {time}"), day_clock(local(line.bar.start_ms, zone))
        right.addWidget(label(theme, said.format(time=ends), "strong", late), 0, Qt.AlignmentFlag.AlignRight)
        plan = _("plan {time}").format(time=local(line.bar.planned_finish_ms, zone).strftime("%H:%M"))
        if rehearsed is not None:
            took = _("rehearsal took {time}").format(time=format_minutes(rehearsed, language))
            plan = f"{plan} · {took}"
        right.addWidget(label(theme, plan, "meta", "text3"), 0, Qt.AlignmentFlag.AlignRight)
        row.addLayout(right)
        body.add_layout(row)
        if begun:
            body.add(Progress(theme, spent, over=over))
        if line.task.status is Status.RUNNING and night.run.finished_at is None:
            more = KeyButton(theme, _("Remaining time"), kind="quiet", icon="clock", key="M")
            more.clicked.connect(partial(self.act, "remaining"))
            right.addWidget(more, 0, Qt.AlignmentFlag.AlignRight)

    def _checks(self, body: Body, detail: TaskDetail) -> None:
        if not detail.checks:
            return
        passed = sum(check.passes for check in detail.checks)
        body.column.addSpacing(self._theme.px(6))
        head = _("Checks, {passed} of {total} passed").format(passed=passed, total=len(detail.checks))
        body.text(head, "meta", "text3")
        chosen = self.check()
        for check in detail.checks:
            bar = CheckBar(self._theme, check, current=chosen is not None and check.id == chosen.id)
            bar.picked.connect(self._pick)
            body.add(bar)

    def _counts(self, body: Body, line: Line, detail: TaskDetail) -> None:
        """What the step must have before it counts as done; what is missing stands out, with its key."""
        task = line.task
        if not task.requires:
            return
        body.column.addSpacing(self._theme.px(6))
        body.text(_("Before it counts as done"), "meta", "text3")
        files = [one for one in detail.evidence if one.sha256]
        for name in task.requires:
            requirement = Requirement(name)
            there, key, word, more = False, "", "", ""
            if requirement is Requirement.COMMENT:
                there, key, word = task.note_count > 0, "N", _("write")
            elif requirement is Requirement.FILE:
                there, key, word = task.file_count > 0, "E", _("attach")
                more = files[-1].name if files else ""
            elif requirement is Requirement.CHECKS:
                there = task.checks_passed == task.checks_total
                more = f"{task.checks_passed}/{task.checks_total}"
            else:
                there = task.status is Status.DONE
            self._need(body, requirement, key if not there else "", word, more, there=there)

    def _need(
        self, body: Body, requirement: Requirement, key: str, word: str, more: str, *, there: bool
    ) -> None:
        theme = self._theme
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(6), 0, theme.px(6), 0)
        row.setSpacing(theme.px(8))
        sign, tone = ("done", "done") if there else (requirement_icon(requirement), "late")
        row.addWidget(Sign(theme, sign, tone, 16, spoken=_("there") if there else _("missing")))
        row.addWidget(label(theme, requirement_word(requirement), "body", "" if there else "late"))
        if more:
            row.addWidget(ElidedLabel(theme, more, "meta", "text3"), 1)
        else:
            row.addStretch(1)
        if key:
            row.addWidget(KeyCap(theme, key))
            row.addWidget(label(theme, word, "meta", "text2"))
        body.add_layout(row)

    def _happened(self, body: Body, night: Night) -> None:
        zone = night.timeline.zone
        said = happenings(self._step, zone)
        if not said:
            return
        theme = self._theme
        body.column.addSpacing(theme.px(6))
        body.text(_("What happened"), "meta", "text3")
        for one in said[:_HAPPENED]:
            row = QHBoxLayout()
            row.setContentsMargins(theme.px(6), 0, theme.px(6), 0)
            row.setSpacing(theme.px(8))
            row.addWidget(label(theme, local(one.when_ms, zone).strftime("%H:%M"), "body", "text3"))
            row.addWidget(ElidedLabel(theme, one.text), 1)
            who = " · ".join(part for part in (one.who, one.typed) if part)
            row.addWidget(ElidedLabel(theme, who, "meta", "text3", fills=False))
            body.add_layout(row)

    def _rollback(self, body: Body, line: Line, detail: TaskDetail) -> None:
        if not detail.rollback:
            return
        minutes = line.task.rollback_minutes
        text = _("If it fails: {what}").format(what=detail.rollback)
        if minutes is not None:
            text = f"{text} · {format_minutes(minutes, self._theme.language)}"
        body.column.addSpacing(self._theme.px(4))
        body.signed("undo", "text2", text, text_tone="text2")

    # The big buttons.

    def _fill_buttons(self, night: Night, line: Line | None) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        is_open = line is not None and night.run.finished_at is None
        self._buttons.setVisible(is_open)
        self.entry.setVisible(is_open)
        if line is None:
            return
        main = _MAIN.get(line.task.status)
        if main is not None:
            self._row.addWidget(self._action_button(main, "primary", line))
        problem = KeyButton(self._theme, _("Problem"), key="P", large=True)
        problem.clicked.connect(self.problem)
        self._row.addWidget(problem)
        self._row.addWidget(self._action_button("note", "", line))
        if line.task.status in (Status.DONE, Status.CLAIMED, Status.SKIPPED):
            self._row.addWidget(self._action_button("evidence", "", line))
            self._row.addStretch(1)
            return
        self._row.addStretch(1)
        give = KeyButton(self._theme, _("Hand over"), key="H", large=True)
        give.clicked.connect(self.hand_over)
        self._row.addWidget(give)

    def _action_button(self, action_id: str, kind: str, line: Line) -> KeyButton:
        action = STEP_BY_ID[action_id]
        word = _(action.text)
        if kind == "primary":
            word = _("{do} {number}").format(do=word, number=line.task.number)
        icon = action.icon if kind == "primary" else ""
        button = KeyButton(self._theme, word, kind=kind, icon=icon, key=action.key, large=True)
        button.clicked.connect(partial(self.act, action_id))
        return button

    def act(self, action_id: str) -> None:
        if self.line is not None:
            self._steps.act(STEP_BY_ID[action_id], self.line.task)

    # Checks by key.

    def check(self) -> CheckRow | None:
        """The check the keys answer: the one picked, else the first open one."""
        if self._detail is None:
            return None
        picked = next((one for one in self._detail.checks if one.id == self._check), None)
        return picked or next((one for one in self._detail.checks if not one.outcome), None)

    def _pick(self, check: bytes) -> None:
        self._check = check
        self.picked_check.emit()

    picked_check = Signal()

    def answer(self, outcome: CheckOutcome) -> None:
        check = self.check()
        if check is None:
            return
        self._check = None
        if check.kind != CheckKind.TICK and not check.value and outcome is CheckOutcome.PASS:
            question = _("What was measured: {check}?").format(check=check.text)
            self._desk.ask(question, _("Keep the value"), partial(self._steps.tick, check, outcome))
        else:
            self._steps.tick(check, outcome, check.value)
