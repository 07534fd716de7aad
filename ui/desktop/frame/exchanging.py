"""The exchange with the workspace's server, beside the window: a line in the status bar says how it stands."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.i18n import _, counted
from app.storage.engine import Reader
from ui.desktop.desk import Desk
from ui.desktop.frame.carrying import Carrying
from ui.desktop.frame.statusbar import StatusBar
from ui.desktop.moments import correct_now, local

if TYPE_CHECKING:
    from sync.client.connection import Connection
    from sync.client.presence import Presence
    from sync.core.exchange import Status
    from sync.core.here import Place

_BEGIN_MS = 800  # after the first paint: the window comes first
_SHOWN_AFTER_MS = 600


class Exchanging(QObject):
    """Begins where the workspace has a server; begins again when somebody shares it while the window is open."""

    shown = Signal(object)  # how it stands, for whoever shows more of it than a line
    seen = Signal(object)  # somebody is here and looks at something
    _told = Signal(object)

    def __init__(self, desk: Desk, statusbar: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._statusbar = statusbar
        self._carrying: Carrying | None = None
        self._presence: Presence | None = None
        self._told.connect(self._show, Qt.ConnectionType.QueuedConnection)
        desk.bridge.closing.connect(self.end)
        desk.bridge.changed.connect(self._on_changed)
        self._timer, self._slow = QTimer(self), QTimer(self)
        for timer, wait_ms, act in (
            (self._timer, _BEGIN_MS, self._start),
            (self._slow, _SHOWN_AFTER_MS, self._show_now),
        ):
            timer.setSingleShot(True)
            timer.setInterval(wait_ms)
            timer.timeout.connect(act)
        self.status: Status | None = None
        self.refused = 0  # actions of this device that the server refused and nobody has looked after yet

    def begin(self) -> None:
        self._timer.start()

    def _start(self) -> None:
        from app.workspace import SERVER  # with the data layer, which the window does not wait for

        workspace = self._desk.bridge.workspace
        if (
            self._desk.bridge.is_closed
            or self._carrying is not None
            or not (workspace.folder / SERVER).exists()
        ):
            return
        self.count_refused()
        from sync.client.presence import Presence

        self._presence = Presence(self.seen.emit)
        self._carrying = Carrying(self._desk.bridge, _connect, self._told.emit, self._presence)

    def look(self, person: bytes, place: "Place") -> None:
        """Where this window's person looks; the listener says it when there is a line."""
        if self._presence is not None:
            self._presence.say(person, place)

    def _on_changed(self, _changes: Any) -> None:
        if self._carrying is not None:
            self.count_refused()

    def count_refused(self) -> None:
        """In the reader's thread; the line says it once it is known."""
        workspace = self._desk.bridge.workspace
        self._desk.bridge.fetch(refused_here, workspace.device.id, workspace.folder, then=self._take_refused)

    def _take_refused(self, count: int) -> None:
        if count != self.refused:
            self.refused = count
            self._show_now()

    @Slot()
    def end(self) -> None:
        """Lets what is under way end; a network that hangs is not waited for."""
        self._timer.stop()
        self._slow.stop()
        if self._carrying is not None:
            self._carrying.end()

    @Slot(object)
    def _show(self, status: "Status") -> None:
        """An exchange that is over at once does not flicker."""
        self.status = status
        self.shown.emit(status)
        if str(status.phase) != "syncing":
            self._slow.stop()
            self._show_now()
        elif not self._slow.isActive():
            self._slow.start()

    def _show_now(self) -> None:
        if self.status is not None and not self._desk.bridge.is_closed:
            offset_ms = self._desk.bridge.workspace.offset_ms
            correct_now(offset_ms)
            self._statusbar.set_exchange(*told(self.status, self._desk.zone, self.refused, offset_ms))


def _connect(workspace: Any) -> "Connection":
    from sync.client.sharing import connect

    return connect(workspace)


def refused_here(reader: Reader, device: bytes, folder: Path) -> int:
    """Actions of this device that the server refused and nobody has looked after yet."""
    from app.queries.rejected import rejected
    from sync.client.put_away import put_away

    return len(rejected(reader, device, put_away=put_away(folder)))


def told(status: "Status", zone: str, refused: int = 0, offset_ms: int = 0) -> tuple[str, str, str, str]:
    """Sign, colour, words and the whole sentence of how the exchange stands. `offset_ms`: what the clock here lacks."""
    phase, waiting = str(status.phase), status.waiting
    at = local(status.reached_ms, zone).strftime("%H:%M") if status.reached_ms else ""
    if phase == "syncing":
        return "synced", "running", _("Syncing…"), ""
    if phase == "denied":
        return "offline", "late", _("Server refuses"), status.reason
    if refused and phase == "synced":
        words = counted("{n} entry refused", "{n} entries refused", refused)
        return "warning", "late", words, _("What the server refused, and what can be done about it")
    more = counted("{n} change waits to be sent.", "{n} changes wait to be sent.", waiting) if waiting else ""
    if phase == "offline":
        words = _("Offline since {time}").format(time=at) if at else _("Server not reached")
        return "offline", "waiting", f"{words} · {waiting}" if waiting else words, status.reason or more
    if status.reason:
        return "offline", "late", _("Server in doubt"), status.reason
    from sync.client.clocks import warning  # the window does not wait for it

    if wrong_clock := warning(offset_ms):
        return "clock", "late", _("Clock is off"), wrong_clock
    if waiting:
        return "synced", "waiting", counted("{n} change waits", "{n} changes wait", waiting), more
    return "synced", "done", _("Synced {time}").format(time=at), ""
