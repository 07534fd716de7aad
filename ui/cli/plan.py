"""Planning on the command line: projects, stages, tasks, links and gates."""

from typing import Annotated, Any

import typer

from app.domain.durations import format_minutes
from app.errors import Invalid
from app.i18n import N_, _
from app.queries import find
from app.queries.checklist import Checklist, checklist
from app.queries.fields import project_values, task_values
from app.queries.newer import newer_things
from app.queries.reasons import STATE_WORDS, STATUS_WORDS
from app.storage.engine import Reader
from ui.cli import helping
from ui.cli.columns import column, width
from ui.cli.parameters import Project, Task, Values
from ui.cli.session import Session

tasks = helping.group(N_("Add, change, link, move or delete tasks."))
stages = helping.group(N_("Add stages."))
checks = helping.group(N_("Add checks to tasks."))
project_group = helping.group(N_("Add a project, or change its name, window and T-0."))

Title = Annotated[str, typer.Argument(metavar="TITLE", help=N_("The title, as it is printed."))]
Before = Annotated[str, typer.Argument(metavar="FROM", help=N_("The task that comes first."))]
After = Annotated[str, typer.Argument(metavar="TO", help=N_("The task that waits for it."))]


def add_to(application: typer.Typer) -> None:
    application.command("projects", help=N_("List the projects."))(list_projects)
    application.command("show", help=N_("Show a project's tasks and checks in a run."))(show)
    application.add_typer(project_group, name="project")
    application.add_typer(stages, name="stage")
    application.add_typer(tasks, name="task")
    application.add_typer(checks, name="check")


def list_projects(context: typer.Context) -> None:
    session: Session = context.obj
    rows = session.projects()
    session.show(
        {"projects": [{"id": one.id, "name": one.name} for one in rows]},
        [f"{one.id.hex()}  {one.name}" for one in rows] or [_("No project yet. Import a file or add one.")],
    )


@project_group.command("add", help=N_("Make an empty project."))
def add_project(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("What it is called."))],
    zone: Annotated[str, typer.Option(metavar="ZONE", help=N_("Time zone, as Europe/Berlin."))] = "UTC",
    t0: Annotated[str | None, typer.Option(metavar="TIME", help=N_("T-0, a wall time in that zone."))] = None,
) -> None:
    from app.commands.projects import create_project

    session: Session = context.obj
    given = {"zone": zone} | ({"t0": t0} if t0 else {})
    values = session.read(project_values, zone, given)
    project = session.do(create_project, name, language=session.language, **values).result
    session.show({"project": project}, [project.hex()])


@project_group.command(
    "set",
    help=N_(
        "Change fields of a project: name, zone, t0, window_start, window_end, no_return, manager, decider."
    ),
)
def set_project_fields(context: typer.Context, project: Project, values: Values) -> None:
    from app.commands.projects import set_project

    session: Session = context.obj
    found = session.project(project)
    zone = next(one.zone for one in session.projects() if one.id == found)
    pairs = session.read(project_values, zone, dict(_pair(value) for value in values))
    session.do(set_project, found, pairs, language=session.language)
    session.show({"set": sorted(pairs)})


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Invalid(_("{text} is not of the form FIELD=VALUE.").format(text=text))
    return name.strip().replace("-", "_"), value


def show(context: typer.Context, project: Project) -> None:
    session: Session = context.obj
    found = session.project(project)
    run = session.run_of(found)
    now = session.workspace.clock.now_ms()
    rows: Checklist = session.read(checklist, found, run, session.language, now)
    stage_titles = {stage.id: stage.title for stage in rows.stages}
    newer = session.read(newer_things, found)
    data = {
        "project": found,
        "name": rows.project.name,
        "run": run,
        "tasks": [
            {
                "id": one.id,
                "number": one.number,
                "title": one.title,
                "stage": stage_titles.get(one.stage_id, ""),
            }
            | {"owner": one.owner, "minutes": one.minutes, "claim": one.claim.name.lower()}
            | {
                "status": one.status.value,
                "why_not": one.why_not,
                "after": one.after,
                "requires": one.requires,
                "newer": one.id in newer,
            }
            for one in rows.tasks
        ],
        "checks": session.read(_checks, found, run, session.language),
        "gates": [
            {"id": one.gate_id, "stage": one.title, "state": one.gate_state}
            for one in rows.stages
            if one.gate_id
        ],
    }
    session.show(data, _lines(rows, newer, session.language))


