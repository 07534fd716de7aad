"""Several processes on one database are one server: no place given twice, nothing acknowledged lost, whatever is killed."""

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event
from sqlalchemy.pool import PoolProxiedConnection

from app.commands import projects, tasks
from app.errors import Refused, StorageError
from app.storage.delivery import Delivery, Held
from app.storage.engine import Reader
from app.storage.log import decode_body
from app.storage.proofs import tree_of
from app.workspace import Workspace
from sync.core import frames, wire
from sync.server import shared as sharing
from sync.server.ledger import Ledger, Moved
from sync.server.position import positions_of
from sync.server.shared import SharedReplica
from tests.simulation.world import Replica, World, world_of
from tests.sync.postgres import Processes, a_database, a_postgres, asked, processes

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NOTHING = Held({}, {})
EVERYTHING = (
    "SELECT 'c', log, device, dev_seq, hash, 0, accepted FROM entry UNION ALL "
    "SELECT 'l', log, '', number, hash, received, epoch * 10 + accepted FROM leaf UNION ALL "
    "SELECT 'd', hash, salt, 0, value, 0, 0 FROM detached ORDER BY 1, 2, 3, 4"
)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with a_postgres(tmp_path_factory.mktemp("ledger")) as address:
        yield address


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    with a_database(postgres) as address:
        yield address


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(11, "ab") as made:
        yield made


@pytest.fixture
def server(world: World, url: str) -> Iterator[Processes]:
    with processes(world, url) as begun:
        yield begun


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


# -- round trips ---------------------------------------------------------------------------------------------------


def test_what_a_client_brought_comes_out_again_in_another_process(world: World, server: Processes) -> None:
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    second = server.begin("second")

    assert second.held() == first.held() == ada.workspace.held()
    assert all_of(second.workspace) == all_of(first.workspace) == all_of(ada.workspace)
    assert first.ledger.workspaces() == [ada.workspace.id]
    assert_one_server(server, *world.replicas)


def test_a_process_that_catches_up_gives_no_place_itself(world: World, server: Processes) -> None:
    """A log that the server orders from its first commit comes at once with its leaves, whoever gave them."""
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    ada.workspace.run(projects.create_project, "Second wave")
    exchange(ada, first)
    leaves = asked(server.url, "SELECT * FROM entry ORDER BY 1, 2, 3")
    world.clock.now_ms += 3_600_000
    second = server.begin("second")
    second.catch_up()

    assert any(len(one.trees) == 1 for one in second.workspace.read(positions_of).values())
    assert asked(server.url, "SELECT * FROM entry ORDER BY 1, 2, 3") == leaves
    assert all_of(second.workspace) == all_of(first.workspace)
    exchange(ada, second)
    assert asked(server.url, "SELECT * FROM entry ORDER BY 1, 2, 3") == leaves


def test_a_cache_is_made_anew_from_the_ledger_in_small_parts(
    world: World, server: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = server.begin("first")
    for minutes in range(12):
        edit(world.replica("b"), minutes)
    for one in world.replicas:
        exchange(one, first)
    held, rows = first.held(), all_of(first.workspace)
    server.end(first)
    shutil.rmtree(world.folder / "first")
    parts: list[int] = []
    since = Ledger.since

    def in_parts(ledger: Ledger, workspace: bytes, lacking: Held) -> Delivery:
        found = since(ledger, workspace, lacking, most_commits=3)
        parts.append(len(found.packets))
        return found

    monkeypatch.setattr(Ledger, "since", in_parts)
    again = server.begin("first")

    assert again.held() == held
    assert all_of(again.workspace) == rows
    assert len(parts) > 4
    assert max(parts) <= 3


def test_erasable_values_come_back_and_erased_ones_are_missed_by_nobody(
    world: World, server: Processes
) -> None:
    first = server.begin("first")
    exchange(world.replica("a"), first)
    (count,) = asked(server.url, "SELECT count(*) FROM detached")[0]
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DELETE FROM detached WHERE hash = (SELECT min(hash) FROM detached)")
    second = server.begin("second")
    second.catch_up()

    found = second.workspace.read(lambda reader: reader.value("SELECT count(*) FROM detached"))
    assert (count > 1, found) == (True, count - 1)
    assert second.held() == first.held()


def test_tables_are_made_by_several_processes_at_once(url: str) -> None:
    ledgers = [Ledger(url) for _ in range(6)]
    ready = threading.Barrier(len(ledgers))

    def create(ledger: Ledger) -> None:
        ready.wait()
        ledger.create()

    with ThreadPoolExecutor(len(ledgers)) as pool:
        list(pool.map(create, ledgers))

    assert [ledger.workspaces() for ledger in ledgers] == [[]] * 6
    for ledger in ledgers:
        ledger.close()


def test_what_is_no_postgresql_is_refused_in_a_sentence() -> None:
    for address in ("sqlite:///here.db", "nonsense"):
        with pytest.raises(Refused, match="no address of a PostgreSQL database"):
            Ledger(address)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(Refused, match="psycopg is not installed"):
        Ledger("postgresql://localhost/nothing")


def test_a_database_that_is_not_there_is_named(url: str) -> None:
    ledger = Ledger(url.replace("/test_", "/missing_", 1))
    with pytest.raises(StorageError, match="Whatever was acknowledged is kept"):
        ledger.workspaces()
    ledger.close()


# -- several at once -----------------------------------------------------------------------------------------------


def test_two_processes_take_turns(world: World, server: Processes) -> None:
    pair = [server.begin("first"), server.begin("second")]
    ada, ben = world.replicas
    for minutes in range(1, 13):
        edit(ben if minutes % 3 else ada, minutes)
        exchange(ada, pair[minutes % 2])
        exchange(ben, pair[(minutes + 1) % 2])

    assert_one_server(server, ada, ben)


def test_two_processes_push_to_one_log_at_once(world: World, server: Processes) -> None:
    ada, ben = world.replicas
    pair = [server.begin("first"), server.begin("second")]
    for client, shared in zip((ada, ben), pair, strict=True):
        exchange(client, shared)
    before = size_of(pair[0])
    streams = [pushes(client, 25) for client in (ada, ben)]
    ready = threading.Barrier(2)

    def push(shared: SharedReplica, stream: list[Delivery]) -> int:
        ready.wait()
        return sum(shared.take(delivery).taken for delivery in stream)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(push, pair, streams)) == [25, 25]

    assert size_of(pair[0]) == size_of(pair[1]) == before + 50
    assert_one_server(server, ada, ben)


