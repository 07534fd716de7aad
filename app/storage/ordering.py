"""Giving commits their official order, where this device is the one that does: in the transaction that stores them."""

from collections.abc import Collection

from app.storage.authority import judge_placed
from app.storage.engine import Reader, Writer
from app.storage.epochs import epoch_of, without_leaf
from app.storage.judging import Refusal, judge, settle_clock, turn
from app.storage.keys import Device
from app.storage.log import decode_body
from app.storage.proofs import Leaf, sequence, tree_of
from app.storage.rows import show_conflicts_again


def order_given(reader: Reader, device: Device, log: bytes) -> int | None:
    """The epoch in which this device gives a log its order, once it has begun to; None elsewhere."""
    epoch = epoch_of(reader, log, device.public)
    return epoch if epoch == 1 or (epoch is not None and tree_of(reader, log, epoch)[0]) else None


def begin_order(writer: Writer, device: Device, log: bytes, now_ms: int) -> list[Leaf]:
    """Begins an epoch that was handed to this device: every commit without a place gets one. Returns what turned by it.

    Nothing begins before all that the epoch before decided is here and each of those commits can be judged: the first
    leaves decide for good.
    """
    epoch = epoch_of(writer, log, device.public)
    if epoch is None:
        return []
    leaves, turned = [], []
    for name in without_leaf(writer, log):
        body, accepted = writer.row("SELECT body, accepted FROM entry WHERE hash = ?", (name,)) or (b"", 0)
        refusal = judge(writer, decode_body(body), now_ms)
        if refusal is None:
            return []
        leaf = Leaf(name, now_ms, refusal is Refusal.ACCEPTED, int(refusal))
        leaves.append(leaf)
        turned += [leaf] if leaf.accepted != bool(accepted) else []
    if leaves:
        sequence(writer, device.private, log, epoch, leaves)
    for leaf in leaves:
        settle_clock(writer, leaf)
    show_conflicts_again(writer, log)
    judge_placed(writer, log, {leaf.hash for leaf in leaves})
    return turned


def begin_all(writer: Writer, device: Device, now_ms: int, also: Collection[bytes] = ()) -> list[Leaf]:
    """Begins every epoch that waits for this device to; the workspace log first, which says who may do what.

    In the logs `also`, whose receipts have just come back to this device, it goes on after them.
    """
    turned = []
    for (log,) in writer.rows(
        "SELECT id FROM log l WHERE sequencer = ? AND (epoch > 1 AND NOT EXISTS (SELECT 1 FROM tree t WHERE "
        f"t.log = l.id AND t.epoch = l.epoch) OR id IN ({','.join('?' * len(also))})) ORDER BY kind, id",
        (device.public, *also),
    ):
        turned += begin_order(writer, device, log, now_ms)
    turn(writer, turned)
    return turned
