"""The way in: a window is painted first, then the desktop is loaded into it, then the workspace is opened."""

import os
import sys
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from app.i18n import _
from app.settings import SAMPLE, workspace_folder
from ui.desktop import recent
from ui.desktop.preferences import load_preferences
from ui.desktop.recent import Recent, load_recent
from ui.desktop.window import Window

if TYPE_CHECKING:
    from ui.desktop.application import Desktop

SIZE = (1440, 900)
_FRAME = 32  # a title bar, about


def the_application() -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication(["launchbook"])
    application.setApplicationName("Launchbook")
    application.setDesktopFileName("launchbook")
    return application


def system_theme() -> str:
    """From the palette: asking for the colour scheme would load all of Qt's names before the first paint."""
    return "dark" if QApplication.palette().window().color().lightness() < 128 else "light"


def starting_folder(home: Path, visited: Recent) -> Path:
    """Where one was last, the sample aside; a folder that is gone is told on the start screen, not here."""
    sample = workspace_folder(home, SAMPLE)
    return next((one.path for one in visited.visits if one.path != sample), workspace_folder(home))


def first_size(scale: float, visited: Recent, folder: Path, *, bounded: bool) -> QSize:
    """As large as it was left, else as the pictures are, with room for the frame on a small screen."""
    visit = visited.of(folder)
    wanted = QSize(round(SIZE[0] * scale), round(SIZE[1] * scale))
    if bounded and visit.width:
        wanted = QSize(visit.width, visit.height)
    screen = QApplication.primaryScreen() if bounded else None
    return wanted if screen is None else wanted.boundedTo(screen.availableSize() - QSize(0, _FRAME))


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
            text = _(
                "There is no display here. The command line does everything without one: launchbook --help."
            )
            sys.stderr.write(f"{text}\n")
            return 1
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = the_application()
    given = {key: value for key, value in (("language", language), ("theme", theme)) if value}
    preferences = load_preferences(home / "desktop.json").changed_in_memory(**given)
    visited = load_recent(home / recent.FILE if picture is None else None)
    folder = workspace_folder(home, SAMPLE) if sample else starting_folder(home, visited)
    size = first_size(preferences.scale, visited, folder, bounded=picture is None)
    window = Window(preferences.theme or system_theme(), preferences.scale, size)
    made: list[Desktop] = []

    def furnish() -> None:
        """The window is on the screen: the rest may take its time."""
        # The data layer on the way while the widgets are imported: the workspace is opened right after.
        Thread(target=import_module, args=("ui.desktop.workspaces",), daemon=True).start()
        from ui.desktop.application import Desktop

        made.append(Desktop(application, home, preferences, window=window, visited=visited))
        made[0].open(folder, sample=sample)

    try:
        if picture is not None:
            furnish()
            return made[0].paint(picture)
        window.painted.connect(furnish)
        window.show()
        return application.exec()
    finally:
        for desktop in made:
            desktop.close()


def _has_no_screen() -> bool:
    """Without one Qt would end the process where it stands."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named)