def test_several_threads_use_one_process(world: World, server: Processes) -> None:
    ada, ben = world.replicas
    shared = server.begin("first")
    for client in (ada, ben):
        exchange(client, shared)
    streams = [pushes(client, 15) for client in (ada, ben)]

    def push(stream: list[Delivery]) -> None:
        for delivery in stream:
            shared.take(delivery)
            shared.give(NOTHING)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(push, streams))

    assert_one_server(server, ada, ben)


def pushes(client: Replica, count: int) -> list[Delivery]:
    """Edits of one task, one commit each, as a client sends them one after another."""
    found = []
    for minutes in range(count):
        held = client.workspace.held()
        edit(client, minutes)
        found.append(client.workspace.give(held))
    return found


def test_whoever_comes_second_has_stored_nothing(world: World, server: Processes) -> None:
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    late = first.workspace.read(positions_of)
    edit(ada, 41)
    delivery = ada.workspace.give(first.workspace.held())
    first.take(delivery)
    stored = asked(server.url, "SELECT * FROM commit"), asked(server.url, "SELECT * FROM head")

    with pytest.raises(Moved):
        first.ledger.append(ada.workspace.id, late, delivery)
    with pytest.raises(Moved):
        first.ledger.append(ada.workspace.id, {}, ada.workspace.give(NOTHING))

    assert (asked(server.url, "SELECT * FROM commit"), asked(server.url, "SELECT * FROM head")) == stored


def test_a_project_waits_for_what_became_of_the_workspace(world: World, server: Processes) -> None:
    """Who may do what stands in the workspace's own log: a decision in a project rests on it."""
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    late = first.workspace.read(positions_of)
    ada.workspace.run(projects.create_project, "Second wave")
    edit(ada, 41)
    packets = ada.workspace.give(first.workspace.held()).packets
    project = late.keys() - {ada.workspace.id}
    (push,) = (one for one in packets if decode_body(one.body).log in project)
    changed = {**late, ada.workspace.id: late[min(project)]}

    with pytest.raises(Moved):
        first.ledger.append(ada.workspace.id, changed, Delivery((push,)))
    first.ledger.append(ada.workspace.id, late, Delivery((push,)))


def test_a_replica_that_was_overtaken_rolls_back_and_takes_again(
    world: World, server: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = world.replicas
    first, second = server.begin("first"), server.begin("second")
    exchange(ada, first)
    exchange(ben, first)
    second.catch_up()
    edit(ada, 41)
    edit(ben, 42)
    append, tries = Ledger.append, []

    def overtaken(ledger: Ledger, *arguments: object) -> object:
        if ledger is first.ledger:
            tries.append(first.workspace.held())
            if len(tries) == 1:
                second.take(ben.workspace.give(second.workspace.held()))
        return append(ledger, *arguments)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(Ledger, "append", overtaken)
    taken = first.take(ada.workspace.give(first.workspace.held()))

    assert taken.taken == 1
    assert len(tries) == 2
    assert (
        tries[1] == second.workspace.held() != tries[0]
    )  # what was rolled back is not there, what overtook it is
    assert_one_server(server, ada, ben)


def test_a_replica_that_is_always_overtaken_says_so(
    world: World, server: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    edit(ada, 41)
    held = first.workspace.held()
    stored = asked(server.url, "SELECT * FROM commit")

    def overtaken(*_arguments: object) -> None:
        raise Moved

    monkeypatch.setattr(Ledger, "append", overtaken)
    with pytest.raises(StorageError, match=f"{sharing.MOST_TRIES} times"):
        first.take(ada.workspace.give(held))

    assert first.workspace.held() == held
    assert asked(server.url, "SELECT * FROM commit") == stored


def test_in_a_turn_nobody_else_comes_between(world: World, server: Processes) -> None:
    ada, ben = world.replicas
    first, second = server.begin("first"), server.begin("second")
    exchange(ada, first)
    exchange(ben, second)
    edit(ben, 42)
    delivery = ben.workspace.give(second.held())
    with ThreadPoolExecutor(1) as pool, first.ledger.turn(ada.workspace.id):
        waiting = pool.submit(second.take, delivery)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)
    assert waiting.result(10).taken == 1


# -- cut off and killed ----------------------------------------------------------------------------------------------


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


def asked_for(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


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
