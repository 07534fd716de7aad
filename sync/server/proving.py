"""Checkpoints and proofs for whoever may read a workspace: what its tree says, in the text forms of C2SP."""

from collections.abc import Mapping

from app.storage.engine import Reader
from app.storage.tlog import Tree, consistency_text, inclusion_text, leaf_at, leaf_bytes, tree_at


class NoSuchProof(Exception):
    """Nothing here answers that: another log, epoch or place than there is."""


def checkpoint_text(reader: Reader, asked: Mapping[str, str]) -> str:
    """The signed note over a log's tree. Raises NoSuchProof, or ValueError for what is no question."""
    return _tree(reader, asked).note


def proof_text(reader: Reader, asked: Mapping[str, str]) -> str:
    """That a leaf stands in the tree, or that an earlier tree begins it. Raises NoSuchProof or ValueError."""
    tree = _tree(reader, asked)
    if "leaf" in asked:
        number = int(asked["leaf"])
        leaf = leaf_at(reader, tree, number)
        if leaf is None:
            raise NoSuchProof
        return inclusion_text(reader, tree, number, leaf_bytes(leaf))
    old, size = int(asked.get("from", "")), int(asked.get("size", tree.size))
    if not 0 <= old <= size <= tree.size:
        raise NoSuchProof
    return consistency_text(reader, tree, old, size)


def _tree(reader: Reader, asked: Mapping[str, str]) -> Tree:
    epoch = int(asked["epoch"]) if "epoch" in asked else None
    if epoch is not None and not 0 < epoch < 1 << 31:
        raise NoSuchProof
    tree = tree_at(reader, bytes.fromhex(asked.get("log", "")), epoch)
    if tree is None:
        raise NoSuchProof
    return tree
