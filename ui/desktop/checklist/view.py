"""The checklist screen: view bar, how far the run is, the grid, and the selected task in full beside it."""

import time
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain.durations import format_minutes
from app.i18n import N_, _, ngettext
from app.queries.checklist import Checklist, StageRow, TaskRow, checklist
from ui.desktop.actions import Offer
from ui.desktop.checklist.columns import PLAN_COLUMNS, RUN_COLUMNS, Shown
from ui.desktop.checklist.delegate import ChecklistDelegate
from ui.desktop.checklist.editing import Editing
from ui.desktop.checklist.grid import ChecklistGrid
from ui.desktop.checklist.inspector import Inspector
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.checklist.steps import Steps
from ui.desktop.checklist.summary import Summary
from ui.desktop.components.buttons import DropButton, KeyButton, add_choice
from ui.desktop.components.empty import EmptyState
from ui.desktop.components.form import with_clear_button
from ui.desktop.desk import Desk
from ui.desktop.printing import Printing
from ui.desktop.views import View

_SHOWN = (("all", N_("All")), ("open", N_("Open")), ("problems", N_("Needs attention")))
_SHOWN_ALSO = (
    ("all", N_("Show all tasks")),
    ("open", N_("Show open tasks only")),
    ("problems", N_("Show what needs attention only")),
)
_MINUTE_MS = 60_000
_NARROW = 860  # px at 100 %


