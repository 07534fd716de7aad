"""Exchanging commits between replicas: what the other side lacks, and taking in what it sent, verified in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from app.clock import clamp_hlc
from app.codec import COMMIT, SALT_BYTES, salted_hash, unpack
from app.domain.entity import Value
from app.domain.person import Device as DeviceEntity
from app.domain.verbs import BY_NUMBER
from app.domain.words import Access
from app.errors import VerifyError
from app.storage.authority import access_of, sequencer_of
from app.storage.changes import Change
from app.storage.crypto import verify
from app.storage.engine import Reader, Writer
from app.storage.erasable import hashes_in
from app.storage.keys import Device
from app.storage.log import GENESIS, Commit, chain_end, commit_hash, decode_body, detached_root
from app.storage.ops import Create, Found
from app.storage.proofs import Leaf, append, read_checkpoint, root_of, save_tree, sequence, tree_of
from app.storage.rows import Context, project, show_conflicts_again

Frontier = Mapping[tuple[bytes, bytes], int]  # (log, device) -> last dev_seq


class Refusal(IntEnum):
    """Why a commit is not accepted; the number stands in the sequencer's leaf."""

    ACCEPTED = 0
    NO_ACCESS = 1
    BAD_OPS = 2


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


@dataclass(slots=True)
class Taken:
    """What came of a delivery: commits taken, refused by the rules (kept, marked), and put aside until a gap closes."""

    taken: int = 0
    refused: list[bytes] = field(default_factory=list)
    waiting: int = 0
    changes: list[Change] = field(default_factory=list)


# -- giving --------------------------------------------------------------------------------------------------------


def held(reader: Reader) -> dict[tuple[bytes, bytes], int]:
    """What this replica holds: (log, device) -> last dev_seq."""
    rows = reader.rows("SELECT log, device, max(dev_seq) FROM entry GROUP BY log, device")
    return {(log, device): upto for log, device, upto in rows}


def missing(reader: Reader, theirs: Frontier) -> list[Packet]:
    """The commits the other side lacks, in the order this replica took them in (which is causal)."""
    packets = []
    for log, device, dev_seq, body, signature in reader.rows(
        "SELECT log, device, dev_seq, body, signature FROM entry ORDER BY rev"
    ):
        if dev_seq > theirs.get((log, device), 0):
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

    A commit whose predecessor is missing is left for the next delivery. Raises VerifyError for bytes, signatures or
    chains that do not hold: then nothing of the delivery is kept.
    """
    taken = Taken()
    accepted: dict[bytes, list[Leaf]] = {}
    for packet in packets:
        commit = decode_body(packet.body)
        leaf = _take_one(writer, commit, packet, now_ms, taken)
        if leaf is not None:
            accepted.setdefault(commit.log, []).append(leaf)
    for log, leaves in accepted.items():
        sequencer, epoch = writer.row("SELECT sequencer, epoch FROM log WHERE id = ?", (log,)) or (b"", 0)
        if sequencer == device.public:
            sequence(writer, device.private, log, epoch, leaves)
    return taken


def _take_one(writer: Writer, commit: Commit, packet: Packet, now_ms: int, taken: Taken) -> Leaf | None:
    name = commit_hash(packet.body)
    last, prev = chain_end(writer, commit.log, commit.device)
    if commit.dev_seq <= last:
        _check_no_fork(writer, commit, name)
        return None
    if commit.dev_seq > last + 1 or not _knows_base(writer, commit):
        taken.waiting += 1
        return None
    if commit.prev != prev:
        raise VerifyError(
            "A commit does not follow the one before it: the chain is forked or a commit was left out."
        )
    key = _device_key(writer, commit)
    if key is None:
        taken.waiting += 1
        return None
    if not verify(key, COMMIT + packet.body, packet.signature):
        raise VerifyError("A commit's signature does not hold.")
    _check_genesis(writer, commit)
    plain = _keep_detached(writer, commit, packet)
    refusal = _judge(writer, commit)
    rev = writer.rev + 1
    _store(writer, commit, packet, name, rev, now_ms, accepted=refusal is Refusal.ACCEPTED)
    if refusal is Refusal.ACCEPTED:
        hlc = clamp_hlc(commit.hlc, now_ms)
        context = Context(commit.log, rev, commit.device, commit.dev_seq, hlc, plain=plain)
        project(writer, context, [(index, op) for index, op in enumerate(commit.ops) if op is not None])
        taken.changes += context.changes
        taken.taken += 1
    else:
        taken.refused.append(name)
    return Leaf(name, now_ms, refusal is Refusal.ACCEPTED, int(refusal))


def _check_no_fork(writer: Writer, commit: Commit, name: bytes) -> None:
    known = writer.value(
        "SELECT hash FROM entry WHERE log = ? AND device = ? AND dev_seq = ?",
        (commit.log, commit.device, commit.dev_seq),
    )
    if known != name:
        raise VerifyError("Two commits of one device claim the same place: its chain is forked.")


def _knows_base(writer: Writer, commit: Commit) -> bool:
    """Whether everything the ops say their author saw is here: a commit is taken after its causes."""
    for op in commit.ops:
        base = getattr(op, "base", ())
        for seen in base:
            device, dev_seq = seen[:16], int.from_bytes(seen[16:20], "big")
            if device != commit.device and chain_end(writer, commit.log, device)[0] < dev_seq:
                return False
    return True


def _device_key(writer: Writer, commit: Commit) -> bytes | None:
    """The author device's public key: known already, or introduced by this very commit in the workspace log."""
    known = writer.value("SELECT key FROM device WHERE id = ?", (commit.device,))
    if known is not None:
        return bytes(known)
    for op in commit.ops:
        if isinstance(op, Create) and op.entity == DeviceEntity.NUMBER and op.object == commit.device:
            return next((v for number, _, v in op.values if number == 2 and isinstance(v, bytes)), None)
    return None


