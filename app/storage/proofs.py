"""The sequencer's order as an RFC 9162 Merkle tree with checkpoints in the C2SP signed-note format.

Sources: RFC 9162 section 2.1 (hashes, inclusion proofs); c2sp.org/tlog-checkpoint and c2sp.org/signed-note.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.codec import LEAF, pack
from app.storage.crypto import public_bytes, verify
from app.storage.engine import Reader, Writer

EMPTY_ROOT = hashlib.sha256(b"").digest()


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
    grown = [*frontier, leaf]
    while size & 1:
        right = grown.pop()
        grown.append(node_hash(grown.pop(), right))
        size >>= 1
    return grown


def root_of(frontier: Sequence[bytes]) -> bytes:
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of the leaf hash at `index`, lowest first (RFC 9162, 2.1.3.1)."""
    if len(leaves) <= 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion(leaves[:split], index), _root(leaves[split:])]
    return [*inclusion(leaves[split:], index - split), _root(leaves[:split])]


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _root(leaves: Sequence[bytes]) -> bytes:
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = append(frontier, size, leaf)
    return root_of(frontier)


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


def sequence(writer: Writer, key: Ed25519PrivateKey, log: bytes, epoch: int, leaves: Sequence[Leaf]) -> None:
    """Gives commits their official order, in the transaction that stores them, and signs a checkpoint over it."""
    size, frontier = tree_of(writer, log, epoch)
    rows = []
    for leaf in leaves:
        rows.append((log, epoch, size, leaf.hash, leaf.received, leaf.accepted, leaf.reason))
        frontier = append(frontier, size, leaf.leaf_hash())
        size += 1
    writer.many(
        "INSERT INTO leaf (log, epoch, number, hash, received, accepted, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
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
