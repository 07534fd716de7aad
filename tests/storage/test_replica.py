"""What one replica takes from another: nothing forged, nothing beyond somebody's access, and the rest all the same."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.codec import pack, salted_hash, sha256, unpack
from app.commands import people, projects, tasks
from app.domain import verbs
from app.domain.person import Device
from app.domain.words import Access
from app.errors import VerifyError
from app.storage.changes import ChangeSet
from app.storage.delivery import Delivery, Held, Packet
from app.storage.judging import Refusal
from app.storage.log import sign_body
from app.storage.rebuild import replica_digests
from app.storage.transaction import Transaction
from app.workspace import Workspace
from tests.simulation import acts
from tests.simulation.world import ADA, BEN, CLEO, Replica, World, WorldClock, signer, world_of

A_TASK = "SELECT min(id) FROM task"
A_PROJECT = "SELECT min(id) FROM project"


def minutes_at(replica: Replica) -> Any:
    return replica.workspace.read(lambda reader: reader.value("SELECT minutes FROM task ORDER BY id LIMIT 1"))


def packets_for(giver: Replica, taker: Replica) -> list[Packet]:
    return list(giver.workspace.give(taker.workspace.held()).packets)


def edited(replica: Replica, minutes: int) -> None:
    replica.workspace.run(tasks.set_task, acts.ids(replica, A_TASK)[0], {"minutes": minutes})


def with_changes(replica: Replica, packet: Packet, place: int, value: object) -> Packet:
    """The commit with one item of its body replaced, signed again by its device."""
    array = unpack(packet.body)
    array[place] = value
    body = pack(array)
    return Packet(body, sign_body(replica.workspace.device.private, body), packet.detached)


# -- what does not hold --------------------------------------------------------------------------------------------


def test_a_forged_commit_is_named_and_stops_nothing_else() -> None:
    with world_of(1, "ab") as world:
        ada, ben = world.replicas
        edited(ben, 77)
        good = packets_for(ben, ada)
        false = Packet(good[0].body, b"\x01" + bytes(64))
        taken = ada.workspace.take(Delivery((Packet(b"\xff", b""), false, *good)))

        assert len(taken.forged) == 2
        assert (taken.taken, minutes_at(ada)) == (1, 77)


def test_a_fork_is_named_and_the_first_history_stays() -> None:
    with world_of(2, "ab") as world:
        ada, ben = world.replicas
        edited(ben, 77)
        first = packets_for(ben, ada)[0]
        second = with_changes(ben, first, 8, 5)
        ada.workspace.take(Delivery((first,)))
        taken = ada.workspace.take(Delivery((second,)))

        assert (taken.taken, len(taken.forged), minutes_at(ada)) == (0, 1, 77)


@pytest.mark.parametrize(
    "op",
    [
        [2, 7, b"\x01" * 16, 9, None, "a text for a number", []],
        [2, 7, b"\x01" * 16, 9, None, (1 << 64) - 1, []],
        [2, 7, b"\x01" * 16, 9, "en", 5, []],
        [1, 16, b"\x01" * 16, [[2, None, "a name in the open"]]],
        [4, b"no statement", b""],
        [5, b"no certificate", b""],
        [6, 2, bytes(32), bytes(16)],
        [2, 7, b"short", 9, None, 5, []],
        ["not an op"],
    ],
    ids=str,
)
def test_ops_that_no_version_makes_are_refused(op: list[Any]) -> None:
    """Values of the wrong kind would otherwise end the taking of everything behind them."""
    with world_of(3, "ab") as world:
        ada, ben = world.replicas
        edited(ben, 77)
        edited(ben, 78)
        first, second = packets_for(ben, ada)
        taken = ada.workspace.take(Delivery((with_changes(ben, first, 18, [op]), first, second)))

        assert (len(taken.forged), taken.taken, minutes_at(ada)) == (1, 2, 78)


def test_nobody_replaces_the_key_of_another_device() -> None:
    """Its key is what the device itself introduced, whatever stands in its row."""
    with world_of(4, "abc") as world:
        ada, ben, cleo = world.replicas

        def steal(tx: Transaction) -> None:
            tx.set(Device, cleo.workspace.device.id, "key", ben.workspace.device.public)

        world.force(ben, steal, verb=verbs.NOTE_WRONG_PIN.number)
        world.heal("ab")
        edited(cleo, 55)
        honest = ada.workspace.take(cleo.workspace.give(ada.workspace.held()))
        edited(cleo, 56)
        body = packets_for(cleo, ada)[-1].body
        stolen = Packet(body, sign_body(ben.workspace.device.private, body))
        false = ada.workspace.take(Delivery((stolen,)))

        assert (honest.taken, false.taken, len(false.forged)) == (1, 0, 1)


# -- who may -------------------------------------------------------------------------------------------------------


def broken_in(world: World, replica: Replica, verb: int = verbs.SET_PROJECT.number) -> None:
    values = {"window_end": "2030-01-01T00:00"}
    world.force(replica, projects.set_project, acts.ids(replica, A_PROJECT)[0], values, verb=verb)


def window_at(replica: Replica) -> Any:
    return replica.workspace.read(lambda reader: reader.value("SELECT window_end FROM project"))


@pytest.mark.parametrize("verb", [verbs.SET_PROJECT.number, verbs.NOTE_WRONG_PIN.number])
def test_what_exceeds_the_access_is_refused_everywhere_and_at_last_by_its_author(verb: int) -> None:
    """Naming a harmless verb does not help; the sequencer's receipt brings the author's own replica back."""
    with world_of(5, "abc") as world:
        ada, ben, cleo = world.replicas
        broken_in(world, ben, verb)
        assert window_at(ben) is not None
        refused = cleo.workspace.take(ben.workspace.give(cleo.workspace.held())).refused
        world.heal()

        assert len(refused) == 1
        assert [window_at(one) for one in world.replicas] == [None, None, None]
        assert ben.workspace.read(
            lambda reader: reader.rows("SELECT reason FROM leaf WHERE NOT accepted")
        ) == [(Refusal.NO_ACCESS,)]
        assert len({tuple(one.workspace.read(replica_digests).items()) for one in (ada, ben, cleo)}) == 1


def test_an_access_that_is_heard_of_later_lets_the_commit_in() -> None:
    with world_of(6, "abc") as world:
        ada, ben, cleo = world.replicas
        ada.workspace.run(people.set_access, BEN, Access.MANAGER, signer=signer(ADA))
        ben.workspace.take(ada.workspace.give(ben.workspace.held()))
        values = {"window_end": "2026-03-08T06:00"}
        ben.workspace.run(projects.set_project, acts.ids(ben, A_PROJECT)[0], values)
        early = cleo.workspace.take(Delivery(tuple(world.own_commits(ben))))
        later = cleo.workspace.take(ada.workspace.give(cleo.workspace.held()))

        assert (len(early.refused), len(later.reversed)) == (1, 1)
        assert window_at(cleo) == "2026-03-08T06:00"


def test_a_sequencer_who_admits_its_own_deeds_is_caught() -> None:
    """Ben's device orders the log of his project; what he may not do there stays refused with everybody else."""
    with world_of(7, "abc") as world:
        ada, ben, cleo = world.replicas
        mine = ben.workspace.run(projects.create_project, "Mine").result
        world.heal()
        world.force(ben, projects.set_project, mine, {"window_end": "2030-01-01T00:00"})
        world.heal()

        digests = [one.workspace.read(replica_digests)[mine] for one in (ada, ben, cleo)]
        assert digests[0] == digests[2] != digests[1]


