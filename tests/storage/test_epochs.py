"""The order of a log goes from one sequencer to the next without a commit lost, decided twice or left without a place."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.commands import devices, founding, projects, tasks
from app.errors import Refused
from app.storage.delivery import Delivery, Held
from app.storage.engine import Reader
from app.storage.epochs import sequencer_of, server_of, without_leaf
from app.storage.proofs import Leaf, append, checkpoint, root_of, tree_of
from app.workspace import Workspace
from tests.simulation.world import ADA, CLEO, Replica, World, database, signer, world_of

A_TASK = "SELECT min(id) FROM task"
A_PROJECT = "SELECT min(id) FROM project"


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(7, "ab") as made:
        yield made


def value(replica: Replica, sql: str) -> bytes:
    return bytes(replica.workspace.read(lambda reader: reader.value(sql)))


def edit(replica: Replica, minutes: int) -> None:
    replica.workspace.run(tasks.set_task, value(replica, A_TASK), {"minutes": minutes})


def served(world: World) -> Replica:
    """A server that Ada has handed the order over to, and that has heard of it."""
    server = world.serve(world.folder / "s")
    device = server.workspace.device
    world.replica("a").workspace.run(
        founding.hand_over_order, signer(ADA), device.id, "server", device.public
    )
    world.heal()
    return server


def lacking(replica: Replica) -> list[bytes]:
    def names(reader: Reader) -> list[bytes]:
        logs = reader.rows("SELECT id FROM log")
        return [name for (log,) in logs for name in without_leaf(reader, log)]

    return replica.workspace.read(names)


def test_a_server_gives_the_order_of_every_log_it_was_handed(world: World) -> None:
    server = served(world)
    project = value(server, A_PROJECT)
    before = server.workspace.read(tree_of, project, 2)[0]
    edit(world.replica("b"), 41)
    world.heal()

    assert server.workspace.read(tree_of, project, 2)[0] == before + 1
    assert [lacking(replica) for replica in world.everybody] == [[], [], []]
    assert server.workspace.read(sequencer_of, project, 2) == server.workspace.device.public


def test_what_the_laptop_decided_before_stays_as_it_was(world: World) -> None:
    ada = world.replica("a")
    old = ada.workspace.read(tree_of, value(ada, A_PROJECT), 1)
    server = served(world)

    assert server.workspace.read(tree_of, value(ada, A_PROJECT), 1) == old


def test_a_new_project_is_ordered_by_the_server_from_its_first_commit(world: World) -> None:
    server = served(world)
    ben = world.replica("b")
    project = ben.workspace.run(projects.create_project, "Second wave").result
    assert ben.workspace.read(tree_of, project, 1)[0] == 0
    world.heal()

    assert server.workspace.read(tree_of, project, 1)[0] == 1
    assert ben.workspace.read(server_of, ben.workspace.id) == server.workspace.device.public


def test_a_server_gives_no_place_before_it_holds_what_was_decided_before(world: World) -> None:
    server = world.serve(world.folder / "s")
    device = server.workspace.device
    ada = world.replica("a")
    ada.workspace.run(founding.hand_over_order, signer(ADA), device.id, "server", device.public)
    everything = ada.workspace.give(Held({}, {}))
    server.workspace.take(Delivery(everything.packets))
    project = value(ada, A_PROJECT)
    assert server.workspace.read(tree_of, project, 2)[0] == 0

    server.workspace.take(Delivery((), everything.receipts))

    assert server.workspace.read(tree_of, project, 2)[0] > 0
    assert lacking(server) == []


def test_after_a_loss_what_the_clients_hold_comes_back_and_the_next_epoch_goes_on(world: World) -> None:
    server = served(world)
    world.saved, world.saves = world.folder / "copy", 1
    server.workspace.database.close()
    shutil.copytree(server.folder, world.saved)
    server.workspace.database.open()
    edit(world.replica("b"), 41)
    world.heal()
    restored = world.serve(world.saved)
    edit(world.replica("b"), 42)
    device = restored.workspace.device
    world.replica("a").workspace.run(
        founding.hand_over_order, signer(ADA), device.id, "server", device.public
    )
    world.heal()

    project = value(restored, A_PROJECT)
    assert restored.workspace.read(tree_of, project, 3)[0] > 0
    assert restored.workspace.read(lambda reader: reader.value("SELECT minutes FROM task ORDER BY id")) == 42
    assert [lacking(replica) for replica in world.everybody] == [[], [], []]


def test_an_order_handed_over_by_somebody_who_is_no_owner_does_not_count(world: World) -> None:
    ben = world.replica("b")
    with pytest.raises(Refused):
        ben.workspace.run(founding.hand_over_order, ben.signer, bytes(16), "mine", bytes(32))


def test_one_commit_in_two_places_of_an_epoch_is_refused(world: World) -> None:
    server = served(world)
    edit(world.replica("b"), 41)
    server.workspace.take(world.replica("b").workspace.give(server.workspace.held()))
    ada, project = world.replica("a"), value(world.replica("a"), A_PROJECT)
    (receipt,) = (one for one in server.workspace.give(ada.workspace.held()).receipts if one.log == project)
    first = receipt.leaves[0]
    size, frontier = ada.workspace.read(tree_of, project, 2)
    leaves = (first, Leaf(first.hash, first.received + 1, accepted=True))
    for leaf in leaves:
        frontier, size = append(frontier, size, leaf.leaf_hash()), size + 1
    note = checkpoint(server.workspace.device.private, project, 2, size, root_of(frontier))
    taken = ada.workspace.take(Delivery((), (replace(receipt, leaves=leaves, checkpoint=note),)))

    assert taken.leaves == 0
    assert taken.forged == ["The sequencer's checkpoint does not cover what it sent."]


def test_a_server_that_lost_its_disk_and_kept_its_key_gets_back_the_places_it_gave(world: World) -> None:
    """Commits and receipts come back in one delivery: to decide a second time would be a fork under its own key."""
    server = served(world)
    edit(world.replica("b"), 41)
    world.heal()
    ben = world.replica("b")
    edit(ben, 42)  # not decided yet
    given = ben.workspace.read(leaves)
    again = Workspace.mirror(
        world.folder / "anew",
        ben.workspace.id,
        server.workspace.device,
        clock=server.clock,
        database=database(world.folder / "anew"),
    )
    world.clock.now_ms += 1000
    again.take(ben.workspace.give(again.held()))
    after = again.read(leaves)
    ben.workspace.take(again.give(ben.workspace.held()))

    assert after[: len(given)] == given
    assert len(after) == len(given) + 1
    assert lacking(ben) == []
    again.close()


def leaves(reader: Reader) -> list[tuple[object, ...]]:
    """Every place that was given, in the order of their times."""
    return reader.rows("SELECT log, epoch, number, hash, received FROM leaf ORDER BY received, log, number")


def test_what_was_refused_is_taken_in_as_refused_though_nobody_knows_who_did_it(world: World) -> None:
    """Else it would wait for ever, and all that its device does later with it."""
    ada, ben = world.replica("a"), world.replica("b")
    ben.workspace.act_as(CLEO)  # who has no key on Ben's laptop
    edit(ben, 77)
    assert world.take(ada, ben.workspace.give(ada.workspace.held())).waiting == 1
    ada.workspace.run(devices.take_out_device, ben.workspace.device.id, signer=signer(ADA))
    assert len(world.take(ada, ben.workspace.give(ada.workspace.held())).refused) == 1
    fresh = Workspace.mirror(world.folder / "m", ada.workspace.id, ada.workspace.device)
    for _ in range(2):
        taken = fresh.take(ada.workspace.give(Held({}, {})), gives_order=False)
    held = fresh.held()
    fresh.close()

    assert taken.waiting == 0
    assert held == ada.workspace.held()
