"""The workspaces a server holds, each a replica in a folder of its own, and the one thread that writes to each."""

import hmac
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app import platform
from app.clock import Clock
from app.errors import LaunchbookError
from app.storage.delivery import Delivery, Held
from app.storage.keys import Device, KeyStore
from app.storage.replica import Taken
from app.workspace import DATABASE, KEYS, Workspace
from sync.core import frames, wire
from sync.core.sessions import Doorkeeper

log = logging.getLogger("launchbook.server")

WORKSPACES, CODE = "workspaces", "code"
INLINE_BYTES, MOST_INLINE = 4096, 20  # what is new goes with the news up to these bytes and commits
MOST_TOGETHER = 2_000  # commits that wait for one transaction


@dataclass
class Hosted:
    """One workspace at the server. Requests that come together share a transaction: that is what a disk is slow at."""

    workspace: Workspace
    _listeners: list[Callable[[bytes], None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pending: list[tuple[Delivery, Future[Taken]]] = field(default_factory=list)
    _busy: bool = False
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "writer"))

    def take(self, delivery: Delivery) -> Future[Taken]:
        """Takes a delivery in with whatever else is waiting; done once it is on the disk."""
        done: Future[Taken] = Future()
        with self._lock:
            self._pending.append((delivery, done))
            if not self._busy:
                self._busy = True
                self._writer.submit(self._drain)
        return done

    def _drain(self) -> None:
        while part := self._next():
            before: Held | None = None
            with _only_told("what was held before the news"):
                before = self.workspace.held() if self._listeners else None
            if self._taken(part) and before is not None:
                with _only_told("the news"):
                    self._tell_news(before)

    def _taken(self, part: list[tuple[Delivery, Future[Taken]]]) -> bool:
        """Takes requests in together; where that fails each on its own, so that one of them harms no other."""
        try:
            taken = self.workspace.take(_joined([delivery for delivery, _ in part]))
        except Exception as error:
            if len(part) > 1:
                alone = [self._taken([one]) for one in part]
                return any(alone)
            if not isinstance(error, LaunchbookError):
                log.exception("a request could not be taken in")
            part[0][1].set_exception(error)
            return False
        for _delivery, done in part:
            done.set_result(taken)
        return taken.news > 0

    def _tell_news(self, before: Held) -> None:
        """What is new comes along where it is small; else whoever lacks it asks."""
        news = self.workspace.give(before, None, MOST_INLINE)
        if news.left or sum(packet.size for packet in news.packets) > INLINE_BYTES:
            news = Delivery()
        message = self.message(self.workspace.held(), news)
        for listener in tuple(self._listeners):
            listener(message)

    def beat(self) -> bytes:
        """That the server is there, and what it holds."""
        return self.message(self.workspace.held(), Delivery())

    def message(self, held: Held, delivery: Delivery) -> bytes:
        head = wire.Head(self.workspace.id, self.workspace.device.id, held)
        return frames.to_bytes(wire.records(head, delivery))

    def _next(self) -> list[tuple[Delivery, Future[Taken]]]:
        with self._lock:
            part: list[tuple[Delivery, Future[Taken]]] = []
            commits = 0
            while self._pending and commits < MOST_TOGETHER:
                part.append(self._pending.pop(0))
                commits += len(part[-1][0].packets)
            self._busy = bool(part)
            return part

    def listen(self, listener: Callable[[bytes], None]) -> Callable[[], None]:
        """Calls the listener with a message of what is new, on the writer's thread; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def close(self) -> None:
        """Finishes what was begun."""
        self._writer.shutdown(wait=True)
        self.workspace.close()


@contextmanager
def _only_told(what: str) -> Iterator[None]:
    """A fault in telling harms no request: whoever hears nothing asks."""
    try:
        yield
    except Exception:
        log.exception("%s could not be told", what)


def _joined(deliveries: list[Delivery]) -> Delivery:
    packets = tuple(packet for one in deliveries for packet in one.packets)
    return Delivery(packets, tuple(receipt for one in deliveries for receipt in one.receipts))


class House:
    """A server's folder: its key, the code that lets somebody bring a workspace, and the workspaces."""

    def __init__(self, folder: Path, *, clock: Clock | None = None, name: str = "server") -> None:
        self.folder = platform.private_folder(folder)
        self.clock = clock or Clock()
        self.device: Device = KeyStore(folder / KEYS, self.clock).device(name)
        self.code = self._code()
        secret = HKDF(SHA256(), 32, None, b"launchbook/doorkeeper/1").derive(
            self.device.private.private_bytes_raw()
        )
        self.doorkeeper = Doorkeeper(secret)
        self._hosted: dict[bytes, Hosted] = {}
        self._lock = threading.Lock()

    def _code(self) -> str:
        """Whoever knows it may bring a workspace here."""
        path = self.folder / CODE
        if not path.exists():
            platform.write_private(path, self.clock.random_bytes(10).hex().encode())
        return path.read_text(encoding="ascii").strip()

    def takes(self, code: bytes) -> bool:
        """Whether this is the code, without telling by the time it takes."""
        return hmac.compare_digest(code, self.code.encode())

    def find(self, workspace: bytes) -> Hosted | None:
        """A workspace that is held here."""
        with self._lock:
            if workspace not in self._hosted and (self._place(workspace) / DATABASE).exists():
                self._open(workspace)
            return self._hosted.get(workspace)

    def begin(self, workspace: bytes) -> Hosted:
        """Makes room for a workspace that somebody brings."""
        with self._lock:
            if workspace not in self._hosted:
                self._open(workspace)
            return self._hosted[workspace]

    def _open(self, workspace: bytes) -> None:
        mirror = Workspace.mirror(self._place(workspace), workspace, self.device, clock=self.clock)
        self._hosted[workspace] = Hosted(mirror)

    def _place(self, workspace: bytes) -> Path:
        return self.folder / WORKSPACES / workspace.hex()

    @property
    def hosted(self) -> list[Hosted]:
        return list(self._hosted.values())

    def close(self) -> None:
        for one in self.hosted:
            one.close()
        self._hosted.clear()
