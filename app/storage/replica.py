"""Taking in what another replica sent, verified and in order: the merge, whatever carried the commits here.

Whatever order, loss or duplicates a delivery has: a commit is taken once, after its causes, and registers, rows and
statements come out the same. What does not hold is left out and named, and stops nothing else.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from app.clock import clamp_hlc
from app.codec import COMMIT, SALT_BYTES, salted_hash, unpack
from app.domain.entity import Value
from app.errors import VerifyError
from app.i18n import _
from app.storage.admission import check_ops, states
from app.storage.authority import judge_all, judge_placed
from app.storage.causes import device_key, knows_causes
from app.storage.changes import Change
from app.storage.crypto import verify
from app.storage.delivery import Delivery, Packet, Receipt, hashes_of
from app.storage.engine import Reader, Writer
from app.storage.epochs import leaf_of, sequencer_of
from app.storage.erased import is_erased
from app.storage.judging import Refusal, judge, settle_clock, turn
from app.storage.keys import Device
from app.storage.log import Commit, chain_end, commit_hash, decode_body
from app.storage.ops import Found, State
from app.storage.ordering import begin_all, order_given
from app.storage.proofs import (
    Leaf,
    extended,
    keep_leaves,
    read_checkpoint,
    root_of,
    save_tree,
    sequence,
    tree_of,
)
from app.storage.redaction import carry_out
from app.storage.row_values import Context
from app.storage.rows import project, show_conflicts_again
from app.storage.seen import Claim, Trees, contradicts, note, note_commit, settle
from app.storage.statements import Kind


@dataclass(slots=True)
class Taken:
    """What came of a delivery: commits taken, refused by the rules (kept, marked), and left for a later delivery.

    forged: what does not hold and was left out, a sentence each. reversed: commits whose acceptance turned, because the
    sequencer decided otherwise or an access came to be known.
    """

    taken: int = 0
    refused: list[bytes] = field(default_factory=list)
    waiting: int = 0
    forged: list[str] = field(default_factory=list)
    reversed: list[bytes] = field(default_factory=list)
    leaves: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def news(self) -> int:
        """How much was new in it."""
        return self.taken + self.leaves + len(self.refused) + len(self.reversed)


# -- taking --------------------------------------------------------------------------------------------------------


def take(
    writer: Writer,
    packets: Sequence[Packet],
    device: Device | None,
    now_ms: int,
    decided_elsewhere: Collection[bytes] = (),
) -> Taken:
    """Takes commits in, verified; where this device gives the log its order, they get it.

    In the logs `decided_elsewhere` none gets a place yet; who takes the order over from this device is judged all the same.

    A commit whose causes are missing is left for a later delivery. Bytes, signatures or chains that do not hold are
    left out and named in the result.
    """
    taken = Taken()
    epochs, trees = _epochs(writer), Trees(writer)
    decided: dict[tuple[bytes, int], list[Leaf]] = {}
    orders: dict[bytes, int | None] = {}
    for packet in packets:
        try:
            commit = decode_body(packet.body)
            elsewhere = commit.log in decided_elsewhere and not states(commit, Kind.SEQUENCER)
            epoch = None if elsewhere else _epoch_here(writer, commit, device, orders)
            leaf = _take_one(
                writer, commit, packet, taken, trees, now_ms if epoch is not None else None, now_ms
            )
        except VerifyError as error:
            taken.forged.append(str(error))
            continue
        if any(isinstance(op, Found | State) for op in commit.ops):
            orders = {}  # it may have begun a log or handed one over
        if leaf is not None and epoch is not None:
            decided.setdefault((commit.log, epoch), []).append(leaf)
    if device is not None:
        for (log, epoch), leaves in decided.items():
            sequence(writer, device.private, log, epoch, leaves)
    if any(change.table == "statement" for change in taken.changes):
        for (log, _), leaves in decided.items():
            judge_placed(writer, log, {leaf.hash for leaf in leaves})
        _turn(writer, _judged_again(writer), taken)
    if _epochs(writer) != epochs:
        judge_all(writer)
        _turn(writer, _voided(writer), taken)
    return taken


def _epoch_here(
    reader: Reader, commit: Commit, device: Device | None, orders: dict[bytes, int | None]
) -> int | None:
    """The epoch in which the commit gets its place here; None where it gets none. `orders` keeps what was looked up."""
    if commit.log not in orders:
        if device is None:
            return None
        if _founds_here(commit, device):
            return 1  # not kept: it may turn out to be forged
        orders[commit.log] = order_given(reader, device, commit.log)
    return orders[commit.log]


def _founds_here(commit: Commit, device: Device) -> bool:
    """Whether the commit begins a log to which this device gives its order."""
    first = commit.ops[0] if commit.dev_seq == 1 and commit.ops else None
    return isinstance(first, Found) and first.sequencer == device.public


def _epochs(reader: Reader) -> int:
    return int(reader.value("SELECT count(*) FROM epoch"))


def _turn(writer: Writer, decisions: Sequence[Leaf], taken: Taken) -> None:
    taken.reversed += [leaf.hash for leaf in decisions]
    taken.changes += turn(writer, decisions)


def _take_one(
    writer: Writer,
    commit: Commit,
    packet: Packet,
    taken: Taken,
    trees: Trees,
    final_ms: int | None,
    now_ms: int,
) -> Leaf | None:
    """Takes one commit; the decision about it, or None when there is nothing new to decide.

    `final_ms` is the time where this device decides for good.
    """
    name = commit_hash(packet.body)
    end = chain_end(writer, commit.log, commit.device)
    if commit.dev_seq <= end[0]:
        _check_no_fork(writer, commit, name)
        return None
    key = device_key(writer, commit)
    if key is None or not _comes_next(commit, end) or not knows_causes(writer, commit):
        taken.waiting += 1
        return None
    if not verify(key, COMMIT + packet.body, packet.signature):
        raise VerifyError("A commit's signature does not hold.")
    check_ops(writer, commit)
    leaf = leaf_of(writer, name)
    refusal: int | None = judge(writer, commit, final_ms if leaf is None else None)
    if refusal is None and leaf is not None and not leaf.accepted:
        # it counts for nothing, whatever else would be known of it, and what its device did later may come
        refusal = leaf.reason
    if refusal is None:
        taken.waiting += 1
        return None
    accepted = refusal == Refusal.ACCEPTED and (leaf is None or leaf.accepted)
    decision = Leaf(name, leaf.received if leaf is not None else now_ms, accepted, int(refusal))
    _keep(writer, commit, packet, decision, taken)
    if accepted:
        note_commit(writer, commit, name, trees)
    return decision if leaf is None else None


def _keep(writer: Writer, commit: Commit, packet: Packet, decision: Leaf, taken: Taken) -> None:
    _keep_detached(writer, packet, taken)
    rev = writer.rev + 1
    _store(writer, commit, packet, decision.hash, rev, decision.received, accepted=decision.accepted)
    if not decision.accepted:
        taken.refused.append(decision.hash)
        return
    hlc = clamp_hlc(commit.hlc, decision.received)
    context = Context(commit.log, rev, commit.device, commit.dev_seq, hlc, plain={})
    project(writer, context, enumerate(commit.ops))
    taken.changes += context.changes
    taken.taken += 1


def _comes_next(commit: Commit, end: tuple[int, bytes]) -> bool:
    """Whether the commit follows the last one of its device; False over a gap. Raises VerifyError for a fork."""
    last, prev = end
    if commit.dev_seq == last + 1 and commit.prev != prev:
        raise VerifyError("A commit does not follow the one before it: its device's chain is forked.")
    return commit.dev_seq == last + 1


def _check_no_fork(writer: Writer, commit: Commit, name: bytes) -> None:
    known = writer.value(
        "SELECT hash FROM entry WHERE log = ? AND device = ? AND dev_seq = ?",
        (commit.log, commit.device, commit.dev_seq),
    )
    if known != name:
        raise VerifyError("Two commits of one device claim the same place: its chain is forked.")


# -- erasable values -----------------------------------------------------------------------------------------------


def _keep_detached(writer: Writer, packet: Packet, taken: Taken) -> None:
    """Stores the erasable values the commit names; anything else that came along is left out and named."""
    if not packet.detached:
        return
    wanted = hashes_of(packet.body)
    for salt, packed in packet.detached:
        value = _plain(packed)
        if len(salt) == SALT_BYTES and is_erased(writer, salted_hash(salt, value)):
            continue  # whoever sent it has not heard yet that it was erased
        if len(salt) == SALT_BYTES and salted_hash(salt, value) in wanted:
            writer.execute(
                "INSERT OR IGNORE INTO detached (hash, salt, value) VALUES (?, ?, ?)",
                (salted_hash(salt, value), salt, packed),
            )
        else:
            taken.forged.append(_("A text that came with a commit is not the one that was signed."))


def _plain(packed: bytes) -> Value:
    try:
        value = unpack(packed)
    except VerifyError:
        return None
    return None if isinstance(value, list) else value


# -- decisions that change ------------------------------------------------------------------------------------------


def _judged_again(reader: Reader) -> list[Leaf]:
    """An access that came to be known lets in what was refused for the want of it, unless the sequencer has decided."""
    turned = []
    for name, body in reader.rows(
        "SELECT hash, body FROM entry e WHERE accepted = 0 AND NOT EXISTS "
        "(SELECT 1 FROM standing_leaf l WHERE l.hash = e.hash AND NOT l.accepted)"
    ):
        if judge(reader, decode_body(body)) is Refusal.ACCEPTED:
            turned.append(Leaf(name, 0, accepted=True))
    return turned


def _voided(reader: Reader) -> list[Leaf]:
    """Decisions beyond the end of their epoch do not stand any more: what they said is judged anew."""
    turned = []
    for name, accepted, body in reader.rows(
        "SELECT e.hash, e.accepted, e.body FROM epoch n JOIN leaf l ON l.log = n.log AND l.epoch = n.epoch - 1 AND "
        "l.number >= n.size JOIN entry e ON e.hash = l.hash"
    ):
        leaf = leaf_of(reader, name)
        now = (leaf is None or leaf.accepted) and judge(reader, decode_body(body)) is Refusal.ACCEPTED
        if now != bool(accepted):
            turned.append(Leaf(name, 0, now))
    return turned


# -- keeping -------------------------------------------------------------------------------------------------------


def _store(
    writer: Writer, commit: Commit, packet: Packet, name: bytes, rev: int, now_ms: int, *, accepted: bool
) -> None:
    writer.execute(
        "INSERT INTO entry (rev, hash, log, device, dev_seq, action, person, hlc, wall, verb, received, accepted, "
        "body, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            rev,
            name,
            commit.log,
            commit.device,
            commit.dev_seq,
            commit.action,
            commit.person,
            commit.hlc,
            commit.wall,
        )
        + (commit.verb, now_ms, accepted, packet.body, packet.signature),
    )
    kind = {2: 1, 3: 2, 4: 3}.get(commit.verb, 0)
    target = commit.args[0] if kind and commit.args and isinstance(commit.args[0], bytes) else None
    writer.execute(
        "INSERT OR IGNORE INTO action (id, rev, person, device, verb, kind, target) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (commit.action, rev, commit.person, commit.device, commit.verb, kind, target),
    )


def take_delivery(writer: Writer, delivery: Delivery, device: Device | None, now_ms: int) -> Taken:
    """Commits and receipts of a delivery, in one transaction; without a device no commit gets a place here.

    Receipts come first, so that nothing is decided a second time. Where who gave them is not known yet, it comes with
    the commits: then those commits wait for their receipts, and only what these do not cover is decided here.
    """
    unknown = {one.log for one in delivery.receipts if sequencer_of(writer, one.log, one.epoch) is None}
    early = Taken()
    take_receipts(writer, delivery.receipts, early)
    taken = take(writer, delivery.packets, device, now_ms, unknown)
    taken.leaves += early.leaves
    taken.changes += early.changes
    taken.reversed += early.reversed
    take_receipts(writer, delivery.receipts, taken)
    settle(writer)
    if device is not None:
        taken.reversed += [leaf.hash for leaf in begin_all(writer, device, now_ms, unknown)]
    taken.changes += carry_out(writer)  # a redaction may have come to count
    return taken


def take_receipts(writer: Writer, found: Sequence[Receipt], taken: Taken) -> None:
    """Takes the sequencer's order in; a receipt whose checkpoint does not hold over its leaves is named as forged."""
    turned: list[Leaf] = []
    for receipt in found:
        sequencer = sequencer_of(writer, receipt.log, receipt.epoch)
        size, _frontier = tree_of(writer, receipt.log, receipt.epoch)
        if sequencer is None:
            continue
        if _is_of_another_history(writer, receipt, sequencer):
            taken.forged.append(
                _(
                    "The sequencer signed another history of a log than it showed here. Nothing of it was taken."
                )
            )
            continue
        if receipt.start > size or receipt.start + len(receipt.leaves) <= size:
            continue
        new = receipt.leaves[size - receipt.start :]
        if _gives_twice(writer, receipt, new) or not _append_leaves(writer, receipt, sequencer, new):
            taken.forged.append(_("The sequencer's checkpoint does not cover what it sent."))
            continue
        taken.leaves += len(new)
        standing = [leaf for leaf in new if leaf_of(writer, leaf.hash) == leaf]
        for leaf in standing:
            settle_clock(writer, leaf)
            if _is_turned(writer, leaf):
                turned.append(leaf)
        show_conflicts_again(writer, receipt.log)
        judge_placed(writer, receipt.log, {leaf.hash for leaf in new})
    _turn(writer, turned, taken)


