"""Backups of a workspace: written when due or asked for, put back, and what an owner does after that."""

from pathlib import Path

from app.clock import Clock
from app.errors import Refused
from app.i18n import _
from app.storage.backup import OWNER_KEY, Backup, backup_name, newest, put_in_place, rotate, write_backup
from app.workspace import BACKUPS, FILES, Workspace

EVERY_MS = 24 * 3_600_000


def back_up(workspace: Workspace, target: Path | None = None, *, owner_key: bytes | None = None) -> Backup:
    """Writes a backup, into the workspace's own rotating folder when no target is named. Raises StorageError."""
    now = workspace.clock.now_ms()
    folder = workspace.folder / BACKUPS
    backup = write_backup(
        workspace.database,
        workspace.folder / FILES,
        target or folder / backup_name(now),
        made_at=now,
        workspace=workspace.id,
        owner_key=owner_key,
    )
    if target is None:
        rotate(folder)
    return backup


def back_up_when_due(workspace: Workspace) -> Backup | None:
    """A backup into the rotating folder when the last one is older than a day and there is something to lose."""
    last = newest(workspace.folder / BACKUPS)
    if workspace.rev <= 1 or (last is not None and workspace.clock.now_ms() - last < EVERY_MS):
        return None
    return back_up(workspace)


def restore(backup: Path, folder: Path) -> Path:
    """Puts a verified backup in a workspace's place; what was there before is kept beside it, and named.

    The restored workspace begins a new device chain: device identity is in no backup. Raises VerifyError with
    everything as it was.
    """
    return put_in_place(backup, folder, Clock().now_ms(), keep=BACKUPS)


def resume(workspace: Workspace, recovery: str, pin: str, presence: str = "pin") -> None:
    """After a restore: the owner's key from the backup certifies this device, which gives the order from now on."""
    from app.commands.founding import (
        open_epoch,  # with the data layer: every command looks whether a backup is due
    )
    from app.commands.people import add_key

    exported = workspace.folder / OWNER_KEY
    if not exported.exists():
        raise Refused(_("The backup holds no owner's key. An owner's device can vouch for this one."))
    person = workspace.keys.recover(exported.read_bytes(), recovery, pin)
    signer = workspace.signer(person, pin, presence)
    workspace.act_as(person, presence)
    workspace.run(add_key, person, signer)
    workspace.run(open_epoch, signer)
    exported.unlink()
