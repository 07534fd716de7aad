"""A workspace that came as a snapshot: its history is verified beside the window, and the status bar says how far that is."""

import logging
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.errors import LaunchbookError
from app.i18n import _
from app.storage.engine import Reader
from ui.desktop.desk import Desk
from ui.desktop.frame.statusbar import StatusBar

if TYPE_CHECKING:
    from sync.client.settling import Settling

log = logging.getLogger("launchbook.desktop")

_END_S = 2.0


class VerifyingHistory(QObject):
    """Begins where the history was not verified yet, and ends with the window; then it begins again at the next start."""

    _told = Signal(int, int)
    _ended = Signal(object)

    def __init__(self, desk: Desk, statusbar: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._statusbar = statusbar
        self._settling: Settling | None = None
        self._thread: threading.Thread | None = None
        self._told.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        desk.bridge.closing.connect(self.end)

    def begin(self) -> None:
        self._desk.bridge.fetch(_state, then=self._take_state)

    def _take_state(self, state: tuple[bool, list[str]]) -> None:
        is_unverified, doubts = state
        if doubts:
            self._on_ended(doubts)
        elif is_unverified and self._thread is None and not self._desk.bridge.is_closed:
            self._show(0, 0)
            self._thread = threading.Thread(
                target=self._verify, args=(self._desk.bridge.workspace,), name="verifying", daemon=True
            )
            self._thread.start()

    def _verify(self, workspace: Any) -> None:
        from sync.client.settling import Settling, fetch_anew
        from sync.client.sharing import connect

        self._settling = Settling(workspace)
        try:
            problems = self._settling.run(self._desk.bridge.wait_for, self._told.emit)
            if problems:
                fetch_anew(workspace, connect)
            self._ended.emit(problems)
        except (LaunchbookError, ValueError, RuntimeError) as error:
            if not self._desk.bridge.is_closed:
                log.warning("the history was not verified to its end: %s", error)
                self._ended.emit(None)

    @Slot()
    def end(self) -> None:
        if self._settling is not None:
            self._settling.end()
        if self._thread is not None:
            self._thread.join(_END_S)

    @Slot(int, int)
    def _show(self, done: int, total: int) -> None:
        percent = done * 100 // total if total else 0
        self._statusbar.set_history(
            "clock",
            "running",
            _("Verifying history · {percent} %").format(percent=percent),
            _("You can work on it already. Sign once its whole history is verified."),
        )

    @Slot(object)
    def _on_ended(self, problems: list[str] | None) -> None:
        """None where it came to no end."""
        if problems is None:
            self._statusbar.set_history(
                "warning",
                "late",
                _("History not verified"),
                _("The verification was interrupted. It begins again at the next start."),
            )
        elif problems:
            told = _(
                "What the server gave as the present state does not follow from the history. Close the workspace and open it "
                "again: it goes on with what holds, and with what was done here. {first}"
            ).format(first=problems[0])
            self._statusbar.set_history("warning", "late", _("State in doubt"), told)
            self._desk.bridge.refused.emit(told)
        else:
            self._statusbar.set_history("", "", "")


def _state(reader: Reader) -> tuple[bool, list[str]]:
    """Whether the history is still to be verified, and what was found not to hold when it was."""
    if reader.value("SELECT 1 FROM meta WHERE key = 'unverified'") is None:
        return False, []  # as nearly always: nothing more is loaded for it
    from app.storage.snapshots import doubts_of_snapshot

    return True, doubts_of_snapshot(reader)
