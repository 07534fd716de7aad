"""Several processes on one database are one server: no place given twice, nothing acknowledged lost, whatever is killed."""

import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from app.commands import projects, tasks
from app.commands.redacting import redact
from app.errors import Refused, StorageError
from app.storage.delivery import Delivery, Held
from app.storage.log import decode_body
from sync.server import shared as sharing
from sync.server.ledger import Ledger, Moved
from sync.server.position import positions_of
from sync.server.shared import SharedReplica
from tests.simulation.world import ADA, World, signer
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


def test_what_a_redaction_names_leaves_the_database(world: World, server: Processes) -> None:
    ada = world.replica("a")
    first, second = server.begin("first"), server.begin("second")
    task = ada.workspace.read(lambda reader: reader.value("SELECT min(id) FROM task"))
    said = ada.workspace.run(tasks.set_task, task, {"minutes": 42}, reason="Call Eva at 5550").changes
    assert said is not None
    exchange(ada, first)
    second.catch_up()
    sought = "SELECT 1 FROM detached WHERE position('Call Eva'::bytea in value) > 0"
    assert asked(server.url, sought) == [(1,)]
    ada.workspace.run(redact, said.action, signer=signer(ADA))
    exchange(ada, second)
    first.catch_up()

    assert asked(server.url, sought) == []
    for one in server.made:
        files = [path.read_bytes() for path in one.workspace.folder.rglob("*") if path.is_file()]
        assert not any(b"Call Eva" in content for content in files)
    assert_one_server(server, ada)


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


def test_a_log_as_long_that_holds_something_else_is_not_gone_on_with(world: World, server: Processes) -> None:
    ada = world.replica("a")
    first = server.begin("first")
    exchange(ada, first)
    here = first.workspace.read(positions_of)
    edit(ada, 41)
    delivery = Delivery(ada.workspace.give(first.workspace.held()).packets)
    log = decode_body(delivery.packets[0].body).log
    chains = {device: (upto, bytes(32)) for device, (upto, _) in here[log].chains.items()}
    other = replace(here[log], chains=chains)
    assert other.head.length == here[log].head.length

    with pytest.raises(Moved):
        first.ledger.append(ada.workspace.id, {**here, log: other}, delivery)
    first.ledger.append(ada.workspace.id, here, delivery)


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
