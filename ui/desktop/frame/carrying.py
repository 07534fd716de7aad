"""Goes on exchanging with a server or a room, in a thread of its own, until it is told to end."""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sync.client.connection import Connection
    from sync.client.presence import Presence
    from sync.client.runner import Runner
    from sync.core.exchange import Status
    from ui.desktop.bridge import Bridge

log = logging.getLogger("launchbook.desktop")

_AGAIN_S = 30.0
_END_S = 2.0


class Carrying:
    """`connect` makes a connection, anew after each fault; `told` hears of every status, on this thread."""

    def __init__(
        self,
        bridge: "Bridge",
        connect: "Callable[[Any], Connection]",
        told: "Callable[[Status], None]",
        presence: "Presence | None" = None,
    ) -> None:
        self._bridge, self._connect, self._told = bridge, connect, told
        self._presence = presence
        self._stop = threading.Event()
        self._runner: Runner | None = None
        self._thread = threading.Thread(
            target=self._carry, args=(bridge.workspace,), name="exchange", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """Lets what is under way end; a network that hangs is not waited for."""
        self._stop.set()
        if self._runner is not None:
            self._runner.tell(None)
        self._thread.join(_END_S)

    def _carry(self, workspace: Any) -> None:
        from app.errors import LaunchbookError
        from sync.client.runner import Runner
        from sync.core.exchange import Phase, Status

        while not self._stop.is_set():
            try:
                connection = self._connect(workspace)
            except LaunchbookError as error:  # its certificate cannot be fetched yet, or is another one
                self._told(Status(Phase.OFFLINE, reason=str(error)))
                self._stop.wait(_AGAIN_S)
                continue
            self._runner = Runner(
                workspace, connection, take=self._bridge.take, told=self._told, presence=self._presence
            )
            try:
                self._runner.watch(self._stop)
            except Exception as error:
                if not self._stop.is_set():
                    log.exception("the exchange ended")
                    self._told(Status(Phase.OFFLINE, reason=str(error)))
                    self._stop.wait(_AGAIN_S)
            finally:
                connection.close()
