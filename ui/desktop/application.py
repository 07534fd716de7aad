"""Builds the desktop inside its window: workspace, bridge, theme, content; builds the content anew when the look changes."""

import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from app import i18n
from app.i18n import _
from app.settings import SAMPLE, WORKSPACES, workspace_folder
from ui.crash import Watch, keep_report
from ui.desktop.bridge import Bridge
from ui.desktop.desk import Desk
from ui.desktop.entrance import first_size, system_theme
from ui.desktop.folders import Choice, NoWorkspace, Seat, free_folder
from ui.desktop.looks import QtTexts, calm_collector, system_language
from ui.desktop.main_window import MainWindow
from ui.desktop.opening import Opening
from ui.desktop.preferences import Preferences
from ui.desktop.recent import Recent
from ui.desktop.telling import Telling
from ui.desktop.theme.fonts import load_families
from ui.desktop.theme.sheet import style_sheet
from ui.desktop.theme.theme import Theme
from ui.desktop.window import Window

log = logging.getLogger("launchbook.desktop")


def dress(application: QApplication, name: str, scale: float, language: str, *, plain: bool = False) -> Theme:
    """Fusion, the palette and the sheet of a theme, on the whole application."""
    theme = Theme(name or system_theme(), load_families(), scale, language, plain=plain)
    application.setStyle("Fusion")
    application.setPalette(theme.palette())
    application.setFont(theme.font("body"))
    arrow = Path(gettempdir()) / f"launchbook-arrow-{theme.name}.png"
    theme.icons.pixmap("down", 12, theme.color("text2"), 2.0).save(str(arrow))
    application.setStyleSheet(style_sheet(theme, arrow.as_posix()))
    return theme


