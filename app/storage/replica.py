"""Exchanging commits between replicas: what the other side lacks, and taking in what it sent, verified in order.

Whatever order, loss or duplicates a delivery has: a commit is taken once, after its causes, and registers, rows and
statements come out the same. What does not hold is left out and named, and stops nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from app.clock import clamp_hlc
from app.codec import COMMIT, SALT_BYTES, salted_hash, trusted, unpack
from app.domain.entity import Value
from app.domain.person import Device as DeviceEntity
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
from app.storage.changes import Change
from app.storage.crypto import key_id, verify
from app.storage.engine import Reader, Writer
from app.storage.erasable import hashes_in
from app.storage.keys import Device
from app.storage.log import GENESIS, Commit, chain_end, commit_hash, decode_body
from app.storage.ops import Certify, Create, Delete, Found, Put, State, op_id, op_parts
from app.storage.proofs import Leaf, append, read_checkpoint, root_of, save_tree, sequence, tree_of
from app.storage.rebuild import rebuild
from app.storage.rows import Context, project, show_conflicts_again
from app.storage.statements import Certificate, decode_certificate, decode_statement

Frontier = Mapping[tuple[bytes, bytes], int]  # (log, device) -> last dev_seq


class Refusal(IntEnum):
    """Why a commit is not accepted; the number stands in the sequencer's leaf."""

    ACCEPTED = 0
    NO_ACCESS = 1


