"""What stands in the window: rail, top bar, message line, the view looked at, status bar; it knows no view's insides."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.components.bars import AskBar, MessageBar
from ui.desktop.components.textbox import TextBox
from ui.desktop.desk import Desk, Message, Question
from ui.desktop.faces import Faces
from ui.desktop.frame.company import Company
from ui.desktop.frame.exchanging import Exchanging
from ui.desktop.frame.heading import Heading
from ui.desktop.frame.helping import Helping
from ui.desktop.frame.later import Later
from ui.desktop.frame.menubar import MenuBar
from ui.desktop.frame.newer import tell_newer
from ui.desktop.frame.outside import Outside
from ui.desktop.frame.places import Places
from ui.desktop.frame.rail import Rail
from ui.desktop.frame.rooming import Rooming
from ui.desktop.frame.shortcuts import add_shortcuts
from ui.desktop.frame.statusbar import StatusBar
from ui.desktop.frame.topbar import TopBar
from ui.desktop.frame.verifying import VerifyingHistory
from ui.desktop.importing.dropping import FileDrop
from ui.desktop.moments import correct_now
from ui.desktop.preferences import SCALES
from ui.desktop.runs.kinds import RunBand, RunFrame
from ui.desktop.sharing.opening import Sharing
from ui.desktop.views import VIEWS, View, WishView, focus_after

if TYPE_CHECKING:
    from ui.desktop.importing.sheet import ImportSheet
    from ui.desktop.search.finding import Finding
    from ui.desktop.sharing.sheet import SheetPage
    from ui.desktop.wallboard.view import Wallboard


class MainWindow(QWidget):
    painted = Signal()  # once, after the first paint: what may be slow begins then

    def __init__(self, desk: Desk, place: str = "plan") -> None:
        super().__init__()
        self.desk = desk
        self._views: dict[str, View] = {}
        self._place, _slash, self._face = place.partition("/")
        if self._place not in [spec.id for spec in VIEWS]:
            self._place = VIEWS[0].id
        self._first_paint = True
        self._finding: Finding | None = None
        self.wallboard: Wallboard | None = None
        self.sheet: ImportSheet | SheetPage | None = None
        self._drop = FileDrop(self)
        theme = desk.theme
        self.places = Places(desk, self)
        self.rail = Rail(theme, VIEWS)
        self.menubar = MenuBar(self)
        self.helping = Helping(self)
        self.outside = Outside(desk.bridge, self)
        self.exchanging: Exchanging | None = None
        self.topbar = TopBar(theme, self.places)
        self.message = MessageBar(theme)
        self.question = AskBar(theme)
        self.statusbar = StatusBar(theme)
        self.rooming = Rooming(desk, self.statusbar, self)
        self.stack = QStackedWidget()
        self.band = RunBand(theme)
        self.framed = RunFrame(theme, self.stack)
        self.later = Later(desk, self)
        self.heading = Heading(self)
        self.company = Company(self)
        self.sharing = Sharing(self)
        self._build()
        self._connect()
        add_shortcuts(self)
        self.rail.set_current(self._place)

    def _build(self) -> None:
        self.setWindowTitle("Launchbook")
        self.setMinimumSize(self.desk.theme.px(900), self.desk.theme.px(560))
        self.setProperty("layer", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        right = QVBoxLayout()
        right.setSpacing(0)
        for widget in (self.topbar, self.band, self.message, self.question):
            right.addWidget(widget)
        right.addWidget(self.framed, 1)
        right.addWidget(self.helping.line)
        right.addWidget(self.statusbar)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.menubar)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        desk, bridge = self.desk, self.desk.bridge
        self.rail.chosen.connect(self.go_to)
        desk.go_to.connect(self.go_to)
        desk.wished.connect(self.open_wish)
        desk.said.connect(self._on_said)
        desk.asked.connect(self._on_asked)
        desk.selected.connect(self._on_selected)
        desk.hinted.connect(self._on_hinted)
        desk.counted.connect(self.rail.set_count)
        desk.place_changed.connect(self._on_place)
        bridge.changed.connect(self._on_changed)
        bridge.refused.connect(self._failed)
        bridge.failed.connect(self.helping.on_failed)
        bridge.busy.connect(self.statusbar.set_busy)
        self.topbar.undone.connect(self.undo)
        self.topbar.redone.connect(self.redo)
        self.topbar.searched.connect(self.search)
        self.question.closed.connect(self.focus_view)
        self.statusbar.exchange.clicked.connect(lambda: desk.wished.emit("exchange"))
        self.statusbar.room.clicked.connect(lambda: desk.wished.emit("room"))

    # Places.

    def begin(self) -> None:
        """Shows the place one is at, and what the frame says of it."""
        self.go_to(f"{self._place}/{self._face}")
        self.places.reload()

    def settle_in(self, place: str) -> None:
        """The workspace that was awaited is open."""
        start = self._views.pop("start", None)
        if start is not None:
            self.stack.removeWidget(start)
            start.deleteLater()
        self._place, _slash, self._face = place.partition("/")
        if self._place not in [spec.id for spec in VIEWS]:
            self._place = VIEWS[0].id
        self.begin()
        if self.is_painted():
            self._begin_rest()

    def is_painted(self) -> bool:
        return not self._first_paint

    def is_settled(self) -> bool:
        """Painted in full, and the frame knows its project (or that there is none)."""
        is_open = self.desk.bridge.workspace.is_open
        is_known = self.desk.project_id is None or self.places.project() is not None
        return is_open and is_known and not self._first_paint and self.current_view().is_settled()

    def standing(self) -> str:
        """The place one is at, and its face: what `go_to` takes."""
        view = self._views.get(self._place)
        return f"{self._place}/{view.choice.current()}" if isinstance(view, Faces) else self._place

    def place(self) -> str:
        return self._place

    def view(self, place: str) -> View:
        """Made when first opened."""
        if place not in self._views:
            spec = next(spec for spec in VIEWS if spec.id == place)
            if self.desk.project_id is None and (
                spec.needs_project or not self.desk.bridge.workspace.is_open
            ):
                return self._without_project()
            self._views[place] = spec.make(self.desk)
            self.stack.addWidget(self._views[place])
        return self._views[place]

    def _without_project(self) -> View:
        from ui.desktop.start.view import StartView
        from ui.desktop.start.waiting import WaitingView

        if "start" not in self._views:
            is_open = self.desk.bridge.workspace.is_open
            self._views["start"] = StartView(self.desk) if is_open else WaitingView(self.desk)
            self.stack.addWidget(self._views["start"])
        return self._views["start"]

    def show_trouble(self, sentence: str, folder: Path) -> None:
        """Where a workspace is open it stays; else what can be done takes the whole place."""
        from ui.desktop.start.trouble import TroubleView

        if self.desk.bridge.workspace.is_open:
            self.message.say(sentence, "blocked")
            return
        start = self._views.pop("start", None)
        if start is not None:
            self.stack.removeWidget(start)
            start.deleteLater()
        self._views["start"] = TroubleView(self.desk, sentence, folder)
        self.stack.addWidget(self._views["start"])
        self.go_to(self._place)

    def current_view(self) -> View:
        return self.view(self._place)

    def go_to(self, place: str) -> None:
        """To a place of the rail, or to one of its faces: "plan/board"."""
        place, _slash, face = place.partition("/")
        self._drop_sheet()
        self._place = place
        self.rail.set_current(place)
        view = self.view(place)
        self.stack.setCurrentWidget(view)
        if face and isinstance(view, Faces) and view.has(face):
            view.show_face(face)
        view.show_place()
        self.statusbar.set_hints(
            (*view.hints, ("F1", _("keys of this screen"))) if len(view.hints) < 5 else view.hints
        )
        self.statusbar.set_selection(view.status())
        self.helping.show_hint()
        view.take_focus()

    def open_wish(self, wish: str) -> None:
        """Something of a run, in its cockpit: starting or ending one, an incident; or a sheet of sharing."""
        if wish == "wallboard":
            self.toggle_wallboard()
            return
        if self.sharing.opens(wish):
            return
        self.go_to("run/cockpit")
        view = self.current_view().face()
        if isinstance(view, WishView):
            view.open_wish(wish)

    def toggle_wallboard(self) -> None:
        """F11: a window of its own, on the second screen where there is one; this one keeps the keyboard."""
        if self.wallboard is not None:
            self.wallboard.close()
        elif self.desk.project_id is not None:
            from ui.desktop.wallboard.view import Wallboard

            self.wallboard = Wallboard(self.desk, self)
            self.wallboard.closed.connect(self._on_wallboard_closed)
            self.wallboard.open()
            self.activateWindow()

    def _on_wallboard_closed(self) -> None:
        if self.wallboard is not None:
            self.wallboard.deleteLater()
            self.wallboard = None

    def _on_place(self) -> None:
        if self.desk.project_id is not None and "start" in self._views:
            start = self._views.pop("start")
            self.stack.removeWidget(start)
            start.deleteLater()
        self.go_to(self._place)
        self.places.reload()

    def focus_view(self) -> None:
        (self.sheet or self.current_view()).take_focus()

    # What stands in place of the view for a while.

    def open_import(self, path: Path) -> None:
        """A file on its way in."""
        from ui.desktop.importing.sheet import ImportSheet

        self.message.hide()
        self.open_sheet(ImportSheet(self.desk, path))

    def open_sheet(self, sheet: "ImportSheet | SheetPage") -> None:
        """It takes the room of the view until it is left or has done its work."""
        self._drop_sheet()
        self.sheet = sheet
        self.stack.addWidget(sheet)
        self.stack.setCurrentWidget(sheet)
        self.statusbar.set_hints(sheet.hints)
        self.statusbar.set_selection("")
        sheet.closed.connect(self._on_sheet_closed)
        sheet.take_focus()

    def _on_sheet_closed(self) -> None:
        self.go_to(self._place)

    def _drop_sheet(self) -> None:
        if self.sheet is not None:
            self.stack.removeWidget(self.sheet)
            self.sheet.deleteLater()
            self.sheet = None

    def keep_typed(self) -> bool:
        """Before one leaves: open cells and text boxes are kept; what only its author can finish says so, and False."""
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            focus.clearFocus()
        for box in self.findChildren(TextBox):
            box.finish()
        typed = self.question.typed() or self.current_view().unkept()
        if typed:
            text = _("{what} is typed but not given yet. Finish it, or leave it with Esc; then go on.")
            self.message.say(text.format(what=typed), "late")
        return not typed

    # What arrives.

    def _on_changed(self, changes: Any) -> None:
        self.outside.note(changes.rev)
        self.heading.show_kept(changes.rev)
        self.current_view().on_changes(changes)
        self.places.reload()

    def _on_selected(self, words: str) -> None:
        if self.sheet is None:  # else the view it lies over speaks
            self.statusbar.set_selection(words)

    def _on_said(self, message: Message) -> None:
        self.message.say(*message)

    def _on_asked(self, question: Question) -> None:
        self.question.ask(
            question.text,
            question.verb,
            question.then,
            hint=question.hint,
            needed=question.needed,
            secret=question.secret,
        )

    def _on_hinted(self, keys: tuple[tuple[str, str], ...]) -> None:
        if self.sheet is None:
            self.statusbar.set_hints(keys)
            self.helping.show_hint()

    def _failed(self, sentence: str) -> None:
        self.message.say(sentence, "blocked")

    # Commands of the frame.

    def undo(self) -> None:
        self.places.undo()

    def redo(self) -> None:
        self.places.redo()

    def search(self) -> None:
        from ui.desktop.search.finding import Finding

        if self._finding is None:
            self._finding = Finding(self)
        self._finding.open()

    def show_task(self, task: bytes) -> None:
        """Goes to a task wherever tasks are shown."""
        if not self.current_view().shows_tasks:
            self.go_to("plan")
        self.current_view().show_task(task)

    def change(self, **values: object) -> None:
        """Language, theme or scale: the window is built anew."""
        self.desk.preferences = self.desk.preferences.changed(**values)
        self.desk.rebuild.emit()

    def next_pane(self) -> None:
        """F6 goes round: rail, head, the view, and what stands beside it."""
        here_now = self.sheet.panes() if self.sheet is not None else self.current_view().panes()
        focus_after((self.rail, self.topbar, *here_now))

    def scale_by(self, by: int) -> None:
        now = min(range(len(SCALES)), key=lambda n: abs(SCALES[n] - self.desk.theme.scale))
        new = SCALES[max(0, min(len(SCALES) - 1, now + by))] if by else 1.0
        self.change(scale=new)

    # Beginning and end.

    def paintEvent(self, event: Any) -> None:
        super().paintEvent(event)
        if self._first_paint:
            self._first_paint = False
            QTimer.singleShot(0, self, self._on_painted)  # not any more where it is replaced at once

    def _on_painted(self) -> None:
        self.painted.emit()
        if self.desk.bridge.workspace.is_open:
            self._begin_rest()

    def _begin_rest(self) -> None:
        """On the screen, over an open workspace: what may be slow begins."""
        correct_now(self.desk.bridge.workspace.offset_ms)
        self.places.begin_history()
        self.outside.begin()
        self.later.begin()
        if self.exchanging is None:
            self.exchanging = Exchanging(self.desk, self.statusbar, self)
            self.desk.shared.connect(self.exchanging.begin)
            self.company.begin()
            self.exchanging.begin()
            VerifyingHistory(self.desk, self.statusbar, self).begin()
            tell_newer(self.desk)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Escape and self.message.isVisible():
            self.message.hide()
            return
        self.menubar.alt.press(event)
        super().keyPressEvent(event)
