"""Taking in what another replica sent, verified and in order: the merge, whatever carried the commits here.

Whatever order, loss or duplicates a delivery has: a commit is taken once, after its causes, and registers, rows and
statements come out the same. What does not hold is left out and named, and stops nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from app.clock import clamp_hlc
from app.codec import COMMIT, SALT_BYTES, salted_hash, unpack
from app.domain.entity import Value
from app.domain.registry import SPECS
from app.domain.words import Access
from app.errors import VerifyError
from app.storage.admission import check_ops, least_access
from app.storage.authority import (
    BEFORE_ALL,
    GRACE_MS,
    access_of,
    access_since,
    founding_device,
    sequencer_of,
)
from app.storage.causes import device_key, knows_causes
from app.storage.changes import Change
from app.storage.crypto import verify
from app.storage.delivery import Delivery, Packet, Receipt, hashes_of
from app.storage.engine import Reader, Writer
from app.storage.keys import Device
from app.storage.log import Commit, chain_end, commit_hash, decode_body
from app.storage.ops import Create, Delete, Put, op_id
from app.storage.proofs import Leaf, append, read_checkpoint, root_of, save_tree, sequence, tree_of
from app.storage.rebuild import rebuild
from app.storage.rows import Context, project, show_conflicts_again


class Refusal(IntEnum):
    """Why a commit is not accepted; the number stands in the sequencer's leaf."""

    ACCEPTED = 0
    NO_ACCESS = 1


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


# -- taking --------------------------------------------------------------------------------------------------------


def take(writer: Writer, packets: Sequence[Packet], device: Device, now_ms: int) -> Taken:
    """Takes commits in, verified; where this device sequences the log it also gives them their order.

    A commit whose causes are missing is left for a later delivery. Bytes, signatures or chains that do not hold are
    left out and named in the result.
    """
    taken = Taken()
    decided: dict[bytes, list[Leaf]] = {}
    for packet in packets:
        try:
            commit = decode_body(packet.body)
            leaf = _take_one(writer, commit, packet, device, now_ms, taken)
        except VerifyError as error:
            taken.forged.append(str(error))
            continue
        if leaf is not None and _sequences(writer, device, commit.log):
            decided.setdefault(commit.log, []).append(leaf)
    for log, leaves in decided.items():
        epoch = writer.value("SELECT epoch FROM log WHERE id = ?", (log,))
        sequence(writer, device.private, log, epoch, leaves)
    if any(change.table == "statement" for change in taken.changes):
        _judge_again(writer, taken)
    return taken


def _sequences(reader: Reader, device: Device, log: bytes) -> bool:
    return bool(reader.value("SELECT sequencer FROM log WHERE id = ?", (log,)) == device.public)


def _take_one(
    writer: Writer, commit: Commit, packet: Packet, device: Device, now_ms: int, taken: Taken
) -> Leaf | None:
    """Takes one commit; the sequencer's decision about it, or None when there is nothing to decide."""
    name = commit_hash(packet.body)
    if commit.dev_seq <= chain_end(writer, commit.log, commit.device)[0]:
        _check_no_fork(writer, commit, name)
        return None
    key = device_key(writer, commit)
    if key is None or not _comes_next(writer, commit) or not knows_causes(writer, commit):
        taken.waiting += 1
        return None
    if not verify(key, COMMIT + packet.body, packet.signature):
        raise VerifyError("A commit's signature does not hold.")
    check_ops(writer, commit)
    leaf = _leaf_of(writer, name)
    refusal = _judge(writer, commit, device if leaf is None else None, now_ms)
    if refusal is None:
        taken.waiting += 1
        return None
    accepted = refusal is Refusal.ACCEPTED and (leaf is None or leaf.accepted)
    decision = Leaf(name, leaf.received if leaf is not None else now_ms, accepted, int(refusal))
    _keep(writer, commit, packet, decision, taken)
    return decision if leaf is None else None


