"""War rooms on the command line: one laptop opens a room, the others exchange there by its six words or its address."""

import contextlib
import threading
from typing import Annotated

import typer

from app.i18n import N_, _
from ui.cli.replicating import say_status
from ui.cli.session import Session
from ui.cli.sharing import invited_level


def add_to(application: typer.Typer) -> None:
    application.command(
        "room",
        help=N_(
            "Open a war room on this laptop: those beside it exchange through it without internet. Ctrl-C closes it."
        ),
    )(room)


def room(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help=N_("Name or id of the project."))],
    port: Annotated[
        int | None, typer.Option(metavar="P", help=N_("The port; else 8441, or a free one."))
    ] = None,
    invite: Annotated[
        str, typer.Option(metavar="ACCESS", help=N_("Invite somebody as manager, editor or reader."))
    ] = "",
    person: Annotated[str, typer.Option(metavar="NAME", help=N_("Who is invited."))] = "",
    handle: Annotated[str, typer.Option("--id", metavar="ID", help=N_("Short id of a-z, 0-9 and _."))] = "",
) -> None:
    """The laptop that opens it exchanges with its room like everybody else, and with its server beside that."""
    from sync.client import sharing
    from sync.client.place import Place
    from sync.client.runner import Runner
    from sync.room.opening import open_room
    from sync.room.words import words_of

    session: Session = context.obj
    session.project(project)
    level = invited_level(invite, person, handle)
    signer = session.signer() if level is not None else None
    opened = open_room(session.workspace, port=port)
    with contextlib.closing(opened), contextlib.closing(opened.connect(session.workspace)) as connection:
        words = words_of(opened.place.fingerprint, session.language)
        data = {"words": words, "addresses": opened.addresses}
        told = [
            _("The war room is open. Its words: {words}").format(words=words),
            _("The others say: launchbook sync --watch --room “{words}”").format(words=words),
            *(_("or give an address instead: {address}").format(address=one) for one in opened.addresses),
        ]
        runner = Runner(session.workspace, connection, told=say_status(session))
        if level is not None and signer is not None:
            place = Place(opened.urls[0], opened.place.fingerprint, connection.hello().server)
            invitation = sharing.invite(session.workspace, signer, person, handle, level, place=place)
            runner.once()
            data["invite"] = invitation.code()
            told += [
                _("Invitation for {name}, for one device and seven days:").format(name=person),
                invitation.code(),
                _("They say: launchbook join CODE --room “{words}”").format(words=words),
            ]
        session.show(data, told)
        with contextlib.suppress(KeyboardInterrupt):
            runner.watch(threading.Event())
