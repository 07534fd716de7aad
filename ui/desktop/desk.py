"""What every screen shares: the bridge, the theme, the language, and which project and run are looked at."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from ui.desktop.bridge import Bridge
from ui.desktop.preferences import Preferences
from ui.desktop.theme.theme import Theme


class Message(NamedTuple):
    text: str
    tone: str = "done"
    action: str = ""
    act: Callable[[], object] | None = None


class Question(NamedTuple):
    """Asked in place; `then` gets the answer."""

    text: str
    verb: str
    then: Callable[[str], object]
    hint: str = ""
    needed: bool = True


class Desk(QObject):
    place_changed = Signal()  # another project or run
    said = Signal(object)  # a Message for the bar
    asked = Signal(object)  # a Question
    selected = Signal(str)  # what the status bar says of the selection
    hinted = Signal(object)  # the keys that matter here: pairs of keys and word
    go_to = Signal(str)  # the id of a place in the rail
    open_sample = Signal()
    choose_file = Signal()  # a plan to import
    import_file = Signal(object)  # its path
    rebuild = Signal()  # language, theme or scale changed

    def __init__(self, bridge: Bridge, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.preferences = preferences
        self.language = preferences.language or "en"
        self.project_id: bytes | None = None
        self.run_id: bytes | None = None
        self.zone = "UTC"

    def look_at(self, project_id: bytes | None, run_id: bytes | None = None) -> None:
        self.project_id, self.run_id = project_id, run_id
        self.place_changed.emit()

    def say(
        self, text: str, tone: str = "done", action: str = "", act: Callable[[], object] | None = None
    ) -> None:
        self.said.emit(Message(text, tone, action, act))

    def ask(
        self, text: str, verb: str, then: Callable[[str], object], *, hint: str = "", needed: bool = True
    ) -> None:
        self.asked.emit(Question(text, verb, then, hint, needed))
