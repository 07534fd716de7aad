"""Merkle proofs against the plain definition: every one that is right holds, and none with a single thing changed does."""

import hashlib
import random
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.codec import pack
from app.commands import tasks
from app.commands.stating import Subject, make_statement
from app.domain.person import Device as DeviceEntity
from app.domain.verbs import HAND_OVER_ORDER
from app.queries.doubts import doubts, kept_back
from app.storage.crypto import public_bytes
from app.storage.delivery import Delivery, Held
from app.storage.proofs import (
    EMPTY_ROOT,
    Leaf,
    append,
    checkpoint,
    consistency,
    inclusion,
    node_hash,
    nodes_of,
    root_at,
    root_of,
    tree_of,
    verify_consistency,
    verify_inclusion,
)
from app.storage.seen import ahead, contradictions
from app.storage.statements import Kind
from app.storage.transaction import Transaction
from app.workspace import Workspace
from tests.simulation.world import World, world_of

MOST = 22
LEAVES = [hashlib.sha256(bytes([number])).digest() for number in range(MOST)]


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, as it is written there."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


def node(level: int, index: int) -> bytes:
    return plain_root(LEAVES[index << level : index + 1 << level])


def changed(chance: random.Random, path: list[bytes]) -> Iterator[list[bytes]]:
    for at in range(len(path)):
        flipped = bytearray(path[at])
        flipped[chance.randrange(32)] ^= 1 << chance.randrange(8)
        yield [*path[:at], bytes(flipped), *path[at + 1 :]]
        yield path[:at] + path[at + 1 :]
    yield [*path, bytes(32)]


@pytest.mark.parametrize("size", range(1, MOST))
def test_every_leaf_is_proved_to_be_in_the_tree_and_nothing_else_is(size: int) -> None:
    chance, root = random.Random(size), plain_root(LEAVES[:size])
    for index in range(size):
        path = inclusion(node, index, size)

        assert verify_inclusion(LEAVES[index], index, size, path, root)
        assert not verify_inclusion(LEAVES[-1], index, size, path, root)
        assert not verify_inclusion(LEAVES[index], index, size, path, bytes(32))
        assert not any(
            verify_inclusion(LEAVES[index], other, size, path, root)
            for other in range(size)
            if other != index
        )
        assert not any(
            verify_inclusion(LEAVES[index], index, size, one, root) for one in changed(chance, path)
        )


@pytest.mark.parametrize("size", range(MOST))
def test_every_earlier_tree_is_proved_to_begin_the_later_one_and_no_other_is(size: int) -> None:
    chance, root = random.Random(size), plain_root(LEAVES[:size])
    for old in range(size + 1):
        path, old_root = consistency(node, old, size), plain_root(LEAVES[:old])

        assert verify_consistency(old, old_root, size, root, path)
        assert not verify_consistency(old, bytes(32), size, root, path)
        if 0 < old < size:
            assert not verify_consistency(old, old_root, size, bytes(32), path)
            assert not any(
                verify_consistency(old, old_root, size, root, one) for one in changed(chance, path)
            )


# -- in a workspace ------------------------------------------------------------------------------------------------


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(3, "ab") as made:
        yield made


def a_project(workspace: Workspace) -> bytes:
    return bytes(workspace.read(lambda reader: reader.value("SELECT min(id) FROM project")))


def edit(workspace: Workspace, minutes: int) -> None:
    task = workspace.read(lambda reader: reader.value("SELECT min(id) FROM task"))
    workspace.run(tasks.set_task, task, {"minutes": minutes})