@dataclass(frozen=True, slots=True)
class Packet:
    """One commit on its way: stored bytes, signature, and the erasable values beside it (salt, packed value)."""

    body: bytes
    signature: bytes
    detached: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The sequencer's decisions about a log from leaf `start` on, with the checkpoint over all of them."""

    log: bytes
    epoch: int
    start: int
    leaves: tuple[Leaf, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a replica holds: commits up to a dev_seq per log and device, leaves up to a size per log and epoch."""

    commits: Frontier
    leaves: Mapping[tuple[bytes, int], int]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one replica sends another, over whatever carries it: commits in causal order, and receipts."""

    packets: tuple[Packet, ...] = ()
    receipts: tuple[Receipt, ...] = ()


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


# -- giving --------------------------------------------------------------------------------------------------------


def held_by(reader: Reader) -> Held:
    return Held(held(reader), tree_sizes(reader))


def delivery_for(reader: Reader, theirs: Held) -> Delivery:
    """Everything the other side lacks."""
    return Delivery(tuple(missing(reader, theirs.commits)), tuple(receipts(reader, theirs.leaves)))


def genesis_among(packets: Sequence[Packet]) -> Commit:
    """The commit that founded the workspace; raises VerifyError when it is not among them."""
    for packet in packets:
        commit = decode_body(packet.body)
        if (
            commit.dev_seq == 1
            and commit.ops
            and isinstance(commit.ops[0], Found)
            and commit.ops[0].kind == 1
        ):
            return commit
    raise VerifyError("The delivery does not begin with the founding of a workspace.")


def held(reader: Reader) -> dict[tuple[bytes, bytes], int]:
    """What this replica holds: (log, device) -> last dev_seq."""
    rows = reader.rows("SELECT log, device, max(dev_seq) FROM entry GROUP BY log, device")
    return {(log, device): upto for log, device, upto in rows}


def missing(reader: Reader, theirs: Frontier) -> list[Packet]:
    """The commits the other side lacks, in the order this replica took them in (which is causal)."""
    lacking = [
        rev
        for rev, log, device, dev_seq in reader.rows(
            "SELECT rev, log, device, dev_seq FROM entry ORDER BY rev"
        )
        if dev_seq > theirs.get((log, device), 0)
    ]
    packets = []
    for rev in lacking:
        body, signature = reader.row("SELECT body, signature FROM entry WHERE rev = ?", (rev,)) or (b"", b"")
        packets.append(Packet(body, signature, _detached_of(reader, body)))
    return packets


def _detached_of(reader: Reader, body: bytes) -> tuple[tuple[bytes, bytes], ...]:
    found = []
    for name in _hashes_of(decode_body(body)):
        row = reader.row("SELECT salt, value FROM detached WHERE hash = ?", (name,))
        if row is not None:  # erased ones are missing, and nothing waits for them
            found.append((row[0], row[1]))
    return tuple(found)


def _hashes_of(commit: Commit) -> list[bytes]:
    """The salted hashes in a commit, in the order its root covers them."""
    return [name for op in commit.ops for name in hashes_in(op)] + ([commit.reason] if commit.reason else [])


def receipts(reader: Reader, theirs: Mapping[tuple[bytes, int], int]) -> list[Receipt]:
    """The leaves of every tree beyond the sizes the other side holds."""
    found = []
    for log, epoch, size, note in reader.rows("SELECT log, epoch, size, checkpoint FROM tree"):
        start = theirs.get((log, epoch), 0)
        if size > start:
            rows = reader.rows(
                "SELECT hash, received, accepted, reason FROM leaf WHERE log = ? AND epoch = ? AND number >= ? "
                "ORDER BY number",
                (log, epoch, start),
            )
            leaves = tuple(
                Leaf(name, received, bool(accepted), reason) for name, received, accepted, reason in rows
            )
            found.append(Receipt(log, epoch, start, leaves, note))
    return found


def tree_sizes(reader: Reader) -> dict[tuple[bytes, int], int]:
    """(log, epoch) -> number of leaves held."""
    return {(log, epoch): size for log, epoch, size in reader.rows("SELECT log, epoch, size FROM tree")}


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
    if key is None or not _comes_next(writer, commit) or not _knows_causes(writer, commit):
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
    _keep_detached(writer, commit, packet)
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


# -- causes --------------------------------------------------------------------------------------------------------


def _knows_causes(reader: Reader, commit: Commit) -> bool:
    """Whether everything the commit rests on is here: its log, what its ops saw, what its statements name."""
    founds = bool(commit.ops) and isinstance(commit.ops[0], Found) and commit.prev == GENESIS
    if not founds and reader.row("SELECT 1 FROM log WHERE id = ?", (commit.log,)) is None:
        return False
    certified: set[bytes] = set()
    created: set[bytes] = set()
    for op in commit.ops:
        match op:
            case Put() | Delete():
                if not _holds_ops(reader, commit, op.base):
                    return False
            case State():
                if not _holds_frontier(reader, commit, decode_statement(op.body).frontier):
                    return False
            case Create():
                created.add(op.object)
            case Certify():
                certificate = decode_certificate(op.body)
                certified.add(key_id(certificate.public))
                if not _holds_certified(reader, certificate, certified, created):
                    return False
    return True


def _holds_ops(reader: Reader, commit: Commit, base: Sequence[bytes]) -> bool:
    last = {op[:16]: 0 for op in base}
    for op in base:
        last[op[:16]] = max(last[op[:16]], op_parts(op)[1])
    return all(
        device == commit.device or chain_end(reader, commit.log, device)[0] >= dev_seq
        for device, dev_seq in last.items()
    )


def _holds_frontier(reader: Reader, commit: Commit, frontier: Sequence[tuple[bytes, bytes, int]]) -> bool:
    """A statement rests on all its author held; its own chain is known up to the commit itself."""
    return all(
        chain_end(reader, log, device)[0] >= upto
        for log, device, upto in frontier
        if (log, device) != (commit.log, commit.device) or upto >= commit.dev_seq
    )


def _holds_certified(
    reader: Reader, certificate: Certificate, certified: set[bytes], created: set[bytes]
) -> bool:
    person, issuer = certificate.person, certificate.issuer
    knows_person = person in created or reader.row("SELECT 1 FROM creation WHERE object = ?", (person,))
    knows_issuer = issuer in certified or reader.row("SELECT 1 FROM certificate WHERE key = ?", (issuer,))
    return bool(knows_person and knows_issuer)


def device_key(reader: Reader, commit: Commit) -> bytes | None:
    """The author device's public key, as that device itself introduced it: earlier, or by this very commit."""
    for op, initial in reader.rows("SELECT op, initial FROM creation WHERE object = ?", (commit.device,)):
        if op[:16] == commit.device:
            return _key_among(trusted(initial))
    for one in commit.ops:
        if isinstance(one, Create) and (one.entity, one.object) == (DeviceEntity.NUMBER, commit.device):
            return _key_among(one.values)
    return None


def _key_among(values: Iterable[Sequence[Any]]) -> bytes | None:
    number = SPECS[DeviceEntity.NUMBER].fields["key"].mark.number
    return next((value for known, _, value in values if known == number and isinstance(value, bytes)), None)


# -- erasable values -----------------------------------------------------------------------------------------------


def _keep_detached(writer: Writer, commit: Commit, packet: Packet) -> None:
    """Stores the erasable values the commit names; anything else that came along is left."""
    wanted = _hashes_of(commit)
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