def _checks(reader: Reader, project: bytes, run: bytes, language: str) -> list[dict[str, Any]]:
    from app.queries.task_detail import task_detail

    tasks = reader.rows("SELECT DISTINCT task FROM check_item WHERE log = ? AND alive", (project,))
    details = [task_detail(reader, task, run, language) for (task,) in tasks]
    return [
        {"id": check.id, "task": detail.id, "text": check.text, "kind": check.kind, "outcome": check.outcome}
        | {"value": check.value, "target": check.target, "passes": check.passes}
        for detail in details
        if detail is not None
        for check in detail.checks
    ]


def _lines(rows: Checklist, newer: frozenset[bytes], language: str) -> list[str]:
    lines = [rows.project.name]
    words = {one.status: _(STATUS_WORDS[one.status]) for one in rows.tasks}
    broad = max((width(word) for word in words.values()), default=0)
    for stage in rows.stages:
        state = f"  [{_(STATE_WORDS[stage.gate_state])}]" if stage.gate_state else ""
        title = stage.title or _("Without a stage")
        lines.append(f"\n{stage.number} {title}  {stage.done_count}/{stage.task_count}{state}")
        for task in (one for one in rows.tasks if one.stage_id == stage.id):
            length = format_minutes(task.minutes, language) if task.minutes is not None else ""
            more = _("newer data present") if task.id in newer else ""
            parts = [task.title, *(part for part in (task.owner, length, more) if part)]
            lines.append(f"  {task.number:6} {column(words[task.status], broad)}  {'  '.join(parts)}")
            lines += [f"         {why}" for why in task.why_not]
    return lines


# -- stages --------------------------------------------------------------------------------------------------------


@stages.command("add", help=N_("Add a stage at the end of a project."))
def add_stage(context: typer.Context, project: Project, title: Title) -> None:
    from app.commands.projects import add_stage as command

    session: Session = context.obj
    stage = session.do(command, session.project(project), title, language=session.language).result
    session.show({"stage": stage}, [stage.hex()])


# -- tasks ---------------------------------------------------------------------------------------------------------


@tasks.command("add", help=N_("Add a task to a project."))
def add_task(
    context: typer.Context,
    project: Project,
    title: Title,
    stage: Annotated[
        str | None, typer.Option(metavar="S", help=N_("Its stage; made when there is none of that name."))
    ] = None,
    minutes: Annotated[
        str | None, typer.Option(metavar="N", help=N_("How long it takes: 90, 1h30, 1.5h ..."))
    ] = None,
    owner: Annotated[str | None, typer.Option(metavar="PERSON", help=N_("Who does it."))] = None,
    role: Annotated[str | None, typer.Option(metavar="ROLE", help=N_("Which role does it."))] = None,
    stream: Annotated[str | None, typer.Option(metavar="NAME", help=N_("Its strand of work."))] = None,
    requires: Annotated[
        str | None,
        typer.Option(metavar="LIST", help=N_("What it needs to count: comment,file,checks,second.")),
    ] = None,
    instruction: Annotated[str | None, typer.Option(metavar="TEXT", help=N_("What to do, in full."))] = None,
) -> None:
    from app.commands.tasks import add_task as command

    session: Session = context.obj
    found = session.project(project)
    given = {"minutes": minutes, "owner": owner, "role": role, "stream": stream}
    given |= {"requires": requires, "instruction": instruction}
    values = session.read(
        task_values, found, {name: value for name, value in given.items() if value is not None}
    )
    place = _stage(session, found, stage) if stage else None
    task = session.do(command, found, title, stage=place, language=session.language, values=values).result
    session.show({"task": task}, [task.hex()])


