"""Who else is here and looks at what: small initials in the head of the window, with words on hovering."""

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

from app.i18n import _
from app.queries.log import named
from app.storage.engine import Reader
from ui.desktop.faces import Faces
from ui.desktop.views import VIEWS

if TYPE_CHECKING:
    from sync.core.here import Seen
    from ui.desktop.main_window import MainWindow

_LOOK_MS = 2000


class Company(QObject):
    """Says where this window looks, and shows where the others do; nothing of it is kept."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._seen: dict[bytes, tuple[Seen, float]] = {}  # by device
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        exchanging = self._window.exchanging
        if exchanging is not None:
            exchanging.seen.connect(self.take)
            exchanging.shown.connect(self._on_exchange)
            self._timer.start()

    def devices(self) -> frozenset[bytes]:
        """Those that are here now."""
        return frozenset(self._seen)

    @Slot(object)
    def take(self, seen: "Seen") -> None:
        """Without a face that device is gone."""
        self._seen.pop(seen.device, None)
        if seen.place.face:
            self._seen[seen.device] = (seen, time.monotonic())
        self._tell()

    @Slot(object)
    def _on_exchange(self, status: Any) -> None:
        """Without a line nobody knows who is still there; they say it again once there is one."""
        if self._seen and str(status.phase) in ("offline", "denied"):
            self._seen.clear()
            self._tell()

    def _look(self) -> None:
        from sync.core.here import GONE_S, Place

        desk, exchanging = self._window.desk, self._window.exchanging
        workspace = desk.bridge.workspace
        if exchanging is None or desk.bridge.is_closed or not workspace.is_open:
            return
        if workspace.person is not None:
            place = Place(self._window.standing(), desk.project_id or b"", desk.task_id or b"")
            exchanging.look(workspace.person, place)
        oldest = time.monotonic() - GONE_S
        gone = [device for device, (_seen, at) in self._seen.items() if at < oldest]
        for device in gone:
            del self._seen[device]
        if gone:
            self._tell()

    def _tell(self) -> None:
        """What the places are called is read beside the window."""
        found = [seen for seen, _at in reversed(self._seen.values())]
        desk = self._window.desk
        desk.bridge.fetch(_called, found, desk.language, then=self._show)

    def _show(self, called: list[tuple[str, str, str]]) -> None:
        others = []
        for name, face, thing in called:
            words = [self._face_word(face), thing]
            others.append((name, " · ".join(word for word in words if word)))
        self._window.topbar.others.show_others(others)

    def _face_word(self, standing: str) -> str:
        """The word on the tab, of the place where it has none; of a newer version's nothing."""
        place, _slash, face = standing.partition("/")
        for view in self._window.findChildren(Faces):
            for spec in view.specs:
                if spec.id == face:
                    return _(spec.text)
        return next((_(spec.text) for spec in VIEWS if spec.id == place), "")


def _called(reader: Reader, found: "list[Seen]", language: str) -> list[tuple[str, str, str]]:
    """Name, face, and the task or project looked at, as it is called; nothing where it is not known here."""
    name = partial(_name, reader, language)
    return [
        (name(seen.person) or "?", seen.place.face, name(seen.place.task) or name(seen.place.project))
        for seen in found
    ]


def _name(reader: Reader, language: str, thing: Any) -> str:
    if not thing:
        return ""
    called = named(reader, thing, language)
    return "" if called == thing.hex()[:8] else called
