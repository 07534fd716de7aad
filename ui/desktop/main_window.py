"""The frame of the window: rail, top bar, message line, the view looked at, status bar; it knows no view's insides."""

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _
from app.queries.projects import ProjectRow, RunRow
from ui.desktop.components.bars import AskBar, MessageBar
from ui.desktop.components.buttons import add_choice
from ui.desktop.desk import Desk, Message, Question
from ui.desktop.faces import Faces
from ui.desktop.frame.places import Places
from ui.desktop.frame.rail import Rail
from ui.desktop.frame.statusbar import StatusBar
from ui.desktop.frame.topbar import TopBar
from ui.desktop.moments import local, wall_moment
from ui.desktop.preferences import SCALES
from ui.desktop.runs.kinds import RunBand, RunFrame, run_mark, run_name
from ui.desktop.start.view import StartView
from ui.desktop.start.waiting import WaitingView
from ui.desktop.views import VIEWS, View, WishView, focus_into

if TYPE_CHECKING:
    from ui.desktop.search.finding import Finding
    from ui.desktop.wallboard.view import Wallboard


_WANTED_SOON = (
    "ui.desktop.checklist.view",
    "ui.desktop.gates.view",
    "ui.desktop.settings.view",
    "app.commands.tasks",
    "app.commands.runs",
    "ui.desktop.cockpit.view",
    "ui.desktop.runs.readiness",
    "ui.desktop.runs.incident",
    "ui.desktop.runs.decision",
    "ui.desktop.runs.situation",
    "ui.desktop.wallboard.view",
)