def _stage(session: Session, project: bytes, title: str) -> bytes:
    from app.commands.projects import add_stage as command
    from app.errors import NotFound

    try:
        return bytes(session.read(find.find_stage, project, title))
    except NotFound:
        return bytes(session.do(command, project, title, language=session.language).result)


@tasks.command(
    "set",
    help=N_(
        "Change fields of a task: title, instruction, owner, accountable, deputy, role, minutes, start, due, "
        "priority, stream, rollback, rollback_minutes, rollback_task, requires=comment,file,checks,second."
    ),
)
def set_task(context: typer.Context, task: Task, values: Values) -> None:
    from app.commands.tasks import set_task as command

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    parsed = session.read(task_values, project, dict(_pair(value) for value in values))
    session.do(command, found, parsed, language=session.language)
    session.show({"task": found, "set": sorted(parsed)})


@tasks.command("link", help=N_("Let a task depend on another one."))
def link(
    context: typer.Context,
    before: Before,
    after: After,
    type: Annotated[str, typer.Option(metavar="FS|SS|FF|SF", help=N_("How it depends."))] = "FS",
    lag: Annotated[int, typer.Option(metavar="MIN", help=N_("Minutes between; negative is a lead."))] = 0,
) -> None:
    from app.commands.tasks import link_tasks

    session: Session = context.obj
    first, project = session.read(find.find_task, before)
    second, _project = session.read(find.find_task, after, project)
    found = session.do(link_tasks, first, second, type=type.upper(), lag=lag).result
    session.show({"link": found}, [found.hex()])


@tasks.command("unlink", help=N_("Remove the link between two tasks."))
def unlink(context: typer.Context, before: Before, after: After) -> None:
    from app.commands.tasks import unlink as command

    session: Session = context.obj
    first, project = session.read(find.find_task, before)
    second, _project = session.read(find.find_task, after, project)
    found = session.read(find.find_link_end, first, second)
    if found is None:
        raise Invalid(_("There is no link between these tasks."))
    session.do(command, found)
    session.show({"link": found})


@tasks.command("delete", help=N_("Delete a task; undo brings it back."))
def delete(context: typer.Context, task: Task) -> None:
    from app.commands.tasks import delete_task

    session: Session = context.obj
    found, _project = session.read(find.find_task, task)
    session.do(delete_task, found)
    session.show({"task": found})


@tasks.command("move", help=N_("Move a task to a stage, or behind another task."))
def move(
    context: typer.Context,
    task: Task,
    stage: Annotated[str, typer.Option(metavar="S", help=N_("The stage it goes to."))],
    after: Annotated[
        str | None, typer.Option(metavar="TASK", help=N_("Behind which task; the end without it."))
    ] = None,
) -> None:
    from app.commands.tasks import move_task

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    place = session.read(find.find_stage, project, stage)
    behind = session.read(find.find_task, after, project)[0] if after else None
    session.do(move_task, found, place, behind)
    session.show({"task": found})


@checks.command("add", help=N_("Add a check to a task."))
def add_check(
    context: typer.Context,
    task: Task,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=N_("What is checked."))],
    kind: Annotated[
        str, typer.Option(metavar="tick|value|pair", help=N_("A tick, a value with a target, or two sides."))
    ] = "tick",
    target: Annotated[
        str | None, typer.Option(metavar="VALUE", help=N_("What a value is compared with."))
    ] = None,
    tolerance: Annotated[str | None, typer.Option(metavar="VALUE", help=N_("How far it may be off."))] = None,
    unit: Annotated[str, typer.Option(metavar="TEXT", help=N_("Its unit."))] = "",
) -> None:
    from app.commands.tasks import add_check as command

    session: Session = context.obj
    found, _project = session.read(find.find_task, task)
    values = {"kind": kind, "target": target, "tolerance": tolerance, "unit": unit}
    check = session.do(command, found, text, language=session.language, **values).result
    session.show({"check": check}, [check.hex()])
