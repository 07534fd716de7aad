"""Founding a workspace and its first device."""

from app.codec import pack
from app.commands.registry import command
from app.commands.stating import Signer, Subject, make_statement
from app.domain import verbs
from app.domain.person import Device as DeviceEntity
from app.storage.proofs import root_of, tree_of
from app.storage.statements import Kind
from app.storage.transaction import WORKSPACE_LOG, Transaction


@command(verbs.FOUND_WORKSPACE)
def found_workspace(tx: Transaction, *, sample: bool = False) -> bytes:
    """A new workspace log, sequenced by this device. Returns its id."""
    tx.about(int(sample))
    tx.found(tx.workspace, WORKSPACE_LOG)
    tx.writer.execute("INSERT INTO meta (key, value) VALUES ('workspace', ?)", (tx.workspace,))
    if sample:
        tx.writer.execute("INSERT INTO meta (key, value) VALUES ('sample', x'01')")
    introduce_device(tx)
    return tx.workspace


@command(verbs.JOIN_WORKSPACE)
def join_workspace(tx: Transaction) -> None:
    """A further device of the workspace: restored from a backup, copied, or joined."""
    tx.about(tx.author.device.id)
    introduce_device(tx)


@command(verbs.OPEN_EPOCH)
def open_epoch(tx: Transaction, signer: Signer) -> int:
    """This device gives every log its order from now on, by an owner's statement; returns how many logs changed.

    For the day after a restore: the old sequencer's key is in no backup, and nobody else could make a gate final.
    """
    device = tx.author.device
    tx.about(device.id)
    return _open_epochs(tx, signer, device.id, device.public)


@command(verbs.HAND_OVER_ORDER)
def hand_over_order(tx: Transaction, signer: Signer, server: bytes, name: str, key: bytes) -> int:
    """A server gives every log its order from now on, by an owner's statement; returns how many logs changed.

    server: its id; key: its Ed25519 public key. The logs go there unchanged, with the receipts they have.
    """
    tx.about(server)
    if not tx.row("SELECT 1 FROM creation WHERE object = ?", (server,)):
        tx.create(DeviceEntity, {"name": name, "key": key}, log=tx.workspace, id=server)
        tx.flush()
    return _open_epochs(tx, signer, server, key)


def _open_epochs(tx: Transaction, signer: Signer, device: bytes, key: bytes) -> int:
    """In each log that another key sequences, a statement that this one does, after what is held of its order here."""
    others = tx.rows("SELECT id, epoch FROM log WHERE sequencer <> ? ORDER BY kind, id", (key,))
    for log, epoch in others:
        size, frontier = tree_of(tx.writer, log, epoch)
        root = root_of(frontier)
        make_statement(
            *(tx, signer, Kind.SEQUENCER, Subject(DeviceEntity.NUMBER, device, root)),
            log=log,
            meaning="sequencer",
            conditions=pack([epoch + 1, size, root, key]),
        )
    return len(others)


def introduce_device(tx: Transaction) -> None:
    """Makes this installation's public key known in the workspace log."""
    device = tx.author.device
    tx.create(DeviceEntity, {"name": device.name, "key": device.public}, log=tx.workspace, id=device.id)
