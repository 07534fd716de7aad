"""The log on the command line: read it, undo, redo, revert."""

from typing import Annotated

import typer

from app.clock import to_iso
from app.i18n import N_, _
from app.queries.log import action_of, log_lines
from app.workspace import Done
from ui.cli.parameters import AnyProject, Reason
from ui.cli.session import Session


def add_to(application: typer.Typer) -> None:
    application.command("log", help=N_("Show the audit log, newest first."))(show_log)
    application.command("undo", help=N_("Take back your last action on this device."))(undo)
    application.command("redo", help=N_("Take back the last undo."))(redo)
    application.command("revert", help=N_("Take anyone's action back, as an action of your own."))(revert)


def show_log(
    context: typer.Context,
    project: AnyProject = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help=N_("How many lines."))] = 50,
) -> None:
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
    session.has_changed = done.changes is not None
    lines = session.said()
    lines += [
        _("Left alone, changed since: {kind} {field}").format(kind=one["kind"], field=one["field"] or "")
        for one in kept
    ]
    session.show({"done": done.changes is not None, "kept": kept}, lines)


def undo(context: typer.Context) -> None:
    session: Session = context.obj
    _told(session, session.workspace.undo())


def redo(context: typer.Context) -> None:
    session: Session = context.obj
    _told(session, session.workspace.redo())


def revert(
    context: typer.Context,
    action: Annotated[
        str, typer.Argument(metavar="ACTION", help=N_("Its id as the log shows it, or the whole one."))
    ],
    reason: Reason = "",
) -> None:
    from app.commands.history import revert as command

    session: Session = context.obj
    target = session.read(action_of, action)
    _told(session, session.workspace.run(command, target, reason=reason))
