"""Bytes from somebody who means harm: mutated commits and receipts are left out, and whatever is sound beside them is taken."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.codec import COMMIT, pack, unpack
from app.commands import projects, tasks
from app.storage.crypto import sign_as_device
from app.storage.delivery import Delivery, Held, Packet
from app.storage.proofs import Leaf
from app.storage.replica import Taken
from app.workspace import Workspace
from sync.server.house import Hosted, House
from tests.simulation.world import World, world_of

MUTANTS = 500  # a seed
_WORDS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 255, 1 << 31, 1 << 62, -(1 << 63), "", "x" * 300, "余额", b"", b"\0" * 16),
    *(b"\xff" * 32, [], [[]], [0, 0], [b"\0" * 16, 0], b"\0" * 20, [b"\0" * 20] * 3),
)


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(11, "ab") as made:
        yield made


def mutated(chance: random.Random, value: Any) -> Any:
    """Somewhere in it, one thing is another, is gone, or is there twice."""
    if isinstance(value, list) and value and chance.random() < 0.85:
        at = chance.randrange(len(value))
        match chance.random():
            case draw if draw < 0.7:
                return [*value[:at], mutated(chance, value[at]), *value[at + 1 :]]
            case draw if draw < 0.85:
                return value[:at] + value[at + 1 :]
            case _:
                return [*value[: at + 1], *value[at:]]
    if isinstance(value, bytes) and value and chance.random() < 0.5:
        at = chance.randrange(len(value))
        return value[:at] + bytes([value[at] ^ 1 << chance.randrange(8)]) + value[at + 1 :]
    return chance.choice(_WORDS)


def strike(seeds: range) -> Counter[str]:
    """A few hundred mutated commits a seed, signed by the device's own key: only the rules stand in the way."""
    counts: Counter[str] = Counter()
    with world_of(11, "ab") as world:
        ben, ada = world.replica("b"), world.replica("a")
        task = ben.workspace.read(lambda reader: reader.value("SELECT min(id) FROM task"))
        ben.workspace.run(tasks.set_task, task, {"minutes": 7})
        ben.workspace.run(tasks.add_task, _project(ben.workspace), "Sound")
        sound = world.own_commits(ben)
        lacking = ben.workspace.give(ada.workspace.held()).packets
        for seed in seeds:
            chance = random.Random(seed)
            for _ in range(MUTANTS):
                counts += _struck(chance, chance.choice(sound), ben.workspace, ada.workspace)
        taken = ada.workspace.take(Delivery(lacking))
        counts["sound commits lost"] += len(lacking) - taken.taken + len(taken.forged)
    return counts


def _struck(chance: random.Random, packet: Packet, author: Workspace, victim: Workspace) -> Counter[str]:
    try:
        body = pack(mutated(chance, unpack(packet.body)))
    except (ValueError, OverflowError):
        return Counter()
    signature = sign_as_device(author.device.private, COMMIT + body)
    try:
        taken = _taken(victim, Delivery((replace(packet, body=body, signature=signature),)))
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing that comes in may raise it
        return Counter({"raised": 1, type(error).__name__: 1})
    return Counter({"left out": len(taken.forged), "waiting": taken.waiting, "taken": taken.taken})


def test_no_mutated_commit_stops_a_replica_or_harms_a_sound_one() -> None:
    counts = strike(range(3))

    assert counts["raised"] == counts["sound commits lost"] == 0
    assert counts["left out"] > MUTANTS
    assert counts["taken"] > 0


def _project(workspace: Workspace) -> bytes:
    return bytes(workspace.read(lambda reader: reader.value("SELECT min(id) FROM project")))


class _Undone(Exception):
    """Ends a transaction that was only tried."""


def _taken(workspace: Workspace, delivery: Delivery) -> Taken:
    """What would come of it; the replica stays as it was, so that each mutant meets the same one."""
    from app.storage.replica import take_delivery

    found: list[Taken] = []
    try:
        with workspace.database.transaction() as writer:
            found.append(take_delivery(writer, delivery, workspace.device, workspace.clock.now_ms()))
            raise _Undone  # noqa: TRY301 - rolls back
    except _Undone:
        return found[0]


def test_no_mutated_receipt_is_taken(world: World) -> None:
    ada, ben = world.replica("a"), world.replica("b")
    ada.workspace.run(projects.create_project, "Second wave")
    receipts = ada.workspace.give(ben.workspace.held()).receipts
    assert receipts
    chance = random.Random(2)
    for _ in range(MUTANTS):
        one = chance.choice(receipts)
        leaf = chance.choice(one.leaves)
        wrong = chance.choice(
            (
                replace(one, leaves=(*one.leaves, Leaf(bytes(32), 5, accepted=True))),
                replace(one, leaves=tuple(replace(leaf, received=leaf.received + 1) for leaf in one.leaves)),
                replace(one, leaves=(replace(leaf, accepted=not leaf.accepted),)),
                replace(one, start=chance.randrange(100), checkpoint=one.checkpoint.replace("1", "2")),
                replace(one, checkpoint=mutated_text(chance, one.checkpoint)),
                replace(one, epoch=chance.choice((0, 2, 1 << 40))),
                replace(one, log=chance.randbytes(16)),
            )
        )
        if wrong != one:
            assert _taken(ben.workspace, Delivery((), (wrong,))).leaves == 0


def mutated_text(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(("", "—", "\n", "A", " 9")) + text[at + 1 :]


def test_one_request_that_breaks_the_taking_harms_no_other(world: World, tmp_path: Path) -> None:
    house = House(tmp_path / "server")
    ada = world.replica("a").workspace
    hosted = house.begin(ada.id)
    honest = hosted.replica.take
    poison = Packet(b"poison", b"")

    def take(delivery: Delivery) -> Taken:
        if poison in delivery.packets:
            raise TypeError("a fault of ours that somebody found")
        return honest(delivery)

    hosted.replica.take = take  # type: ignore[method-assign]  # a fault, planted
    with hosted._lock:
        hosted._busy = True  # so that both wait for the same transaction
    broken = hosted.take(Delivery((poison,)))
    sound = hosted.take(ada.give(Held({}, {})))
    hosted._drain()

    assert isinstance(broken.exception(1), TypeError)
    assert sound.result(1).taken > 5
    assert hosted.take(Delivery()).result(1).taken == 0
    house.close()


def test_a_workspace_that_is_brought_is_the_one_it_says(world: World, tmp_path: Path) -> None:
    house = House(tmp_path / "server")
    hosted: Hosted = house.begin(bytes(16))
    taken = hosted.take(world.replica("a").workspace.give(Held({}, {}))).result(10)

    assert taken.taken == 0
    assert hosted.replica.read(lambda reader: reader.rev) == 0
    assert house.find(b"\1" * 16) is None
    house.close()