def _keep(writer: Writer, commit: Commit, packet: Packet, decision: Leaf, taken: Taken) -> None:
    _keep_detached(writer, packet)
    rev = writer.rev + 1
    _store(writer, commit, packet, decision.hash, rev, decision.received, accepted=decision.accepted)
    if not decision.accepted:
        taken.refused.append(decision.hash)
        return
    hlc = clamp_hlc(commit.hlc, decision.received)
    context = Context(commit.log, rev, commit.device, commit.dev_seq, hlc, plain={})
    project(writer, context, [(index, op) for index, op in enumerate(commit.ops) if op is not None])
    taken.changes += context.changes
    taken.taken += 1


def _leaf_of(reader: Reader, name: bytes) -> Leaf | None:
    """The sequencer's decision, where its receipt came before the commit."""
    row = reader.row("SELECT received, accepted, reason FROM leaf WHERE hash = ?", (name,))
    return Leaf(name, row[0], bool(row[1]), row[2]) if row is not None else None


def _comes_next(reader: Reader, commit: Commit) -> bool:
    """Whether the commit follows the last one of its device; False over a gap. Raises VerifyError for a fork."""
    last, prev = chain_end(reader, commit.log, commit.device)
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


def _keep_detached(writer: Writer, packet: Packet) -> None:
    """Stores the erasable values the commit names; anything else that came along is left."""
    wanted = hashes_of(packet.body)
    for salt, packed in packet.detached:
        value = _plain(packed)
        if len(salt) == SALT_BYTES and salted_hash(salt, value) in wanted:
            writer.execute(
                "INSERT OR IGNORE INTO detached (hash, salt, value) VALUES (?, ?, ?)",
                (salted_hash(salt, value), salt, packed),
            )


def _plain(packed: bytes) -> Value:
    try:
        value = unpack(packed)
    except VerifyError:
        return None
    return None if isinstance(value, list) else value


# -- access --------------------------------------------------------------------------------------------------------


def _judge(reader: Reader, commit: Commit, device: Device | None, now_ms: int) -> Refusal | None:
    """Whether the commit's person may do this; None when that cannot be known here yet.

    The sequencer's no is final, so it asks what is held now or was taken away within the grace time. Everybody else asks
    what was ever held, so that all who hold the same commits judge alike, and keeps to it against a sequencer who lets
    in what nobody may do.
    """
    least = least_access(reader, commit)
    if least is Access.NONE:
        return Refusal.ACCEPTED
    final = device is not None and _sequences(reader, device, commit.log)
    if final and not _knows_authority(reader, commit):
        return None
    if commit.person is None:
        alone = access_of(reader, None) is Access.OWNER or founding_device(reader) == commit.device
        return Refusal.ACCEPTED if alone else Refusal.NO_ACCESS
    held = access_since(reader, commit.person, now_ms - GRACE_MS if final else BEFORE_ALL)
    if held is None or not _acts_here(reader, commit.person, commit.device):
        return None
    return Refusal.ACCEPTED if held >= least else Refusal.NO_ACCESS


def _knows_authority(reader: Reader, commit: Commit) -> bool:
    """Whether the entries of the workspace log that the author had seen are here in their official order."""
    epoch, number = commit.acl_seq
    workspace = reader.value("SELECT value FROM meta WHERE key = 'workspace'")
    return number <= tree_of(reader, workspace, epoch)[0]


def _acts_here(reader: Reader, person: bytes, device: bytes) -> bool:
    """Whether the person has a key on the device: a device cannot act for somebody who was never there."""
    return (
        reader.row(
            "SELECT 1 FROM certificate WHERE person = ? AND device = ? AND level >= 0", (person, device)
        )
        is not None
    )


def _judge_again(writer: Writer, taken: Taken) -> None:
    """An access that came to be known lets in what was refused for the want of it, unless the sequencer has decided."""
    turned = []
    for name, body in writer.rows(
        "SELECT hash, body FROM entry e WHERE accepted = 0 AND NOT EXISTS "
        "(SELECT 1 FROM leaf l WHERE l.hash = e.hash AND NOT l.accepted)"
    ):
        if _judge(writer, decode_body(body), None, 0) is Refusal.ACCEPTED:
            turned.append(Leaf(name, 0, accepted=True))
    turn(writer, turned, taken)