def _check_genesis(writer: Writer, commit: Commit) -> None:
    """A log's first commit founds it and names its one sequencer."""
    known = writer.row("SELECT 1 FROM log WHERE id = ?", (commit.log,)) is not None
    founds = bool(commit.ops) and isinstance(commit.ops[0], Found) and commit.prev == GENESIS
    if not known and not founds:
        raise VerifyError("A log begins with a commit that does not found it.")


def _keep_detached(writer: Writer, commit: Commit, packet: Packet) -> dict[bytes, Value]:
    """Stores the erasable values the commit names; anything else that came along is left."""
    wanted = _hashes_of(commit)
    if detached_root(wanted) != commit.detached_root:
        raise VerifyError("A commit's erasable values are not the ones it was signed over.")
    plain: dict[bytes, Value] = {}
    for salt, packed in packet.detached:
        value = unpack(packed)
        name = salted_hash(salt, value)
        if name in wanted and len(salt) == SALT_BYTES and not isinstance(value, list):
            writer.execute(
                "INSERT OR IGNORE INTO detached (hash, salt, value) VALUES (?, ?, ?)", (name, salt, packed)
            )
            plain[name] = value
    return plain


def _judge(writer: Writer, commit: Commit) -> Refusal:
    """Access of the commit's person, by the same table the local door uses."""
    verb = BY_NUMBER.get(commit.verb)
    least = verb.access if verb is not None else Access.EDITOR
    if access_of(writer, commit.person) < least:
        return Refusal.NO_ACCESS
    if (
        commit.person is not None
        and least > Access.NONE
        and not _acts_here(writer, commit.person, commit.device)
    ):
        return Refusal.NO_ACCESS
    return Refusal.ACCEPTED


def _acts_here(writer: Writer, person: bytes, device: bytes) -> bool:
    """Whether the person has a key on the device: a device cannot act for somebody who was never there."""
    return (
        writer.row(
            "SELECT 1 FROM certificate WHERE person = ? AND device = ? AND level >= 0", (person, device)
        )
        is not None
    )


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


def take_receipts(writer: Writer, found: Sequence[Receipt]) -> None:
    """Takes the sequencer's order in. Raises VerifyError when a checkpoint does not hold over the leaves."""
    for receipt in found:
        sequencer = sequencer_of(writer, receipt.log, receipt.epoch)
        size, frontier = tree_of(writer, receipt.log, receipt.epoch)
        if sequencer is None or receipt.start > size or receipt.start + len(receipt.leaves) <= size:
            continue
        new = receipt.leaves[size - receipt.start :]
        rows = []
        for leaf in new:
            rows.append(
                (receipt.log, receipt.epoch, size, leaf.hash, leaf.received, leaf.accepted, leaf.reason)
            )
            frontier = append(frontier, size, leaf.leaf_hash())
            size += 1
        signed = read_checkpoint(receipt.checkpoint, sequencer, receipt.log, receipt.epoch)
        if signed != (size, root_of(frontier)):
            raise VerifyError("The sequencer's checkpoint does not cover what it sent.")
        writer.many(
            "INSERT INTO leaf (log, epoch, number, hash, received, accepted, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        save_tree(writer, receipt.log, receipt.epoch, size, frontier, receipt.checkpoint)
        for leaf in new:
            _settle_clock(writer, leaf)
        show_conflicts_again(writer, receipt.log)


def _settle_clock(writer: Writer, leaf: Leaf) -> None:
    """The sequencer's time of receipt limits a clock that ran ahead, on every replica alike."""
    row = writer.row("SELECT hlc, device, dev_seq, received FROM entry WHERE hash = ?", (leaf.hash,))
    if row is None or row[3] == leaf.received:
        return
    hlc, device, dev_seq, _received = row
    low = device + dev_seq.to_bytes(4, "big")
    limits = (clamp_hlc(hlc, leaf.received), low, low + b"\xff\xff")
    writer.execute("UPDATE head SET hlc = ? WHERE op BETWEEN ? AND ?", limits)
    writer.execute("UPDATE creation SET hlc = ? WHERE op BETWEEN ? AND ?", limits)
    writer.execute("UPDATE entry SET received = ? WHERE hash = ?", (leaf.received, leaf.hash))