def test_a_stored_tree_knows_its_root_at_every_size(world: World) -> None:
    ada = world.replica("a").workspace
    project = a_project(ada)
    for number in range(9):
        edit(ada, 40 + number)
    rows = ada.read(
        lambda reader: reader.rows(
            "SELECT hash, received, accepted, reason FROM leaf WHERE log = ? ORDER BY number", (project,)
        )
    )
    frontier: list[bytes] = []
    for size, row in enumerate(rows):
        frontier = append(frontier, size, Leaf(row[0], row[1], bool(row[2]), row[3]).leaf_hash())
        assert ada.read(root_at, project, 1, size + 1) == root_of(frontier)

    ben = world.replica("b").workspace
    ben.take(ada.give(ben.held()))
    assert ben.read(root_at, project, 1, len(rows)) == root_of(frontier)
    path = ben.read(lambda reader: inclusion(nodes_of(reader, project, 1), 3, len(rows)))
    assert verify_inclusion(
        Leaf(rows[3][0], rows[3][1], True).leaf_hash(), 3, len(rows), path, root_of(frontier)
    )


def test_what_somebody_saw_further_on_waits_until_it_is_here(world: World) -> None:
    ada, ben = world.replica("a").workspace, world.replica("b").workspace
    edit(ada, 41)
    edit(ada, 42)  # names the tree that the edit before is in
    news = ada.give(ben.held())
    ben.take(Delivery(news.packets))
    assert [claim.log for claim in ben.read(ahead)] == [a_project(ada)]

    ben.take(Delivery((), news.receipts))

    assert ben.read(ahead) == ben.read(contradictions) == []


def test_a_sequencer_that_signs_two_histories_is_convicted_by_its_own_checkpoint(world: World) -> None:
    ada, ben = world.replica("a").workspace, world.replica("b").workspace
    edit(ada, 41)
    news = ada.give(Held(ben.held().commits, {}))
    ben.take(news)
    before = ben.held()
    (honest,) = (one for one in news.receipts if one.log == a_project(ada))
    other = [*honest.leaves[:-1], Leaf(honest.leaves[-1].hash, honest.leaves[-1].received + 1, accepted=True)]
    frontier: list[bytes] = []
    for size, leaf in enumerate(other):
        frontier = append(frontier, size, leaf.leaf_hash())
    note = checkpoint(ada.device.private, honest.log, 1, len(other), root_of(frontier))
    taken = ben.take(Delivery((), (type(honest)(honest.log, 1, 0, tuple(other), note),)))

    assert taken.forged == [
        "The sequencer signed another history of a log than it showed here. Nothing of it was taken."
    ]
    assert ben.held() == before
    assert [claim.note for claim in ben.read(contradictions)] == [note]


def test_a_hand_over_after_another_history_than_the_one_here_is_told(world: World) -> None:
    """The owner signs where the epoch before ended; whoever holds something else there says so, for good."""
    ada, ben = world.replica("a"), world.replica("b").workspace
    project, server = a_project(ada.workspace), Ed25519PrivateKey.generate()
    size = ada.workspace.read(tree_of, project, 1)[0]

    def hand_over(tx: Transaction) -> None:
        conditions = pack([2, size, bytes(32), public_bytes(server)])
        subject = Subject(DeviceEntity.NUMBER, bytes(16))
        make_statement(
            tx, ada.signer, Kind.SEQUENCER, subject, log=project, meaning="sequencer", conditions=conditions
        )

    world.force(ada, hand_over, verb=HAND_OVER_ORDER.number)
    world.heal()
    (said,) = ben.read(doubts, "en")

    assert said.startswith("The owner who handed the order of “Cutover” over had seen another history of it")


def test_a_server_that_says_nothing_of_a_log_one_may_not_read_any_more_is_not_accused(world: World) -> None:
    ben = world.replica("b").workspace
    project, held = a_project(ben), ben.held()
    others = Held(
        {chain: upto for chain, upto in held.commits.items() if chain[0] != project},
        {tree: size for tree, size in held.leaves.items() if tree[0] != project},
    )
    less = Held(held.commits, {tree: size - (tree[0] == project) for tree, size in held.leaves.items()})

    assert ben.read(kept_back, others, ben.device.id, b"", {}, "en") == []
    assert ben.read(kept_back, less, ben.device.id, b"", {}, "en") == [
        "The server denies 1 place it gave in “Cutover”. The receipt is here and stays good."
    ]
