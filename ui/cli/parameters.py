"""The parameters many commands share, with the help that says what may be typed for them."""

from typing import Annotated

import typer

from app.i18n import N_

Project = Annotated[
    str, typer.Argument(metavar="PROJECT", help=N_("Name or id of the project; the beginning is enough."))
]
AnyProject = Annotated[
    str | None,
    typer.Argument(metavar="PROJECT", help=N_("Name or id of a project; all of them without it.")),
]
Task = Annotated[
    str,
    typer.Argument(
        metavar="TASK",
        help=N_("Number, title or id of the task; PROJECT/NUMBER where several projects have it."),
    ),
]
Gate = Annotated[
    str, typer.Argument(metavar="GATE", help=N_("Name or id of the gate; the beginning is enough."))
]
Check = Annotated[
    str, typer.Argument(metavar="CHECK", help=N_("Text or id of the check; the beginning is enough."))
]
Person = Annotated[
    str, typer.Argument(metavar="PERSON", help=N_("Short id, name or e-mail address of the person."))
]
Values = Annotated[
    list[str], typer.Argument(metavar="FIELD=VALUE", help=N_("An empty value clears a field."))
]

At = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="TIME", help=N_("When it happened, as 2026-03-06T22:00+01:00; now by default.")
    ),
]
Behalf = Annotated[
    str | None,
    typer.Option(
        "--on-behalf-of", "--for", metavar="PERSON", help=N_("Who did it, when you type for somebody.")
    ),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help=N_("Why; kept in the log."))]
