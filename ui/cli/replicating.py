"""Replication on the command line: to a file for a stick, and from it."""

from pathlib import Path
from typing import Annotated

import typer

from app.i18n import N_, _, counted
from ui.cli.session import Session


def add_to(application: typer.Typer) -> None:
    application.command(
        "sync",
        help=N_(
            "Exchange what was done with another laptop by a file: --to writes it, --from takes it in. Files of evidence "
            "stay where they are."
        ),
    )(sync)


def sync(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help=N_("Write what the other side lacks."))
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help=N_("Take in what a file holds; where no workspace is, it begins one."),
        ),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=N_("A file the other side wrote: only what that one lacks is written.")
        ),
    ] = None,
) -> None:
    session: Session = context.obj
    if (to is None) == (source is None):
        raise typer.BadParameter(_("Give either --to or --from."), param_hint="--to")
    if to is not None:
        _write(session, to, since)
    elif source is not None:
        _bring(session, source)


def _write(session: Session, to: Path, since: Path | None) -> None:
    from sync import stick

    theirs = stick.head_of(since).held if since is not None else stick.NOTHING
    made = stick.write(session.workspace, to, theirs)
    told = counted("{n} commit is on it.", "{n} commits are on it.", made.commits)
    session.show({"file": str(to), "commits": made.commits, "bytes": made.size}, [str(to), told])


def _bring(session: Session, source: Path) -> None:
    from sync import stick

    if session.is_new:
        delivery = stick.read(source)
        session.join(delivery)
        data = {"joined": True, "taken": len(delivery.packets), "refused": 0, "waiting": 0, "forged": []}
        session.show(data, [_("This workspace begins with what the file held.")])
        return
    found = stick.bring(session.workspace, source)
    data = {"joined": False, "taken": found.taken, "refused": found.refused, "waiting": found.waiting}
    lines = _lines(found.taken, found.refused, found.waiting)
    session.show(data | {"forged": found.forged}, [*lines, *found.forged])


def _lines(taken: int, refused: int, waiting: int) -> list[str]:
    lines = [counted("{n} commit taken in.", "{n} commits taken in.", taken)]
    if refused:
        lines.append(counted("{n} refused by the rules.", "{n} refused by the rules.", refused))
    if waiting:
        lines.append(
            counted(
                "{n} waits for what came before it; bring the other side's whole file.",
                "{n} wait for what came before them; bring the other side's whole file.",
                waiting,
            )
        )
    return lines
