"""Files that go out on the command line: exports, reports, and verifying what was printed."""

from pathlib import Path
from typing import Annotated

import typer

from app.errors import Invalid
from app.i18n import N_, _
from app.queries import find
from app.settings import workspace_folder
from ui.cli.parameters import Project
from ui.cli.session import Session
from ui.desktop.theme.tokens import THEMES

SUFFIX_OF_PROOFS = ".tlog-proof"
REPORT_KINDS = ("checklist", "approval", "situation", "protocol")


def add_to(application: typer.Typer) -> None:
    application.command(
        "export",
        help=N_("Export a project to JSON (complete), CSV or Markdown, or a view of it to PNG or PDF."),
    )(export)
    application.command(
        "report",
        help=N_(
            "Print a checklist, a gate's approval record, a run's situation or its protocol as a sealed PDF. "
            "The situation without --to is text for a chat."
        ),
    )(report)
    application.command(
        "verify",
        help=N_(
            "Verify a project's whole log and its workspace's, and say what that proves. Or verify a printed record: its "
            "seal, and whether it still covers what the workspace holds. Or a proof of one statement."
        ),
    )(verify)


def export(
    context: typer.Context,
    project: Project,
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar="FILE", help=N_("A name with .json, .csv or .md; .png or .pdf with --view.")
        ),
    ],
    view: Annotated[
        str | None,
        typer.Option(
            metavar="VIEW", help=N_("The view to picture: checklist, board, gantt, cockpit or gates.")
        ),
    ] = None,
    theme: Annotated[
        str | None, typer.Option(metavar="light|dark|contrast", help=N_("The look of the picture."))
    ] = None,
) -> None:
    from app.integrations.exports import write_export

    session: Session = context.obj
    found = session.project(project)
    if view is not None:
        _export_view(session, found, view, to, theme or "light")
        return
    if theme is not None or to.suffix.casefold() in (".png", ".pdf"):
        raise Invalid(_("Only a view has a look: say which one with --view."))
    run, now = session.run_of(found), session.workspace.clock.now_ms()
    count = session.read(write_export, found, run, to, session.language, now)
    session.show({"file": str(to), "tasks": count}, [str(to)])


def _export_view(session: Session, project: bytes, view: str, to: Path, theme: str) -> None:
    """The window opens the workspace itself, so that nothing of this session stands beside it."""
    from ui.desktop.pictures import Wish, picture_of

    if theme not in THEMES:
        raise Invalid(
            _("There is no look {name}. Choose one of: {looks}.").format(name=theme, looks=", ".join(THEMES))
        )
    run = session.run_of(project) if session.run_name else None
    session.close()
    painted = picture_of(
        workspace_folder(session.folder), Wish(view, project, run, session.language, theme), to
    )
    lines = [str(to)]
    if not painted.is_whole:
        lines.append(
            _(
                "The list is longer than a picture can be: its end is missing. A name with .pdf takes all of it."
            )
        )
    session.show({"file": str(to), "pages": painted.pages, "whole": painted.is_whole}, lines)


def report(
    context: typer.Context,
    project: Project,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="checklist|approval|situation|protocol",
            help=N_(
                "A sheet to tick, a gate's record, how a run stands now, or everything that happened in it."
            ),
        ),
    ],
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE.pdf", help=N_("Where to."))] = None,
    gate: Annotated[
        str | None, typer.Option(metavar="G", help=N_("Which gate the approval record is of."))
    ] = None,
) -> None:
    from ui.cli.printing import print_report

    session: Session = context.obj
    if kind not in REPORT_KINDS:
        raise typer.BadParameter(
            _("It is one of: {words}.").format(words=", ".join(REPORT_KINDS)), param_hint="KIND"
        )
    found = session.project(project)
    if to is None:
        _show_situation(session, found, kind)
        return
    target = session.read(find.find_gate, gate, found)[0] if gate else None
    warnings = print_report(session, found, session.run_of(found), kind, target, to)
    session.show({"file": str(to), "warnings": warnings}, [str(to), *warnings])


def _show_situation(session: Session, project: bytes, kind: str) -> None:
    if kind != "situation":
        raise typer.BadParameter(_("Say where to: --to FILE.pdf."), param_hint="--to")
    from app.reports.briefing import situation_text

    run, now = session.run_of(project), session.workspace.clock.now_ms()
    text = session.read(situation_text, project, run, session.language, now)
    session.show({"situation": text}, text.splitlines())


def verify(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="PROJECT|FILE", help=N_("A project, a printed PDF, or a proof (.tlog-proof).")
        ),
    ],
    proofs: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=N_(
                "Write a proof of each of the project's statements there, and the program that verifies them elsewhere."
            ),
        ),
    ] = None,
    witness: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help=N_("Also ask a server that holds the workspace which history of the project it shows."),
        ),
    ] = None,
) -> None:
    from ui.cli.verifying import verify_project, verify_proof, write_project_proofs

    session: Session = context.obj
    file = Path(what)
    if proofs is not None:
        data, lines = write_project_proofs(session, session.project(what), proofs)
    elif file.suffix.casefold() == SUFFIX_OF_PROOFS:
        data, lines = verify_proof(session, file)
    elif file.suffix.casefold() == ".pdf" or file.is_file():
        from ui.cli.printing import verify_file

        data, lines = verify_file(session, file)
    else:
        data, lines = verify_project(session, session.project(what), witness)
    session.show(data, lines)
    if not data["valid"]:
        raise typer.Exit(1)
