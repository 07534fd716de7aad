"""The workspaces a server holds, each a replica in a folder of its own, and the one thread that writes to each.

Where a ledger is given, the truth is there and each process's replicas are caches that can be made anew.
"""

import hmac
import json
import logging
import shutil
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app import platform
from app.clock import Clock
from app.errors import LaunchbookError, StorageError
from app.i18n import _
from app.queries.named_files import sizes_of
from app.storage.changes import ChangeSet
from app.storage.delivery import Delivery, Held
from app.storage.erased import ERASED
from app.storage.forgetting import Forgetting
from app.storage.keys import Device, KeyStore
from app.storage.replica import Taken
from app.workspace import DATABASE, KEYS, Workspace
from sync.core import frames, wire
from sync.core.answer import Sight
from sync.core.sessions import Doorkeeper, Token
from sync.server import admitting
from sync.server.ledger import Ledger
from sync.server.offering import LEAST_BYTES, Offering
from sync.server.shared import SharedReplica
from sync.server.shelf import Shelf

log = logging.getLogger("launchbook.server")

Replica = Workspace | SharedReplica
Listener = Callable[[bytes | None], None]
_DECIDE_ACCESS = frozenset({"statement", "certificate", "device", "person", "project"})

WORKSPACES, CACHES, FILES, CODE, CLAIM = "workspaces", "caches", "files", "code", "claim"
SNAPSHOT = "snapshot"  # in a workspace's folder
LAST_BACKUP = "backup.json"  # of when the newest is
MOST_FILES = 20 << 30  # bytes of files that a workspace may keep here
LOOK_S = 0.5  # between two looks at what other processes stored
_DOWN_S = 10.0  # the same while the database does not answer
INLINE_BYTES, MOST_INLINE = 4096, 20  # what is new goes with the news up to these bytes and commits
MOST_TOGETHER = 2_000  # commits that wait for one transaction


@dataclass
class Hosted:
    """One workspace at the server. Requests that come together share a transaction: that is what a disk is slow at."""

    replica: Replica
    server: bytes  # the server's device
    shelf: Shelf
    offering: Offering
    _listeners: list[tuple[Listener, Token]] = field(default_factory=list)
    _sights: dict[Token, Sight | None] = field(default_factory=dict)
    _told: Held | None = None  # what those who listen know of
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pending: list[tuple[Delivery, Future[Taken]]] = field(default_factory=list)
    _busy: bool = False
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "writer"))

    def __post_init__(self) -> None:
        self._forgetting = Forgetting(self.shelf.store)
        self.here.read(self._forgetting.at_opening)
        self.replica.subscribe(self._look_again)

    def _look_again(self, changes: ChangeSet) -> None:
        """Who may read what is asked anew after whatever may have changed it."""
        if not changes.changes or any(one.table in _DECIDE_ACCESS for one in changes.changes):
            self._sights = {}
        erased = changes.touched(ERASED)
        self._forgetting.again(erased)
        if erased:
            self.offering.withdraw()

    def sight(self, token: Token) -> Sight | None:
        """What the device of a token may be told; None for one that is let in no more."""
        if isinstance(self.replica, SharedReplica):
            self.replica.catch_up()  # another process may have heard of a change
        sights = self._sights
        if token not in sights:
            sights[token] = self.replica.read(admitting.sight_of, token)
        return sights[token]

    def sizes(self, hashes: Collection[bytes], token: Token) -> dict[bytes, int]:
        """The sizes of those files that a log names which the device of a token may read."""
        sight = self.sight(token)
        logs = sight.logs if sight is not None else ()
        return self.replica.read(sizes_of, hashes, logs)

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
            self._taken(part)
            with _only_told():
                self._tell_news()

    def _taken(self, part: list[tuple[Delivery, Future[Taken]]]) -> None:
        """Takes requests in together; where that fails each on its own, so that one of them harms no other."""
        try:
            taken = self.replica.take(_joined([delivery for delivery, _ in part]))
        except Exception as error:
            if len(part) > 1:
                for one in part:
                    self._taken([one])
                return
            if not isinstance(error, LaunchbookError):
                log.exception("a request could not be taken in")
            part[0][1].set_exception(error)
            return
        self._forgetting.again()
        for _delivery, done in part:
            done.set_result(taken)

    @property
    def here(self) -> Workspace:
        """What this process holds, whatever the database says by now."""
        return self.replica.workspace if isinstance(self.replica, SharedReplica) else self.replica

    @property
    def waiting(self) -> int:
        """How many requests wait to be taken in."""
        return len(self._pending)

    def look(self) -> None:
        """Tells what came by another process, if anybody listens. Raises StorageError where that cannot be seen."""
        if self._listeners:
            self._writer.submit(self._tell_news).result()

    def _tell_news(self) -> None:
        """On the writer's thread. What is new comes along where it is small; else whoever lacks it asks."""
        if not self._listeners:
            self._told = None
            return
        held = self.replica.held()
        before, self._told = self._told, held
        if before == held:
            return
        news = self.replica.give(before, None, MOST_INLINE) if before is not None else Delivery()
        if news.left or sum(packet.size for packet in news.packets) > INLINE_BYTES:
            news = Delivery()
        message = self.message(held, news)
        for listener, token in tuple(self._listeners):
            sight = self.sight(token)
            if sight is None:
                listener(None)
            elif sight.logs is None:
                listener(message)
            else:
                listener(self.message(sight.held(held), sight.told(news)))

    def beat(self, token: Token) -> bytes | None:
        """That the server is there, and what it holds; None for who is let in no more."""
        sight = self.sight(token)
        return self.message(sight.held(self.replica.held()), Delivery()) if sight is not None else None

    def message(self, held: Held, delivery: Delivery) -> bytes:
        head = wire.Head(self.replica.id, self.server, held)
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

    def listen(self, listener: Listener, token: Token) -> Callable[[], None]:
        """Calls the listener with a message of what is new to its device, on the writer's thread; returns what ends it.

        None says that the device is let in no more.
        """
        listening = (listener, token)
        self._listeners.append(listening)
        self._writer.submit(self._tell_news)  # from here on what is new comes along
        return lambda: self._listeners.remove(listening)

    def close(self) -> None:
        """Finishes what was begun."""
        self._writer.shutdown(wait=True)
        self.replica.close()


