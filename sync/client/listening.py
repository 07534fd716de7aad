"""Live news from the server: a thread that listens on a WebSocket and tells the exchange what it hears."""

import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.errors import LaunchbookError, VerifyError
from sync.client.connection import Connection
from sync.client.presence import LOOK_S, Presence
from sync.core import frames, wire
from sync.core.exchange import FIRST_WAIT_MS, LONGEST_WAIT_MS, Event, Heard, Listening
from sync.core.here import is_told

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

_MOST_NEWS = 1 << 22  # bytes of one message
_SILENT_S = 60.0  # the server's heart beats thrice in this time


def listen(
    connection: Connection,
    told: Callable[[Event], None],
    stop: threading.Event,
    presence: Presence | None = None,
) -> None:
    """Listens until it is stopped; what breaks is begun again, later each time. Polling goes on in the meantime."""
    failures = 0
    while not stop.is_set():
        try:
            _hear(connection, told, stop, presence)
            failures = 0
        except (LaunchbookError, OSError, TimeoutError):
            failures += 1
        except RuntimeError:
            if not stop.is_set():
                raise
            return  # its connection was closed with it
        told(Listening(live=False))
        wait_ms = min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(failures, 10))
        stop.wait(wait_ms * (0.5 + random.random() / 2) / 1000)  # noqa: S311 - only so that not all come at once


def _hear(
    connection: Connection,
    told: Callable[[Event], None],
    stop: threading.Event,
    presence: Presence | None,
) -> None:
    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect

    url = "ws" + connection.place.url.removeprefix("http") + "/v1/live"
    headers = {"Authorization": f"Bearer {connection.token()}"}
    try:
        with connect(
            url,
            additional_headers=headers,
            ssl=connection.tls,
            open_timeout=10,
            close_timeout=1,
            max_size=_MOST_NEWS,
            compression=None,
        ) as socket:
            told(Listening(live=True))
            if presence is not None:
                presence.begin()
            while not stop.is_set():
                message = _received(socket, stop, presence)
                if presence is not None and isinstance(message, bytes) and is_told(message):
                    presence.hear(message)
                elif message:
                    told(_news(connection, message))
    except WebSocketException as error:
        connection.forget_token()  # it may be why the socket was refused
        raise LaunchbookError(str(error)) from error


def _received(socket: "ClientConnection", stop: threading.Event, presence: Presence | None) -> str | bytes:
    """The next message, or nothing once it shall stop; what is to be said of who is here goes meanwhile."""
    if presence is None:
        return socket.recv(timeout=_SILENT_S)
    until = time.monotonic() + _SILENT_S
    while not stop.is_set():
        if word := presence.due():
            socket.send(word)
        try:
            return socket.recv(timeout=LOOK_S)
        except TimeoutError:
            if time.monotonic() > until:
                raise
    return b""


def _news(connection: Connection, message: str | bytes) -> Heard:
    if isinstance(message, str):
        raise VerifyError("News are bytes.")
    head, delivery = wire.read(frames.from_bytes(message))
    if head.workspace != connection.workspace:
        raise VerifyError("News about another workspace.")
    return Heard(head.held, delivery)
