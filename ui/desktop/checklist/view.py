"""The checklist screen: its tools, whether the plan fits or how far the run is, the grid, and the selected task beside it."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import N_
from app.queries.checklist import StageRow, TaskRow
from ui.desktop.actions import Offer
from ui.desktop.checklist.chips import ChipLine
from ui.desktop.checklist.columns import PLAN_COLUMNS, RUN_COLUMNS, Shown
from ui.desktop.checklist.delegate import ChecklistDelegate
from ui.desktop.checklist.editing import Editing
from ui.desktop.checklist.filtering import SHOWS_ALONE, Wanted
from ui.desktop.checklist.fit import FitLine
from ui.desktop.checklist.grid import ChecklistGrid
from ui.desktop.checklist.grouping import GROUPS, GroupRow
from ui.desktop.checklist.inspector import Inspector
from ui.desktop.checklist.keys import hints_of
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.checklist.moving import Moving
from ui.desktop.checklist.outline import AS_PLANNED, EVERYTHING
from ui.desktop.checklist.pages import Pages
from ui.desktop.checklist.pasting import Pasting
from ui.desktop.checklist.sheet import Sheet, sheet
from ui.desktop.checklist.sorting import first_looked_at
from ui.desktop.checklist.steps import Steps
from ui.desktop.checklist.summary import Summary
from ui.desktop.checklist.tools import Tools
from ui.desktop.checklist.words import selection_words
from ui.desktop.desk import Desk
from ui.desktop.moments import now_ms
from ui.desktop.printing import Printing
from ui.desktop.runs.line import EntryLine
from ui.desktop.views import View

_MINUTE_MS = 60_000
_NARROW = 860  # px at 100 %


class ChecklistView(View):
    """`kind` "plan" is for typing a plan, "run" for starting and finishing its steps."""

    shows_tasks = True

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__(desk)
        self.kind = kind
        plans = kind == "plan"
        self.hints = hints_of(kind)
        shown = Shown(desk.language, desk.zone)
        self.model = ChecklistModel(PLAN_COLUMNS if plans else RUN_COLUMNS, shown, self)
        self._people: list[str] = []
        self.delegate = ChecklistDelegate(desk.theme, self.model, lambda: self._people, self)
        self.grid = ChecklistGrid(desk.theme, self.model, self.delegate)
        self.run_id: bytes | None = None  # the run whose steps are painted
        self.steps = Steps(desk, self, lambda: self.run_id)
        self.entry = EntryLine(desk, always=kind == "run")
        self.editing = Editing(desk, self.model, self.grid, lambda: self.delegate.left_by_enter, self)
        self.moving = Moving(desk, self.model, self)
        self.pasting = Pasting(desk, self.model, self.grid, self)
        self.inspector = Inspector(desk, self.steps, self.model.number_of, plans=plans)
        self.bar = self.tools = Tools(desk.theme, self.model, self.grid, self.entry, plans=plans)
        self.filter, self.conflicts = self.bar.filter, self.bar.conflicts
        self.summary: FitLine | Summary = FitLine(desk.theme) if plans else Summary(desk.theme)
        self.chips = ChipLine(desk.theme)
        self.stack = Pages(desk.theme, self.grid)
        self.empty = self.stack.empty
        self.printing = Printing(desk, self)
        self._late = False
        self._sheet: Sheet | None = None
        self._narrow = False
        self._folded = False  # the details, by Space
        self._wanted: bytes | None = None
        self._by_itself: bytes | None = None  # where the list stood first: nobody chose that
        self._reading = False
        self._again = False
        self._restore()
        self._build()
        self._connect()

    def _restore(self) -> None:
        """What somebody chose here before: columns, and by what the rows are grouped."""
        kept = self.desk.layout(f"checklist-{self.kind}")
        self.grid.columns.restore(kept)
        if kept.get("group") in dict(GROUPS):
            self.model.group_by(kept["group"])
        self.bar.show_group()

    def _keep(self) -> None:
        if self.desk.bridge.is_closed:
            return  # a width that was dragged to a moment before
        kept = {**self.grid.columns.kept(), "group": self.model.outline.group}
        self.desk.keep_layout(f"checklist-{self.kind}", kept)

    def _build(self) -> None:
        below = QHBoxLayout(self)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.summary)
        left.addWidget(self.chips)
        left.addWidget(self.stack, 1)
        below.addLayout(left, 1)
        below.addWidget(self.inspector)

    def _connect(self) -> None:
        self.grid.moved.connect(self._on_moved)
        self.entry.left.connect(self.take_focus)
        self.grid.acted.connect(self._on_letter)
        self.grid.wished.connect(self._on_wish)
        self.grid.dropped.connect(self.steps.attach)
        self.grid.columns.changed.connect(self._keep)
        self.model.edited.connect(self._on_edited)
        self.model.drafted.connect(self.editing.keep_draft)
        self.model.headerDataChanged.connect(lambda *_sections: self._show_state())
        self.delegate.left_editor.connect(self._on_left_editor)
        self.inspector.wants_other.connect(self._on_other)
        self.bar.wanted.connect(self.want)
        self.bar.grouped.connect(self.group_by)
        self.bar.new.clicked.connect(self.insert)
        self.bar.paper.clicked.connect(self.printing.print_checklist)
        self.conflicts.clicked.connect(self.next_conflict)
        self.chips.dropped.connect(lambda kind, value: self.want(self._wishes().without(kind, value)))
        for part in (self.chips, self.stack):
            part.cleared.connect(lambda: self.want(EVERYTHING))
        self.stack.begun.connect(self.insert)
        self.chips.unsorted.connect(lambda: self.model.sort_by(AS_PLANNED))
        if isinstance(self.summary, FitLine):
            self.summary.looked.connect(lambda: self.want(self._wishes().toggled("facts", "missing")))
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(lambda: self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(40)
        self._look.timeout.connect(self._inspect)
        minute = QTimer(self)
        minute.setInterval(_MINUTE_MS)
        minute.timeout.connect(self._on_minute)
        minute.start()

    # Reading.

    def show_place(self) -> None:
        if self.desk.task_id is not None and self.desk.task_id != self.chosen_task():
            self._wanted = self.desk.task_id  # another face moved the selection meanwhile
        self.reload()

    def on_changes(self, _changes: Any) -> None:
        self.reload()

    def _on_minute(self) -> None:
        """What is late changes without anybody's doing; what nobody looks at is read when it is shown."""
        if self.isVisible() and not self.desk.bridge.is_closed:
            self.reload()

    def reload(self) -> None:
        """Reads the checklist; while a cell is open it waits, so that nothing typed is taken away."""
        if self.desk.project_id is None:
            return
        if self.grid.is_editing():
            self._late = True
            return
        if self._reading:
            self._again = True  # many changes in a row are one more reading, not many
            return
        self._reading = True
        place = (self.desk.project_id, self.desk.run_id, self.model.shown.language, now_ms())
        how = (self.model.columns, self.model.arrangement(), self.desk.bridge.workspace.person, self._sheet)
        self.desk.bridge.fetch(sheet, *place, *how, then=self._take, failed=self._not_read)

    def _not_read(self, _error: Exception) -> None:
        """What is shown stays; the next change tries again."""
        self._reading = self._again = False

    def _take(self, found: Sheet) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self.reload()
            return
        if self.grid.is_editing():
            self._late = True
            return
        first = not self.model.rowCount()
        self.run_id = found.listed.run.id
        self.desk.zone = found.listed.project.zone
        rehearsal = self.model.shown.rehearsal
        self._sheet = found
        self.model.take(found)
        self.model.set_now(now_ms())
        if rehearsal != self.model.shown.rehearsal:
            self.grid.columns.fit()
        self._people = list(found.people)
        if isinstance(self.summary, FitLine):
            self.summary.take(found)
        else:
            self.summary.take(found.listed)
        self.bar.show_conflicts(found.conflicts)
        self._show_state()
        if self._wanted is not None:
            self.grid.go_to(self._wanted)
            self._wanted = None
        elif first and self.model.rowCount():
            self._choose_first(found.listed.tasks)
        if self.desk.run_id is None:
            self.desk.run_id = found.listed.run.id
        self._on_moved()

    def _show_state(self) -> None:
        """Which of the three faces of the list is right, and what narrows it."""
        outline = self.model.outline
        empty = not (outline.tasks or outline.stages or outline.draft)
        self.stack.show_list(empty=empty, nothing=not self.model.rowCount())
        self.summary.setVisible(not empty)
        self.inspector.setVisible(not empty and not self._narrow and not self._folded)
        column = next((one for one in self.model.columns if one.id == outline.order.column), None)
        order = column.name(self.model.shown) if column is not None else ""
        self.chips.show_state(
            outline.wanted, outline.stages, hidden=outline.hidden, total=len(outline.tasks), order=order
        )
        self.bar.show_wanted(outline.wanted, len(outline.tasks))

    def insert(self) -> None:
        """A line to type into, also where there is none yet."""
        self.stack.show_list(empty=False, nothing=False)
        self.editing.insert()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The empty screen takes the same keys as the grid."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasting.paste()
        elif event.key() == Qt.Key.Key_Insert:
            self.insert()
        elif event.key() == Qt.Key.Key_Escape and not self._wishes().is_everything():
            self.want(EVERYTHING)
        else:
            super().keyPressEvent(event)

    def _choose_first(self, tasks: tuple[TaskRow, ...]) -> None:
        """Where the eye belongs: the step under way, in the column whose keys are wanted here."""
        chosen = first_looked_at(tasks) if self.kind == "run" else next(iter(tasks), None)
        if chosen is not None:
            self._by_itself = chosen.id
            self.grid.go_to(chosen.id, "state" if self.kind == "run" else "title")
            self.grid.scrollTo(self.grid.currentIndex(), self.grid.ScrollHint.EnsureVisible)

    # Selecting and moving.

    def take_focus(self) -> None:
        self.stack.take_focus()

    def _on_moved(self) -> None:
        self._look.start()
        task = self.chosen_task()
        if task is not None and task != self._by_itself and self._wanted is None:
            self.desk.choose_task(task, self)
        self.desk.selected.emit(self.status())

    def _inspect(self) -> None:
        row = self.grid.current_row()
        if isinstance(row, StageRow):
            self.inspector.show_stage(row)
        elif isinstance(row, GroupRow):
            self.inspector.show_group(row)
        else:
            self.inspector.show_task(self.grid.current_task(), self.model.shown)

    def _on_left_editor(self, where: str) -> None:
        if where == "stay":
            self.editing.drop_draft()
        if self._late:
            self._late = False
            self.reload()

    def _on_edited(self, row: Any, field: str, text: str) -> None:
        if self.delegate.fills:
            self.editing.change_all(field, text, self.grid.selected_tasks())
        else:
            self.editing.change(row, field, text)

    def _on_wish(self, wish: str) -> None:
        rows = self.grid.selected_tasks()
        acts: dict[str, Any] = {
            "insert": self.insert,
            "paste": self.pasting.paste,
            "copy": partial(self.pasting.copy, rows),
            "copy as list": partial(self.pasting.copy, rows, as_list=True),
            "cut": partial(self.pasting.copy, rows, cut=True),
            "delete": partial(self.moving.delete, rows, self.grid.current_row()),
            "fill": partial(self.editing.fill_down, rows),
            "up": partial(self.moving.move, rows, -1),
            "down": partial(self.moving.move, rows, 1),
            "earlier stage": partial(self.moving.to_stage, rows, -1),
            "later stage": partial(self.moving.to_stage, rows, 1),
            "link": partial(self.moving.ask_link, rows),
            "sort": self._sort_here,
            "next conflict": self.next_conflict,
            "details": self._toggle_details,
        }
        acts[wish]()

    def _sort_here(self) -> None:
        index = self.grid.currentIndex()
        if index.isValid():
            self.model.sort_next(index.column())

    def _toggle_details(self) -> None:
        self._folded = self.inspector.isVisible()
        self.inspector.setVisible(not self._folded)
        self._inspect()

    def chosen_task(self) -> bytes | None:
        task = self.grid.current_task()
        return task.id if task is not None else None

    def show_task(self, task: bytes) -> None:
        self.want(EVERYTHING)
        if not self.grid.go_to(task):
            self._wanted = task  # the rows are still on their way
        self.grid.setFocus()

    def _on_letter(self, letter: str) -> None:
        """In the state column: a letter acts on the step or the plan, a number keeps that value of its conflict."""
        wishes = {"L": "link", "X": "next conflict"} if self.kind == "plan" else {}
        if letter.isdigit():
            self.inspector.keep(int(letter))
        elif letter == "A" and self.inspector.has_conflict():
            self.inspector.ask_all()
        elif letter == "X" and self.conflicts.isHidden():
            self.steps.press(letter, self.grid.current_task())
        elif letter in wishes:
            self._on_wish(wishes[letter])
        elif not self.entry.press(letter):
            self.steps.press(letter, self.grid.current_task())

    def next_conflict(self) -> None:
        """The one below, round the end; a filter or a fold that hides it is opened."""
        goal = self.model.outline.conflict_below(self.chosen_task())
        if goal is None:
            return
        if self.model.find(goal) < 0:
            self.model.outline.folded.clear()
            self.want(EVERYTHING)
            self.model.refresh()
        self.grid.go_to(goal, "state")
        self.grid.scrollTo(self.grid.currentIndex())
        self.grid.setFocus()
        self._folded = False
        self.inspector.show()

    def _on_other(self, task: bytes, field: str) -> None:
        """Neither of the values of a conflict: a third one is typed in its cell."""
        column = next((one.id for one in self.model.columns if one.field == field), "")
        if column:
            self.grid.columns.show(column, shown=True)
            self.grid.edit_cell(task, column)

    def offers(self) -> tuple[Offer, ...]:
        first = (Offer(N_("New task"), self.insert, "Ins", "plus"),) if self.kind == "plan" else ()
        shown = tuple(
            Offer(text, partial(self._show_only, show), icon="filter") for show, text in SHOWS_ALONE
        )
        return (
            *first,
            Offer(N_("Details"), partial(self._on_wish, "details"), "Space", "eye"),
            Offer(N_("Next conflict"), self.next_conflict, "Alt X", "conflict"),
            *shown,
            Offer(N_("Print the checklist…"), self.printing.print_checklist, icon="print"),
        )

    def _show_only(self, show: str) -> None:
        self.want(self._wishes().toggled("show", show))

    def show_matching(self, text: str) -> None:
        self.filter.setText(text)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.filter, self.grid, self.inspector)

    def status(self) -> str:
        return selection_words(self.grid.selected_tasks(), self.model.shown.language)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the grid has the room; Space brings the details back."""
        super().resizeEvent(event)
        narrow = event.size().width() < self.desk.theme.px(_NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self.inspector.setVisible(not narrow)

    # Filtering and grouping.

    def _wishes(self) -> Wanted:
        return self.model.outline.wanted

    def want(self, wanted: Wanted) -> None:
        self.model.want(wanted)
        self._show_state()
        self._on_moved()

    def group_by(self, group: str) -> None:
        self.model.group_by(group)
        self.bar.show_group()
        self._keep()
        self._on_moved()