@contextmanager
def _only_told() -> Iterator[None]:
    """A fault in telling harms no request: whoever hears nothing asks."""
    try:
        yield
    except Exception:
        log.exception("the news could not be told")


def _joined(deliveries: list[Delivery]) -> Delivery:
    packets = tuple(packet for one in deliveries for packet in one.packets)
    return Delivery(packets, tuple(receipt for one in deliveries for receipt in one.receipts))


class House:
    """A server's folder: its key, the code that lets somebody bring a workspace, and the workspaces.

    Several processes that share a ledger are one server when they share this folder, files of evidence included; each has
    a cache of its own there. A workspace of `snapshot_bytes` is offered as a snapshot. Raises StorageError where the ledger cannot be reached, or the folder is another process's.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock | None = None,
        name: str = "server",
        ledger: Ledger | None = None,
        most_bytes: int = MOST_FILES,
        snapshot_bytes: int = LEAST_BYTES,
    ) -> None:
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
        self._ledger = ledger
        self._most_bytes, self._snapshot_bytes = most_bytes, snapshot_bytes
        self._places, self._claim = folder / WORKSPACES, None
        self._closing = threading.Event()
        if ledger is None:
            self._claim = _only_one(folder)
        else:
            ledger.create()
            self._places, self._claim = _free_cache(folder / CACHES)
            threading.Thread(target=self._look, name="looking", daemon=True).start()

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
            if workspace not in self._hosted and self._is_held(workspace):
                self._open(workspace)
            return self._hosted.get(workspace)

    def begin(self, workspace: bytes) -> Hosted:
        """Makes room for a workspace that somebody brings."""
        with self._lock:
            if workspace not in self._hosted:
                self._open(workspace)
            return self._hosted[workspace]

    def _is_held(self, workspace: bytes) -> bool:
        if self._ledger is not None:
            return bool(self._ledger.heads(workspace))
        return (self._place(workspace) / DATABASE).exists()

    def _open(self, workspace: bytes) -> None:
        mirror = Workspace.mirror(self._place(workspace), workspace, self.device, clock=self.clock)
        replica = mirror if self._ledger is None else SharedReplica(mirror, self._ledger)
        shelf = Shelf(self.folder / FILES / workspace.hex(), self._most_bytes)
        offering = Offering(self._place(workspace) / SNAPSHOT, self.device, self.clock, self._snapshot_bytes)
        self._hosted[workspace] = Hosted(replica, self.device.id, shelf, offering)

    def _place(self, workspace: bytes) -> Path:
        return self._places / workspace.hex()

    def _look(self) -> None:
        """In a thread of its own: what other processes stored is told here as well, until the house is closed."""
        wait_s = LOOK_S
        while not self._closing.wait(wait_s):
            try:
                for one in self.hosted:
                    one.look()
                wait_s = LOOK_S
            except Exception:
                if wait_s == LOOK_S and not self._closing.is_set():
                    log.exception("what other processes stored cannot be seen")
                wait_s = _DOWN_S

    def check(self) -> None:
        """Raises StorageError unless what is held can be read."""
        if self._ledger is not None:
            self._ledger.workspaces()
        for one in self.hosted:
            one.replica.read(lambda reader: reader.value("SELECT 1"))

    def state(self) -> dict[str, float]:
        """How it stands at this moment, for who runs it."""
        elsewhere = "SELECT count(*) FROM log WHERE sequencer <> ?"
        return {
            "workspaces": len(self.hosted),
            "waiting": sum(one.waiting for one in self.hosted),
            "logs ordered elsewhere": sum(
                one.here.read(lambda reader: reader.value(elsewhere, (self.device.public,)))
                for one in self.hosted
            ),
            "disk free bytes": self.disk_free,
            "last backup seconds": (last_backup(self.folder) or 0) / 1000,
        }

    @property
    def disk_free(self) -> int:
        """Bytes where the server's data is."""
        return shutil.disk_usage(self.folder).free

    @property
    def hosted(self) -> list[Hosted]:
        return list(self._hosted.values())

    def close(self) -> None:
        self._closing.set()
        for one in self.hosted:
            one.close()
        self._hosted.clear()
        if self._ledger is not None:
            self._ledger.close()
        if self._claim is not None:
            self._claim.close()


def last_backup(folder: Path) -> int | None:
    """When a server's folder was last backed up (UTC ms); None where it never was."""
    try:
        return int(json.loads((folder / LAST_BACKUP).read_text(encoding="utf-8"))["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _only_one(folder: Path) -> BinaryIO:
    """Two processes on one folder would give two orders; with a database they are one server."""
    claimed = platform.claim(folder / CLAIM)
    if claimed is None:
        raise StorageError(
            _(
                "Another server works in {folder} already. Stop it, or give this one a folder of its own."
            ).format(folder=folder)
        )
    return claimed


def _free_cache(folder: Path) -> tuple[Path, BinaryIO]:
    """The first cache that no other process uses; it may have been another one's before."""
    for number in count(1):
        place = platform.private_folder(folder / str(number))
        claimed = platform.claim(place / CLAIM)
        if claimed is not None:
            return place, claimed
    raise AssertionError  # it counts for ever
