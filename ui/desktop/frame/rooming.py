"""The war room this window is in: opened here or entered, shown in the status bar, left with the window."""

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.i18n import _
from ui.desktop.desk import Desk
from ui.desktop.frame.carrying import Carrying
from ui.desktop.frame.statusbar import StatusBar
from ui.desktop.moments import correct_now

if TYPE_CHECKING:
    from sync.client.connection import Connection
    from sync.client.place import Place
    from sync.core.exchange import Status
    from sync.room.opening import Room


_END_S = 5.0


class Rooming(QObject):
    """One room at a time, beside the exchange with the server."""

    shown = Signal(object)  # how the exchange with the room stands; None without a room
    _told = Signal(object)

    def __init__(self, desk: Desk, statusbar: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._statusbar = desk, statusbar
        self.room: Room | None = None  # where it was opened on this laptop
        self.place: Place | None = None
        self.status: Status | None = None
        self._carrying: Carrying | None = None
        self._told.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._ending: threading.Thread | None = None
        desk.bridge.closing.connect(self._close)

    def opened(self, room: "Room") -> None:
        """A room whose process runs already."""
        self.leave()
        self.room = room
        self._enter(room.place)

    def entered(self, place: "Place") -> None:
        """A room on another laptop."""
        self.leave()
        self._enter(place)

    def _enter(self, place: "Place") -> None:
        self.place = place
        self._carrying = Carrying(self._desk.bridge, self._connect, self._told.emit)
        self._say(_("War room"), "waiting", "")

    def _connect(self, workspace: Any) -> "Connection":
        from sync.client.sharing import connect

        return self.room.connect(workspace) if self.room is not None else connect(workspace, self.place)

    @Slot()
    def leave(self) -> None:
        """Closes the room where it was opened here; what came stays with everybody."""
        if self._carrying is not None:  # a network that hangs holds no window up
            self._ending = threading.Thread(target=_end, args=(self._carrying, self.room), name="leaving")
            self._ending.start()
        self.room = self.place = self.status = self._carrying = None
        self._say("", "", "")
        self.shown.emit(None)

    @Slot()
    def _close(self) -> None:
        """With the workspace: nobody is left who could serve a room."""
        self.leave()
        if self._ending is not None:
            self._ending.join(_END_S)

    @Slot(object)
    def _show(self, status: "Status") -> None:
        if self.place is None:
            return  # it was left while this was on its way
        self.status = status
        correct_now(self._desk.bridge.workspace.offset_ms)
        self.shown.emit(status)
        phase = str(status.phase)
        if phase in ("offline", "denied"):
            self._say(_("War room not reached"), "late", status.reason)
        else:
            self._say(_("War room"), "done", "")

    def _say(self, text: str, tone: str, more: str) -> None:
        if not self._desk.bridge.is_closed:
            self._statusbar.set_room(text, tone, more or _("Its words, and how to leave it"))


def _end(carrying: Carrying, room: "Room | None") -> None:
    carrying.end()
    if room is not None:
        room.close()
