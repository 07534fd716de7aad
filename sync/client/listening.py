"""Live news from the server: a thread that listens on a WebSocket and tells the exchange what it hears."""

import random
import threading
from collections.abc import Callable

from app.errors import LaunchbookError, VerifyError
from sync.client.connection import Connection
from sync.core import frames, wire
from sync.core.exchange import FIRST_WAIT_MS, LONGEST_WAIT_MS, Event, Heard, Listening

_MOST_NEWS = 1 << 22  # bytes of one message
_SILENT_S = 60.0  # the server's heart beats thrice in this time


def listen(connection: Connection, told: Callable[[Event], None], stop: threading.Event) -> None:
    """Listens until it is stopped; what breaks is begun again, later each time. Polling goes on in the meantime."""
    failures = 0
    while not stop.is_set():
        try:
            _hear(connection, told, stop)
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


def _hear(connection: Connection, told: Callable[[Event], None], stop: threading.Event) -> None:
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
            while not stop.is_set():
                told(_news(connection, socket.recv(timeout=_SILENT_S)))
    except WebSocketException as error:
        connection.forget_token()  # it may be why the socket was refused
        raise LaunchbookError(str(error)) from error


def _news(connection: Connection, message: str | bytes) -> Heard:
    if isinstance(message, str):
        raise VerifyError("News are bytes.")
    head, delivery = wire.read(frames.from_bytes(message))
    if head.workspace != connection.workspace:
        raise VerifyError("News about another workspace.")
    return Heard(head.held, delivery)
