"""Builds the desktop: workspace, bridge, theme, main window; builds the window anew when language or look change."""

import gc
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QSize, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from app import i18n
from app.errors import LaunchbookError
from app.i18n import _
from app.queries.projects import projects
from app.settings import SAMPLE, workspace_folder
from ui.crash import keep_report
from ui.desktop.bridge import Bridge
from ui.desktop.desk import Desk
from ui.desktop.main_window import MainWindow
from ui.desktop.pictures import SIZE, need_no_screen, wait_for
from ui.desktop.preferences import Preferences, load_preferences
from ui.desktop.telling import Telling
from ui.desktop.theme.fonts import load_families
from ui.desktop.theme.sheet import style_sheet
from ui.desktop.theme.theme import Theme
from ui.desktop.workspaces import NoWorkspace, open_workspace

log = logging.getLogger("launchbook.desktop")
_FRAME = 32  # a title bar, about


def system_theme() -> str:
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def system_language() -> str:
    return "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"


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


def calm_collector() -> None:
    """What is loaded stays, so the collector need not walk it again and again.

    With ten thousand tasks each full collection held the window for about 100 ms; rows are tuples and die by counting.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


class Desktop(QObject):
    """Holds what outlives a window: the workspace, its bridge, and where one was."""

    def __init__(
        self, application: QApplication, home: Path, preferences: Preferences, *, bounded: bool = True
    ) -> None:
        super().__init__()
        self._application = application
        self._home = home
        self._bounded = bounded
        self._preferences = preferences
        self._qt_texts: QTranslator | None = None
        self._telling: Telling | None = None
        self.bridge = Bridge(NoWorkspace())
        self.window: MainWindow | None = None
        self.settled: Callable[[], None] | None = None

    # Opening.

    def open(self, *, sample: bool) -> None:
        """Opens the workspace in the home folder, or the sample, and shows it."""
        if sample:
            self.open_sample()
        else:
            self._use(open_workspace(workspace_folder(self._home), sample=False))

    def open_sample(self) -> None:
        """The sample is told through commands the first time: in a worker, after the window is there."""
        folder = workspace_folder(self._home, SAMPLE)
        if folder.exists():
            self._use(open_workspace(folder, sample=True))
            return
        if self._telling is not None:
            return
        self._telling = Telling(folder, self._preferences.language or system_language(), self)
        self._telling.progressed.connect(self._on_told)
        self._telling.ended.connect(self._on_sample)
        self._telling.failed.connect(self._on_sample_failed)
        if self.window is None:
            self._build("run")  # it begins when the window is painted
        else:
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
        self._use(open_workspace(workspace_folder(self._home, SAMPLE), sample=True))

    def _on_sample_failed(self, sentence: str) -> None:
        self._telling = None
        if self.window is not None:
            self.window.message.say(sentence, "blocked")

    def _use(self, workspace: Any) -> None:
        old = self.bridge
        self.bridge = Bridge(workspace)
        self._build("run" if workspace.is_sample else "plan", keep_place=False)
        old.close()

    # The window.

    def _build(self, place: str, *, keep_place: bool = True) -> None:
        old = self.window
        chosen = self._preferences
        language = chosen.language or system_language()
        i18n.set_language(language)
        self._load_qt_texts(language)
        theme = dress(self._application, chosen.theme, chosen.scale, language)
        desk = Desk(self.bridge, theme, chosen.changed_in_memory(language=language))
        if keep_place and old is not None:
            desk.project_id, desk.run_id, desk.zone = old.desk.project_id, old.desk.run_id, old.desk.zone
        else:
            self._choose_place(desk)
        desk.rebuild.connect(self._on_rebuild)
        desk.open_sample.connect(self.open_sample)
        desk.choose_file.connect(self.choose_file)
        desk.import_file.connect(self.import_file)
        self.window = MainWindow(desk, place)
        if old is None:
            self.window.resize(self._first_size(theme))
        else:
            self.window.setGeometry(old.geometry())
            old.hide()
            old.deleteLater()
        self.window.painted.connect(self._on_painted)
        self.window.show()
        self.window.begin()
        task = old.current_view().chosen_task() if old is not None and keep_place else None
        if task is not None:
            self.window.show_task(task)  # where one was before the language changed

    def _first_size(self, theme: Theme) -> QSize:
        """As large as the pictures, with room left for the frame on a small screen."""
        wanted = QSize(theme.px(SIZE[0]), theme.px(SIZE[1]))
        screen = QGuiApplication.primaryScreen()
        if screen is None or not self._bounded:
            return wanted
        return wanted.boundedTo(screen.availableSize() - QSize(0, _FRAME))

    def _choose_place(self, desk: Desk) -> None:
        """The first project, and the run in which things happen now."""
        if not self.bridge.workspace.is_open:
            return
        found = self.bridge.read(projects, desk.language)
        if found:
            desk.zone = found[0].zone
            desk.choose(found[0].id)

    def _load_qt_texts(self, language: str) -> None:
        """Qt's own words (context menus of fields, file dialogs) in the same language."""
        if self._qt_texts is not None:
            self._application.removeTranslator(self._qt_texts)
            self._qt_texts = None
        if language == "zh":
            translator = QTranslator(self)
            if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
                self._application.installTranslator(translator)
                self._qt_texts = translator

    def _on_rebuild(self) -> None:
        """After the signal that asked for it has ended: the asking widget goes with the old window."""
        QTimer.singleShot(0, self._rebuild)

    def _rebuild(self) -> None:
        if self.window is not None:
            self._preferences = self.window.desk.preferences
            self._build(self.window.place())

    def _on_painted(self) -> None:
        if self._telling is not None and not self._telling.is_begun():
            self._telling.start()
        calm_collector()
        if self.settled is not None:
            self.settled()

    def is_telling(self) -> bool:
        return self._telling is not None

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

    def close(self) -> None:
        if self._telling is not None:
            self._telling.stop()
        if self.window is not None:
            self.window.hide()
        self.bridge.close()


