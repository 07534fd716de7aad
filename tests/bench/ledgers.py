"""How long a server's process takes for a commit on one hot log while the truth is in PostgreSQL, beside a replica alone."""

import random
import time
from collections.abc import Iterator

from app.clock import Clock
from app.commands import tasks
from app.storage.delivery import Delivery, Held, Packet
from app.storage.engine import Database
from app.workspace import DATABASE, Workspace
from sync.server.ledger import Ledger
from sync.server.shared import SharedReplica
from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground
from tests.simulation.world import Replica, World, world_of
from tests.sync.postgres import Processes, a_database, a_postgres, processes

TAKES = (1, 10, 50, 200)
TASKS = 200
COMMITS = 1_000  # for each number a take
_ALONE = "replica alone, SQLite synced"


def ledgers(ground: Ground) -> Iterator[Figure]:
    """A figure for each number of commits a take. A replica alone has to be on the disk, a cache need not."""
    commits = COMMITS if ground.rounds > 2 else TAKES[-1]
    with a_postgres() as postgres:
        for size in TAKES:
            with world_of(3, "a") as world, a_database(postgres) as url, processes(world, url) as server:
                shared, alone = opened(server, world), mirror(server, world, "alone", "full")
                plan(world.replica("a"))
                for taker in (shared, alone):
                    taker.take(world.replica("a").workspace.give(Held({}, {})))
                parts = pushes(world.replica("a").workspace, commits, size)
                yield Figure(
                    *("ledger", f"commit stored, {size} a take", 0, "ms", spent(shared, parts)),
                    *(_ALONE, spent(alone, parts)),
                )


def plan(client: Replica) -> None:
    project = client.workspace.read(lambda reader: reader.value("SELECT min(id) FROM project"))
    for number in range(TASKS):
        client.workspace.run(tasks.add_task, project, f"Task {number}")


def opened(server: Processes, world: World) -> SharedReplica:
    ledger = Ledger(server.url)
    ledger.create()
    server.made.append(SharedReplica(mirror(server, world, "shared", "normal"), ledger))
    return server.made[-1]


def mirror(server: Processes, world: World, name: str, synchronous: str) -> Workspace:
    folder = world.folder / name
    clock = Clock(lambda: world.clock.now_ms, random.Random(name).randbytes)
    database = Database(folder / DATABASE, pragmas=(f"synchronous={synchronous}",))
    identity = world.replica("a").workspace.id
    return Workspace.mirror(folder, identity, server.device, clock=clock, database=database)


def pushes(workspace: Workspace, commits: int, size: int) -> list[Delivery]:
    """Edits of the tasks of one project in turn, one commit each, in messages of so many."""
    held = workspace.held()
    found = workspace.read(lambda reader: reader.rows("SELECT id FROM task ORDER BY id"))
    for number in range(commits):
        workspace.run(tasks.set_task, found[number % len(found)][0], {"minutes": number % 600})
    packets: tuple[Packet, ...] = workspace.give(held).packets
    return [Delivery(packets[start : start + size]) for start in range(0, len(packets), size)]


def spent(taker: SharedReplica | Workspace, parts: list[Delivery]) -> Sample:
    """Milliseconds a commit, of each take."""
    found = []
    for part in parts:
        begun = time.perf_counter()
        taken = taker.take(part).taken
        found.append((time.perf_counter() - begun) * 1000 / len(part.packets))
        if taken != len(part.packets):
            raise AssertionError(f"{taken} of {len(part.packets)} commits were taken")
    return Sample(found)
