"""The board screen: by what it is divided, the cards, and the selected task in full when it is asked for."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QWidget

from app.i18n import N_, _
from ui.desktop.actions import Offer
from ui.desktop.board.arranging import Board, Look, SectionKey
from ui.desktop.board.cards import MINUTE_MS, Card
from ui.desktop.board.changing import Changing
from ui.desktop.board.columns import GROUPINGS
from ui.desktop.board.exporting import Exporting
from ui.desktop.board.layout import Layout
from ui.desktop.board.moving import Move, Target, move
from ui.desktop.board.reading import again, board
from ui.desktop.board.surface import Surface
from ui.desktop.board.tools import SHOWN, Tools
from ui.desktop.checklist.columns import Shown
from ui.desktop.checklist.steps import Steps
from ui.desktop.checklist.words import status_word
from ui.desktop.components.buttons import add_choice
from ui.desktop.components.empty import EmptyState
from ui.desktop.desk import Desk
from ui.desktop.gantt.words import lateness
from ui.desktop.moments import now_ms
from ui.desktop.to_plan import new_task_button, new_task_hints
from ui.desktop.views import View, focus_into

if TYPE_CHECKING:
    from ui.desktop.checklist.inspector import Inspector


def _hints() -> tuple[tuple[str, str], ...]:
    return (
        ("S", _("start")),
        ("F", _("finish")),
        ("B", _("blocked…")),
        ("Shift ← →", _("move to column")),
        ("Space", _("details")),
    )


class BoardView(View):
    shows_tasks = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = _hints()
        self.surface = Surface(desk.theme)
        self.steps = Steps(desk, self)
        self.changing = Changing(desk, self.steps, lambda: self.surface.board, self)
        self._inspector: Inspector | None = None
        self.look = self._remembered()
        self.exporting = Exporting(self)
        self._wanted: bytes | None = None
        self._reading = self._again = False
        self._echo = False
        self._build()
        self._connect()

    def _remembered(self) -> Look:
        known = {name for name, _text in GROUPINGS}
        kept = self.desk.layout("board")
        columns, lanes = kept.get("columns"), kept.get("lanes")
        return Look(columns if columns in known else "state", lanes if lanes in known else "")

    def _build(self) -> None:
        theme = self.desk.theme
        fills = (
            self._fill_shown,
            partial(self._fill_grouping, "columns"),
            partial(self._fill_grouping, "lanes"),
            self.exporting.fill,
        )
        self.bar = Tools(theme, *fills)
        self.bar.show_look(self.look)
        self.tools = self.bar
        self.empty = EmptyState(
            theme,
            "plan",
            _("No cards yet"),
            _("Every task of the plan becomes a card here. Type the first one, or paste rows from Excel."),
        )
        self.empty.add_button(new_task_button(self.desk))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.surface)
        self.stack.addWidget(self.empty)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.stack, 1)
        self._row = row

    @property
    def inspector(self) -> "Inspector":
        """The selected task in full; made when somebody first asks for it."""
        if self._inspector is None:
            from ui.desktop.checklist.inspector import Inspector

            self._inspector = Inspector(self.desk, self.steps, self._number_of, plans=True)
            self._inspector.panel.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus
            )  # Enter goes there, Tab on into it
            self._inspector.panel.setAccessibleName(_("Details"))
            self._inspector.hide()
            self._row.addWidget(self._inspector)
        return self._inspector

    def _connect(self) -> None:
        self.surface.unfit.connect(lambda: self._arrange(self.surface.board))
        self.surface.moved.connect(self._on_moved)
        self.surface.opening.connect(self._open_section)
        self.surface.wished.connect(self._on_wish)
        self.surface.pressed.connect(self._on_letter)
        self.surface.starting.connect(self.changing.start)
        self.surface.pushed.connect(self.push)
        self.surface.dropped.connect(self.changing.move)
        self.changing.refused.connect(self.surface.refuse)
        self.desk.task_chosen.connect(self._on_chosen)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(120)
        self._typed.timeout.connect(lambda: self._change_look(wanted=self.bar.filter.text()))
        self.bar.filter.textChanged.connect(lambda _text: self._typed.start())
        self._inspecting = QTimer(self)
        self._inspecting.setSingleShot(True)
        self._inspecting.setInterval(40)
        self._inspecting.timeout.connect(self._inspect)
        minute = QTimer(self)
        minute.setInterval(MINUTE_MS)
        minute.timeout.connect(self._on_minute)
        minute.start()

    # Reading.

    def show_place(self) -> None:
        if self.desk.task_id is not None and self.desk.task_id != self.chosen_task():
            self._wanted = self.desk.task_id
        kept = self._remembered()
        self.look = self.look._replace(columns=kept.columns, lanes=kept.lanes)
        self.bar.show_look(self.look)
        self.reload()

    def on_changes(self, _changes: Any) -> None:
        self.reload()

    def _on_minute(self) -> None:
        if self.isVisible() and not self.desk.bridge.is_closed:
            self.reload()

    def reload(self) -> None:
        if self.desk.project_id is None:
            return
        if self._reading:
            self._again = True  # many changes in a row are one more reading, not many
            return
        self._reading = True
        place = (self.desk.project_id, self.desk.run_id, self.desk.language, now_ms())
        more = (self.look, self.surface.measure())
        self.desk.bridge.fetch(board, *place, *more, then=self._take, failed=self._not_read)

    def _arrange(self, old: Board | None) -> None:
        """The same tasks in another order: nothing is read for that. What is being read sees the new look by itself."""
        if not self._reading and old is not None:
            self._reading = True
            how = (self.look, self.surface.measure())
            self.desk.bridge.fetch(again, old, *how, then=self._take, failed=self._not_read)

    def _not_read(self, _error: Exception) -> None:
        self._reading = self._again = False

    def _take(self, layout: Layout) -> None:
        found = layout.board
        self._reading = False
        if self._again:
            self._again = False
            self.reload()
            return
        if found.look != self.look or not self.surface.fits(layout):
            self._arrange(found)
            return
        self.desk.zone = found.times.zone
        old = self.surface.board
        if old is not None and (old.times.project, old.times.run) != (found.times.project, found.times.run):
            self.surface.forget()
        self.surface.take(layout)
        is_empty = not found.listed.tasks
        self.stack.setCurrentWidget(self.empty if is_empty else self.surface)
        self.set_hints(new_task_hints() if is_empty else _hints())
        if self.desk.run_id is None:
            self.desk.run_id = found.times.run
        if old is not None and old.look != found.look:
            self.surface.show_current()
        self.bar.show_board(found)
        if self._wanted is not None:
            self._go_to(self._wanted)
        elif self.surface.place() is None and not is_empty:
            self._stand_first()
        self._inspecting.start()
        self.desk.selected.emit(self.status())

    def _stand_first(self) -> None:
        """Nobody chose that: the other faces stay where they are."""
        self._echo = True
        self.surface.go_first()
        self._echo = False

    # What is shown.

    def _change_look(self, **values: Any) -> None:
        look = self.look._replace(**values)
        if look != self.look:
            self.look = look
            self.bar.show_look(self.look)
            self._arrange(self.surface.board)

    def _fill_shown(self, menu: QMenu) -> None:
        for show, text in SHOWN:
            add_choice(menu, _(text), partial(self._change_look, show=show), checked=self.look.show == show)

    def _fill_grouping(self, what: str, menu: QMenu) -> None:
        current = getattr(self.look, what)
        if what == "lanes":
            add_choice(menu, _("none"), partial(self.divide, lanes=""), checked=not current)
        for name, text in GROUPINGS:
            other = self.look.lanes if what == "columns" else self.look.columns
            if what == "columns" or name not in ("state", other):
                add_choice(menu, _(text), partial(self.divide, **{what: name}), checked=current == name)

    def divide(self, **chosen: str) -> None:
        """By what columns and lanes are made; kept for the next time."""
        if chosen.get("columns") and chosen["columns"] == self.look.lanes:
            chosen["lanes"] = ""
        self.desk.keep_layout("board", {**self.desk.layout("board"), **chosen})
        self._change_look(**chosen)

    def _open_section(self, section: SectionKey) -> None:
        self._change_look(opened=self.look.opened | {section})

    # Selecting.

    def _on_moved(self) -> None:
        task = self.chosen_task()
        if task is not None and not self._echo:
            self.desk.choose_task(task, self)
        self._inspecting.start()
        self.desk.selected.emit(self.status())

    def _on_chosen(self, task: bytes | None, origin: QObject | None) -> None:
        if origin is not self and task is not None and self.isVisible():
            self._go_to(task)

    def _go_to(self, task: bytes) -> None:
        """A task in a cut section has it opened first; one the filter hides is waited for."""
        found = self.surface.board
        self._wanted = None
        self._echo = True
        went = self.surface.go_to(task)
        self._echo = False
        if not went and found is not None and task in found.hidden:
            self._wanted = task
            self._open_section(found.hidden[task])

    def _number_of(self, task: bytes) -> str:
        found = self.surface.board
        rows = found.listed.tasks if found is not None else ()
        return next((row.number for row in rows if row.id == task), "")

    def _inspect(self) -> None:
        if self._inspector is None:
            return
        card, found = self.surface.current(), self.surface.board
        zone = found.times.zone if found is not None else "UTC"
        self.inspector.show_task(card.task if card is not None else None, Shown(self.desk.language, zone))

    def _on_wish(self, wish: str) -> None:
        if wish == "details":
            self.inspector.setVisible(not self.inspector.isVisible())
        else:
            self.inspector.show()
            self._inspect()
            focus_into(self.inspector)
        self._inspect()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in the details goes back to the cards; the empty screen takes the key it shows."""
        if event.key() == Qt.Key.Key_Escape and self._inspector is not None and self._inspector.isVisible():
            self._inspector.panel.setAccessibleName(_("Details"))
            self._inspector.hide()
            self.take_focus()
        elif event.key() == Qt.Key.Key_Insert:
            self.desk.go_to.emit("plan/checklist")
        else:
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        shown = self.stack.currentWidget()
        (shown if shown is not None else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen_task(self) -> bytes | None:
        card = self.surface.current()
        return card.task.id if card is not None else None

    def show_task(self, task: bytes) -> None:
        self._wanted = task
        self.bar.filter.clear()
        self._typed.stop()
        self.look = self.look._replace(wanted="", show="all")
        self.reload()

    def offers(self) -> tuple[Offer, ...]:
        return (Offer(N_("Export as PDF…"), self.exporting.choose_file, icon="download"),)

    def panes(self) -> tuple[QWidget, ...]:
        shown = (self.bar.filter, self.surface)
        return (*shown, self._inspector) if self._inspector is not None else shown

    def status(self) -> str:
        card = self.surface.current()
        if card is None:
            return ""
        parts = [card.task.number, status_word(card.task.status)]
        if card.is_critical:
            parts.append(_("critical"))
        if card.late > 0:
            parts.append(lateness(card.late, self.desk.language))
        return " · ".join(parts)

    def is_settled(self) -> bool:
        return not self.surface.is_unfinished

    # Pages.

    def export(self, to: Path) -> None:
        self.exporting.export(to)

    def write_pages(self, to: Path) -> int:
        return self.exporting.write_pages(to)

    # Moving.

    def _on_letter(self, letter: str) -> None:
        card = self.surface.current()
        if card is not None:
            self.changing.press(letter, card)

    def push(self, way: int) -> None:
        """The current card to the column left or right of its own."""
        card, place, found = self.surface.current(), self.surface.place(), self.surface.board
        if card is None or place is None or found is None:
            return
        wanted = place.column + way
        if 0 <= wanted < len(found.columns):
            target = self.surface.target(place.lane, wanted)
            self.changing.move(card, self._move(found, card, target))

    def _move(self, found: Board, card: Card, target: Target) -> Move:
        place = found.places[card.task.id]
        return move(found, card, target, self.surface.target(place.lane, place.column))
