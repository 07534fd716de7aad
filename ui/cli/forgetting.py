"""Erasing on the command line: the texts of an entry, a person's name, and the hold that keeps a project from it."""

from typing import Annotated

import typer

from app.clock import to_iso
from app.i18n import N_, _, counted
from app.queries.log import action_of
from app.queries.retention import Retention, kept_values, retention
from ui.cli.parameters import Reason
from ui.cli.session import Session


def add_to(application: typer.Typer) -> None:
    application.command(
        "redact",
        help=N_(
            "Erase texts and files for good, on every device: those of an entry of the log, or a person's name and address."
        ),
    )(redact)
    application.command(
        "hold", help=N_("Keep everything of a project from being erased: a legal hold, until it is ended.")
    )(hold)
    application.command(
        "retain",
        help=N_(
            "Say how long a project's texts and files are kept; without options, see what can be erased when."
        ),
    )(retain)


def retain(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help=N_("Name or id of the project."))],
    days: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=36_500, help=N_("So many days after its live run."))
    ] = None,
    *,
    good: Annotated[bool, typer.Option("--for-good", help=N_("Without an end."))] = False,
) -> None:
    from app.commands.redacting import set_retention

    session: Session = context.obj
    if days is not None and good:
        raise typer.BadParameter(_("Give either --days or --for-good."), param_hint="--days")
    found = session.project(project)
    if days is not None or good:
        session.do(set_retention, found, days)
    kept: Retention = session.read(retention, found)
    texts, files = session.read(kept_values, found)
    now = session.workspace.clock.now_ms()
    data = {"days": kept.days, "due": to_iso(kept.due_ms) if kept.due_ms else None, "hold": kept.hold}
    data |= {"is_due": kept.is_due(now), "texts": len(texts), "files": len(files)}
    session.show(data, _kept_lines(kept, len(texts), len(files), now))


def _kept_lines(kept: Retention, texts: int, files: int, now_ms: int) -> list[str]:
    if kept.days is None:
        lines = [_("Its texts and files are kept for good.")]
    elif kept.due_ms is None:
        lines = [_("Its texts and files are kept for {n} days after its live run.").format(n=kept.days)]
    else:
        lines = [_("Its texts and files are kept until {date}.").format(date=to_iso(kept.due_ms)[:10])]
    if kept.hold:
        lines.append(_("A legal hold keeps them beyond that: {reason}").format(reason=kept.hold))
    counted_texts = counted("{n} text", "{n} texts", texts)
    counted_files = counted("{n} file", "{n} files", files)
    lines.append(_("{texts} and {files} can be erased.").format(texts=counted_texts, files=counted_files))
    if kept.is_due(now_ms):
        lines.append(_("Their time is over: launchbook redact --due PROJECT --yes erases them."))
    return lines


def redact(
    context: typer.Context,
    action: Annotated[
        str, typer.Argument(metavar="[ACTION]", help=N_("Its id as the log shows it, or the whole one."))
    ] = "",
    person: Annotated[str, typer.Option(metavar="PERSON", help=N_("Whose name and address."))] = "",
    due: Annotated[
        str,
        typer.Option(
            "--due", metavar="PROJECT", help=N_("Everything of a project whose retention period is over.")
        ),
    ] = "",
    reason: Reason = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Really: it cannot be taken back."))] = False,
) -> None:
    from app.commands.redacting import redact as redact_entry
    from app.commands.redacting import redact_due, redact_person

    session: Session = context.obj
    if sum(map(bool, (action, person, due))) != 1:
        raise typer.BadParameter(_("Name an entry of the log, a person or a project."), param_hint="ACTION")
    if not yes:
        raise typer.BadParameter(_("What is erased cannot be brought back. Say --yes."), param_hint="--yes")
    signer = session.signer()
    if person:
        done = session.do(redact_person, session.person(person), signer=signer, reason=reason)
    elif due:
        done = session.do(redact_due, session.project(due), signer=signer, reason=reason)
    else:
        done = session.do(redact_entry, session.read(action_of, action), signer=signer, reason=reason)
    number = done.result
    session.show(
        {"erased": number},
        [
            counted("{n} value is erased.", "{n} values are erased.", number),
            _("Other devices erase it at their next exchange; signatures and the order keep holding."),
        ],
    )


def hold(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help=N_("Name or id of the project."))],
    reason: Annotated[str, typer.Option(metavar="WHY", help=N_("What it is kept for."))] = "",
    *,
    end: Annotated[bool, typer.Option("--end", help=N_("End the hold."))] = False,
) -> None:
    from app.commands.redacting import set_hold

    session: Session = context.obj
    if bool(reason) == end:
        raise typer.BadParameter(_("Say why it is kept, or --end."), param_hint="--reason")
    session.do(set_hold, session.project(project), reason)
    told = _("The hold is ended.") if end else _("Nothing of it can be erased until the hold is ended.")
    session.show({"hold": reason}, [told])
