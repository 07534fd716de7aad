"""What puts sequencer, chains and grace time to the test: lies told in their name, and an access taken behind a back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.codec import COMMIT, pack, unpack
from app.commands import people, tasks
from app.domain.words import Access
from app.errors import Refused
from app.storage.authority import access_of
from app.storage.crypto import sign_as_device
from app.storage.delivery import Delivery, Packet, Receipt
from app.storage.epochs import without_leaf
from app.storage.log import commit_hash
from app.storage.ordering import order_given
from app.storage.proofs import Leaf, append, checkpoint, root_of, tree_of
from app.storage.terms import GRACE_MS
from tests.simulation.world import ADA, BEN, HOUR_MS, Replica, World, signer

DEV_SEQ, PREV, OPS = 3, 4, 18  # where they stand in a commit's array
PUT, VALUE = 2, 5  # an op that writes a field, and where its value stands


def another(world: World, replica: Replica) -> Replica:
    return world.chance.choice([one for one in world.everybody if one is not replica])


# -- lies about the order ------------------------------------------------------------------------------------------


def change_receipt(world: World, replica: Replica) -> None:
    """Somebody on the way tells another time, another decision or another commit than the sequencer signed."""
    victim, chance = another(world, replica), world.chance
    found = replica.workspace.give(victim.workspace.held()).receipts
    if not found:
        raise Refused("The victim lacks no receipt.")
    receipt = chance.choice(found)
    at = chance.randrange(len(receipt.leaves))
    leaf = receipt.leaves[at]
    false = chance.choice(
        (
            replace(leaf, received=leaf.received + HOUR_MS),
            replace(leaf, accepted=not leaf.accepted),
            replace(leaf, hash=chance.randbytes(32)),
        )
    )
    leaves = (*receipt.leaves[:at], false, *receipt.leaves[at + 1 :])
    _not_believed(world, victim, replace(receipt, leaves=leaves))


def make_up_receipt(world: World, replica: Replica) -> None:
    """A device gives an order that is not its to give, over commits that wait for theirs."""
    victim = another(world, replica)
    log, epoch, _sequencer = _a_log(world, victim, own=replica.workspace.device.public, is_own=False)
    names = victim.workspace.read(without_leaf, log) or [world.chance.randbytes(32)]
    leaves = tuple(Leaf(name, world.clock.now_ms, accepted=False, reason=1) for name in names[:3])
    _not_believed(world, victim, _signed(victim, replica, log, epoch, leaves))


def give_twice(world: World, replica: Replica) -> None:
    """A sequencer gives a commit a second place, at another time."""
    victim = another(world, replica)
    log, epoch, _sequencer = _a_log(world, victim, own=replica.workspace.device.public, is_own=True)
    known = victim.workspace.read(
        lambda reader: reader.row(
            "SELECT hash, received, accepted FROM leaf WHERE log = ? AND epoch = ? ORDER BY number DESC LIMIT 1",
            (log, epoch),
        )
    )
    if known is None:
        raise Refused("The victim holds no receipt.")
    again = Leaf(known[0], known[1] + HOUR_MS, bool(known[2]))
    _not_believed(world, victim, _signed(victim, replica, log, epoch, (again,)))


def _a_log(world: World, victim: Replica, own: bytes, *, is_own: bool) -> tuple[bytes, int, bytes]:
    rows = victim.workspace.read(
        lambda reader: reader.rows("SELECT id, epoch, sequencer FROM log ORDER BY id")
    )
    rows = [row for row in rows if (row[2] == own) is is_own]
    if not rows:
        raise Refused("There is no such log.")
    log, epoch, sequencer = world.chance.choice(rows)
    return log, epoch, sequencer


def _signed(victim: Replica, liar: Replica, log: bytes, epoch: int, leaves: tuple[Leaf, ...]) -> Receipt:
    size, frontier = victim.workspace.read(tree_of, log, epoch)
    start = size
    for leaf in leaves:
        frontier = append(frontier, size, leaf.leaf_hash())
        size += 1
    note = checkpoint(liar.workspace.device.private, log, epoch, size, root_of(frontier))
    return Receipt(log, epoch, start, leaves, note)


def _not_believed(world: World, victim: Replica, receipt: Receipt) -> None:
    taken = world.take(victim, Delivery((), (receipt,)))
    assert taken.leaves == 0, "a receipt was believed that the sequencer never gave"
    world.counts["false receipt refused"] += len(taken.forged)


# -- lies about one's own history ----------------------------------------------------------------------------------


def go_on_otherwise(world: World, replica: Replica) -> None:
    """A device shows somebody a next commit that does not follow the ones before it."""
    packet, victim = _own_last(world, replica)
    array = unpack(packet.body)
    array[DEV_SEQ] += 1
    array[PREV] = world.chance.randbytes(32)
    _left_out(world, victim, _packet(replica, array, packet))


def write_nonsense(world: World, replica: Replica) -> None:
    """A commit in its right place, signed, with a value that no field of its kind can hold."""
    packet, victim = _own_last(world, replica, lambda array: any(map(_writes, array[OPS])))
    array = unpack(packet.body)
    op = next(op for op in array[OPS] if _writes(op))
    op[VALUE] = b"\x00" if isinstance(op[VALUE], bool) else True
    array[DEV_SEQ] += 1
    array[PREV] = commit_hash(packet.body)
    _left_out(world, victim, _packet(replica, array, packet))


def _writes(op: list[Any]) -> bool:
    return op[0] == PUT and op[VALUE] is not None


def slip_in_value(world: World, replica: Replica) -> None:
    """Beside a commit travels a value that the commit does not name."""
    victim = another(world, replica)
    lacking = replica.workspace.give(victim.workspace.held()).packets
    if not lacking:
        raise Refused("The victim lacks nothing.")
    packet = lacking[0]
    more = (*packet.detached, (world.chance.randbytes(16), pack("slipped in")))
    taken = world.take(victim, Delivery((Packet(packet.body, packet.signature, more),)))
    world.counts["value slipped in"] += taken.taken
    slipped = victim.workspace.read(
        lambda reader: reader.row("SELECT 1 FROM detached WHERE value = ?", (pack("slipped in"),))
    )
    assert slipped is None, "a value was kept that no commit names"


def _own_last(
    world: World, replica: Replica, fits: Callable[[list[Any]], bool] = lambda _array: True
) -> tuple[Packet, Replica]:
    """A device's last commit in a log, and somebody who holds it."""
    ends = {}
    for packet in world.own_commits(replica):
        array = unpack(packet.body)
        ends[array[1]] = (packet, array)
    found = [
        (packet, victim)
        for packet, array in ends.values()
        for victim in world.everybody
        if array[DEV_SEQ] > 1 and fits(array) and victim is not replica
        if victim.workspace.held().commits.get((array[1], array[2]), 0) == array[DEV_SEQ]
    ]
    if not found:
        raise Refused("Nobody holds all of it.")
    return world.chance.choice(found)


