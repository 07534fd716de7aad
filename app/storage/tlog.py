"""Proofs as text: that a leaf stands in a tree (c2sp.org/tlog-proof), that one tree begins another (as c2sp.org/tlog-witness asks)."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from app.codec import pack
from app.storage.engine import Reader
from app.storage.proofs import Leaf, consistency, inclusion, nodes_of

PROOF = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Tree:
    """One epoch of a log as it is stored here, with its checkpoint."""

    log: bytes
    epoch: int
    size: int
    note: str


def tree_at(reader: Reader, log: bytes, epoch: int | None = None) -> Tree | None:
    """A log's tree in an epoch, else in the last one in which anything has a place."""
    row = reader.row(
        "SELECT log, epoch, size, checkpoint FROM tree WHERE log = ?1 AND epoch = coalesce(?2, epoch) "
        "ORDER BY epoch DESC LIMIT 1",
        (log, epoch),
    )
    return Tree(*row) if row is not None else None


def leaf_at(reader: Reader, tree: Tree, number: int) -> Leaf | None:
    row = reader.row(
        "SELECT hash, received, accepted, reason FROM leaf WHERE log = ? AND epoch = ? AND number = ?",
        (tree.log, tree.epoch, number),
    )
    return Leaf(row[0], row[1], bool(row[2]), row[3]) if row is not None else None


def leaf_bytes(leaf: Leaf) -> bytes:
    """What a leaf hash is over, but for its prefix."""
    return pack([leaf.hash, leaf.received, int(leaf.accepted), leaf.reason])


def inclusion_text(reader: Reader, tree: Tree, number: int, extra: bytes) -> str:
    """That the leaf stands in the tree under its checkpoint; `extra` goes along unproven."""
    path = inclusion(nodes_of(reader, tree.log, tree.epoch), number, tree.size)
    lines = [PROOF, f"extra {_text(extra)}", f"index {number}"]
    return "\n".join([*lines, *map(_text, path), "", tree.note])


def consistency_text(reader: Reader, tree: Tree, old: int, size: int) -> str:
    """That the tree of size `old` begins the one of `size`; the checkpoint follows where that is the present one."""
    path = consistency(nodes_of(reader, tree.log, tree.epoch), old, size)
    return "\n".join([f"old {old}", *map(_text, path), "", tree.note if size == tree.size else ""])


def read_hashes(lines: Sequence[str]) -> list[bytes]:
    """Raises ValueError."""
    return [base64.b64decode(line, validate=True) for line in lines]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
