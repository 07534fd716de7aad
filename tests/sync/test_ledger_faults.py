"""Cut off, killed, refused or restored: nothing is half stored, stored twice, or lost once it was acknowledged."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event
from sqlalchemy.pool import PoolProxiedConnection

from app.errors import StorageError
from app.storage.delivery import Delivery
from sync.core import frames, wire
from tests.simulation.world import World
from tests.sync.postgres import (
    NOTHING,
    Processes,
    all_of,
    asked,
    assert_one_server,
    edit,
    exchange,
    pushes,
    size_of,
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def asked_for(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


def test_a_connection_cut_in_the_middle_of_storing_leaves_nothing_half(
    world: World, server: Processes
) -> None:
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    for minutes in range(5):
        edit(ada, minutes)
    cut: list[str] = []
    stored = asked(server.url, "SELECT * FROM commit")
    between: list[object] = []

    @event.listens_for(first.ledger._engine, "after_cursor_execute")
    def kill(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if "INSERT INTO commit" in statement and not cut:
            cut.append(statement)
            raw = connection.connection.driver_connection
            assert isinstance(raw, psycopg.Connection)
            asked(server.url, f"SELECT pg_terminate_backend({raw.info.backend_pid}, 5000)")
            between.append(asked(server.url, "SELECT * FROM commit"))

    assert first.take(ada.workspace.give(first.workspace.held())).taken == 5
    assert (len(cut), between) == (1, [stored])
    assert_one_server(server, ada)


def test_a_connection_cut_while_it_commits_stores_nothing_twice(
    world: World, server: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database had committed, and nobody heard of it."""
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    before = size_of(first)
    edit(ada, 41)
    lost: list[bool] = []
    dialect = first.ledger._engine.dialect
    commit = dialect.do_commit

    def unheard(connection: PoolProxiedConnection) -> None:
        commit(connection)
        now = asked(server.url, "SELECT sum(length) FROM head")
        if now != start and not lost:
            lost.append(True)
            raw = connection.driver_connection
            assert isinstance(raw, psycopg.Connection)
            raw.close()
            raise psycopg.OperationalError("the connection is lost")

    start = asked(server.url, "SELECT sum(length) FROM head")
    monkeypatch.setattr(dialect, "do_commit", unheard)
    first.take(ada.workspace.give(first.workspace.held()))

    assert lost == [True]
    assert size_of(first) == before + 1
    assert_one_server(server, ada)


def test_what_the_database_refuses_the_replica_does_not_keep(
    world: World, server: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    edit(ada, 41)
    held = first.held()
    asked_for(server.url, "ALTER TABLE entry RENAME TO gone")
    with pytest.raises(StorageError, match="The database did not answer as it should"):
        first.take(ada.workspace.give(held))
    assert first.workspace.held() == held
    asked_for(server.url, "ALTER TABLE gone RENAME TO entry")

    assert first.take(ada.workspace.give(held)).taken == 1
    assert_one_server(server, ada)


def test_a_database_that_was_restored_is_not_gone_on_with(world: World, server: Processes) -> None:
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    tables = ("head", "chain", "commit", "detached", "entry", "tree")
    for table in tables:
        asked_for(server.url, f"CREATE TABLE saved_{table} AS SELECT * FROM {table}")
    edit(ada, 41)
    exchange(ada, first)
    held = first.held()
    for table in tables:
        asked_for(server.url, f"DELETE FROM {table}")
        asked_for(server.url, f"INSERT INTO {table} SELECT * FROM saved_{table}")

    with pytest.raises(StorageError, match="restored to an earlier state"):
        first.held()
    # another process gives the same commit another time: as long as before, and yet something else
    fresh = server.begin("fresh")
    world.clock.now_ms += 1000
    fresh.take(Delivery(ada.workspace.give(fresh.held()).packets))
    assert fresh.held() == held
    with pytest.raises(StorageError, match="restored to an earlier state"):
        first.take(Delivery())
    assert first.workspace.held() == held


@pytest.mark.parametrize("after", [1, 6, 13])
def test_a_process_killed_while_it_takes_loses_nothing_it_acknowledged(
    world: World, server: Processes, after: int
) -> None:
    ada = world.replica("a")
    survivor = server.begin("survivor")
    exchange(ada, survivor)
    stream = pushes(ada, 40)
    head = wire.Head(ada.workspace.id, ada.workspace.device.id, NOTHING)
    files = world.folder / "pushes"
    files.mkdir()
    for number, delivery in enumerate(stream):
        (files / f"{number:03}").write_bytes(frames.to_bytes(wire.records(head, delivery)))
    command = [
        sys.executable,
        "-m",
        "tests.sync.pusher",
        server.url,
        str(world.folder / "killed"),
        str(files),
    ]
    command += [server.device.id.hex(), server.device.private.private_bytes_raw().hex()]
    process = subprocess.Popen(
        command + [ada.workspace.id.hex()], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        acknowledged = [process.stdout.readline().strip() for _ in range(after)]
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.read().split()
    assert process.wait(10) == -signal.SIGKILL
    assert acknowledged == [f"{number:03}" for number in range(len(acknowledged))]

    last = stream[len(acknowledged) - 1].packets[-1]
    assert (last.body,) in asked(server.url, "SELECT body FROM commit")
    survivor.take(ada.workspace.give(survivor.held()))
    server.begin("killed")  # goes on with the cache as the dead process left it
    assert_one_server(server, ada)


def test_what_a_restored_database_lost_comes_back_with_the_place_it_had(
    world: World, server: Processes
) -> None:
    """Clients hold the receipts of what they were told was stored."""
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    edit(ada, 41)
    exchange(ada, first)
    rows = all_of(first.workspace)
    server.end(first)
    for table in ("head", "chain", "commit", "detached", "entry", "tree"):
        asked_for(server.url, f"DELETE FROM {table}")
    shutil.rmtree(world.folder / "first")
    world.clock.now_ms += 3_600_000
    again = server.begin("first")
    exchange(ada, again)

    assert all_of(again.workspace) == rows
    assert_one_server(server, ada)
