"""What another window or the command line wrote into the same workspace: looked for now and then, shown like any change."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.storage.changes import ChangeSet
from app.storage.engine import Reader

if TYPE_CHECKING:
    from ui.desktop.bridge import Bridge

_EVERY_MS = 3000


class Outside(QObject):
    """Our own writes announce themselves; a revision nobody announced came from elsewhere."""

    def __init__(self, bridge: "Bridge", parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._rev = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        self._timer.start()
        self.look()

    def note(self, rev: int) -> None:
        """What is shown holds at least this."""
        self._rev = max(self._rev, rev)

    def look(self) -> None:
        if self._bridge.workspace.is_open and self._bridge.is_idle():
            self._bridge.fetch(_newest, then=self._take)

    def _take(self, rev: int) -> None:
        came_from_outside = 0 < self._rev < rev and self._bridge.is_idle()
        if came_from_outside:
            self._bridge.changed.emit(ChangeSet(b"", "remote", rev, frozenset(), ()))
        elif not self._rev:
            self._rev = rev


def _newest(reader: Reader) -> int:
    return reader.rev
