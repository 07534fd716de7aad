"""Running a plan on the command line: runs, steps, checks, notes and files."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from app.clock import to_iso
from app.domain.words import CheckOutcome, RunKind
from app.errors import Invalid
from app.i18n import N_, _
from app.queries import find
from app.queries.checklist import Checklist, checklist
from app.queries.projects import RunRow
from app.queries.projects import runs as runs_query
from app.queries.readiness import MUST, SHOULD, Finding, ready_to_finish, ready_to_start
from app.queries.reasons import STATUS_WORDS
from ui.cli import helping
from ui.cli.moments import moment_of
from ui.cli.parameters import At, Behalf, Check, Project, Reason, Task
from ui.cli.session import Session

run_group = helping.group(N_("Start, list and finish rehearsals and the live run."))
step_group = helping.group(N_("Say what is so of a step: started, finished, failed, blocked ..."))


def add_to(application: typer.Typer) -> None:
    application.add_typer(run_group, name="run")
    application.add_typer(step_group, name="step")
    application.command("tick", help=N_("Record the result of a check."))(tick)
    application.command("note", help=N_("Leave a note that supports a step."))(note)
    application.command("attach", help=N_("Keep a file as evidence of a step, known by its SHA-256."))(attach)


# -- runs ----------------------------------------------------------------------------------------------------------


@run_group.command("start", help=N_("Start a rehearsal or the live run."))
def start(
    context: typer.Context,
    project: Project,
    kind: Annotated[str, typer.Option(metavar="rehearsal|live", help=N_("What it is for."))] = "rehearsal",
    name: Annotated[str, typer.Option(metavar="NAME", help=N_("What it is called."))] = "",
    at: At = None,
    reason: Reason = "",
) -> None:
    from app.commands.runs import start_run

    session: Session = context.obj
    if kind not in (RunKind.REHEARSAL, RunKind.LIVE):
        raise typer.BadParameter(_("It is rehearsal or live."), param_hint="--kind")
    found = session.project(project)
    run = session.do(start_run, found, RunKind(kind), name, at=moment_of(at), reason=reason).result
    session.show({"run": run}, [run.hex()])


@run_group.command(
    "ready",
    help=N_("Say what is not ready for a rehearsal or the live run; with --run, what is unfinished in it."),
)
def ready(
    context: typer.Context,
    project: Project,
    kind: Annotated[str, typer.Option(metavar="rehearsal|live", help=N_("What is to be started."))] = "live",
) -> None:
    session: Session = context.obj
    if kind not in (RunKind.REHEARSAL, RunKind.LIVE):
        raise typer.BadParameter(_("It is rehearsal or live."), param_hint="--kind")
    found, now = session.project(project), session.workspace.clock.now_ms()
    rows: tuple[Finding, ...]
    if session.run_name:
        rows = session.read(ready_to_finish, session.run_of(found), now, session.language)
    else:
        rows = session.read(ready_to_start, found, RunKind(kind), now, session.language)
    words = {MUST: _("must be answered"), SHOULD: _("should be looked at")}
    lines = []
    for one in rows:
        lines.append(f"{words[one.severity]}: {one.text}")
        lines += [f"  {one.detail}"] if one.detail else []
    data = [
        {"kind": one.kind, "severity": one.severity, "text": one.text, "count": one.number}
        | {"subjects": one.subjects}
        for one in rows
    ]
    session.show({"findings": data}, lines or [_("Nothing stands against it.")])


@run_group.command("list", help=N_("List a project's runs."))
def list_runs(context: typer.Context, project: Project) -> None:
    session: Session = context.obj
    rows = session.read(runs_query, session.project(project))
    data = [
        {
            "id": one.id,
            "kind": one.kind,
            "name": one.name,
            "started_at": one.started_at and to_iso(one.started_at),
        }
        | {"finished_at": one.finished_at and to_iso(one.finished_at)}
        for one in rows
    ]
    session.show({"runs": data}, [f"{one.id.hex()}  {one.kind:10} {one.name}".rstrip() for one in rows])


@run_group.command("finish", help=N_("Finish a run: nothing more can happen in it."))
def finish(
    context: typer.Context,
    project: Project,
    run: Annotated[
        str | None, typer.Argument(metavar="RUN", help=N_("rehearsal, live, a name or an id."))
    ] = None,
    at: At = None,
    reason: Reason = "",
) -> None:
    from app.commands.runs import finish_run

    session: Session = context.obj
    found = session.project(project)
    target = session.read(find.find_run, found, run or session.run_name or _only_open(session, found))
    session.do(finish_run, target, at=moment_of(at), reason=reason)
    session.show({"run": target})


def _only_open(session: Session, project: bytes) -> str:
    """The one run that is on; raises Invalid where that is none or several."""
    rows: list[RunRow] = session.read(runs_query, project)
    on = [one for one in rows if one.started_at and not one.finished_at]
    if len(on) != 1:
        listed = ", ".join(one.name or one.kind for one in on) or "-"
        raise Invalid(_("Say which run to finish. Not finished: {runs}.").format(runs=listed))
    return on[0].id.hex()


# -- steps ---------------------------------------------------------------------------------------------------------


def _claim(
    context: typer.Context,
    command: Callable[..., Any],
    task: str,
    behalf: str | None,
    at: str | None,
    reason: str,
) -> None:
    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    performer = session.person(behalf) if behalf else None
    run = session.run_of(project)
    session.do(command, run, found, at=moment_of(at), reason=reason, on_behalf_of=performer)
    _told(session, project, run, found)


def _told(session: Session, project: bytes, run: bytes, task: bytes) -> None:
    """What the step counts as now, and what it still lacks."""
    now = session.workspace.clock.now_ms()
    rows: Checklist = session.read(checklist, project, run, session.language, now)
    row = next(one for one in rows.tasks if one.id == task)
    data = {"task": task, "run": run, "claim": row.claim.name.lower(), "status": row.status.value}
    line = f"{row.number} {row.title}: {_(STATUS_WORDS[row.status])}"
    session.show(data | {"why_not": row.why_not}, [line, *(f"  {why}" for why in row.why_not)])


@step_group.command("start", help=N_("The step runs now; one that may not start yet needs a reason."))
def step_start(
    context: typer.Context, task: Task, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    from app.commands.runs import start_step

    _claim(context, start_step, task, on_behalf_of, at, reason)


@step_group.command("finish", help=N_("Say the step is done; it counts once everything required is there."))
def step_finish(
    context: typer.Context, task: Task, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    from app.commands.runs import finish_step

    _claim(context, finish_step, task, on_behalf_of, at, reason)


@step_group.command("fail", help=N_("Say the step failed, and why."))
def step_fail(
    context: typer.Context, task: Task, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    from app.commands.runs import fail_step

    _claim(context, fail_step, task, on_behalf_of, at, reason)


@step_group.command("wait", help=N_("Say the step waits for something outside."))
def step_wait(
    context: typer.Context, task: Task, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    from app.commands.runs import wait_step

    _claim(context, wait_step, task, on_behalf_of, at, reason)


@step_group.command("block", help=N_("Say the step is blocked, and by what."))
def step_block(
    context: typer.Context, task: Task, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    from app.commands.runs import block_step

    _claim(context, block_step, task, on_behalf_of, at, reason)


@step_group.command("skip", help=N_("Skip the step, with the reason."))
def step_skip(
    context: typer.Context, task: Task, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    from app.commands.runs import skip_step

    _claim(context, skip_step, task, on_behalf_of, at, reason)


@step_group.command("reset", help=N_("Take the claim back: the step is one to do again."))
def step_reset(context: typer.Context, task: Task, reason: Reason = "") -> None:
    from app.commands.runs import reset_step

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    run = session.run_of(project)
    session.do(reset_step, run, found, reason=reason)
    _told(session, project, run, found)


@step_group.command("remaining", help=N_("Say how long the step still needs: 20, 1h30 ..."))
def step_remaining(
    context: typer.Context,
    task: Task,
    minutes: Annotated[str, typer.Argument(metavar="MINUTES", help=N_("20, 1h30, 1.5h ..."))],
    on_behalf_of: Behalf = None,
    at: At = None,
    reason: Reason = "",
) -> None:
    from app.commands.runs import set_remaining
    from app.domain.durations import parse_minutes

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    length = parse_minutes(minutes)
    if length is None:
        raise Invalid(_("{text} is no duration. Try 90, 1h30 or 1.5h.").format(text=minutes))
    behalf = session.person(on_behalf_of) if on_behalf_of else None
    run = session.run_of(project)
    session.do(set_remaining, run, found, length, at=moment_of(at), reason=reason, on_behalf_of=behalf)
    session.show({"task": found, "remaining": length})


# -- checks and evidence -------------------------------------------------------------------------------------------


def tick(
    context: typer.Context,
    check: Check,
    outcome: Annotated[
        str, typer.Argument(metavar="pass|fail|na", help=N_("Passed, failed, or not applicable."))
    ],
    value: Annotated[
        str | None, typer.Option(metavar="V", help=N_("What was measured; of a pair the first side."))
    ] = None,
    other: Annotated[str | None, typer.Option(metavar="V", help=N_("The other side of a pair."))] = None,
    note_text: Annotated[str, typer.Option("--note", metavar="TEXT", help=N_("A remark beside it."))] = "",
    on_behalf_of: Behalf = None,
    at: At = None,
) -> None:
    from app.commands.runs import tick as command

    session: Session = context.obj
    if outcome not in {one.value for one in CheckOutcome}:
        raise typer.BadParameter(_("It is pass, fail or na."), param_hint="OUTCOME")
    found, project = session.read(find.find_check, check)
    behalf = session.person(on_behalf_of) if on_behalf_of else None
    session.do(
        *(command, session.run_of(project), found, CheckOutcome(outcome)),
        value=value,
        other_value=other,
        note=note_text,
        at=moment_of(at),
        on_behalf_of=behalf,
    )
    session.show({"check": found, "outcome": outcome})


def note(
    context: typer.Context,
    task: Task,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=N_("What it says."))],
    on_behalf_of: Behalf = None,
    at: At = None,
) -> None:
    from app.commands.runs import add_note

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    behalf = session.person(on_behalf_of) if on_behalf_of else None
    evidence = session.do(
        add_note, session.run_of(project), found, text, at=moment_of(at), on_behalf_of=behalf
    ).result
    session.show({"evidence": evidence}, [evidence.hex()])


def attach(
    context: typer.Context,
    task: Task,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=N_("Its content is copied into the workspace."))
    ],
    on_behalf_of: Behalf = None,
    at: At = None,
) -> None:
    from app.commands.runs import attach_file

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    behalf = session.person(on_behalf_of) if on_behalf_of else None
    kept = session.workspace.files.keep(file)
    run = session.run_of(project)
    evidence = session.do(
        *(attach_file, run, found, kept.sha256, kept.size, kept.name),
        at=moment_of(at),
        on_behalf_of=behalf,
    ).result
    session.show({"evidence": evidence, "sha256": kept.sha256, "size": kept.size}, [kept.sha256.hex()])
