"""What the frame says of the place one is at: project and run in title, top bar and band, the clock, what is kept."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.queries.projects import ProjectRow, RunRow
from ui.desktop.frame.places import since
from ui.desktop.moments import local, now_ms, wall_moment
from ui.desktop.runs.kinds import run_mark, run_name

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow

_CLOCK_MS = 10_000


class Heading(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        window.places.shown.connect(self._on_places)
        self._tick = QTimer(self)
        self._tick.setInterval(_CLOCK_MS)
        self._tick.timeout.connect(self._show_clock)
        self._tick.start()

    def _on_places(self) -> None:
        window, places = self._window, self._window.places
        project, run = places.project(), places.run()
        window.outside.note(places.frame.rev)
        shown = run if project else None
        window.topbar.set_place(
            project.name if project else "",
            (run_mark(shown) or run_name(shown)) if shown else "",
            shown.kind if shown else "",
            since(shown, window.desk.zone) if shown else "",
        )
        window.topbar.set_hold(project.legal_hold if project else "")
        window.topbar.set_history(places.history.undo, places.history.redo)
        window.helping.show_hint()
        window.topbar.me.set_name(places.me())
        window.topbar.sample.setVisible(places.frame.sample)
        self._show_run(project, shown)
        if project is not None:
            window.desk.zone = project.zone
            self.show_kept(places.frame.rev)
        self._show_clock()

    def _show_run(self, project: ProjectRow | None, run: RunRow | None) -> None:
        """Which run this is: a rehearsal is never taken for the live run."""
        mark = run_mark(run) if run is not None else ""
        parts = (mark, project.name if project else "")
        self._window.setWindowTitle(" – ".join((*filter(None, parts), "Launchbook")))
        self._window.band.show_run(run)
        self._window.framed.show_run(run)

    def show_kept(self, rev: int) -> None:
        moment = local(now_ms(), self._window.desk.zone)
        self._window.statusbar.set_kept(moment.strftime("%H:%M:%S"), rev)

    def _show_clock(self) -> None:
        window = self._window
        now = local(now_ms(), window.desk.zone).replace(tzinfo=None)
        project = window.places.project()
        t0 = wall_moment(project.t0) if project else None
        window.topbar.countdown.show_until(t0, now, window.desk.zone)
