"""Keeping the workspace healthy: backup, restore, doctor, and the desktop's own entry points."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from app.domain.words import Access
from app.i18n import N_, _
from app.settings import workspace_folder
from app.storage.backup import OWNER_KEY
from app.storage.engine import Reader
from ui.cli.session import Session, pin_for

RECOVERY = "LAUNCHBOOK_RECOVERY"


def add_to(application: typer.Typer) -> None:
    application.command(
        "backup",
        help=N_(
            "Back the workspace up, database and files, and read it back. With LAUNCHBOOK_RECOVERY (a passphrase) it "
            "also holds the acting owner's key, so that a restore elsewhere can go on as this workspace."
        ),
    )(backup)
    application.command(
        "restore", help=N_("Put a backup in this workspace's place: verified first, what was there is kept.")
    )(restore)
    application.command(
        "doctor", help=N_("Check database, chains, signatures, order, files, and rows against the log.")
    )(doctor)
    application.command("demo", help=N_("Open the desktop on the sample."))(demo)


def backup(
    context: typer.Context,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help=N_("Where to; the workspace's own rotating backups without it.")
        ),
    ] = None,
) -> None:
    from app.backing_up import back_up

    session: Session = context.obj
    owner_key = _owner_key(session)
    made = back_up(session.workspace, to, owner_key=owner_key)
    data = {"file": str(made.path), "commits": made.commits, "files": made.files}
    lines = [
        str(made.path),
        _("Commits: {commits}, files: {files}.").format(commits=made.commits, files=made.files),
    ]
    lines += [_("It holds the owner's key.")] if owner_key else []
    session.show(data | {"owner_key": owner_key is not None}, lines)


def _owner_key(session: Session) -> bytes | None:
    from app.storage.authority import access_of

    workspace, recovery = session.workspace, os.environ.get(RECOVERY)
    if recovery is None or workspace.person is None:
        return None
    if workspace.read(access_of, workspace.person) is not Access.OWNER:
        return None
    pin, _presence = session.pin_of(workspace, workspace.person)
    return workspace.keys.export(workspace.person, pin, recovery)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The backup."))],
) -> None:
    from app.backing_up import restore as restore_backup
    from app.backing_up import resume

    session: Session = context.obj
    before = restore_backup(file, workspace_folder(session.folder))
    workspace = session.workspace  # opening it begins the new device chain
    if (recovery := os.environ.get(RECOVERY)) and (workspace.folder / OWNER_KEY).exists():
        handle = workspace.read(lambda reader: _exported_handle(reader, workspace.folder / OWNER_KEY))
        pin, presence = pin_for(handle)
        resume(workspace, recovery, pin, presence)
    kept = str(before) if before.exists() else None
    lines = [_("Restored: revision {rev}.").format(rev=workspace.rev)]
    lines += [_("What was there before is kept in {folder}.").format(folder=kept)] if kept else []
    session.show({"rev": workspace.rev, "before": kept}, lines)


def _exported_handle(reader: Reader, path: Path) -> str:
    person = bytes.fromhex(json.loads(path.read_text())["person"])
    return str(reader.value("SELECT handle FROM person WHERE id = ?", (person,)))


def doctor(context: typer.Context) -> None:
    from ui.cli.doctoring import examine

    session: Session = context.obj
    data, lines = examine(session.workspace)
    session.show(data, lines)
    if data["problems"]:
        raise typer.Exit(1)


def demo(
    context: typer.Context,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help=N_("Paint the main window into this file and end."))
    ] = None,
    theme: Annotated[
        str, typer.Option(metavar="light|dark", help=N_("The look; the system's without it."))
    ] = "",
) -> None:
    from ui.desktop.entrance import run_desktop

    session: Session = context.obj
    code = run_desktop(session.folder, language=session.language, theme=theme, sample=True, picture=picture)
    raise typer.Exit(code)