def test_work_under_a_claimed_key_waits_until_an_owner_vouches() -> None:
    with world_of(8, "abc") as world:
        ada, ben, _cleo = world.replicas
        stranger = signer(CLEO, number=9)
        ben.workspace.act_as(CLEO)
        ben.workspace.run(people.add_key, CLEO, stranger)
        edited(ben, 66)
        before = ada.workspace.take(ben.workspace.give(ada.workspace.held()))
        ada.workspace.run(people.vouch, CLEO, signer=signer(ADA))
        after = ada.workspace.take(ben.workspace.give(ada.workspace.held()))

        assert (before.waiting, after.waiting, minutes_at(ada)) == (1, 0, 66)


def test_undo_passes_over_what_was_refused() -> None:
    with world_of(9, "ab") as world:
        ada, ben = world.replicas
        edited(ben, 31)
        broken_in(world, ben)
        world.heal()
        ben.workspace.undo()
        world.heal()

        assert minutes_at(ada) == minutes_at(ben) == 30


# -- order and time ------------------------------------------------------------------------------------------------


def test_a_receipt_that_comes_before_its_commit_decides_it_all_the_same() -> None:
    with world_of(10, "abc") as world:
        ada, ben, cleo = world.replicas
        broken_in(world, ben)
        edited(ben, 44)
        ada.workspace.take(ben.workspace.give(ada.workspace.held()))
        delivery = ada.workspace.give(cleo.workspace.held())
        cleo.workspace.take(replace(delivery, packets=()))
        taken = cleo.workspace.take(replace(delivery, receipts=()))
        times = "SELECT count(*) FROM entry e JOIN leaf l ON l.hash = e.hash WHERE e.received <> l.received"

        assert (len(taken.refused), minutes_at(cleo)) == (1, 44)
        assert cleo.workspace.read(lambda reader: reader.value(times)) == 0


