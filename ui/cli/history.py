"""The log on the command line: read it, undo, redo, revert."""

from typing import Annotated

import typer

from app.clock import to_iso
from app.i18n import _
from app.queries.log import action_of, log_lines
from app.workspace import Done
from ui.cli.session import Session


def add_to(application: typer.Typer) -> None:
    application.command("log")(show_log)
    application.command("undo")(undo)
    application.command("redo")(redo)
    application.command("revert")(revert)


def show_log(
    context: typer.Context,
    project: Annotated[str | None, typer.Argument()] = None,
    limit: Annotated[int, typer.Option(help="How many lines.")] = 50,
) -> None:
    """Show the audit log, newest first."""
    session: Session = context.obj
    found = session.project(project) if project else None
    rows = session.read(log_lines, found, language=session.language, limit=limit)
    data = [
        {
            "action": one.action,
            "rev": one.rev,
            "seq": one.seq,
            "at": to_iso(one.when_ms),
            "person": one.person,
        }
        | {"verb": one.verb, "what": one.sentence, "reason": one.reason, "on_behalf_of": one.on_behalf_of}
        | {"device": one.device, "hash": one.hash}
        for one in rows
    ]
    lines = []
    for one in rows:
        behalf = _(" (for {person})").format(person=one.on_behalf_of) if one.on_behalf_of else ""
        reason = f"  “{one.reason}”" if one.reason else ""
        lines.append(
            f"{one.action.hex()[-8:]}  {to_iso(one.when_ms)}  {one.person or '-'}{behalf}  {one.sentence}{reason}"
        )
    session.show({"log": data}, lines)


def _told(session: Session, done: Done) -> None:
    kept = [{"kind": one.table, "object": one.object, "field": one.field} for one in done.result or ()]
    lines = [
        _("Left alone, changed since: {kind} {field}").format(kind=one["kind"], field=one["field"] or "")
        for one in kept
    ]
    session.show({"done": done.changes is not None, "kept": kept}, lines)


def undo(context: typer.Context) -> None:
    """Take back your last action on this device."""
    session: Session = context.obj
    _told(session, session.workspace.undo())


def redo(context: typer.Context) -> None:
    """Take back the last undo."""
    session: Session = context.obj
    _told(session, session.workspace.redo())


def revert(
    context: typer.Context, action: str, reason: Annotated[str, typer.Option(help="Why.")] = ""
) -> None:
    """Take anyone's action back, as an action of your own."""
    from app.commands.history import revert as command

    session: Session = context.obj
    target = session.read(action_of, action)
    _told(session, session.workspace.run(command, target, reason=reason))
