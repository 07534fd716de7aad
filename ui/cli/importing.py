"""Plan files on their way in: as new projects, into one that is there, or merged with what came from them before."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.domain.draft import Draft, Skipped
from app.errors import Invalid
from app.i18n import N_, _, counted
from app.process.merging import Change
from app.queries.differences import CHANGE_WORDS, KIND_WORDS, DifferenceRow, Differences, differences
from ui.cli.session import Session

_COUNTED = ("stages", "tasks", "checks", "links", "gates", "criteria")


def add_to(application: typer.Typer) -> None:
    application.command(
        "import",
        help=N_(
            "Import a plan: Markdown, JSON, CSV or XLSX. Says what came in and what did not. With --into a file that came "
            "before is merged: what only it changed is taken, what you changed stays, and each difference is printed."
        ),
    )(import_file)


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The plan."))],
    project: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=N_("Name of the new project; the file's own without it.")),
    ] = None,
    t0: Annotated[str | None, typer.Option(metavar="ISO", help=N_("T-0, as 2026-03-06T22:00."))] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=HEADER",
            help=N_(
                "Overrides a guessed column; several times. FIELD=#3 is the third column, FIELD= leaves a field out; "
                "sheet=NAME, header=ROW, delimiter=; and encoding=gb18030 say how to read the file."
            ),
        ),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option(metavar="PROJECT", help=N_("Into this project; merged when the file came before.")),
    ] = None,
    *,
    new: Annotated[
        bool, typer.Option("--new", help=N_("With --into: everything as new, nothing merged."))
    ] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help=N_("With --into: take all differences as the file has them."))
    ] = False,
    ours: Annotated[
        bool, typer.Option("--ours", help=N_("With --into: keep everything as it is here, and ask no more."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Only say what would come in or change."))
    ] = False,
) -> None:
    from app.integrations import read_file

    session: Session = context.obj
    if into is None and (new or theirs or ours):
        raise typer.BadParameter(_("It goes with --into PROJECT."), param_hint="--new, --theirs, --ours")
    if into is not None and (project is not None or t0 is not None):
        raise typer.BadParameter(
            _("A project that is there has a name and a T-0."), param_hint="--project, --t0"
        )
    if new + theirs + ours > 1:
        raise typer.BadParameter(_("Choose one of them."), param_hint="--new, --theirs, --ours")
    draft = read_file(file, mapping=_mapping(map_ or ()), project_name=project, t0=t0)
    if into is None:
        _import_new(session, draft, dry_run=dry_run)
        return
    found = session.project(into)
    compared: Differences = session.read(differences, found, draft, session.language)
    if new or compared.source is None:
        _add(session, found, draft, compared, dry_run=dry_run)
    else:
        default = True if theirs else False if ours else None
        _merge(session, found, draft, compared, default=default, dry_run=dry_run)


def _mapping(pairs: Any) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        name, equals, header = pair.partition("=")
        if not equals:
            raise Invalid(_("{text} is not of the form FIELD=HEADER.").format(text=pair))
        mapping[name.strip()] = header
    return mapping


# -- something new -------------------------------------------------------------------------------------------------


def _import_new(session: Session, draft: Draft, *, dry_run: bool) -> None:
    from app.commands.imports import import_draft

    if dry_run:
        _show_would(session, draft, [one.name for one in draft.projects])
        return
    _show_report(session, session.do(import_draft, draft).result)


def _add(session: Session, project: bytes, draft: Draft, compared: Differences, *, dry_run: bool) -> None:
    from app.commands.imports import add_draft

    if dry_run:
        _show_would(session, draft, [_("Into {project}, as new.").format(project=compared.project)])
        return
    _show_report(session, session.do(add_draft, project, draft).result)


def _show_would(session: Session, draft: Draft, heads: list[str]) -> None:
    counts = counts_of(draft)
    data = {"dry_run": True, **counts, "skipped": _skipped_data(draft.skipped)}
    session.show(data, [*heads, _counts_line(_("Would come in"), counts), *_skipped_lines(draft.skipped)])


def counts_of(draft: Draft) -> dict[str, int]:
    """What a draft would bring; links that lead nowhere or close a circle are found only on the way in."""
    stages = [stage for part in draft.projects for stage in part.stages]
    tasks = [task for stage in stages for task in stage.tasks]
    gates = [gate for part in draft.projects for gate in part.gates]
    return {
        "stages": len(stages),
        "tasks": len(tasks),
        "checks": sum(len(task.checks) for task in tasks),
        "links": sum(len(part.links) for part in draft.projects),
        "gates": len(gates),
        "criteria": sum(len(gate.criteria) for gate in gates),
    }


def _show_report(session: Session, report: Any) -> None:
    counts = {name: getattr(report, name) for name in _COUNTED}
    data = {"projects": report.projects, **counts, "skipped": _skipped_data(report.skipped)}
    lines = [f"{one.id.hex()}  {one.name}" for one in session.projects() if one.id in report.projects]
    session.show(data, [*lines, _counts_line(_("Came in"), counts), *_skipped_lines(report.skipped)])


def _counts_line(head: str, counts: dict[str, int]) -> str:
    return _(
        "{head}: stages {stages}, tasks {tasks}, checks {checks}, links {links}, gates {gates}, criteria {criteria}."
    ).format(head=head, **counts)


def _skipped_data(skipped: Any) -> list[dict[str, Any]]:
    return [{"line": one.line, "reason": one.reason} for one in skipped]


def _skipped_lines(skipped: Any) -> list[str]:
    head = [_("Did not come in as it stands:")] if skipped else []
    lines: list[Skipped] = list(skipped)
    return head + [
        _("  line {line}: {reason}").format(line=one.line or "-", reason=one.reason) for one in lines
    ]


# -- a second import -----------------------------------------------------------------------------------------------


def _merge(
    session: Session,
    project: bytes,
    draft: Draft,
    compared: Differences,
    *,
    default: bool | None,
    dry_run: bool,
) -> None:
    from app.commands.merging import merge_draft

    taken = [row.taken if default is None else default for row in compared.rows]
    data: dict[str, Any] = {
        "project": project,
        "compared_with": compared.source,
        "same": compared.same,
        "differences": [
            _difference_data(row, taken=one) for row, one in zip(compared.rows, taken, strict=True)
        ],
        "dry_run": dry_run,
    }
    lines = [_head_line(compared), *_difference_lines(compared, taken)]
    if dry_run:
        session.show(
            data | {"skipped": _skipped_data(draft.skipped)}, [*lines, *_skipped_lines(draft.skipped)]
        )
        return
    choices = {row.token: one for row, one in zip(compared.rows, taken, strict=True)}
    report = session.do(merge_draft, project, draft, choices, source=compared.source, default=default).result
    counted = ("changed", "removed", "returned", "kept", *_COUNTED)
    data |= {name: getattr(report, name) for name in counted} | {"skipped": _skipped_data(report.skipped)}
    lines.append(
        _(
            "Merged: fields changed {changed}, tasks new {tasks}, things removed {removed}, brought back {returned}; "
            "kept as here {kept}."
        ).format(**{name: value for name, value in data.items() if isinstance(value, int)})
        if compared.rows
        else _("Nothing to merge.")
    )
    session.show(data, [*lines, *_skipped_lines(report.skipped)])


def _head_line(compared: Differences) -> str:
    count = len(compared.rows)
    said = counted("{n} difference", "{n} differences", count)
    return _(
        "{project}, compared with what {source} said last: {differences}; tasks as they were: {same}."
    ).format(
        project=compared.project,
        source=(compared.source or "").partition(":")[2],
        differences=said,
        same=compared.same,
    )


def _difference_data(row: DifferenceRow, *, taken: bool) -> dict[str, Any]:
    data = row._asdict() | {"change": row.change.value, "kind": row.kind.value, "taken": taken}
    return {name: value for name, value in data.items() if name != "touched"} | {"changed_here": row.touched}


def _difference_lines(compared: Differences, taken: list[bool]) -> list[str]:
    lines: list[str] = []
    for change in Change:
        some = [(row, one) for row, one in zip(compared.rows, taken, strict=True) if row.change is change]
        if some:
            lines.append(_(CHANGE_WORDS[change]))
            lines += [_difference_line(row, taken=one) for row, one in some]
    return lines


def _difference_line(row: DifferenceRow, *, taken: bool) -> str:
    choice = _("theirs") if taken else _("ours")
    where = f"{row.where} / " if row.where else ""
    if row.field:
        before = f" ({_('was')} {row.base or '-'})" if row.change is Change.BOTH else ""
        change = f"{row.field}: {row.ours or '-'} -> {row.theirs or '-'}{before}"
    else:
        change = _(KIND_WORDS[row.kind]) + (f": {row.theirs}" if row.theirs else "")
    note = f" ({_('changed here')})" if row.touched else ""
    return f"  [{choice}] {where}{row.title} · {change}{note}"