def _packet(author: Replica, array: object, like: Packet) -> Packet:
    body = pack(array)
    signature = sign_as_device(author.workspace.device.private, COMMIT + body)
    return Packet(body, signature, like.detached)


def _left_out(world: World, victim: Replica, packet: Packet) -> None:
    taken = world.take(victim, Delivery((packet,)))
    assert taken.news == 0, "a commit was taken that breaks its chain or its shape"
    world.counts["false history refused"] += len(taken.forged)


# -- the grace time ------------------------------------------------------------------------------------------------


def take_access_behind_his_back(world: World, replica: Replica) -> None:
    """Ben works without a network while his access is taken: what comes within the grace time counts, later it does not."""
    ada, ben = world.replica("a"), world.replica("b")
    for giver, taker in ((ben, ada), (ada, ben)):
        world.take(taker, giver.workspace.give(taker.workspace.held()))
    if ada.workspace.give(ben.workspace.held()).packets or ben.workspace.give(ada.workspace.held()).packets:
        raise Refused("They do not know the same.")
    tasks_here = ben.workspace.read(
        lambda reader: reader.rows("SELECT id, log FROM task WHERE alive ORDER BY id")
    )
    mine = [
        task
        for task, log in tasks_here
        if ada.workspace.read(order_given, ada.workspace.device, log) is not None
    ]
    if not mine or ada.workspace.read(access_of, BEN) < Access.EDITOR:
        raise Refused("Ada does not decide about it, or Ben may not do it.")
    ben.workspace.run(tasks.set_task, world.chance.choice(mine), {"minutes": world.chance.randint(600, 699)})
    wait_ms = world.chance.choice((HOUR_MS, GRACE_MS + 8 * HOUR_MS))
    ada.workspace.run(people.set_access, BEN, Access.READER, signer=signer(ADA))
    world.clock.now_ms += wait_ms
    taken = world.take(ada, ben.workspace.give(ada.workspace.held()))
    ada.workspace.run(people.set_access, BEN, Access.EDITOR, signer=signer(ADA))
    late = wait_ms > GRACE_MS
    assert (taken.taken, len(taken.refused)) == ((0, 1) if late else (1, 0)), "the grace time was not kept"
    world.counts["late within the grace time" if not late else "too late after a revocation"] += 1