class ChecklistView(View):
    """`kind` "plan" is for typing a plan, "run" for starting and finishing its steps."""

    shows_tasks = True

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__(desk)
        self.kind = kind
        self.hints = _hints(kind)
        shown = Shown(desk.language, desk.zone)
        self.model = ChecklistModel(PLAN_COLUMNS if kind == "plan" else RUN_COLUMNS, shown, self)
        self._people: list[str] = []
        self.delegate = ChecklistDelegate(desk.theme, self.model, lambda: self._people, self)
        self.grid = ChecklistGrid(desk.theme, self.model, self.delegate)
        self.steps = Steps(desk, self)
        self.editing = Editing(desk, self.model, self.grid, lambda: self.delegate.left_by_enter, self)
        self.inspector = Inspector(desk, self.steps, self.model.number_of, plans=kind == "plan")
        self.summary = Summary(desk.theme)
        self.printing = Printing(desk, self)
        self._late = False
        self._narrow = False
        self._wanted: bytes | None = None
        self._by_itself: bytes | None = None  # where the list stood first: nobody chose that
        self._reading = False
        self._again = False
        self._build()
        self._connect()
        if kind == "plan":  # the title needs the room; the column is one choice away
            self.grid.hide_column(self.model.column_of("stream"), hidden=True)

    def _build(self) -> None:
        theme = self.desk.theme
        self.empty = EmptyState(
            theme,
            "plan",
            _("Type a task, or paste rows from Excel."),
            _("Each line becomes a task of this project."),
        )
        first = KeyButton(theme, _("New task"), kind="primary", icon="plus", key="Ins")
        first.clicked.connect(self.insert)
        self.empty.add_button(first)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.empty)
        self.filter = QLineEdit()
        self.filter.setFont(theme.font("body"))
        self.filter.setPlaceholderText(_("Filter: task, owner, number"))
        self.filter.setAccessibleName(self.filter.placeholderText())
        self.filter.setMaximumWidth(theme.px(240))
        with_clear_button(theme, self.filter)
        self.shown = DropButton(theme, _("All"), self._fill_shown, icon="filter")
        self.conflicts = KeyButton(theme, "", kind="conflict", icon="conflict")
        self.conflicts.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tools = self._view_tools()
        below = QHBoxLayout()
        below.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.summary)
        left.addWidget(self.stack, 1)
        below.addLayout(left, 1)
        below.addWidget(self.inspector)
        column.addLayout(below, 1)

    def _view_tools(self) -> QWidget:
        theme = self.desk.theme
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.filter, 1)
        row.addWidget(self.shown)
        row.addWidget(self.conflicts)
        row.addStretch(1)
        paper = KeyButton(theme, _("Print…"), kind="quiet", icon="print")
        paper.clicked.connect(self.printing.print_checklist)
        if self.kind == "plan":
            row.addWidget(DropButton(theme, _("Columns"), self._fill_columns))
        row.addWidget(paper)
        if self.kind == "plan":
            new = KeyButton(theme, _("New task"), kind="primary", icon="plus", key="Ins")
            new.clicked.connect(self.insert)
            row.addWidget(new)
        return tools

    def _connect(self) -> None:
        self.grid.moved.connect(self._on_moved)
        self.grid.acted.connect(self._on_letter)
        self.grid.wished.connect(self._on_wish)
        self.grid.pasted.connect(self.editing.paste)
        self.grid.dropped.connect(self.steps.attach)
        self.model.edited.connect(self.editing.change)
        self.model.drafted.connect(self.editing.keep_draft)
        self.delegate.left_editor.connect(self._on_left_editor)
        self.filter.textChanged.connect(lambda _text: self._apply_filter())
        self.conflicts.clicked.connect(self.next_conflict)
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
        """What is late changes without anybody's doing."""
        if not self.desk.bridge.is_closed:
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
        place = (self.desk.project_id, self.desk.run_id, self.model.shown.language, _now())
        self.desk.bridge.fetch(checklist, *place, then=self._take, failed=self._not_read)

    def _not_read(self, _error: Exception) -> None:
        """What is shown stays; the next change tries again."""
        self._reading = self._again = False

    def _take(self, found: Checklist) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self.reload()
            return
        if self.grid.is_editing():
            self._late = True
            return
        first = not self.model.rowCount()
        self.desk.zone = found.project.zone
        self.model.shown = Shown(self.model.shown.language, found.project.zone)
        self.model.take(found)
        self.model.set_now(_now())
        self._people = sorted({task.owner for task in found.tasks if task.owner})
        self.summary.take(found)
        self._show_empty(empty=not (found.tasks or found.stages or self.model.outline.draft))
        count = sum(bool(task.conflicts) for task in found.tasks)
        self.conflicts.setVisible(count > 0)
        self.conflicts.set_word(ngettext("{n} conflict", "{n} conflicts", count).format(n=count))
        if self._wanted is not None:
            self.grid.go_to(self._wanted)
            self._wanted = None
        elif first and self.model.rowCount():
            self._choose_first(found)
        if self.desk.run_id is None:
            self.desk.run_id = found.run.id
        self._on_moved()

    def _show_empty(self, *, empty: bool) -> None:
        self.stack.setCurrentWidget(self.empty if empty else self.grid)
        self.summary.setVisible(not empty)
        self.inspector.setVisible(not empty and not self._narrow)

    def insert(self) -> None:
        """A line to type into, also where there is none yet."""
        self._show_empty(empty=False)
        self.editing.insert()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The empty screen takes the same keys as the grid."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.editing.paste(QGuiApplication.clipboard().text())
        elif event.key() == Qt.Key.Key_Insert:
            self.insert()
        else:
            super().keyPressEvent(event)

    def _choose_first(self, found: Checklist) -> None:
        """Where the eye belongs: the step under way, in the column whose keys are wanted here."""
        order = ("running", "ready", "claimed")
        ranked = [task for state in order for task in found.tasks if task.status.value == state]
        chosen = ranked[0] if self.kind == "run" and ranked else (found.tasks[0] if found.tasks else None)
        if chosen is not None:
            self._by_itself = chosen.id
            self.grid.go_to(chosen.id, "state" if self.kind == "run" else "title")
            self.grid.scrollTo(self.grid.currentIndex(), self.grid.ScrollHint.EnsureVisible)

    # Selecting and moving.

    def take_focus(self) -> None:
        if self.stack.currentWidget() is self.grid:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.empty.setFocus()

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
        else:
            self.inspector.show_task(self.grid.current_task(), self.model.shown)

    def _on_left_editor(self, where: str) -> None:
        if where == "stay":
            self.editing.drop_draft()
        if self._late:
            self._late = False
            self.reload()

    def _on_wish(self, wish: str) -> None:
        if wish == "insert":
            self.insert()
        elif wish == "delete":
            self.editing.delete(self.grid.selected_tasks())
        elif wish == "details":
            self.inspector.setVisible(not self.inspector.isVisible())
            self._inspect()
        else:
            self.editing.move(self.grid.current_task(), -1 if wish == "up" else 1)

    def chosen_task(self) -> bytes | None:
        task = self.grid.current_task()
        return task.id if task is not None else None

    def show_task(self, task: bytes) -> None:
        self.filter.clear()
        self.show_only("all")
        if not self.grid.go_to(task):
            self._wanted = task  # the rows are still on their way
        self.grid.setFocus()

    def _on_letter(self, letter: str) -> None:
        """In the state column: a letter acts on the step, a number keeps that value of its conflict."""
        if letter.isdigit():
            self.inspector.keep(int(letter))
        else:
            self.steps.press(letter, self.grid.current_task())

    def next_conflict(self) -> None:
        tasks = [
            row for n in range(self.model.rowCount()) if isinstance(row := self.model.row_at(n), TaskRow)
        ]
        marked = [task for task in tasks if task.conflicts]
        if not marked:
            return
        current = self.grid.current_task()
        numbers = [task.id for task in marked]
        after = (
            (numbers.index(current.id) + 1) % len(numbers)
            if current is not None and current.id in numbers
            else 0
        )
        self.grid.go_to(numbers[after], "state")
        self.grid.scrollTo(self.grid.currentIndex())
        self.grid.setFocus()
        self.inspector.show()

    def offers(self) -> tuple[Offer, ...]:
        first = (Offer(N_("New task"), self.insert, "Ins", "plus"),) if self.kind == "plan" else ()
        shown = tuple(Offer(text, partial(self.show_only, show), icon="filter") for show, text in _SHOWN_ALSO)
        return (
            *first,
            Offer(N_("Details"), partial(self._on_wish, "details"), "Space", "eye"),
            Offer(N_("Next conflict"), self.next_conflict, icon="conflict"),
            *shown,
            Offer(N_("Print the checklist…"), self.printing.print_checklist, icon="print"),
        )

    def show_matching(self, text: str) -> None:
        self.filter.setText(text)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.filter, self.grid, self.inspector)

    def status(self) -> str:
        tasks = self.grid.selected_tasks()
        if not tasks:
            return ""
        minutes = sum(task.minutes or 0 for task in tasks)
        chosen = _("{n} selected").format(n=len(tasks))
        return f"{chosen} · {format_minutes(minutes, self.model.shown.language)}" if minutes else chosen

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the grid has the room; Space brings the details back."""
        super().resizeEvent(event)
        narrow = event.size().width() < self.desk.theme.px(_NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self.inspector.setVisible(not narrow)

    # Filtering.

    def _fill_shown(self, menu: QMenu) -> None:
        for show, text in _SHOWN:
            add_choice(
                menu,
                _(text),
                partial(self.show_only, show),
                checked=self.model.outline.show == show,
            )

    def show_only(self, show: str) -> None:
        self.model.outline.show = show
        self.shown.set_word(_(dict(_SHOWN)[show]))
        self._apply_filter()

    def _apply_filter(self) -> None:
        self.model.set_filter(self.filter.text(), self.model.outline.show)
        self._on_moved()

    def _fill_columns(self, menu: QMenu) -> None:
        for number, column in enumerate(self.model.columns):
            if column.head and column.width[0] and column.id != "number":
                hidden = self.grid.isColumnHidden(number)
                add_choice(
                    menu,
                    _(column.head),
                    partial(self.grid.hide_column, number, hidden=not hidden),
                    checked=not hidden,
                )


def _now() -> int:
    return int(time.time() * 1000)


def _hints(kind: str) -> tuple[tuple[str, str], ...]:
    if kind == "plan":
        return (
            ("Enter", _("edit")),
            ("Ins", _("new task")),
            ("Del", _("delete")),
            ("Space", _("details")),
            ("Ctrl V", _("paste rows from Excel")),
        )
    return (
        ("S", _("start")),
        ("F", _("finish")),
        ("B", _("block")),
        ("N", _("note")),
        ("E", _("evidence")),
    )
