"""Erasing on the command line: the texts of an entry, a person's name, and the hold that keeps a project from it."""

from typing import Annotated

import typer

from app.i18n import N_, _, counted
from app.queries.log import action_of
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


def redact(
    context: typer.Context,
    action: Annotated[
        str, typer.Argument(metavar="[ACTION]", help=N_("Its id as the log shows it, or the whole one."))
    ] = "",
    person: Annotated[str, typer.Option(metavar="PERSON", help=N_("Whose name and address."))] = "",
    reason: Reason = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Really: it cannot be taken back."))] = False,
) -> None:
    from app.commands.redacting import redact as redact_entry
    from app.commands.redacting import redact_person

    session: Session = context.obj
    if bool(action) == bool(person):
        raise typer.BadParameter(_("Name an entry of the log or a person."), param_hint="ACTION")
    if not yes:
        raise typer.BadParameter(_("What is erased cannot be brought back. Say --yes."), param_hint="--yes")
    signer = session.signer()
    if person:
        done = session.do(redact_person, session.person(person), signer=signer, reason=reason)
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
