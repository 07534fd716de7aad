"""Sharing on the command line: a server, people invited to it, a device that joins."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from app.domain.words import Access
from app.i18n import N_, _
from app.platform import computer_name
from ui.cli.people import access_level
from ui.cli.session import Session
from ui.cli.settling import settle


def add_to(application: typer.Typer) -> None:
    application.command(
        "serve", help=N_("Serve workspaces to a team; the address to share them by is shown.")
    )(serve)
    application.command(
        "share", help=N_("Share the workspace of a project through a server, and invite somebody to it.")
    )(share)
    application.command("join", help=N_("Join a shared workspace by an invitation."))(join)


def serve(
    port: Annotated[int, typer.Option(metavar="P", help=N_("The port; 0 takes a free one."))] = 8440,
    host: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help=N_("Where to listen; beyond this machine always encrypted.")),
    ] = "127.0.0.1",
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help=N_("Where the server keeps its data."))
    ] = None,
    db: Annotated[
        str,
        typer.Option(
            metavar="URL",
            envvar="LAUNCHBOOK_DB",
            help=N_("A PostgreSQL, postgresql://..., that several server processes may share."),
        ),
    ] = "",
) -> None:
    """A process of its own: a fault of the server is none of the program's."""
    command = [sys.executable, "-m", "sync.server", "--port", str(port), "--host", host]
    command += ["--folder", str(folder)] if folder is not None else []
    environment = {**os.environ, "LAUNCHBOOK_DB": db}  # not among the arguments, which every user can see
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own module
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())  # who ends this one ends the server
    try:
        raise typer.Exit(process.wait())
    except KeyboardInterrupt:
        raise typer.Exit(process.wait()) from None


def share(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help=N_("Name or id of the project."))],
    server: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help=N_("The server's address, with its code; needed the first time.")
        ),
    ] = "",
    invite: Annotated[
        str, typer.Option(metavar="ACCESS", help=N_("Invite somebody as manager, editor or reader."))
    ] = "",
    person: Annotated[str, typer.Option(metavar="NAME", help=N_("Who is invited."))] = "",
    handle: Annotated[str, typer.Option("--id", metavar="ID", help=N_("Short id of a-z, 0-9 and _."))] = "",
    *,
    only: Annotated[
        bool, typer.Option("--only-this-project", help=N_("Who is invited is given this project alone."))
    ] = False,
) -> None:
    from sync.client import sharing
    from sync.client.place import load_place
    from sync.client.runner import Runner

    session: Session = context.obj
    workspace = session.workspace
    found = session.project(project)
    level = invited_level(invite, person, handle)
    signer = session.signer()
    place = load_place(workspace.folder)
    if server or place is None:
        if not server:
            raise typer.BadParameter(_("Give the server's address once."), param_hint="--server")
        place, _status = sharing.share(workspace, signer, server)
    data, lines = {"server": place.url}, [_("Shared through {url}.").format(url=place.url)]
    if level is not None:
        code = sharing.invite(
            workspace, signer, person, handle, level, project=found if only else None
        ).code()
        connection = sharing.connect(workspace)
        data["phase"] = Runner(workspace, connection).once().phase.value
        connection.close()
        data["invite"] = code
        lines += [_("Invitation for {name}, for one device and seven days:").format(name=person), code]
    session.show(data, lines)


def invited_level(invite: str, person: str, handle: str) -> Access | None:
    """The access that an invitation gives, once it is said to whom; None for no invitation."""
    level = access_level(invite)
    if level is not None and not (person and handle):
        raise typer.BadParameter(_("Say who is invited: --person NAME --id ID."), param_hint="--invite")
    return level


def join(
    context: typer.Context,
    code: Annotated[
        str,
        typer.Argument(metavar="CODE", help=N_("The invitation, as it was sent; - reads it from the input.")),
    ],
    room: Annotated[
        str,
        typer.Option(
            metavar="WORDS", help=N_("Fetch it in a war room nearby: its six words, or its address.")
        ),
    ] = "",
    *,
    now: Annotated[
        bool,
        typer.Option(
            "--now", help=N_("Do not wait until its history is verified; sync does that later. Sign then.")
        ),
    ] = False,
) -> None:
    from app.settings import workspace_folder
    from sync.client.place import read_invitation
    from sync.client.sharing import join as join_workspace
    from sync.room.opening import place_of
    from ui.cli.session import ask_passphrase

    session: Session = context.obj
    invitation = read_invitation(sys.stdin.readline() if code == "-" else code)
    folder = workspace_folder(session.folder)
    place = place_of(room) if room else None
    doubts: list[str] = []
    workspace = join_workspace(
        *(folder, invitation, session.pin_of),
        place=place,
        passphrase=ask_passphrase,
        device_name=computer_name(),
        doubted=doubts.append,
    )
    try:
        name = session.name_in(workspace, invitation.signer.person)
        said = [] if now else settle(workspace)
        data: dict[str, Any] = {"workspace": workspace.id.hex(), "person": name}
        data["server"] = invitation.place.url
        data |= {"verified": not workspace.is_unverified, "doubts": doubts}
        told = _("This device works in the workspace now, for {name}.").format(name=name)
        session.show(data, [*doubts, told, *said])
    finally:
        workspace.close()