def run_desktop(
    home: Path,
    language: str | None = None,
    theme: str | None = None,
    *,
    sample: bool = False,
    picture: Path | None = None,
) -> int:
    """Opens the window and returns when it is closed; with `picture` it is painted into that file instead."""
    if _has_no_screen():
        if picture is None:
            sys.stderr.write(
                _(
                    "There is no display here. The command line does everything without one: launchbook --help."
                )
                + "\n"
            )
            return 1
        need_no_screen()
    application = the_application()
    preferences = load_preferences(home / "desktop.json")
    given = {key: value for key, value in (("language", language), ("theme", theme)) if value}
    desktop = Desktop(application, home, preferences.changed_in_memory(**given), bounded=picture is None)
    sys.excepthook = _last_resort(desktop, home)
    try:
        desktop.open(sample=sample)
        if picture is None:
            return application.exec()
        return _paint(application, desktop, picture)
    except LaunchbookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        desktop.close()


def _has_no_screen() -> bool:
    """Without one Qt would end the process where it stands."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named)


def the_application() -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(["launchbook"])
    application.setApplicationName("Launchbook")
    application.setDesktopFileName("launchbook")
    return application


def _last_resort(desktop: Desktop, home: Path) -> Callable[..., None]:
    """An error in a slot ends no program: it is kept in a report, logged and said in the window."""

    def hook(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        log.error("unexpected", exc_info=(kind, error, trace))
        keep_report(home, error)
        if desktop.window is not None and isinstance(error, Exception):
            desktop.bridge.failed.emit(error)

    return hook


def _paint(application: QApplication, desktop: Desktop, picture: Path) -> int:
    """Waits until the first project is on the screen, then keeps the window as a picture."""
    while desktop.window is None or desktop.is_telling():
        application.processEvents()
        time.sleep(0.01)
    wait_for(desktop.window)
    return 0 if desktop.window.grab().save(str(picture)) else 1