class MainWindow(QMainWindow):
    painted = Signal()  # once, after the first paint: what may be slow begins then

    def __init__(self, desk: Desk, place: str = "plan") -> None:
        super().__init__()
        self.desk = desk
        self._views: dict[str, View] = {}
        self._place = place
        self._first_paint = True
        self._finding: Finding | None = None
        self.wallboard: Wallboard | None = None
        theme = desk.theme
        self.places = Places(desk, self)
        self.rail = Rail(theme, VIEWS)
        self.topbar = TopBar(theme, self.places.fill_projects, self.places.fill_runs, self.places.fill_people)
        self.message = MessageBar(theme)
        self.question = AskBar(theme)
        self.statusbar = StatusBar(theme)
        self.stack = QStackedWidget()
        self.band = RunBand(theme)
        self.framed = RunFrame(theme, self.stack)
        self._build()
        self._connect()
        self._shortcuts()
        self.rail.set_current(place)

    def _build(self) -> None:
        self.setWindowTitle("Launchbook")
        self.setMinimumSize(self.desk.theme.px(900), self.desk.theme.px(560))
        centre = QWidget()
        centre.setProperty("layer", "canvas")
        right = QVBoxLayout()
        right.setSpacing(0)
        for widget in (self.topbar, self.band, self.message, self.question):
            right.addWidget(widget)
        right.addWidget(self.framed, 1)
        right.addWidget(self.statusbar)
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        desk, bridge = self.desk, self.desk.bridge
        self.rail.chosen.connect(self.go_to)
        desk.go_to.connect(self.go_to)
        desk.wished.connect(self.open_wish)
        desk.said.connect(self._on_said)
        desk.asked.connect(self._on_asked)
        desk.selected.connect(self.statusbar.set_selection)
        desk.hinted.connect(self.statusbar.set_hints)
        desk.place_changed.connect(self._on_place)
        bridge.changed.connect(self._on_changed)
        bridge.refused.connect(self._failed)
        bridge.failed.connect(self._on_failed)
        bridge.busy.connect(self.statusbar.set_busy)
        self.places.shown.connect(self._on_places)
        self.topbar.undone.connect(self.undo)
        self.topbar.redone.connect(self.redo)
        self.topbar.searched.connect(self.search)
        self.question.closed.connect(self.focus_view)
        self._tick = QTimer(self)
        self._tick.setInterval(10_000)
        self._tick.timeout.connect(self._show_clock)
        self._tick.start()

    def _shortcuts(self) -> None:
        keys: list[tuple[str, Any]] = [
            (f"Ctrl+{n}", partial(self.go_to, spec.id)) for n, spec in enumerate(VIEWS, 1)
        ]
        keys += [
            ("Ctrl+Z", self.undo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+K", self.search),
            ("Ctrl++", lambda: self._scale(1)),
            ("Ctrl+=", lambda: self._scale(1)),
            ("Ctrl+-", lambda: self._scale(-1)),
            ("Ctrl+0", lambda: self._scale(0)),
            ("F1", self.show_keys),
            ("F6", self.next_pane),
            ("F11", self.toggle_wallboard),
        ]
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(act)

    # Places.

    def begin(self) -> None:
        """Shows the place one is at, and what the frame says of it."""
        self.go_to(self._place)
        self.places.reload()

    def is_settled(self) -> bool:
        """Painted, the frame knows its project (or that there is none), and what was read is shown."""
        is_known = self.desk.project_id is None or self.places.project() is not None
        return not self._first_paint and is_known and self.current_view().is_filled()

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
        if "start" not in self._views:
            is_open = self.desk.bridge.workspace.is_open
            self._views["start"] = StartView(self.desk) if is_open else WaitingView(self.desk)
            self.stack.addWidget(self._views["start"])
        return self._views["start"]

    def current_view(self) -> View:
        return self.view(self._place)

    def go_to(self, place: str) -> None:
        """To a place of the rail, or to one of its faces: "plan/board"."""
        place, _slash, face = place.partition("/")
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
        view.take_focus()

    def open_wish(self, wish: str) -> None:
        """Something of a run, in its cockpit: starting or ending one, an incident, the situation report."""
        if wish == "wallboard":
            self.toggle_wallboard()
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
        self.current_view().take_focus()

    # What arrives.

    def _on_changed(self, changes: Any) -> None:
        self._show_kept(changes.rev)
        self.current_view().on_changes(changes)
        self.places.reload()

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

    def _failed(self, sentence: str) -> None:
        self.message.say(sentence, "blocked")

    def _on_failed(self, error: Exception) -> None:
        text = _(
            "That did not work, and it is our fault: {error}. Nothing was changed; everything before is kept."
        )
        self.message.say(text.format(error=f"{type(error).__name__}: {error}"), "blocked")

    def _on_places(self) -> None:
        project, run = self.places.project(), self.places.run()
        named = (run_mark(run) or run_name(run)) if run and project else ""
        self.topbar.set_place(project.name if project else "", named, run.kind if run else "")
        self.topbar.set_history(*self.places.history)
        self.topbar.me.set_name(self.places.me())
        self.topbar.sample.setVisible(self.places.frame.sample)
        self._show_run(project, run if project else None)
        if project is not None:
            self.desk.zone = project.zone
            self._show_kept(self.places.frame.rev)
        self._show_clock()

    def _show_run(self, project: ProjectRow | None, run: RunRow | None) -> None:
        """Which run this is, in the title, the band and the frame: a rehearsal is never taken for the live run."""
        mark = run_mark(run) if run is not None else ""
        self.setWindowTitle(
            " – ".join((*filter(None, (mark, project.name if project else "")), "Launchbook"))
        )
        self.band.show_run(run)
        self.framed.show_run(run)

    def _show_kept(self, rev: int) -> None:
        moment = local(int(time.time() * 1000), self.desk.zone)
        self.statusbar.set_kept(moment.strftime("%H:%M:%S"), rev)

    def _show_clock(self) -> None:
        now = local(int(time.time() * 1000), self.desk.zone).replace(tzinfo=None)
        project = self.places.project()
        t0 = wall_moment(project.t0) if project else None
        self.topbar.countdown.show_until(t0, now, self.desk.zone)

    # Commands of the frame.

    def undo(self) -> None:
        self.desk.bridge.write(self.desk.bridge.workspace.undo, then=self._on_travelled)

    def redo(self) -> None:
        self.desk.bridge.write(self.desk.bridge.workspace.redo, then=self._on_travelled)

    def _on_travelled(self, done: Any) -> None:
        if done.kept:
            text = _("Others changed {n} of these values since; those were left as they are.")
            self.message.say(text.format(n=len(done.kept)), "late")

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
        panes: list[QWidget] = [self.rail, self.topbar, *self.current_view().panes()]
        focus = QApplication.focusWidget()
        here = [
            n
            for n, pane in enumerate(panes)
            if focus is not None and (pane is focus or pane.isAncestorOf(focus))
        ]
        for pane in (*panes[here[-1] + 1 :], *panes) if here else panes:
            if focus_into(pane):
                return

    def show_keys(self) -> None:
        """F1: the keys of this screen, as a list one can also press."""
        menu = QMenu(self)
        menu.setFont(self.desk.theme.font("body"))
        common = (
            ("F6", _("next part of the window")),
            ("Ctrl K", _("search or do")),
            ("Ctrl Z", _("undo")),
            ("Ctrl Y", _("redo")),
            ("Ctrl + −", _("larger, smaller")),
        )
        for keys, word in (*self.current_view().hints, *common):
            add_choice(menu, f"{keys}\t{word}", lambda: None)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.statusbar.mapToGlobal(self.statusbar.rect().topLeft()))

    def _scale(self, by: int) -> None:
        now = min(range(len(SCALES)), key=lambda n: abs(SCALES[n] - self.desk.theme.scale))
        new = SCALES[max(0, min(len(SCALES) - 1, now + by))] if by else 1.0
        self.change(scale=new)

    # Beginning and end.

    def paintEvent(self, event: Any) -> None:
        super().paintEvent(event)
        if self._first_paint:
            self._first_paint = False
            QTimer.singleShot(0, self._on_painted)

    def _on_painted(self) -> None:
        self.painted.emit()
        self.places.begin_history()
        self.desk.bridge.prepare(*_WANTED_SOON)  # last: what is on the screen comes before what may be wanted

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tick.stop()
        if self.wallboard is not None:
            self.wallboard.close()
        super().closeEvent(event)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Escape and self.message.isVisible():
            self.message.hide()
            return
        super().keyPressEvent(event)