def test_a_false_checkpoint_is_named_and_its_leaves_are_not_kept() -> None:
    with world_of(11, "ab") as world:
        ada, ben = world.replicas
        edited(ada, 20)
        delivery = ada.workspace.give(ben.workspace.held())
        leaf = replace(delivery.receipts[0].leaves[-1], hash=sha256(b"another commit"))
        false = replace(delivery.receipts[0], leaves=(*delivery.receipts[0].leaves[:-1], leaf))
        before = ben.workspace.held().leaves
        taken = ben.workspace.take(replace(delivery, receipts=(false,)))

        assert len(taken.forged) == 1
        assert ben.workspace.held().leaves == before


def test_listeners_hear_of_a_delivery_as_one_remote_change() -> None:
    with world_of(12, "ab") as world:
        ada, ben = world.replicas
        edited(ada, 20)
        heard: list[ChangeSet] = []
        ben.workspace.subscribe(heard.append)
        ben.workspace.take(ada.workspace.give(ben.workspace.held()))

        assert [change.origin for change in heard] == ["remote"]
        assert heard[0].touched("task") == set(acts.ids(ben, A_TASK))


def test_a_workspace_is_joined_from_its_founding_commit_on(tmp_path: Path) -> None:
    with world_of(13, "a") as world:
        everything = world.replica("a").workspace.give(Held({}, {}))
        clock = WorldClock().seen_by(0, random.Random(5))
        with pytest.raises(VerifyError):
            Workspace.join(tmp_path / "no", Delivery(everything.packets[1:]), clock=clock)
        joined = Workspace.join(tmp_path / "yes", everything, clock=clock, device_name="new")
        there = joined.give(world.replica("a").workspace.held())
        taken = world.replica("a").workspace.take(there)
        same = joined.id == world.replica("a").workspace.id
        joined.close()

        assert (same, taken.taken) == (True, 1)


# -- newer versions ------------------------------------------------------------------------------------------------

ENTITY_OF_A_NEWER_VERSION, FIELD_OF_A_NEWER_VERSION, OP_OF_A_NEWER_VERSION = 99, 88, 77


def of_a_newer_version(giver: Replica, packet: Packet) -> tuple[Packet, bytes]:
    """The commit as a newer version would make it: an op, an entity, a field and a custom field nobody here knows."""
    salt, value = b"\x07" * 16, "known to a newer version alone"
    name = salted_hash(salt, value)
    task = acts.ids(giver, A_TASK)[0]
    ops = [
        *unpack(packet.body)[18],
        [OP_OF_A_NEWER_VERSION, b"anything", ["at", "all"]],
        [1, ENTITY_OF_A_NEWER_VERSION, b"\x01" * 16, [[1, None, name]]],
        [2, 7, task, FIELD_OF_A_NEWER_VERSION, None, 5, []],
        [2, 7, task, b"\x02" * 16, None, "a custom field", []],
    ]
    array = unpack(packet.body)
    array[18], array[19] = ops, sha256(name)
    body = pack(array)
    signature = sign_body(giver.workspace.device.private, body)
    return Packet(body, signature, (*packet.detached, (salt, pack(value)))), name


def test_a_newer_versions_commit_is_kept_passed_on_whole_and_its_known_part_applied() -> None:
    """What this version does not know stays in the log, byte for byte, with its erasable values."""
    with world_of(5, "abc") as world:
        ada, ben, cleo = world.replicas
        edited(ben, 77)
        packet, name = of_a_newer_version(ben, packets_for(ben, ada)[0])
        taken = ada.workspace.take(Delivery((packet,)))

        assert (taken.taken, taken.forged, minutes_at(ada)) == (1, [], 77)

        passed_on = next(one for one in packets_for(ada, cleo) if one.body == packet.body)
        assert {salted_hash(salt, unpack(value)) for salt, value in passed_on.detached} >= {name}
        assert cleo.workspace.take(Delivery(tuple(packets_for(ada, cleo)))).taken == 1
        assert cleo.workspace.read(replica_digests) == ada.workspace.read(replica_digests)


def test_to_know_what_is_held_takes_the_same_however_long_the_log_is() -> None:
    """Said in each message; only the devices and logs count."""
    with world_of(23, "abc") as world:
        ada = world.replica("a")
        before = steps_to_know(ada.workspace)
        for number in range(150):
            edited(ada, number)
        after = steps_to_know(ada.workspace)

        assert ada.workspace.held().commits[acts.ids(ada, A_PROJECT)[0], ada.workspace.device.id] > 150
        assert after < before * 1.1


def steps_to_know(workspace: Workspace) -> int:
    """How many steps SQLite makes."""
    steps = 0

    def count() -> bool:
        nonlocal steps
        steps += 1
        return False

    raw = workspace.database.reader().raw
    raw.set_progress_handler(count, 1)
    workspace.held()
    raw.set_progress_handler(None)
    return steps
