"""The cockpit: five instruments, the tape, the step I am in, what comes next, what stops us; for tired eyes at three."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.words import CheckOutcome, Status
from app.i18n import N_, _
from app.queries.night import MINUTE_MS, Line
from ui.desktop.actions import STEP_BY_ID, Offer
from ui.desktop.checklist.steps import Steps
from ui.desktop.cockpit.board import Board, nothing_runs, taped
from ui.desktop.cockpit.columns import Middle
from ui.desktop.cockpit.focus import Focus
from ui.desktop.cockpit.instruments import Instruments
from ui.desktop.cockpit.opening import Opening
from ui.desktop.cockpit.problems import open_problems
from ui.desktop.cockpit.prompt import RunPrompt
from ui.desktop.cockpit.reading import Seen, Step, seen, step_in_full
from ui.desktop.cockpit.tools import CockpitTools
from ui.desktop.cockpit.trouble import Trouble
from ui.desktop.components.tape import Tape
from ui.desktop.desk import Desk
from ui.desktop.moments import now_ms
from ui.desktop.printing import Printing
from ui.desktop.runs.handing import OfferBar
from ui.desktop.runs.sheet import Sheet
from ui.desktop.views import WishView

_WISHES = {"R": "rehearsal", "I": "incident", "D": "decision", "H": "hand-over", "G": "situation"}


class CockpitView(WishView):
    shows_tasks = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = (
            ("S", _("start")),
            ("F", _("finish")),
            ("P", _("problem")),
            ("O", _("for whom")),
            ("T", _("when")),
            ("M", _("remaining")),
            ("N", _("note")),
            ("E", _("evidence")),
            ("H", _("hand over")),
            ("I", _("incident")),
            ("D", _("decision")),
            ("G", _("situation")),
            ("↑ ↓", _("step")),
            ("Tab", _("column")),
        )
        self.seen: Seen | None = None
        self.steps = Steps(desk, self, self.run_id)
        self.opening = Opening(desk, self)
        self.printing = Printing(desk, self)
        self.sheet: Sheet | None = None
        self.instruments = Instruments(desk.theme)
        self.tape = Tape(desk.theme)
        self.focus = Focus(desk, self.steps)
        self.middle = Middle(desk, self._start)
        self.trouble = Trouble(desk)
        self.bar = self.tools = CockpitTools(desk.theme)
        self.choice = self.bar.choice
        self.handed = OfferBar(desk)
        self.prompt = RunPrompt(desk)
        self._step: Step = Step(None, None, {})
        self._parts: list[Callable[[], object]] = []
        self._wish = ""  # something to open once the run is read
        self._task: bytes | None = None  # where one stands here when nobody chose one
        self._painted: bytes | None = None  # the run all parts show
        self._reading = self._again = False
        self._build()
        self._connect()

    # What it is made of.

    def _build(self) -> None:
        theme = self.desk.theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.middle.setProperty("edge", "right")
        above = (self.prompt, self.instruments, taped(theme, self.tape), self.handed)
        self.board = Board(above, self.focus, (self.middle, self.trouble))
        self.empty = nothing_runs(self.desk)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.board)
        self.pages.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)

    def _connect(self) -> None:
        self.choice.chosen.connect(lambda _id: self._fill())
        self.bar.wished.connect(self.desk.wished)
        self.bar.protocol.connect(lambda: self.printing.print_protocol(self.run_id()))
        self.bar.checklist.connect(self.printing.print_checklist)
        self.middle.chosen.connect(self._choose)
        self.trouble.chosen.connect(self._choose)
        self.trouble.picked.connect(self.opening.open_row)
        self.handed.wants_task.connect(self._choose)
        self.prompt.wished.connect(self.open_wish)
        self.focus.hand_over.connect(partial(self.open_wish, "hand-over"))
        self.focus.entry.left.connect(self.take_focus)
        self.desk.entry.changed.connect(self._show_offers)
        self.focus.problem.connect(self._problems)
        self.focus.picked_check.connect(self._fill_focus)
        self.desk.task_chosen.connect(self._on_task_chosen)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._fill_part)
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
        place = (self.desk.project_id, self.desk.run_id, self.desk.language, now_ms())
        self.desk.bridge.fetch(seen, *place, then=self._take, failed=self._not_read)

    def _not_read(self, _error: Exception) -> None:
        self._reading = self._again = False

    def _take(self, all_found: Seen) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self.reload()
            return
        found = all_found.night
        before = self.seen
        changed = before is not None and before.night.run.id != found.run.id
        self.seen = all_found
        if before is None or changed:
            self._painted = None  # half of the screen is still the other run's: nothing is started meanwhile
        if changed and self.sheet is not None and not self.sheet.is_typed():
            self.close_sheet()  # it belongs to the other run; what is typed into it stays, under its name
        self.desk.zone = found.project.zone
        if self.desk.run_id is None:
            self.desk.run_id = found.run.id
        self.pages.setCurrentWidget(self.board if found.lines else self.empty)
        self._task = self._stand()
        self._fill(before)
        self._read_step()
        if self._wish:
            wish, self._wish = self._wish, ""
            self.opening.open(wish)

    def _stand(self) -> bytes | None:
        """The step chosen on any face; else mine that runs, else one that runs, may start, or comes first."""
        if self.seen is None:
            return None
        found = self.seen.night
        for wanted in (self.desk.task_id, self._task):
            if found.line(wanted) is not None:
                return wanted
        running = found.of(Status.RUNNING)
        own = [line for line in running if self._is_mine(line)]
        first = (*own, *running, *found.of(Status.READY), *found.lines)
        return first[0].task.id if first else None

    def _is_mine(self, line: Line) -> bool:
        holder = line.task.holder_id or line.task.owner_id
        return holder is not None and holder == self.desk.bridge.workspace.person

    def _read_step(self) -> None:
        if self._task is not None and self.seen is not None:
            place = (self._task, self.seen.night.run.id, self.desk.language)
            self.desk.bridge.fetch(step_in_full, *place, then=self._take_step)

    def _take_step(self, step: Step) -> None:
        """What was asked of another run meanwhile is not shown in this one."""
        run = self.seen.night.run.id if self.seen is not None else None
        if step.detail is None or step.detail.run == run:
            self._step = step
            self._fill_focus()

    # Showing.

    def _fill(self, before: Seen | None = None) -> None:
        """One part a turn of the event loop: a key pressed meanwhile is not kept waiting. What was seen before goes last."""
        if self.seen is None:
            return
        found = self.seen.night
        group = self.choice.current()
        whose = self._is_mine if group == "mine" else _anyone
        self.instruments.take(found, now_ms())
        self.tape.take(self.seen.tape)
        self.prompt.show_run(found)
        self.bar.show_run(found.run)
        self._show_offers()
        self.desk.selected.emit(self.status())
        self._parts = [
            self._fill_focus,
            partial(self.middle.fill, found, whose, group),
            partial(self.trouble.fill, self.seen, whose),
            partial(self._painted_all, found.run.id),
            partial(_let_go, before),
        ]
        self._later.start()

    def _fill_part(self) -> None:
        if self._parts:
            self._parts.pop(0)()
            self._later.start()

    def _painted_all(self, run: bytes) -> None:
        self._painted = run
        self._mark()

    def is_settled(self) -> bool:
        return not self._parts

    def _fill_focus(self) -> None:
        if self.seen is not None:
            found = self.seen.night
            detail = self._step.detail
            step = self._step if detail is None or detail.run == found.run.id else Step(None, None, {})
            self.focus.show_line(found, found.line(self._task), step)

    def _show_offers(self) -> None:
        if self.seen is not None:
            self.handed.show_offers(self.seen.hand_overs, self.desk.zone)

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
        return self.seen.night.line(self._task) if self.seen is not None else None

    def run_id(self) -> bytes | None:
        """The run that is painted: what is pressed here goes there. None while another one is being painted over it."""
        return self._painted

    def chosen_task(self) -> bytes | None:
        return self._task

    def show_task(self, task: bytes) -> None:
        self._choose(task)

    def take_focus(self) -> None:
        if self.sheet is not None:
            self.sheet.take_focus()
        else:
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
        beside = (self.middle, self.trouble) if self.sheet is None else (self.sheet,)
        return (self.choice, self.focus, *beside)

    def status(self) -> str:
        line = self.line()
        return f"{line.task.number} {line.task.title}" if line is not None else ""

    # Sheets.

    def open_wish(self, wish: str, *_pressed: bool) -> None:
        if self.seen is None or self._reading:
            self._wish = wish  # what it is about is still being read
        else:
            self.opening.open(wish)

    def show_sheet(self, sheet: Sheet) -> None:
        """In the room of the lists; one that is open and typed into stays until it is done or left."""
        if self.sheet is not None:
            if self.sheet.is_typed():
                self.sheet.take_focus()
                sheet.deleteLater()
                return
            self._drop_sheet()
        self.sheet = sheet
        self.board.show_beside(sheet)
        self.pages.setCurrentWidget(self.board)
        sheet.closed.connect(self.close_sheet)
        self.desk.hinted.emit(sheet.hints())
        sheet.take_focus()

    def _drop_sheet(self) -> None:
        if self.sheet is not None:
            self.board.drop(self.sheet)
            self.sheet = None

    def close_sheet(self) -> None:
        self._drop_sheet()
        self.desk.hinted.emit(self.hints)
        if self.seen is not None:
            self.pages.setCurrentWidget(self.board if self.seen.night.lines else self.empty)
        self.take_focus()

    # Doing.

    def _start(self, task: bytes) -> None:
        line = self.seen.night.line(task) if self.seen is not None else None
        if line is not None:
            self._choose(task)
            self.steps.act(STEP_BY_ID["start"], line.task)

    def _problems(self) -> None:
        line = self.line()
        if line is not None:
            incident = partial(self.open_wish, "incident")
            open_problems(self.desk.theme, self.steps, line.task, incident, self.focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        letter = event.text().upper()
        if self.sheet is not None:
            if event.key() == Qt.Key.Key_Escape:
                self.close_sheet()
        elif held or not letter.strip() or not self._press(letter):
            super().keyPressEvent(event)

    def _press(self, letter: str) -> bool:
        line = self.line()
        if letter == "P":
            self._problems()
        elif letter in "12":
            self.focus.answer(CheckOutcome.PASS if letter == "1" else CheckOutcome.FAIL)
        elif letter in _WISHES:
            self.open_wish(_WISHES[letter])
        elif letter == "A":
            self.handed.accept()
        elif self.focus.entry.press(letter):
            return True
        elif letter in {action.key for action in STEP_BY_ID.values()}:
            self.steps.press(letter, line.task if line is not None else None)
        else:
            return False
        return True


def _let_go(_before: Seen | None) -> None:
    """Ten thousand lines take their time to go: in a turn of their own."""


def _anyone(_line: Line) -> bool:
    return True
