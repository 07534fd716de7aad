"""Keeping the workspace healthy: backup, restore, doctor, and the desktop's own entry points."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from app.domain.words import Access
from app.i18n import _
from app.settings import workspace_folder
from app.storage.backup import OWNER_KEY
from app.storage.engine import Reader
from ui.cli.session import Session, pin_for

RECOVERY = "LAUNCHBOOK_RECOVERY"


def add_to(application: typer.Typer) -> None:
    application.command("backup")(backup)
    application.command("restore")(restore)
    application.command("doctor")(doctor)
    application.command("demo")(demo)


def backup(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option("--to", help="FILE; the rotating folder by default.")] = None,
) -> None:
    """Back the workspace up: database and files, read back before it counts.

    With a recovery passphrase it also holds the acting owner's key, so that a restore elsewhere can go on as this one.
    """
    session: Session = context.obj
    made = session.workspace.back_up(to, owner_key=_owner_key(session))
    data = {"file": str(made.path), "commits": made.commits, "files": made.files}
    session.show(
        data,
        [
            str(made.path),
            _("{commits} commits, {files} files").format(commits=made.commits, files=made.files),
        ],
    )


def _owner_key(session: Session) -> bytes | None:
    from app.storage.authority import access_of

    workspace, recovery = session.workspace, os.environ.get(RECOVERY)
    if recovery is None or workspace.person is None:
        return None
    if workspace.read(access_of, workspace.person) is not Access.OWNER:
        return None
    pin, _presence = session.pin_of(workspace, workspace.person)
    return workspace.keys.export(workspace.person, pin, recovery)


def restore(context: typer.Context, file: Path) -> None:
    """Restore a backup: verified first; what was there is kept beside it."""
    from app.workspace import Workspace

    session: Session = context.obj
    before = Workspace.restore(file, workspace_folder(session.folder))
    workspace = session.workspace  # opening it begins the new device chain
    if (recovery := os.environ.get(RECOVERY)) and (workspace.folder / OWNER_KEY).exists():
        handle = workspace.read(lambda reader: _exported_handle(reader, workspace.folder / OWNER_KEY))
        pin, presence = pin_for(handle)
        workspace.resume(recovery, pin, presence)
    kept = str(before) if before.exists() else None
    lines = [_("Restored: revision {rev}.").format(rev=workspace.rev)]
    lines += [_("What was there before is kept in {folder}.").format(folder=kept)] if kept else []
    session.show({"rev": workspace.rev, "before": kept}, lines)


def _exported_handle(reader: Reader, path: Path) -> str:
    person = bytes.fromhex(json.loads(path.read_text())["person"])
    return str(reader.value("SELECT handle FROM person WHERE id = ?", (person,)))


def doctor(context: typer.Context) -> None:
    """Check database, chains, signatures, order, files, and rows against the log."""
    from ui.cli.doctoring import examine

    session: Session = context.obj
    data, lines = examine(session.workspace)
    session.show(data, lines)
    if data["problems"]:
        raise typer.Exit(1)


def demo(
    context: typer.Context,
    picture: Annotated[
        Path | None, typer.Option(help="Paint the main window into this file and end.")
    ] = None,
    theme: Annotated[str, typer.Option(help="light or dark.")] = "",
) -> None:
    """Open the desktop on the sample."""
    from ui.desktop.application import run_desktop

    session: Session = context.obj
    code = run_desktop(session.folder, language=session.language, theme=theme, sample=True, picture=picture)
    raise typer.Exit(code)
