"""The cockpit: five instruments, the tape, the step I am in, what comes next, what stops us; for tired eyes at three."""

import time
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain.ids import step_id
from app.domain.words import CheckOutcome, Claim, Status
from app.i18n import N_, _
from app.queries.task_detail import TaskDetail, task_detail
from app.storage.engine import Reader
from ui.desktop.actions import STEP_BY_ID, Offer
from ui.desktop.checklist.steps import Steps
from ui.desktop.cockpit.columns import Middle, Trouble
from ui.desktop.cockpit.focus import Focus
from ui.desktop.cockpit.instruments import Instruments
from ui.desktop.cockpit.night import MINUTE_MS, Line, Night, night
from ui.desktop.components.buttons import KeyButton, Segments, add_choice
from ui.desktop.components.empty import EmptyState
from ui.desktop.components.tape import Tape, tape_data
from ui.desktop.desk import Desk
from ui.desktop.views import View

_PROBLEMS = ("fail", "block", "wait")


class Step(NamedTuple):
    """The chosen step in full, and the minutes it took in the latest rehearsal."""

    detail: TaskDetail | None
    rehearsed: int | None


def step_in_full(reader: Reader, task: bytes, run: bytes, language: str) -> Step:
    detail = task_detail(reader, task, run, language)
    if detail is None:
        return Step(None, None)
    rehearsals = reader.rows(
        "SELECT id FROM run WHERE log = ? AND kind = 'rehearsal' AND alive AND id <> ? ORDER BY started_at DESC, id",
        (detail.project, run),
    )
    for (rehearsal,) in rehearsals:
        row = reader.row(
            "SELECT min(started_at), max(finished_at) FROM attempt WHERE step = ? AND alive AND claim = ?",
            (step_id(rehearsal, task), int(Claim.DONE)),
        )
        if row is not None and None not in row:
            return Step(detail, max(0, (row[1] - row[0]) // MINUTE_MS))
    return Step(detail, None)


def _now() -> int:
    return int(time.time() * 1000)


class CockpitView(View):
    shows_tasks = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = (
            ("S", _("start")),
            ("F", _("finish")),
            ("P", _("problem")),
            ("N", _("note")),
            ("E", _("evidence")),
            ("↑ ↓", _("step")),
            ("Tab", _("column")),
        )
        self.night: Night | None = None
        self.steps = Steps(desk, self)
        self.instruments = Instruments(desk.theme)
        self.tape = Tape(desk.theme)
        self.focus = Focus(desk, self.steps)
        self.middle = Middle(desk, self._start)
        self.trouble = Trouble(desk)
        self._step: Step = Step(None, None)
        self._task: bytes | None = None  # where one stands here when nobody chose one
        self._reading = self._again = False
        self._build()
        self._connect()

    # What it is made of.

    def _build(self) -> None:
        theme = self.desk.theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.choice = Segments(
            theme,
            (
                ("all", _("Everyone")),
                ("mine", _("Mine")),
                ("stream", _("By stream")),
                ("owner", _("By owner")),
            ),
            "all",
            _("Whose steps to show"),
        )
        self.tools = self._view_tools()
        taped = QWidget()
        taped.setProperty("layer", "canvas")
        taped.setProperty("edge", "bottom")
        taped.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(taped)
        row.setContentsMargins(theme.px(20), theme.px(6), theme.px(20), theme.px(2))
        row.addWidget(self.tape)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        self.middle.setProperty("edge", "right")
        for widget, share in ((self.focus, 51), (self.middle, 48), (self.trouble, 39)):
            columns.addWidget(widget, share)
        self.board = QWidget()
        column = QVBoxLayout(self.board)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.instruments)
        column.addWidget(taped)
        column.addLayout(columns, 1)
        self.empty = EmptyState(
            theme,
            "run",
            _("Nothing runs."),
            _("There is no task yet. Type the plan first, then rehearse it."),
        )
        to_plan = KeyButton(theme, _("Go to the plan"), kind="primary", icon="plan")
        to_plan.clicked.connect(lambda: self.desk.go_to.emit("plan"))
        self.empty.add_button(to_plan)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.board)
        self.pages.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)

    def _view_tools(self) -> QWidget:
        theme = self.desk.theme
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.choice)
        row.addStretch(1)
        return tools

    def _connect(self) -> None:
        self.choice.chosen.connect(lambda _id: self._fill())
        self.middle.chosen.connect(self._choose)
        self.trouble.chosen.connect(self._choose)
        self.focus.problem.connect(self._problems)
        self.focus.picked_check.connect(self._fill_focus)
        self.desk.task_chosen.connect(self._on_task_chosen)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._on_minute)

    # Reading.

    def show_place(self) -> None:
        self.reload()

    def on_changes(self, _changes: Any) -> None:
        self.reload()

    def _on_minute(self) -> None:
        if not self.desk.bridge.is_closed:
            self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._minute.stop()
        super().hideEvent(event)

    def is_ticking(self) -> bool:
        return self._minute.isActive() or self.instruments.is_ticking()

    def reload(self) -> None:
        if self.desk.project_id is None:
            return
        if self._reading:
            self._again = True  # many changes in a row are one more reading, not many
            return
        self._reading = True
        place = (self.desk.project_id, self.desk.run_id, self.desk.language, _now())
        self.desk.bridge.fetch(night, *place, then=self._take, failed=self._not_read)

    def _not_read(self, _error: Exception) -> None:
        self._reading = self._again = False

    def _take(self, found: Night) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self.reload()
            return
        self.night = found
        self.desk.zone = found.project.zone
        if self.desk.run_id is None:
            self.desk.run_id = found.run.id
        self.pages.setCurrentWidget(self.board if found.lines else self.empty)
        self._task = self._stand()
        self._fill()
        self._read_step()

    def _stand(self) -> bytes | None:
        """The step chosen on any face; else mine that runs, else one that runs, may start, or comes first."""
        found = self.night
        if found is None:
            return None
        for wanted in (self.desk.task_id, self._task):
            if found.line(wanted) is not None:
                return wanted
        running = found.of(Status.RUNNING)
        own = [line for line in running if self._is_mine(line)]
        first = (*own, *running, *found.of(Status.READY), *found.lines)
        return first[0].task.id if first else None

    def _is_mine(self, line: Line) -> bool:
        return line.task.owner_id is not None and line.task.owner_id == self.desk.bridge.workspace.person

    def _read_step(self) -> None:
        if self._task is not None and self.night is not None:
            place = (self._task, self.night.run.id, self.desk.language)
            self.desk.bridge.fetch(step_in_full, *place, then=self._take_step)

    def _take_step(self, step: Step) -> None:
        self._step = step
        self._fill_focus()

    # Showing.

    def _fill(self) -> None:
        found = self.night
        if found is None:
            return
        group = self.choice.current()
        whose = self._is_mine if group == "mine" else _anyone
        self.instruments.take(found, _now())
        self.tape.take(tape_data(found.timeline))
        self.middle.fill(found, whose, group)
        self.trouble.fill(found, whose)
        self._fill_focus()
        self._mark()
        self.desk.selected.emit(self.status())

    def _fill_focus(self) -> None:
        if self.night is not None:
            line = self.night.line(self._task)
            self.focus.show_line(self.night, line, self._step.detail, self._step.rehearsed)

    def _mark(self) -> None:
        for column in (self.middle, self.trouble):
            column.set_current(self._task)

    # Choosing.

    def _choose(self, task: bytes) -> None:
        self.desk.choose_task(task, self)
        self._stand_on(task)

    def _stand_on(self, task: bytes) -> None:
        if task == self._task:
            return
        self._task = task
        self._fill_focus()
        self._mark()
        self._read_step()
        self.desk.selected.emit(self.status())

    def _on_task_chosen(self, task: bytes | None, origin: object) -> None:
        if origin is not self and task is not None and self.isVisible():
            self._stand_on(task)

    def line(self) -> Line | None:
        return self.night.line(self._task) if self.night is not None else None

    def chosen_task(self) -> bytes | None:
        return self._task

    def show_task(self, task: bytes) -> None:
        self._choose(task)

    def take_focus(self) -> None:
        self.middle.setFocus(Qt.FocusReason.OtherFocusReason)

    def offers(self) -> tuple[Offer, ...]:
        whose = (
            ("all", N_("Show everyone's steps")),
            ("mine", N_("Show my steps")),
            ("stream", N_("Show steps by stream")),
            ("owner", N_("Show steps by owner")),
        )
        shown = (Offer(text, partial(self._show_group, group), icon="filter") for group, text in whose)
        return (Offer(N_("Problem with this step…"), self._problems, "P", "blocked"), *shown)

    def _show_group(self, group: str) -> None:
        self.choice.set_current(group)
        self._fill()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.choice, self.focus, self.middle, self.trouble)

    def status(self) -> str:
        line = self.line()
        return f"{line.task.number} {line.task.title}" if line is not None else ""

    # Doing.

    def _start(self, task: bytes) -> None:
        line = self.night.line(task) if self.night is not None else None
        if line is not None:
            self._choose(task)
            self.steps.act(STEP_BY_ID["start"], line.task)

    def _problems(self) -> None:
        """What went wrong: the words with their keys, at the button."""
        line = self.line()
        if line is None:
            return
        menu = QMenu(self)
        menu.setFont(self.desk.theme.font("body"))
        for action_id in _PROBLEMS:
            action = STEP_BY_ID[action_id]
            act = add_choice(
                menu, f"{_(action.text)}\t{action.key}", partial(self.steps.act, action, line.task)
            )
            act.setShortcut(action.key)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.focus.mapToGlobal(self.focus.rect().center()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        letter = event.text().upper()
        if held or not letter.strip() or not self._press(letter):
            super().keyPressEvent(event)

    def _press(self, letter: str) -> bool:
        line = self.line()
        if letter == "P":
            self._problems()
        elif letter in "12":
            self.focus.answer(CheckOutcome.PASS if letter == "1" else CheckOutcome.FAIL)
        elif letter in {action.key for action in STEP_BY_ID.values()}:
            self.steps.press(letter, line.task if line is not None else None)
        else:
            return False
        return True


def _anyone(_line: Line) -> bool:
    return True
