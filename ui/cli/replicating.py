"""Replication on the command line: to a file for a stick, and from it."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import Refused
from app.i18n import N_, _, counted
from app.queries.rejected import RejectedRow, refusal_words, rejected
from app.storage.engine import Reader
from sync.core.exchange import Phase, Status
from ui.cli.session import Session
from ui.cli.settling import settle

if TYPE_CHECKING:
    from sync.client.carrying import Carried


def add_to(application: typer.Typer) -> None:
    application.command(
        "sync",
        help=N_(
            "Exchange what was done with the workspace's server, or by a file: --to writes it, --from takes it in."
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
    room: Annotated[
        str,
        typer.Option(
            metavar="WORDS", help=N_("Exchange in a war room nearby: its six words, or its address.")
        ),
    ] = "",
    *,
    files: Annotated[
        bool,
        typer.Option("--files/--no-files", help=N_("With --to: files of evidence go along, or stay here.")),
    ] = True,
    watch: Annotated[bool, typer.Option("--watch", help=N_("Go on until it is stopped (Ctrl-C)."))] = False,
    again: Annotated[
        str,
        typer.Option(
            "--again", metavar="ID", help=N_("Send again as new what the server refused: its id, or all.")
        ),
    ] = "",
) -> None:
    session: Session = context.obj
    if again:
        _send_again(session, again)
    if to is not None and source is not None:
        raise typer.BadParameter(_("Give either --to or --from."), param_hint="--to")
    if to is None and source is None:
        _exchange(session, room, watch=watch)
    elif to is not None:
        _write(session, to, since, files=files)
    elif source is not None:
        _bring(session, source)


def _exchange(session: Session, room: str, *, watch: bool) -> None:
    from sync.client.carrying import Carried, Carrier
    from sync.client.clocks import warning
    from sync.client.runner import Runner
    from sync.client.sharing import connect
    from sync.room.opening import place_of

    place = place_of(room) if room else None
    said = settle(session.workspace)
    connection = connect(session.workspace, place)
    runner = Runner(session.workspace, connection, told=say_status(session) if watch else _say_nothing)
    files = Carried()
    try:
        if watch:
            with contextlib.suppress(KeyboardInterrupt):
                runner.watch(threading.Event())
        elif runner.once().phase is Phase.SYNCED:
            files = Carrier(session.workspace, connection).once()
    finally:
        connection.close()
    status = runner.status
    if status.phase is Phase.DENIED:
        raise Refused(status.reason)
    data = {
        "phase": status.phase.value,
        "waiting": status.waiting,
        "taken": runner.taken,
        "forged": runner.forged,
        "doubts": runner.doubts,
    }
    refused = _refused(session)
    data["rejected"] = [
        {"action": one.action, "sentence": one.sentence, "reason": one.reason} for one in refused
    ]
    lines = [*said, status_line(status), *runner.forged, *runner.doubts, *map(_refused_line, refused)]
    data["files"] = asdict(files)
    data["verified"] = not session.workspace.is_unverified
    data["clock_offset_ms"] = session.workspace.offset_ms
    lines += [*files_lines(files), warning(session.workspace.offset_ms)]
    if session.read(_is_outside, session.workspace.person):
        lines.append(_("Your access was taken: nothing newer comes. What you had done before was sent."))
    session.show(data, [one for one in lines if one])


def _is_outside(reader: Reader, person: bytes | None) -> bool:
    """Whether the person has no access to anything any more."""
    from app.storage.authority import Reach

    return person is not None and not Reach.of(reader, person).most


def _refused(session: Session) -> list[RejectedRow]:
    from sync.client.put_away import put_away

    workspace = session.workspace
    away = put_away(workspace.folder)
    found: list[RejectedRow] = session.read(rejected, workspace.device.id, session.language, away)
    return found


def _refused_line(one: RejectedRow) -> str:
    told = _("Refused by the server, and without effect: {sentence} ({id}). {reason}")
    return told.format(sentence=one.sentence, id=one.action.hex()[-8:], reason=refusal_words(one.reason))


def _send_again(session: Session, text: str) -> None:
    """In the order in which it was done: the later may rest on the earlier."""
    from app.commands.resending import send_again

    found = [one for one in reversed(_refused(session)) if text in ("all", one.action.hex()[-len(text) :])]
    if not found:
        raise Refused(_("Nothing of this was refused. Nothing was sent."))
    for one in found:
        session.do(send_again, one.action)


def say_status(session: Session) -> Callable[[Status], None]:
    """Tells people how a long exchange stands; a program that reads the answer gets it at the end."""
    return _say_nothing if session.as_json else _say


def _say(status: Status) -> None:
    typer.echo(status_line(status))
    if status.phase is Phase.SYNCED and status.reason:
        typer.echo(status.reason)


def _say_nothing(status: Status) -> None:
    del status


def status_line(status: Status) -> str:
    """How the exchange stands, as the status bar says it too."""
    if status.phase is Phase.OFFLINE:
        waiting = counted("{n} commit waits.", "{n} commits wait.", status.waiting)
        return _("The server cannot be reached. {waiting}").format(waiting=waiting)
    if status.phase is Phase.DENIED:
        return status.reason
    if status.phase is Phase.SYNCING:
        return _("Exchanging ...")
    if status.waiting:
        return counted("Up to date; {n} commit waits.", "Up to date; {n} commits wait.", status.waiting)
    return _("Up to date with the server.")


def files_lines(files: "Carried") -> list[str]:
    """What became of files of evidence, where something did."""
    told = (
        (files.sent, counted("{n} file sent.", "{n} files sent.", files.sent)),
        (files.fetched, counted("{n} file fetched.", "{n} files fetched.", files.fetched)),
        (
            files.missing,
            counted(
                "{n} file is on another device still.", "{n} files are on other devices still.", files.missing
            ),
        ),
    )
    return [text for number, text in told if number]


def _write(session: Session, to: Path, since: Path | None, *, files: bool) -> None:
    from sync import stick

    theirs = stick.head_of(since).held if since is not None else stick.NOTHING
    made = stick.write(session.workspace, to, theirs, with_files=files)
    lines = [str(to), counted("{n} commit is on it.", "{n} commits are on it.", made.commits)]
    if made.files:
        lines.append(counted("{n} file is on it.", "{n} files are on it.", made.files))
    data = {"file": str(to), "commits": made.commits, "files": made.files, "bytes": made.size}
    session.show(data, lines)


def _bring(session: Session, source: Path) -> None:
    from sync import stick

    if session.is_new:
        delivery = stick.read(source)
        session.join(delivery)
        files = stick.bring(session.workspace, source).files
        data = {"joined": True, "taken": len(delivery.packets), "refused": 0, "waiting": 0, "forged": []}
        data["files"] = files
        session.show(data, [_("This workspace begins with what the file held.")])
        return
    found = stick.bring(session.workspace, source)
    data = {"joined": False, "taken": found.taken, "refused": found.refused, "waiting": found.waiting}
    data["files"] = found.files
    lines = _lines(found.taken, found.refused, found.waiting)
    if found.files:
        lines.append(counted("{n} file fetched.", "{n} files fetched.", found.files))
    session.show(
        data | {"forged": found.forged, "doubts": found.doubts}, [*lines, *found.forged, *found.doubts]
    )


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
