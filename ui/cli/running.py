"""Running a plan on the command line: runs, steps, checks, notes and files."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from app.clock import from_iso, to_iso
from app.domain.words import CheckOutcome, RunKind
from app.errors import Invalid
from app.i18n import _
from app.queries import find
from app.queries.projects import runs as runs_query
from ui.cli.session import Session

run_group = typer.Typer(help="Rehearsals and the live run.", no_args_is_help=True)
step_group = typer.Typer(help="What is claimed of a step.", no_args_is_help=True)

At = Annotated[str | None, typer.Option("--at", help="When it happened, ISO; now by default.")]
Behalf = Annotated[str | None, typer.Option("--on-behalf-of", help="Who did it, when you type for somebody.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]


def add_to(application: typer.Typer) -> None:
    application.add_typer(run_group, name="run")
    application.add_typer(step_group, name="step")
    application.command("tick")(tick)
    application.command("note")(note)
    application.command("attach")(attach)


def _moment(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return from_iso(text)
    except ValueError:
        raise Invalid(
            _("{text} is no ISO date and time. Try 2026-03-06T22:00+01:00.").format(text=text)
        ) from None


# -- runs ----------------------------------------------------------------------------------------------------------


@run_group.command("start")
def start(
    context: typer.Context,
    project: str,
    kind: Annotated[str, typer.Option(help="rehearsal or live.")] = "rehearsal",
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    at: At = None,
) -> None:
    """Start a rehearsal or the live run."""
    from app.commands.runs import start_run

    session: Session = context.obj
    if kind not in {one.value for one in RunKind}:
        raise Invalid(_("A run is a rehearsal or live."))
    run = session.do(start_run, session.project(project), RunKind(kind), name, at=_moment(at)).result
    session.show({"run": run}, [run.hex()])


@run_group.command("list")
def list_runs(context: typer.Context, project: str) -> None:
    """List a project's runs."""
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
    session.show({"runs": data}, [f"{one.id.hex()}  {one.kind:10} {one.name}" for one in rows])


@run_group.command("finish")
def finish(
    context: typer.Context, project: str, run: Annotated[str | None, typer.Argument()] = None, at: At = None
) -> None:
    """Finish a run: nothing more can happen in it."""
    from app.commands.runs import finish_run

    session: Session = context.obj
    found = session.project(project)
    target = session.read(find.find_run, found, run or session.run_name)
    session.do(finish_run, target, at=_moment(at))
    session.show({"run": target})


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
    session.do(command, run, found, at=_moment(at), reason=reason, on_behalf_of=performer)
    session.show({"task": found, "run": run})


@step_group.command("start")
def step_start(
    context: typer.Context, task: str, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    """The step runs now; one that may not start yet needs a reason."""
    from app.commands.runs import start_step

    _claim(context, start_step, task, on_behalf_of, at, reason)


@step_group.command("finish")
def step_finish(
    context: typer.Context, task: str, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    """Say the step is done; it counts once everything required is there."""
    from app.commands.runs import finish_step

    _claim(context, finish_step, task, on_behalf_of, at, reason)


@step_group.command("fail")
def step_fail(
    context: typer.Context, task: str, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    """Say the step failed, and why."""
    from app.commands.runs import fail_step

    _claim(context, fail_step, task, on_behalf_of, at, reason)


@step_group.command("wait")
def step_wait(
    context: typer.Context, task: str, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    """Say the step waits for something outside."""
    from app.commands.runs import wait_step

    _claim(context, wait_step, task, on_behalf_of, at, reason)


@step_group.command("block")
def step_block(
    context: typer.Context, task: str, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    """Say the step is blocked, and by what."""
    from app.commands.runs import block_step

    _claim(context, block_step, task, on_behalf_of, at, reason)


@step_group.command("skip")
def step_skip(
    context: typer.Context, task: str, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    """Skip the step, with the reason."""
    from app.commands.runs import skip_step

    _claim(context, skip_step, task, on_behalf_of, at, reason)


@step_group.command("reset")
def step_reset(context: typer.Context, task: str, reason: Reason = "") -> None:
    """Take the claim back: the step is one to do again."""
    from app.commands.runs import reset_step

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    session.do(reset_step, session.run_of(project), found, reason=reason)
    session.show({"task": found})


@step_group.command("remaining")
def step_remaining(
    context: typer.Context,
    task: str,
    minutes: str,
    on_behalf_of: Behalf = None,
    at: At = None,
    reason: Reason = "",
) -> None:
    """Say how long the step still needs: 20, 1h30 ..."""
    from app.commands.runs import set_remaining
    from app.domain.durations import parse_minutes

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    length = parse_minutes(minutes)
    if length is None:
        raise Invalid(_("{text} is no duration. Try 90, 1h30 or 1.5h.").format(text=minutes))
    _moment(at)  # a remaining time holds from now on; a wrong moment is still refused
    behalf = session.person(on_behalf_of) if on_behalf_of else None
    session.do(set_remaining, session.run_of(project), found, length, reason=reason, on_behalf_of=behalf)
    session.show({"task": found, "remaining": length})


# -- checks and evidence -------------------------------------------------------------------------------------------


def tick(
    context: typer.Context,
    check: str,
    outcome: Annotated[str, typer.Argument(help="pass, fail or na.")],
    value: Annotated[str | None, typer.Option(help="What was measured.")] = None,
    other: Annotated[str | None, typer.Option(help="The other side of a pair.")] = None,
    note_text: Annotated[str, typer.Option("--note")] = "",
    on_behalf_of: Behalf = None,
) -> None:
    """Record the result of a check."""
    from app.commands.runs import tick as command

    session: Session = context.obj
    if outcome not in {one.value for one in CheckOutcome}:
        raise typer.BadParameter("pass, fail or na", param_hint="OUTCOME")
    found, project = session.read(find.find_check, check)
    behalf = session.person(on_behalf_of) if on_behalf_of else None
    values = {"value": value, "other_value": other, "note": note_text, "on_behalf_of": behalf}
    session.do(command, session.run_of(project), found, CheckOutcome(outcome), **values)
    session.show({"check": found, "outcome": outcome})


def note(context: typer.Context, task: str, text: str, on_behalf_of: Behalf = None, at: At = None) -> None:
    """Leave a note that supports a step."""
    from app.commands.runs import add_note

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    behalf = session.person(on_behalf_of) if on_behalf_of else None
    evidence = session.do(
        add_note, session.run_of(project), found, text, at=_moment(at), on_behalf_of=behalf
    ).result
    session.show({"evidence": evidence}, [evidence.hex()])


def attach(context: typer.Context, task: str, file: Path, on_behalf_of: Behalf = None) -> None:
    """Keep a file as evidence of a step, known by its SHA-256."""
    from app.commands.runs import attach_file

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    behalf = session.person(on_behalf_of) if on_behalf_of else None
    kept = session.workspace.files.keep(file)
    run = session.run_of(project)
    evidence = session.do(
        attach_file, run, found, kept.sha256, kept.size, kept.name, on_behalf_of=behalf
    ).result
    session.show({"evidence": evidence, "sha256": kept.sha256, "size": kept.size}, [kept.sha256.hex()])
