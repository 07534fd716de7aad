"""The sequencer's order as an RFC 9162 Merkle tree with checkpoints in the C2SP signed-note format.

Sources: RFC 9162 section 2.1 (hashes, proofs); c2sp.org/tlog-checkpoint and c2sp.org/signed-note.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.codec import LEAF, pack
from app.storage.crypto import public_bytes, verify
from app.storage.engine import Reader, Writer

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32

# The root of a complete subtree by level and index: it stands over the leaves from index << level, 1 << level of them.
Node = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One decision of the sequencer: commit, when it received it (UTC ms), accepted or refused for a numbered reason."""

    hash: bytes
    received: int
    accepted: bool
    reason: int = 0

    def leaf_hash(self) -> bytes:
        body = LEAF + pack([self.hash, self.received, int(self.accepted), self.reason])
        return hashlib.sha256(b"\0" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def append(frontier: Sequence[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The roots of the complete subtrees after one more leaf, largest first; `size` is the number before it."""
    return _grown(frontier, size, leaf)[0]


def _grown(frontier: Sequence[bytes], size: int, leaf: bytes) -> tuple[list[bytes], list[bytes]]:
    """The frontier after one more leaf, and the roots of the subtrees that the leaf completes, smallest first."""
    grown, completed = [*frontier, leaf], []
    while size & 1:
        right = grown.pop()
        grown.append(node_hash(grown.pop(), right))
        completed.append(grown[-1])
        size >>= 1
    return grown, completed


def root_of(frontier: Sequence[bytes]) -> bytes:
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


# -- proofs --------------------------------------------------------------------------------------------------------


def _split(width: int) -> int:
    return 1 << (width - 1).bit_length() - 1


def range_root(node: Node, start: int, end: int) -> bytes:
    """The root over the leaves from `start` to before `end`, as RFC 9162 divides the whole tree into them."""
    if start == end:
        return EMPTY_ROOT
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(width)
    return node_hash(range_root(node, start, middle), range_root(node, middle, end))


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """The audit path of the leaf at `index` in the tree of that size, lowest first (RFC 9162, 2.1.3.1)."""
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(node, middle, end))
            end = middle
        else:
            path.append(range_root(node, start, middle))
            start = middle
    return path[::-1]


def consistency(node: Node, old: int, size: int) -> list[bytes]:
    """The proof that the tree of size `old` begins the one of that size (RFC 9162, 2.1.4.1)."""
    if not 0 < old < size:
        return []
    path, start, end, is_whole = [], 0, size, True
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_root(node, middle, end))
            end = middle
        else:
            path.append(range_root(node, start, middle))
            start, is_whole = middle, False
    return (path if is_whole else [*path, range_root(node, start, end)])[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at `index` in the tree of that size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            found = node_hash(found, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and found == root


def verify_consistency(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of size `old` and its root begins the one of that size and root (RFC 9162, 2.1.4.2)."""
    if not 0 < old < size:
        return not path and (old_root == root if old == size else old == 0 and old_root == EMPTY_ROOT)
    hashes = list(path) if old & (old - 1) else [old_root, *path]
    if not hashes:
        return False
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, root)


# -- checkpoints ---------------------------------------------------------------------------------------------------


def origin(log: bytes, epoch: int) -> str:
    return f"launchbook/{log.hex()}/{epoch}"


def _note_key(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def checkpoint(key: Ed25519PrivateKey, log: bytes, epoch: int, size: int, root: bytes) -> str:
    """A signed note: origin, size and root, then the sequencer's signature line."""
    name = origin(log, epoch)
    text = f"{name}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = _note_key(name, public_bytes(key)) + key.sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(signature).decode()}\n"


def read_checkpoint(note: str, public: bytes, log: bytes, epoch: int) -> tuple[int, bytes] | None:
    """Size and root of a checkpoint whose signature holds for this log and epoch, else None."""
    try:
        text, _, signed = note.partition("\n\n")
        name, size, root = text.split("\n")
        dash, signer, blob = signed.rstrip("\n").split(" ")
        signature = base64.b64decode(blob, validate=True)
        numbers = int(size), base64.b64decode(root, validate=True)
    except ValueError:
        return None
    right = name == signer == origin(log, epoch) and dash == "—" and signature[:4] == _note_key(name, public)
    holds = right and verify(public, f"{text}\n".encode(), b"\x01" + signature[4:])
    return numbers if holds else None


# -- the tree in the database --------------------------------------------------------------------------------------


def tree_of(reader: Reader, log: bytes, epoch: int) -> tuple[int, list[bytes]]:
    """Size and frontier of a log's tree."""
    row = reader.row("SELECT size, frontier FROM tree WHERE log = ? AND epoch = ?", (log, epoch))
    if row is None:
        return 0, []
    blob = row[1]
    return row[0], [blob[at : at + 32] for at in range(0, len(blob), 32)]


def extended(size: int, frontier: Sequence[bytes], leaves: Sequence[Leaf]) -> tuple[list[bytes], list[bytes]]:
    """What each further leaf completes (roots of subtrees, joined), and the frontier after them all."""
    completed = []
    for number, leaf in enumerate(leaves, size):
        frontier, roots = _grown(frontier, number, leaf.leaf_hash())
        completed.append(b"".join(roots))
    return completed, list(frontier)


def keep_leaves(
    writer: Writer, log: bytes, epoch: int, size: int, leaves: Sequence[Leaf], completed: Sequence[bytes]
) -> None:
    """Stores leaves from the place `size` on, with the subtrees they complete: every proof is then a few look-ups."""
    writer.many(
        "INSERT INTO leaf (log, epoch, number, hash, received, accepted, reason, completed) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (log, epoch, number, leaf.hash, leaf.received, leaf.accepted, leaf.reason, roots)
            for number, (leaf, roots) in enumerate(zip(leaves, completed, strict=True), size)
        ],
    )


def nodes_of(reader: Reader, log: bytes, epoch: int) -> Node:
    """The complete subtrees of a stored tree."""

    def node(level: int, index: int) -> bytes:
        last = (index + 1 << level) - 1
        name, received, accepted, reason, completed = reader.row(
            "SELECT hash, received, accepted, reason, completed FROM leaf WHERE log = ? AND epoch = ? AND number = ?",
            (log, epoch, last),
        ) or (b"", 0, 0, 0, b"")
        if level == 0:
            return Leaf(name, received, bool(accepted), reason).leaf_hash()
        return bytes(completed[(level - 1) * HASH_BYTES : level * HASH_BYTES])

    return node


def root_at(reader: Reader, log: bytes, epoch: int, size: int) -> bytes:
    """The root of a stored tree when it had that size."""
    return range_root(nodes_of(reader, log, epoch), 0, size)


def sequence(writer: Writer, key: Ed25519PrivateKey, log: bytes, epoch: int, leaves: Sequence[Leaf]) -> None:
    """Gives commits their official order, in the transaction that stores them, and signs a checkpoint over it."""
    size, frontier = tree_of(writer, log, epoch)
    completed, frontier = extended(size, frontier, leaves)
    keep_leaves(writer, log, epoch, size, leaves, completed)
    size += len(leaves)
    note = checkpoint(key, log, epoch, size, root_of(frontier))
    save_tree(writer, log, epoch, size, frontier, note)


def save_tree(
    writer: Writer, log: bytes, epoch: int, size: int, frontier: Sequence[bytes], note: str
) -> None:
    writer.execute(
        "INSERT INTO tree (log, epoch, size, frontier, checkpoint) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (log, epoch) DO UPDATE SET size = excluded.size, frontier = excluded.frontier, "
        "checkpoint = excluded.checkpoint",
        (log, epoch, size, b"".join(frontier), note),
    )