def _is_turned(reader: Reader, leaf: Leaf) -> bool:
    """Whether the sequencer decided otherwise than this replica did for the time being."""
    row = reader.row("SELECT accepted, body FROM entry WHERE hash = ?", (leaf.hash,))
    if row is None or bool(row[0]) == leaf.accepted:
        return False
    return not leaf.accepted or judge(reader, decode_body(row[1])) is Refusal.ACCEPTED


def _gives_twice(reader: Reader, receipt: Receipt, new: Sequence[Leaf]) -> bool:
    """Whether an epoch gives one commit two places: two times of receipt would stand under one root."""
    names = {leaf.hash for leaf in new}
    return len(names) < len(new) or any(
        reader.row(
            "SELECT 1 FROM leaf WHERE hash = ? AND log = ? AND epoch = ?", (name, receipt.log, receipt.epoch)
        )
        for name in names
    )


def _is_of_another_history(writer: Writer, receipt: Receipt, sequencer: bytes) -> bool:
    """Whether its sequencer signed a tree that is not the one here: kept, because no other proof of it is needed."""
    signed = read_checkpoint(receipt.checkpoint, sequencer, receipt.log, receipt.epoch)
    if signed is None:
        return False
    size, root = signed
    claim = Claim(receipt.log, receipt.epoch, size, root, note=receipt.checkpoint)
    if not contradicts(writer, claim):
        return False
    note(writer, claim)
    return True


def _append_leaves(writer: Writer, receipt: Receipt, sequencer: bytes, new: Sequence[Leaf]) -> bool:
    log, epoch = receipt.log, receipt.epoch
    size, frontier = tree_of(writer, log, epoch)
    completed, frontier = extended(size, frontier, new)
    after = size + len(new)
    if read_checkpoint(receipt.checkpoint, sequencer, log, epoch) != (after, root_of(frontier)):
        return False
    keep_leaves(writer, log, epoch, size, new, completed)
    save_tree(writer, log, epoch, after, frontier, receipt.checkpoint)
    return True
