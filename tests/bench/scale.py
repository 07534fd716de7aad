"""What a server costs as more lies in it: longer logs, more devices, more workspaces, more who listen (`sync/SCALE.md`)."""

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from app.commands import founding
from app.commands.stating import Signer
from app.storage.delivery import Held
from app.storage.engine import Writer
from app.storage.keys import CHEAP, Device, KeyStore
from app.workspace import KEYS, Workspace
from sync.core import frames, wire
from sync.server.house import House
from tests.bench import servers
from tests.bench.ledgers import pushes, spent
from tests.bench.measure import Figure, Sample, interleaved
from tests.bench.plans import Ground
from tests.sync.serving import a_server
from tests.sync.team import owned_by_ada

LOGS, DEVICES, WORKSPACES, LISTENERS = (1_000, 10_000, 50_000), (10, 100, 1_000), 200, (500, 1_000, 2_000)
MEASURED, A_PUSH, TASKS, NEWS = 1_000, 50, 200, 10


def scale(ground: Ground) -> Iterator[Figure]:
    """Smaller where it is only a try."""
    quick = ground.rounds <= 2
    folder = ground.place("scale")
    yield from logs(folder, LOGS[:1] if quick else LOGS)
    yield from workspaces(folder, 10 if quick else WORKSPACES)
    yield from listeners(ground.place("listeners"), LISTENERS[:1] if quick else LISTENERS)


# -- one log ---------------------------------------------------------------------------------------------------------


def logs(folder: Path, sizes: tuple[int, ...]) -> Iterator[Figure]:
    """A server's replica whose log grows: what a commit costs then, and what it costs to say what is held."""
    ada, signer = _ada(folder / "ada")
    device: Device = KeyStore(folder / KEYS, ada.clock).device("server")
    server = Workspace.mirror(folder / "server", ada.id, device)
    ada.run(founding.hand_over_order, signer, device.id, "server", device.public)
    server.take(ada.give(server.held()))
    first: Sample | None = None
    for size in sizes:
        parts = pushes(ada, size - server.rev, A_PUSH)
        before = len(parts) - MEASURED // A_PUSH
        for part in parts[:before]:
            server.take(part)
        taken = spent(server, parts[before:])
        first = first or taken
        yield Figure("scale", f"commit, log of {size}", 0, "ms", taken, f"log of {sizes[0]}", first)
    yield from _devices(server)
    for one in (ada, server):
        one.close()


def _ada(folder: Path) -> tuple[Workspace, Signer]:
    ada = Workspace.open(folder, cost=CHEAP, passphrase=lambda: "x" * 12)
    signer, _project = owned_by_ada(ada, *(f"Task {number}" for number in range(TASKS)))
    return ada, signer


def _devices(server: Workspace) -> Iterator[Figure]:
    """The head of each message names every device of a log. Rows stand in for devices: only reading them is measured."""
    first: Sample | None = None
    for number in DEVICES:
        with server.database.transaction() as writer:
            _stand_in(writer, number)
        head = interleaved(20, {"head": lambda: _head(server)})["head"]
        first = first or head
        yield Figure("scale", f"head, {number} devices", 0, "ms", head, f"{DEVICES[0]} devices", first)
        size = Sample([float(_head(server))])
        yield Figure("scale", f"bytes of a head, {number} devices", 0, "B", size, "1 B", Sample([1.0]))


def _stand_in(writer: Writer, number: int) -> None:
    (log,) = writer.row("SELECT log FROM entry ORDER BY rev DESC LIMIT 1") or (b"",)
    rev = writer.rev
    there = int(writer.value("SELECT count(DISTINCT device) FROM entry WHERE log = ?", (log,)))
    writer.many(
        "INSERT INTO entry VALUES (?, ?, ?, ?, 1, x'', NULL, 0, 0, 0, 0, 1, x'', x'')",
        [(rev + new, os.urandom(32), log, os.urandom(16)) for new in range(1, number - there + 1)],
    )


def _head(server: Workspace) -> int:
    held: Held = server.held()
    return len(frames.to_bytes(wire.records(wire.Head(server.id, server.device.id, held), server.give(held))))


# -- many workspaces -------------------------------------------------------------------------------------------------


def workspaces(folder: Path, number: int) -> Iterator[Figure]:
    """What a workspace costs a process once it was asked for: it stays open."""
    house = House(folder / "house")
    for _ in range(3):
        _touch(house)
    before = _resources()
    for _ in range(number):
        _touch(house)
    grown = [(after - was) / number for was, after in zip(before, _resources(), strict=True)]
    for what, unit, value in zip(("memory", "files", "threads"), ("KB", "", ""), grown, strict=True):
        yield Figure(
            *("scale", f"{what} of an open workspace", 0, unit, Sample([value])), "one", Sample([1.0])
        )
    house.close()


def _touch(house: House) -> None:
    hosted = house.begin(house.clock.new_id())
    hosted.replica.held()
    hosted._writer.submit(hosted.replica.held).result()


def _resources() -> tuple[float, float, float]:
    """Resident memory in KB, open files, threads."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4.096, len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


# -- many who listen -------------------------------------------------------------------------------------------------


def listeners(folder: Path, numbers: tuple[int, ...]) -> Iterator[Figure]:
    with a_server(folder) as server:
        ada, _signer, project = servers._shared(folder, server)
        try:
            for number in numbers:
                yield asyncio.run(servers._heard(ada, server, project, number, NEWS))
        finally:
            ada.close()
