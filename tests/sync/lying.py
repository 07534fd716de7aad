"""A server of the product's own that lies to those who ask it: on a socket, with its own key, one lie at a time."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.storage.delivery import Delivery, Held, Packet, Receipt
from app.storage.proofs import Leaf, append, checkpoint, root_of
from app.workspace import Workspace
from sync.core import frames, wire
from sync.server.__main__ import _listen
from sync.server.house import House
from sync.server.offering import LEAST_BYTES, Offering
from sync.server.web import application


class Found(StrEnum):
    """Where a lie is found out."""

    AT_ONCE = "the answer that holds it"
    AT_REST = "the end of that exchange"
    ON_MEETING = "the first contact of two who were told different things"
    NOT_A_LIE = "never: it changes nothing"


@dataclass(frozen=True)
class Answer:
    """What the server says to one exchange."""

    head: wire.Head
    delivery: Delivery

    def with_held(self, held: Held) -> "Answer":
        return replace(self, head=replace(self.head, held=held))

    def with_packets(self, packets: Sequence[Packet]) -> "Answer":
        return replace(self, delivery=replace(self.delivery, packets=tuple(packets)))

    def with_receipts(self, receipts: Sequence[Receipt]) -> "Answer":
        return replace(self, delivery=replace(self.delivery, receipts=tuple(receipts)))


@dataclass
class Evil:
    """The server, and what it knows about its victims. `lie` is told while it is set."""

    house: House
    port: int = 0
    lie: "Lie | None" = None
    project: bytes = b""
    faults: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/#{self.house.code}"

    @property
    def workspace(self) -> Workspace:
        (hosted,) = self.house.hosted
        assert isinstance(hosted.replica, Workspace)
        return hosted.replica

    @property
    def key(self) -> Ed25519PrivateKey:
        return self.house.device.private

    def told(self, body: bytes) -> bytes:
        """An answer, after the lie."""
        answer = Answer(*wire.read(frames.from_bytes(body)))
        try:
            lied = self.lie(self, answer) if self.lie is not None else answer
        except Exception as error:
            self.faults.append(repr(error))  # of the test, which would see no more than a server that is away
            raise
        if isinstance(lied, bytes):
            return lied
        return frames.to_bytes(wire.records(lied.head, lied.delivery))

    def leaves(self, log: bytes, epoch: int, upto: int) -> list[Leaf]:
        rows = self.workspace.read(
            lambda reader: reader.rows(
                "SELECT hash, received, accepted, reason FROM leaf WHERE log = ? AND epoch = ? AND number < ? "
                "ORDER BY number",
                (log, epoch, upto),
            )
        )
        return [Leaf(name, received, bool(accepted), reason) for name, received, accepted, reason in rows]

    def signed(
        self, receipt: Receipt, leaves: Sequence[Leaf], key: Ed25519PrivateKey | None = None
    ) -> Receipt:
        """Another order from the receipt's start on, properly signed."""
        whole = [*self.leaves(receipt.log, receipt.epoch, receipt.start), *leaves]
        note = checkpoint(key or self.key, receipt.log, receipt.epoch, len(whole), root_over(whole))
        return replace(receipt, leaves=tuple(leaves), checkpoint=note)


def root_over(leaves: Sequence[Leaf]) -> bytes:
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = append(frontier, size, leaf.leaf_hash())
    return root_of(frontier)


Lie = Callable[[Evil, Answer], Answer | bytes]


@dataclass(frozen=True)
class Attack:
    """What is told, where it is found out, a part of what is said then, and whether the order that was told stays."""

    lie: Lie
    found: Found
    says: str
    stays: bool

    @property
    def name(self) -> str:
        return self.lie.__name__


ATTACKS: list[Attack] = []


def attack(found: Found, says: str = "", *, stays: bool = False) -> Callable[[Lie], Lie]:
    def listed(lie: Lie) -> Lie:
        ATTACKS.append(Attack(lie, found, says, stays))
        return lie

    return listed


# -- in a snapshot -------------------------------------------------------------------------------------------------


class LyingOffering(Offering):
    """Changes the file before it is packed and signed."""

    sql: str = ""

    def _copied(self, workspace: Workspace, plain: Path) -> int:
        rev = super()._copied(workspace, plain)
        raw = sqlite3.connect(plain)
        before = raw.total_changes
        raw.executescript(self.sql)
        assert raw.total_changes > before or "CREATE" in self.sql, "the lie changed nothing"
        raw.close()
        return rev


def lie_in_snapshot(evil: Evil, sql: str) -> None:
    """From now on what is offered differs from what the log says."""
    (hosted,) = evil.house.hosted
    honest = hosted.offering
    hosted.offering = LyingOffering(honest._folder, honest._device, honest._clock, 1)
    hosted.offering.sql = sql


# -- on a socket ---------------------------------------------------------------------------------------------------


class Lying:
    """The product's server; its answers to exchanges go through the lie."""

    def __init__(self, app: ASGIApp, evil: Evil) -> None:
        self.app = app
        self.evil = evil

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != "/v1/exchange":
            await self.app(scope, receive, send)
            return
        started: list[Message] = []
        parts: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._say(started[0], b"".join(parts), send)

        await self.app(scope, receive, keep)

    async def _say(self, start: Message, body: bytes, send: Send) -> None:
        if start["status"] == 200:
            body = self.evil.told(body)
            start = {**start, "headers": [(b"content-length", str(len(body)).encode())]}
        await send(start)
        await send({"type": "http.response.body", "body": body})


@contextmanager
def an_evil_server(folder: Path, snapshot_bytes: int = LEAST_BYTES) -> Iterator[Evil]:
    """On a socket of this machine, in a thread; which offers workspaces of that size as snapshots."""
    listening = _listen("127.0.0.1", 0)
    evil = Evil(House(folder / "server", snapshot_bytes=snapshot_bytes), listening.getsockname()[1])
    config = uvicorn.Config(
        Lying(application(evil.house), evil), log_level="critical", lifespan="on", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield evil
    finally:
        server.should_exit = True
        thread.join(10)
