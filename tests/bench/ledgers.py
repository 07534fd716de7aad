"""How many commits a second a server's process takes in on one hot log while the truth is in PostgreSQL.

`python -m tests.bench.ledgers [COMMITS]` prints a line for each number of commits a take.
"""

import os
import platform
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from app.clock import Clock
from app.commands import tasks
from app.storage.delivery import Delivery, Held, Packet
from app.storage.engine import Database
from app.workspace import DATABASE, Workspace
from sync.server.ledger import Ledger
from sync.server.shared import SharedReplica
from tests.simulation.world import Replica, World, world_of
from tests.sync.postgres import Processes, a_database, a_postgres, asked, processes

TAKES = (1, 10, 50, 200)
TASKS = 200
COMMITS = 1_000  # for each number a take


def main(arguments: list[str]) -> int:
    commits = int(arguments[0]) if arguments else COMMITS
    say(f"{platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}")
    with TemporaryDirectory() as folder, a_postgres(Path(folder)) as postgres:
        for line in measured(postgres, commits):
            say(line)
    say(f"load {os.getloadavg()[0]:.2f}")
    return 0


def measured(postgres: str, commits: int) -> Iterator[str]:
    """A line for each number of commits a take; beside it the same in a replica alone, which SQLite syncs to the disk."""
    for size in TAKES:
        with world_of(3, "a") as world, a_database(postgres) as url, processes(world, url) as server:
            version = asked(url, "SHOW server_version")[0][0], asked(url, "SHOW fsync")[0][0]
            shared = opened(server, world)
            alone = mirror(server, world, "alone", "full")
            plan(world.replica("a"))
            for taker in (shared, alone):
                taker.take(world.replica("a").workspace.give(Held({}, {})))
            count = commits if size > 1 else commits // 2
            parts = pushes(world.replica("a"), count, size)
            rate, cpu = speed(shared, parts, count)
            plain, _ = speed(alone, parts, count)
            yield (
                f"{size:4} a take: {rate:6.0f} commits/s, {cpu:3.0%} of a core in this process; replica alone "
                f"{plain:6.0f} commits/s (PostgreSQL {version[0]}, fsync {version[1]})"
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
    """A cache need not be on the disk when a take ends; a replica alone has to be."""
    folder = world.folder / name
    clock = Clock(lambda: world.clock.now_ms, random.Random(name).randbytes)
    database = Database(folder / DATABASE, pragmas=(f"synchronous={synchronous}",))
    identity = world.replica("a").workspace.id
    return Workspace.mirror(folder, identity, server.device, clock=clock, database=database)


def pushes(client: Replica, commits: int, size: int) -> list[Delivery]:
    """Edits of the tasks of one project in turn, one commit each, in messages of so many."""
    workspace = client.workspace
    held = workspace.held()
    found = workspace.read(lambda reader: reader.rows("SELECT id FROM task ORDER BY id"))
    for number in range(commits):
        workspace.run(tasks.set_task, found[number % len(found)][0], {"minutes": number % 600})
    packets: tuple[Packet, ...] = workspace.give(held).packets
    return [Delivery(packets[start : start + size]) for start in range(0, len(packets), size)]


def speed(taker: SharedReplica | Workspace, parts: list[Delivery], commits: int) -> tuple[float, float]:
    """Commits a second, and how much of a core this process used meanwhile."""
    begun, computed = time.perf_counter(), time.process_time()
    taken = sum(taker.take(part).taken for part in parts)
    took = time.perf_counter() - begun
    if taken != commits:
        raise AssertionError(f"{taken} of {commits} commits were taken")
    return commits / took, (time.process_time() - computed) / took


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
