"""A real server process on loopback: commits a second through the whole path, and how soon news reach who listens."""

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import apsw
import httpx
from websockets.asyncio.client import ClientConnection, connect

from app.commands import tasks
from app.commands.stating import Signer
from app.domain.words import Access
from app.storage.delivery import Delivery, Held
from app.storage.keys import CHEAP
from app.workspace import Workspace
from sync.client import sharing
from sync.client.connection import Connection
from sync.client.runner import Runner
from sync.core import frames, wire
from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground
from tests.sync.serving import Server, a_server
from tests.sync.team import owned_by_ada

LAPTOPS, EACH, A_PUSH, ROUNDS, TASKS = 4, 500, 50, 5, 2_000
LISTENERS, NEWS = (50, 200), 30
_RAW = "raw inserts, 50 a commit"
_HELLO = "one GET on loopback"
_GOAL_MS = 1000 / 3000  # 3,000 commits a second on SQLite


def servers(ground: Ground) -> Iterator[Figure]:
    """Few rounds where it is only a try."""
    folder = ground.place("server")
    rounds, each = (ROUNDS, EACH) if ground.rounds > 2 else (2, A_PUSH)
    with a_server(folder) as server:
        ada, signer, project = _shared(folder, server)
        laptops = [ada, *(_joined(folder, ada, signer, number) for number in range(LAPTOPS - 1))]
        try:
            yield _pushed(folder, laptops, project, rounds, each)
            for number in LISTENERS:
                yield asyncio.run(_heard(ada, server, project, number, NEWS if rounds > 2 else 3))
        finally:
            for workspace in laptops:
                workspace.close()


def _shared(folder: Path, server: Server) -> tuple[Workspace, Signer, bytes]:
    ada = Workspace.open(folder / "ada", cost=CHEAP, passphrase=lambda: "x" * 12)
    signer, project = owned_by_ada(ada, *(f"Task {number}" for number in range(TASKS)))
    sharing.share(ada, signer, server.address)
    return ada, signer, project


def _joined(folder: Path, ada: Workspace, signer: Signer, number: int) -> Workspace:
    name = f"ben{number}"
    invitation = sharing.invite(ada, signer, name, name, Access.EDITOR)
    exchange(ada)
    return sharing.join(
        folder / name, invitation, lambda *_: ("4711", "pin"), cost=CHEAP, passphrase=lambda: "x" * 12
    )


def exchange(workspace: Workspace) -> None:
    connection = sharing.connect(workspace)
    Runner(workspace, connection).once()
    connection.close()


# -- commits a second ----------------------------------------------------------------------------------------------


def _pushed(folder: Path, laptops: Sequence[Workspace], project: bytes, rounds: int, each: int) -> Figure:
    """Each laptop has commits that wait; all push at once, 50 a message. Making and reading them is not measured."""
    taken, raw = [], []
    for number in range(rounds):
        messages = [
            _messages(workspace, project, each, number * LAPTOPS + which)
            for which, workspace in enumerate(laptops)
        ]
        bodies = [packet.body for _head, parts in messages for part in parts for packet in part.packets]
        connections = [sharing.connect(workspace) for workspace in laptops]
        for connection in connections:
            connection.token()

        begun = time.perf_counter()
        with ThreadPoolExecutor(len(laptops)) as pool:
            list(pool.map(_push, connections, messages))
        taken.append((time.perf_counter() - begun) * 1000 / len(bodies))
        raw.append(_raw(folder / f"raw{number}.db", bodies) / len(bodies))
        for connection in connections:
            connection.close()
    return Figure(
        *("server", "commit accepted, 4 laptops, one log", 0, "ms", Sample(taken), _RAW, Sample(raw)),
        goal_p99=_GOAL_MS,
    )


def _push(connection: Connection, message: tuple[wire.Head, list[Delivery]]) -> None:
    head, parts = message
    for part in parts:
        theirs, _came = connection.exchange(head, part)
        head = replace(head, held=theirs.held)  # as after taking in what came


def _messages(
    workspace: Workspace, project: bytes, each: int, number: int
) -> tuple[wire.Head, list[Delivery]]:
    """Commits made since the last exchange, in parts."""
    exchange(workspace)
    before = workspace.held()
    ids = [
        task
        for (task,) in workspace.read(
            lambda reader: reader.rows("SELECT id FROM task WHERE log = ?", (project,))
        )
    ]
    for count in range(each):
        workspace.run(
            tasks.set_task,
            ids[(number % LAPTOPS + LAPTOPS * count) % len(ids)],
            {"minutes": 1 + number * each + count},
        )
    packets = workspace.give(Held(before.commits, workspace.held().leaves)).packets
    assert len(packets) == each
    parts = [Delivery(packets[start : start + A_PUSH]) for start in range(0, each, A_PUSH)]
    return wire.Head(workspace.id, workspace.device.id, workspace.held()), parts


def _raw(path: Path, bodies: Sequence[bytes]) -> float:
    """Milliseconds for SQLite alone, as durable as the server's."""
    raw = apsw.Connection(str(path))
    for sql in (
        "PRAGMA journal_mode=wal",
        "PRAGMA synchronous=full",
        "CREATE TABLE entry (id INTEGER PRIMARY KEY, body)",
    ):
        raw.execute(sql).fetchall()
    begun = time.perf_counter()
    for start in range(0, len(bodies), A_PUSH):
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(
            "INSERT INTO entry (body) VALUES (?)", [(body,) for body in bodies[start : start + A_PUSH]]
        )
        raw.execute("COMMIT")
    spent = (time.perf_counter() - begun) * 1000
    raw.close()
    return spent


# -- live ----------------------------------------------------------------------------------------------------------


async def _heard(ada: Workspace, server: Server, project: bytes, listeners: int, news: int) -> Figure:
    """From the push of one edit to when each listener holds its bytes; load, server and sockets on one machine."""
    exchange(ada)
    connection = sharing.connect(ada)
    headers = {"Authorization": f"Bearer {connection.token()}"}
    url = f"ws://127.0.0.1:{server.port}/v1/live"
    sockets = [
        await connect(url, additional_headers=headers, compression=None, max_size=None)
        for _ in range(listeners)
    ]
    runner = Runner(ada, connection)
    runner.once()
    delays, round_trips = [], []
    task = ada.read(lambda reader: reader.value("SELECT min(id) FROM task WHERE log = ?", (project,)))
    for number in range(news):
        ada.run(tasks.set_task, task, {"minutes": 5000 + number})
        begun = time.perf_counter()
        pushing = threading.Thread(target=runner.once)
        pushing.start()
        delays += [
            (moment - begun) * 1000 for moment in await asyncio.gather(*(_commit(one) for one in sockets))
        ]
        pushing.join()
        round_trips.append(await asyncio.to_thread(_hello, connection._http))
    await asyncio.gather(*(one.close() for one in sockets))
    connection.close()
    return Figure(
        *("server", f"news to {listeners} listeners", 0, "ms", Sample(delays), _HELLO, Sample(round_trips)),
        goal_p99=100,
    )


async def _commit(socket: ClientConnection) -> float:
    """When the next message with a commit is here; heartbeats say nothing new."""
    while True:
        message = await socket.recv()
        moment = time.perf_counter()
        assert isinstance(message, bytes)
        if wire.read(frames.from_bytes(message))[1].packets:
            return moment


def _hello(http: httpx.Client) -> float:
    begun = time.perf_counter()
    http.get("/v1/hello")
    return (time.perf_counter() - begun) * 1000
