"""Two real server processes on one PostgreSQL: to laptops they are one server, whichever of them is killed."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from app.storage.rebuild import replica_digests
from app.workspace import Workspace
from sync.client.connection import Connection
from sync.client.runner import Runner
from sync.core.exchange import Listening, Phase
from tests.sync.postgres import assert_stored_once
from tests.sync.serving import ROOT, Server
from tests.sync.team import Team, edit, lacking, leaves, minutes, place_of, shared, sync, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def servers(tmp_path: Path, url: str) -> Iterator[tuple[Server, Server]]:
    pair = Server(tmp_path / "server", db=url), Server(tmp_path / "server", db=url)
    try:
        for one in pair:
            one.start()
        yield pair
    finally:
        for one in pair:
            one.kill()


@pytest.fixture
def team(tmp_path: Path, servers: tuple[Server, Server]) -> Iterator[Team]:
    with shared(tmp_path, servers[0]) as made:
        yield made


def at(workspace: Workspace, server: Server) -> Connection:
    place = replace(place_of(workspace), url=f"http://127.0.0.1:{server.port}")
    return Connection(place, workspace.id, workspace.device)


def exchange(workspace: Workspace, server: Server) -> Phase:
    connection = at(workspace, server)
    try:
        return Runner(workspace, connection).once().phase
    finally:
        connection.close()


def assert_the_same(url: str, *replicas: Workspace) -> None:
    assert all(leaves(one) == leaves(replicas[0]) for one in replicas)
    assert all(one.read(replica_digests) == replicas[0].read(replica_digests) for one in replicas)
    assert_stored_once(url, replicas[0])


def test_what_is_pushed_to_one_process_is_there_in_the_other(
    team: Team, servers: tuple[Server, Server], url: str
) -> None:
    first, second = servers
    ben = team.join(team.invite())
    for number in range(3):
        edit(ben, 10 + number)
        assert exchange(ben, second) is Phase.SYNCED
        assert exchange(team.ada, first) is Phase.SYNCED
        assert minutes(team.ada) == 10 + number
        edit(team.ada, 20 + number)
        assert exchange(team.ada, first) is Phase.SYNCED
        assert exchange(ben, second) is Phase.SYNCED
        assert minutes(ben) == 20 + number

    assert lacking(ben) == lacking(team.ada) == 0
    assert_the_same(url, team.ada, ben)


def test_laptops_push_to_both_at_once(team: Team, servers: tuple[Server, Server], url: str) -> None:
    ben = team.join(team.invite())
    failed: list[Phase] = []

    def push(workspace: Workspace, server: Server) -> None:
        connection = at(workspace, server)
        runner = Runner(workspace, connection)
        for number in range(12):
            edit(workspace, number)
            failed.extend([runner.status.phase] if runner.once().phase is not Phase.SYNCED else [])
        connection.close()

    both = [threading.Thread(target=push, args=pair) for pair in zip((team.ada, ben), servers, strict=True)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    exchange(ben, servers[0])
    exchange(team.ada, servers[1])

    assert failed == []
    assert lacking(ben) == lacking(team.ada) == 0
    assert_the_same(url, team.ada, ben)


def test_a_laptop_hears_from_one_process_what_came_by_the_other(
    team: Team, servers: tuple[Server, Server]
) -> None:
    ben = team.join(team.invite())
    stop, listening = threading.Event(), threading.Event()
    connection = at(ben, servers[1])
    runner = Runner(ben, connection)
    honest = runner.tell

    def tell(event: object) -> None:
        if isinstance(event, Listening) and event.live:
            listening.set()
        honest(event)  # type: ignore[arg-type]  # what the listener says

    runner.tell = tell  # type: ignore[method-assign]  # listens in
    watching = threading.Thread(target=runner.watch, args=(stop,))
    watching.start()
    try:
        assert listening.wait(15)
        edit(team.ada, 63)
        assert exchange(team.ada, servers[0]) is Phase.SYNCED
        wait_for(lambda: minutes(ben) == 63, 10)
    finally:
        stop.set()
        runner.tell(None)
        watching.join(10)
        connection.close()


def test_one_process_killed_while_a_laptop_pushes_and_the_other_goes_on(
    team: Team, servers: tuple[Server, Server], url: str
) -> None:
    """Killed at four moments of a push; each time the laptop goes on at the other process."""
    ben = team.join(team.invite())
    acknowledged: set[object] = set()
    for number in range(4):
        hit, left = servers[number % 2], servers[1 - number % 2]
        for extra in range(30):
            edit(ben, 100 * number + extra)
        killer = threading.Timer(0.03 * number, hit.kill)
        killer.start()
        exchange(ben, hit)
        killer.join()
        acknowledged |= leaves(ben)
        assert exchange(ben, left) is Phase.SYNCED
        assert lacking(ben) == 0
        hit.start()
    exchange(team.ada, servers[0])

    assert minutes(team.ada) == 329
    assert acknowledged <= leaves(team.ada)
    assert_the_same(url, team.ada, ben)


def test_while_the_database_is_away_everything_stays_with_the_laptop(
    team: Team, servers: tuple[Server, Server], url: str
) -> None:
    name = re.search(r"/(test_\w+)\?", url)
    assert name is not None
    postgres = url.replace(name[1], "postgres")

    def told(*steps: str) -> None:
        with psycopg.connect(postgres, autocommit=True) as connection:
            for step in steps:
                connection.execute(step.encode())

    away = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name[1]}'"
    told(f"ALTER DATABASE {name[1]} ALLOW_CONNECTIONS false", away)
    edit(team.ada, 71)
    assert sync(team.ada).phase is Phase.OFFLINE
    told(f"ALTER DATABASE {name[1]} ALLOW_CONNECTIONS true")

    assert sync(team.ada).phase is Phase.SYNCED
    assert lacking(team.ada) == 0
    assert_stored_once(url, team.ada)


def test_a_database_that_cannot_be_reached_is_named_at_the_start(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sync.server", "--folder", str(tmp_path / "server"), "--port", "0"]
    command += ["--db", "postgresql://nobody@127.0.0.1:1/nothing"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "Check that it runs" in ended.stderr
    assert "Traceback" not in ended.stderr
