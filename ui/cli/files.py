"""Files on the command line: import, export, reports and verifying."""

from pathlib import Path
from typing import Annotated

import typer

from app.errors import Invalid
from app.i18n import _
from app.queries import find
from ui.cli.session import Session


def add_to(application: typer.Typer) -> None:
    application.command("import")(import_file)
    application.command("export")(export)
    application.command("report")(report)
    application.command("verify")(verify)


def import_file(
    context: typer.Context,
    file: Path,
    project: Annotated[str | None, typer.Option(help="Name of the new project.")] = None,
    t0: Annotated[str | None, typer.Option(help="T-0, ISO.")] = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=HEADER overrides a guessed column.")
    ] = None,
) -> None:
    """Import a plan: Markdown, JSON, CSV or XLSX. Says what came in and what did not."""
    from app.commands.imports import import_draft
    from app.integrations import read_file

    session: Session = context.obj
    mapping = {}
    for pair in map_ or ():
        name, equals, header = pair.partition("=")
        if not equals:
            raise Invalid(_("{text} is not of the form FIELD=HEADER.").format(text=pair))
        mapping[name] = header
    draft = read_file(file, mapping=mapping, project_name=project, t0=t0)
    found = session.do(import_draft, draft).result
    skipped = [{"line": one.line, "reason": one.reason} for one in found.skipped]
    data = {"projects": found.projects, "stages": found.stages, "tasks": found.tasks, "checks": found.checks}
    data |= {"links": found.links, "gates": found.gates, "criteria": found.criteria, "skipped": skipped}
    counts = _("{stages} stages, {tasks} tasks, {checks} checks, {links} links, {criteria} criteria").format(
        **{key: data[key] for key in ("stages", "tasks", "checks", "links", "criteria")}
    )
    lines = [one.hex() for one in found.projects] + [counts]
    lines += [
        _("  line {line}: {reason}").format(line=one.line or "-", reason=one.reason) for one in found.skipped
    ]
    session.show(data, lines)


def export(
    context: typer.Context,
    project: str,
    to: Annotated[Path, typer.Option("--to", help="FILE.json, .csv or .md")],
) -> None:
    """Export a project to JSON (complete), CSV or Markdown."""
    from app.integrations.exports import write_export

    session: Session = context.obj
    found = session.project(project)
    run, now = session.run_of(found), session.workspace.clock.now_ms()
    count = session.read(write_export, found, run, to, session.language, now)
    session.show({"file": str(to), "tasks": count}, [str(to)])


def report(
    context: typer.Context,
    project: str,
    kind: Annotated[str, typer.Argument(help="checklist or approval.")],
    to: Annotated[Path, typer.Option("--to", help="FILE.pdf")],
    gate: Annotated[str | None, typer.Option(help="Which gate the approval record is of.")] = None,
) -> None:
    """Print a checklist or a gate's approval record as a sealed PDF."""
    from ui.cli.printing import print_report

    session: Session = context.obj
    if kind not in ("checklist", "approval"):
        raise typer.BadParameter("checklist or approval", param_hint="KIND")
    found = session.project(project)
    target = session.read(find.find_gate, gate, found)[0] if gate else None
    warnings = print_report(session, found, session.run_of(found), kind, target, to)
    session.show({"file": str(to), "warnings": warnings}, [str(to), *warnings])


def verify(context: typer.Context, file: Path) -> None:
    """Verify a printed record: its seal, and whether it still covers what the workspace holds."""
    from ui.cli.printing import verify_file

    session: Session = context.obj
    data, lines = verify_file(session, file)
    session.show(data, lines)
    if not data["valid"]:
        raise typer.Exit(1)
