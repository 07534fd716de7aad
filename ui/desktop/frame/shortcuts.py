"""The keys that work wherever one is in the window."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

from ui.desktop.views import VIEWS

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow


def add_shortcuts(window: "MainWindow") -> None:
    keys: list[tuple[str, Callable[[], object]]] = [
        (f"Ctrl+{n}", partial(window.go_to, spec.id)) for n, spec in enumerate(VIEWS, 1)
    ]
    keys += [
        ("Ctrl+Z", window.undo),
        ("Ctrl+Y", window.redo),
        ("Ctrl+Shift+Z", window.redo),
        ("Ctrl+K", window.search),
        ("Ctrl+O", window.desk.choose_file.emit),
        ("Ctrl++", lambda: window.scale_by(1)),
        ("Ctrl+=", lambda: window.scale_by(1)),
        ("Ctrl+-", lambda: window.scale_by(-1)),
        ("Ctrl+0", lambda: window.scale_by(0)),
        ("Ctrl+W", lambda: window.window().close()),
        ("F1", window.helping.show_keys),
        ("F6", window.next_pane),
        ("F11", window.toggle_wallboard),
    ]
    for key, act in keys:
        shortcut = QShortcut(QKeySequence(key), window)
        shortcut.activated.connect(act)