class Desktop(QObject):
    """Holds what outlives a look: the window, the workspace, its bridge, and where one was."""

    def __init__(
        self,
        application: QApplication,
        home: Path,
        preferences: Preferences,
        *,
        window: Window | None = None,
        visited: Recent | None = None,
        bounded: bool = True,
    ) -> None:
        super().__init__()
        self._application = application
        self._home = home
        self._preferences = preferences
        self.visited = visited or Recent(None)
        self.folder = workspace_folder(home)
        if window is None:
            size = first_size(preferences.scale, self.visited, self.folder, bounded=bounded)
            window = Window(preferences.theme or system_theme(), preferences.scale, size)
        self.shell = window
        self.shell.closing.connect(self._remember)
        self.shell.closing.connect(self._close_wallboard)
        self._qt_texts = QtTexts(application)
        self._telling: Telling | None = None
        self._opening: Opening | None = None
        self._seat: Seat | None = None
        self._watch = Watch(home) if self.visited.file is not None else None
        self._report = self._watch.begin() if self._watch is not None else None
        self.trouble = ""  # why the last workspace did not open
        self.bridge = Bridge(NoWorkspace())
        self.window: MainWindow | None = None  # what stands in the shell
        self.settled: Callable[[], None] | None = None
        sys.excepthook = self._last_resort

    # Opening.

    def open(self, folder: Path | None = None, *, sample: bool = False) -> None:
        """Opens a workspace and shows it: the sample, the one in a folder, or the first one of this machine."""
        own = workspace_folder(self._home, SAMPLE)
        folder = own if sample else folder or workspace_folder(self._home)
        if self.window is None:
            self._build("run" if folder == own else "plan")
        elif not self.window.keep_typed():
            return
        if folder == own and not folder.exists():
            self._tell(folder)
        else:
            founds = folder == own or folder == workspace_folder(self._home)
            self._begin(Opening(folder, self, sample=folder == own, founds=founds))

    def open_sample(self) -> None:
        self.open(sample=True)

    def create(self, name: str) -> None:
        """A new workspace beside the first one; what it is called stays on this machine."""
        folder = free_folder(self._home / WORKSPACES, name)
        if self.window is not None and self.window.keep_typed():
            self.visited = self.visited.noted(folder, name=name)
            self._begin(Opening(folder, self, sample=False, founds=True))

    def adopt(self, folder: Path, name: str) -> None:
        """A workspace that came from elsewhere, under the name it has on this machine."""
        self.visited = self.visited.noted(folder, name=name)
        self.open(folder)

    def choose_workspace(self) -> None:
        title = _("Open the folder of a workspace")
        chosen = QFileDialog.getExistingDirectory(self.shell, title, str(self._home / WORKSPACES))
        if chosen:
            self.open(Path(chosen))

    def rename(self, name: str) -> None:
        self.visited = self.visited.noted(self.folder, name=name)
        if self.window is not None:
            self.window.desk.workspace_name = self.name_of(self.folder)
            self.window.places.reload()

    def forget(self, folder: Path) -> None:
        self.visited = self.visited.forgotten(folder)

    def name_of(self, folder: Path) -> str:
        """What a person called it, else what its folder is called."""
        if folder == workspace_folder(self._home, SAMPLE):
            return _("Sample")
        own = _("My workspace") if folder == workspace_folder(self._home) else folder.name
        return self.visited.of(folder).name or own

    def choices(self) -> list[Choice]:
        """The workspaces one may go to, the latest first."""
        known = [one.path for one in self.visited.visits]
        return [
            Choice(folder, self.name_of(folder), is_here=folder == self.folder)
            for folder in known
            if folder.exists() or folder != workspace_folder(self._home, SAMPLE)
        ]

    def _begin(self, opening: Opening) -> None:
        if self._opening is not None:
            return  # one after the other
        self._opening = opening
        opening.opened.connect(self._on_opened)
        opening.failed.connect(self._on_not_opened)
        opening.start()

    def _on_opened(self, workspace: Any) -> None:
        assert self._opening is not None
        self.trouble = ""
        folder, self._opening = self._opening.folder, None
        self._remember()
        self.folder = folder
        if self.visited.file is not None:
            self._leave_seat()
            self._seat = Seat(folder)
            self.visited = self.visited.noted(folder)
        self._use(workspace)
        if self._seat is not None and self._seat.is_taken() and self.window is not None:
            text = _(
                "This workspace is open in another window too. Nothing is lost by that: each shows what the other keeps."
            )
            self.window.message.say(text, "late")

    def _on_not_opened(self, error: Exception) -> None:
        """Where a workspace is open it stays; else the window says what can be done."""
        assert self._opening is not None
        folder, self._opening = self._opening.folder, None
        self.trouble = str(error)
        if self.window is not None:
            self.window.show_trouble(str(error), folder)

    def _use(self, workspace: Any) -> None:
        """A window that waited for its workspace gets it; else everything is built anew over it."""
        visit = self.visited.of(self.folder)
        place = visit.place or ("run" if workspace.is_sample else "plan")
        if self.window is not None and not self.bridge.workspace.is_open:
            self.bridge.attach(workspace)
            self._choose_place(self.window.desk)
            self.window.desk.workspace_name = self.name_of(self.folder)
            self.window.settle_in(place)
            return
        old = self.bridge
        self.bridge = Bridge(workspace)
        self._build(place, keep_place=False)
        old.close()

    # The sample.

    def _tell(self, folder: Path) -> None:
        """It is told through commands the first time: in a worker, after the window is there."""
        if self._telling is not None:
            return
        self._telling = Telling(folder, self._preferences.language or system_language(), self)
        self._telling.progressed.connect(self._on_told)
        self._telling.ended.connect(self._on_sample)
        self._telling.failed.connect(self._on_sample_failed)
        if self.window is not None and self.window.is_painted():
            self._telling.start()

    def _on_told(self, percent: int) -> None:
        if self.window is None:
            return
        self.window.desk.told.emit(percent)
        if self.bridge.workspace.is_open:
            text = _("The example is being told: a cutover weekend, {percent} %…").format(percent=percent)
            self.window.message.say(text, "running")

    def _on_sample(self) -> None:
        self._telling = None
        self.open_sample()

    def _on_sample_failed(self, sentence: str) -> None:
        self._telling = None
        self.trouble = sentence
        if self.window is not None:
            self.window.message.say(sentence, "blocked")

    def is_busy(self) -> bool:
        """A workspace is on its way."""
        return self._telling is not None or self._opening is not None

    # The content of the window.

    def _build(self, place: str, *, keep_place: bool = True) -> None:
        old = self.window
        chosen = self._preferences
        language = chosen.language or system_language()
        i18n.set_language(language)
        self._qt_texts.speak(language)
        theme = dress(self._application, chosen.theme, chosen.scale, language)
        desk = Desk(self.bridge, theme, chosen.changed_in_memory(language=language))
        desk.home, desk.workspace_name = self._home, self.name_of(self.folder)
        if keep_place and old is not None:
            desk.project_id, desk.run_id, desk.zone = old.desk.project_id, old.desk.run_id, old.desk.zone
        else:
            self._choose_place(desk)
        self._listen(desk)
        self.window = MainWindow(desk, place)
        self.window.painted.connect(self._on_painted)
        self.shell.furnish(self.window)
        self.shell.show()
        self.window.begin()
        if keep_place and old is not None and old.wallboard is not None:
            self.window.toggle_wallboard()  # the room goes on looking at it, in the new language and look
        task = old.current_view().chosen_task() if old is not None and keep_place else None
        if task is not None:
            self.window.show_task(task)  # where one was before the language changed

    def _listen(self, desk: Desk) -> None:
        desk.rebuild.connect(self._on_rebuild)
        desk.open_sample.connect(self.open_sample)
        desk.choose_workspace.connect(self.choose_workspace)
        desk.choose_file.connect(self.choose_file)
        desk.import_file.connect(self.import_file)
        desk.workspaces = self

    def _choose_place(self, desk: Desk) -> None:
        """The project and run of the last visit, else the first project and the run in which things happen now."""
        if not self.bridge.workspace.is_open:
            return
        from app.queries.projects import projects, runs

        visit = self.visited.of(self.folder)
        found = self.bridge.read(projects, desk.language)
        if found:
            project = next((one for one in found if one.id.hex() == visit.project), found[0])
            ids = [run.id for run in self.bridge.read(runs, project.id) if run.id.hex() == visit.run]
            desk.zone = project.zone
            desk.choose(project.id, next(iter(ids), None))

    def _close_wallboard(self) -> None:
        """It is a window of its own, and nothing of this one may outlive it."""
        if self.window is not None and self.window.wallboard is not None:
            self.window.wallboard.close()

    def _remember(self) -> None:
        """Where one stands, for the next visit."""
        if self.window is None or not self.bridge.workspace.is_open or self.visited.file is None:
            return
        desk = self.window.desk
        self.window.keep_typed()
        self.visited = self.visited.noted(
            self.folder,
            project=desk.project_id.hex() if desk.project_id is not None else "",
            run=desk.run_id.hex() if desk.run_id is not None else "",
            place=self.window.standing(),
            width=self.shell.width(),
            height=self.shell.height(),
        )

    def _on_rebuild(self) -> None:
        """After the signal that asked for it has ended: the asking widget goes with the old content."""
        QTimer.singleShot(0, self._rebuild)

    def _rebuild(self) -> None:
        if self.window is not None and self.window.keep_typed():
            self._preferences = self.window.desk.preferences
            self._build(self.window.standing())

    def _on_painted(self) -> None:
        if self._telling is not None and not self._telling.is_begun():
            self._telling.start()
        calm_collector()
        if self._report is not None and self.window is not None:
            report, self._report = self._report, None
            text = _("Launchbook ended in the middle last time. Everything that was kept is here.")
            self.window.message.say(
                text, "late", _("Show the report"), partial(self.window.helping.show_report, report)
            )
        if self.settled is not None:
            self.settled()

    # Faults.

    def _last_resort(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        """An error in a slot ends no program: it is kept in a report, logged and said in the window."""
        log.error("unexpected", exc_info=(kind, error, trace))
        if self.window is not None and isinstance(error, Exception):
            self.bridge.failed.emit(error)  # the window keeps the report
        else:
            keep_report(self._home, error)

    # Importing.

    def choose_file(self) -> None:
        known = _("Plans (*.md *.markdown *.xlsx *.csv *.tsv *.json *.txt)")
        file, _filter = QFileDialog.getOpenFileName(self.window, _("Open the plan you have"), "", known)
        if file:
            self.import_file(Path(file))

    def import_file(self, path: Path) -> None:
        """Opens the sheet: nothing comes in before somebody has looked."""
        if self.window is not None and self.bridge.workspace.is_open:
            self.window.open_import(path)

    def paint(self, picture: Path) -> int:
        """Waits until the first project is on the screen, then keeps the window as a picture."""
        from ui.desktop.pictures import wait_for

        while self.window is None or self.is_busy():
            self._application.processEvents()
            time.sleep(0.01)
        if self.trouble:
            sys.stderr.write(f"{self.trouble}\n")
            return 1
        wait_for(self.window)
        return 0 if self.shell.grab().save(str(picture)) else 1

    def close(self) -> None:
        if self._telling is not None:
            self._telling.stop()
        if self._opening is not None:
            self._opening.wait()
        self._remember()
        self.shell.hide()
        self.bridge.close()
        self._leave_seat()
        if self._watch is not None:
            self._watch.end()
            self._watch = None

    def _leave_seat(self) -> None:
        if self._seat is not None:
            self._seat.leave()
            self._seat = None
