"""Founding a workspace and its first device."""

from app.commands.registry import command
from app.domain import verbs
from app.domain.person import Device
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


def introduce_device(tx: Transaction) -> None:
    """Makes this installation's public key known in the workspace log."""
    device = tx.author.device
    tx.create(Device, {"name": device.name, "key": device.public}, log=tx.workspace, id=device.id)
