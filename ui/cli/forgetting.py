"""Erasing on the command line: texts of an entry, a person's name, what is due; for how long it is kept, and the hold."""

from typing import Annotated

import typer

from app.clock import to_iso
from app.domain.words import Right
from app.i18n import N_, _, counted
from app.queries.log import action_of
from app.queries.retention import WHAT, Due, Retention, due, retention
from ui.cli.parameters import Reason
from ui.cli.session import Session

_MOST_LISTED = 40


def add_to(application: typer.Typer) -> None:
    application.command(
        "redact",
        help=N_(
            "Erase texts and files for good, on every device: those of an entry, a person's name, or what is due."
        ),
    )(redact)
    application.command(
        "hold", help=N_("Keep everything of a project from being erased: a legal hold, until it is ended.")
    )(hold)
    application.command(
        "retain",
        help=N_("Say for how long a project's texts are kept after its live run; list what has fallen due."),
    )(retain)


def redact(
    context: typer.Context,
    action: Annotated[
        str, typer.Argument(metavar="[ACTION]", help=N_("Its id as the log shows it, or the whole one."))
    ] = "",
    person: Annotated[str, typer.Option(metavar="PERSON", help=N_("Whose name and address."))] = "",
    due_of: Annotated[
        str, typer.Option("--due", metavar="PROJECT", help=N_("What its retention period is over for."))
    ] = "",
    right: Annotated[
        Right | None,
        typer.Option(help=N_("By what right: part of what is signed.")),
    ] = None,
    reason: Reason = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Really: it cannot be taken back."))] = False,
) -> None:
    from app.commands.redacting import redact as redact_entry
    from app.commands.redacting import redact_due, redact_person

    session: Session = context.obj
    if sum(map(bool, (action, person, due_of))) != 1:
        raise typer.BadParameter(
            _("Name one of them: an entry of the log, a person, or a project (--due)."), param_hint="ACTION"
        )
    if due_of and right not in (None, Right.RETENTION):
        raise typer.BadParameter(_("What is due is erased because it is due."), param_hint="--right")
    if not yes:
        raise typer.BadParameter(_("What is erased cannot be brought back. Say --yes."), param_hint="--yes")
    more = {"reason": reason, **({"right": right} if right and not due_of else {})}
    if person:
        found = session.person(person)
        done = session.do(redact_person, found, signer=session.signer(), **more)
    elif due_of:
        done = session.do(redact_due, session.project(due_of), signer=session.signer(), **more)
    else:
        entry = session.read(action_of, action)
        done = session.do(redact_entry, entry, signer=session.signer(), **more)
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


def retain(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help=N_("Name or id of the project."))],
    days: Annotated[
        int | None, typer.Option(min=1, max=36_500, metavar="N", help=N_("Days after its live run ended."))
    ] = None,
    *,
    none: Annotated[bool, typer.Option("--none", help=N_("No period: nothing falls due."))] = False,
) -> None:
    from app.commands.redacting import set_retention

    session: Session = context.obj
    found = session.project(project)
    if none and days is not None:
        raise typer.BadParameter(_("Say a number of days or --none, not both."), param_hint="--days")
    if none or days is not None:
        session.do(set_retention, found, days)
    now = session.workspace.clock.now_ms()
    kept, fallen = session.read(retention, found), session.read(due, found, now, session.language)
    data = {
        "days": kept.days,
        "hold": kept.hold,
        "due": to_iso(kept.due_ms) if kept.due_ms is not None else None,
        "texts": [
            {"what": f"{one.what[0]}.{one.what[1]}", "about": one.about, "text": one.text}
            for one in fallen.texts
        ],
        "earlier": fallen.earlier,
        "files": fallen.files,
        "persons": fallen.persons,
    }
    session.show(data, [*_period_lines(kept), *_due_lines(fallen)])


def _period_lines(kept: Retention) -> list[str]:
    if kept.days is None:
        return [_("No retention period: nothing falls due.")]
    told = [
        counted("Kept for {n} day after the live run.", "Kept for {n} days after the live run.", kept.days)
    ]
    if kept.hold:
        told.append(_("A legal hold keeps everything: {reason}").format(reason=kept.hold))
    elif kept.due_ms is None:
        told.append(_("No live run has ended yet."))
    else:
        told.append(_("Due since {when}, or from then on.").format(when=to_iso(kept.due_ms)))
    return told


def _due_lines(fallen: Due) -> list[str]:
    if not fallen.total:
        return [_("Nothing has fallen due.")]
    lines = [
        f"{_(WHAT[one.what])} · {one.about}: {_first_line(one.text)}" for one in fallen.texts[:_MOST_LISTED]
    ]
    if len(fallen.texts) > _MOST_LISTED:
        lines.append(_("and {n} more").format(n=len(fallen.texts) - _MOST_LISTED))
    lines += [_("File: {name}").format(name=name) for name in fallen.files]
    lines += [_("Person: {name}").format(name=name) for name in fallen.persons]
    if fallen.earlier:
        lines.append(
            counted(
                "{n} earlier version, or reason in the log",
                "{n} earlier versions and reasons in the log",
                fallen.earlier,
            )
        )
    return [*lines, _("Erase it: launchbook redact --due PROJECT --yes")]


def _first_line(text: str) -> str:
    line = text.partition("\n")[0]
    return line if len(line) <= 80 else f"{line[:79]}…"