def turn(writer: Writer, decisions: Sequence[Leaf], taken: Taken) -> None:
    """Accepts what was refused, or refuses what was accepted; what follows from the log is made anew."""
    if not decisions:
        return
    for leaf in decisions:
        writer.execute("UPDATE entry SET accepted = ? WHERE hash = ?", (leaf.accepted, leaf.hash))
        taken.reversed.append(leaf.hash)
        taken.changes += _touched(
            decode_body(writer.value("SELECT body FROM entry WHERE hash = ?", (leaf.hash,)))
        )
    rebuild(writer)


def _touched(commit: Commit) -> list[Change]:
    return [
        Change(SPECS[op.entity].table, op.object, None, None)
        for op in commit.ops
        if isinstance(op, Create | Put | Delete) and op.entity in SPECS
    ]


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


def take_delivery(writer: Writer, delivery: Delivery, device: Device, now_ms: int) -> Taken:
    """Commits and receipts of a delivery, in one transaction."""
    taken = take(writer, delivery.packets, device, now_ms)
    take_receipts(writer, delivery.receipts, taken)
    return taken


def take_receipts(writer: Writer, found: Sequence[Receipt], taken: Taken) -> None:
    """Takes the sequencer's order in; a receipt whose checkpoint does not hold over its leaves is named as forged."""
    turned: list[Leaf] = []
    for receipt in found:
        sequencer = sequencer_of(writer, receipt.log, receipt.epoch)
        size, _frontier = tree_of(writer, receipt.log, receipt.epoch)
        if sequencer is None or receipt.start > size or receipt.start + len(receipt.leaves) <= size:
            continue
        new = receipt.leaves[size - receipt.start :]
        if not _append_leaves(writer, receipt, sequencer, new):
            taken.forged.append("The sequencer's checkpoint does not cover what it sent.")
            continue
        taken.leaves += len(new)
        for leaf in new:
            _settle_clock(writer, leaf)
            if _is_turned(writer, leaf):
                turned.append(leaf)
        show_conflicts_again(writer, receipt.log)
    turn(writer, turned, taken)


def _is_turned(reader: Reader, leaf: Leaf) -> bool:
    """Whether the sequencer decided otherwise than this replica did for the time being."""
    row = reader.row("SELECT accepted, body FROM entry WHERE hash = ?", (leaf.hash,))
    if row is None or bool(row[0]) == leaf.accepted:
        return False
    return not leaf.accepted or _judge(reader, decode_body(row[1]), None, 0) is Refusal.ACCEPTED


def _append_leaves(writer: Writer, receipt: Receipt, sequencer: bytes, new: Sequence[Leaf]) -> bool:
    log, epoch = receipt.log, receipt.epoch
    size, frontier = tree_of(writer, log, epoch)
    rows = []
    for leaf in new:
        rows.append((log, epoch, size, leaf.hash, leaf.received, leaf.accepted, leaf.reason))
        frontier = append(frontier, size, leaf.leaf_hash())
        size += 1
    if read_checkpoint(receipt.checkpoint, sequencer, log, epoch) != (size, root_of(frontier)):
        return False
    writer.many(
        "INSERT INTO leaf (log, epoch, number, hash, received, accepted, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    save_tree(writer, log, epoch, size, frontier, receipt.checkpoint)
    return True


def _settle_clock(writer: Writer, leaf: Leaf) -> None:
    """The sequencer's time of receipt limits a clock that ran ahead, on every replica alike."""
    row = writer.row("SELECT body, received FROM entry WHERE hash = ?", (leaf.hash,))
    if row is None or row[1] == leaf.received:
        return
    commit = decode_body(row[0])
    hlc = clamp_hlc(commit.hlc, leaf.received)
    # by object and op: the number of a commit, and so an op's id, is unique within its log only
    written = [
        (hlc, op.object, op_id(commit.device, commit.dev_seq, index))
        for index, op in enumerate(commit.ops)
        if isinstance(op, Create | Put | Delete)
    ]
    writer.many("UPDATE head SET hlc = ? WHERE object = ? AND op = ?", written)
    writer.many("UPDATE creation SET hlc = ? WHERE object = ? AND op = ?", written)
    writer.execute("UPDATE entry SET received = ? WHERE hash = ?", (leaf.received, leaf.hash))
