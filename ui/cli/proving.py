"""Proving on the command line: gates, signatures, waivers and verdicts."""

from typing import Annotated

import typer

from app.clock import to_iso
from app.domain.words import IdentityLevel, Meaning, VerdictWord, known
from app.i18n import N_, _
from app.queries import find
from app.queries.gates import GateView, gate_view
from app.queries.gates import gates as gates_query
from app.queries.reasons import STATE_WORDS
from ui.cli import helping
from ui.cli.parameters import Gate, Project, Reason, Task
from ui.cli.session import Session

gate_group = helping.group(N_("Add gates and criteria, see whether they are open and why not."))


def add_to(application: typer.Typer) -> None:
    application.add_typer(gate_group, name="gate")
    application.command("sign", help=N_("Sign a gate or a step in a role's name; asks for the PIN."))(sign)
    application.command(
        "waive", help=N_("Let a skipped step pass its gate in a role's name; asks for the PIN.")
    )(waive)
    application.command("withdraw", help=N_("Withdraw your own signature; it stays in the record, marked."))(
        withdraw
    )
    application.command("verdict", help=N_("Decide at a gate: go or no-go."))(verdict)


def _data(session: Session, gate: GateView) -> dict[str, object]:
    handles = dict(session.read(lambda reader: reader.rows("SELECT id, handle FROM person")))
    return {
        "gate": gate.id,
        "name": gate.name,
        "state": gate.state.value,
        "go": gate.latched,
        "missing": gate.missing,
        "criteria": [
            {
                "id": one.id,
                "text": one.text,
                "holds": one.holds,
                "value": one.value,
                "evidence": len(one.evidence),
            }
            for one in gate.criteria
        ],
        "signoffs": [
            {"id": one.id, "person": handles.get(one.person_id, ""), "name": one.person, "role": one.role}
            | {
                "meaning": one.meaning,
                "stale": one.stale,
                "withdrawn": one.withdrawn,
                "verifies": one.verifies,
            }
            | {
                "level": known(IdentityLevel, one.level).name.lower(),
                "presence": one.presence,
                "not_covered": one.not_covered,
            }
            | {"at": to_iso(one.happened_at), "reason": one.reason}
            for one in gate.signoffs
        ],
        "digest": gate.digest,
        "skipped": [
            {"task": one.task, "passes": one.passes}
            | {
                "waivers": [
                    {"id": each.id, "name": each.person, "role": each.role, "reason": each.reason}
                    | {"counts": each.counts_for_gate, "stale": each.stale, "withdrawn": each.withdrawn}
                    | {"at": to_iso(each.happened_at)}
                    for each in one.waivers
                ]
            }
            for one in gate.skipped
        ],
    }


def _lines(gate: GateView) -> list[str]:
    lines = [f"{gate.name}: {_(STATE_WORDS[gate.state])}"]
    lines += [f"  - {reason}" for reason in gate.missing]
    for one in gate.signoffs:
        marks = [_("stale")] if one.stale else []
        marks += [_("withdrawn")] if one.withdrawn else []
        lines.append(
            f"  {one.person}, {one.role}: {one.meaning} {to_iso(one.happened_at)} {' '.join(marks)}".rstrip()
        )
    lines += [
        _("  {person}, {role}: lets it pass undone {when}: {reason}").format(
            person=one.person, role=one.role, when=to_iso(one.happened_at), reason=one.reason
        )
        for skipped in gate.skipped
        for one in skipped.waivers
        if one.counts_for_gate
    ]
    return lines


@gate_group.command("list", help=N_("List a project's gates with their state."))
def list_gates(context: typer.Context, project: Project) -> None:
    session: Session = context.obj
    found = session.project(project)
    views = session.read(
        gates_query, found, session.run_of(found), session.language, session.workspace.clock.now_ms()
    )
    session.show(
        {"gates": [_data(session, one) for one in views]}, [line for one in views for line in _lines(one)]
    )


@gate_group.command("add", help=N_("Add a gate over a stage or some tasks."))
def add(
    context: typer.Context,
    project: Project,
    name: Annotated[str, typer.Option(metavar="N", help=N_("What it is called."))],
    stage: Annotated[str | None, typer.Option(metavar="S", help=N_("The stage it closes."))] = None,
    task: Annotated[
        list[str] | None, typer.Option(metavar="T", help=N_("A task it covers; may be given several times."))
    ] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE", help=N_("A role that signs; given twice, two persons of it sign.")),
    ] = None,
) -> None:
    from app.commands.gates import add_gate

    session: Session = context.obj
    found = session.project(project)
    if bool(stage) == bool(task):
        raise typer.BadParameter(_("Give either --stage or --task."), param_hint="--stage")
    place = session.read(find.find_stage, found, stage) if stage else None
    tasks = [session.read(find.find_task, one, found)[0] for one in task or ()]
    gate = session.do(
        *(add_gate, found, name),
        stage=place,
        tasks=tasks,
        roles=tuple(require or ()),
        language=session.language,
    ).result
    session.show({"gate": gate}, [gate.hex()])


@gate_group.command("criterion", help=N_("Add a criterion to a gate, or say whether it holds in the run."))
def criterion(
    context: typer.Context,
    gate: Gate,
    action: Annotated[str, typer.Argument(metavar="add|set", help=N_("Add one, or set what was found."))],
    text: Annotated[str, typer.Argument(metavar="TEXT", help=N_("Its text; to set one, also its number."))],
    value: Annotated[str | None, typer.Option(metavar="V", help=N_("What was measured."))] = None,
    holds: Annotated[str | None, typer.Option(metavar="yes|no", help=N_("Whether it holds."))] = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help=N_("A remark beside it."))] = "",
) -> None:
    from app.commands.gates import add_criterion, judge_criterion

    session: Session = context.obj
    if action not in ("add", "set"):
        raise typer.BadParameter(_("It is add or set."), param_hint="ACTION")
    if holds not in (None, "yes", "no"):
        raise typer.BadParameter(_("It is yes or no."), param_hint="--holds")
    found, project = session.read(find.find_gate, gate)
    if action == "add":
        one = session.do(add_criterion, found, text, language=session.language).result
    else:
        one = session.read(find.find_criterion, found, text)
    if holds is not None or value is not None:
        judged = None if holds is None else holds == "yes"
        session.do(judge_criterion, session.run_of(project), one, holds=judged, value=value, note=note)
    session.show({"criterion": one}, [one.hex()])


@gate_group.command("show", help=N_("Say whether a gate is open, and if not, why not."))
def show(context: typer.Context, project: Project, gate: Gate) -> None:
    session: Session = context.obj
    found = session.project(project)
    target, _project = session.read(find.find_gate, gate, found)
    view = _view(session, found, session.run_of(found), target)
    session.show(_data(session, view), _lines(view))


def _view(session: Session, project: bytes, run: bytes, gate: bytes) -> GateView:
    from app.queries.facts import run_facts

    now = session.workspace.clock.now_ms()
    found: GateView = session.read(
        lambda reader: gate_view(reader, run_facts(reader, project, run, now), gate, session.language)
    )
    return found


# -- statements ----------------------------------------------------------------------------------------------------


def sign(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help=N_("A gate or a task."))],
    role: Annotated[str, typer.Option(metavar="R", help=N_("The role you sign in."))],
    meaning: Annotated[
        str, typer.Option(metavar="M", help=N_("prepared, reviewed, approved or rejected."))
    ] = "approved",
    reason: Reason = "",
) -> None:
    from app.commands.signing import sign as command

    session: Session = context.obj
    if meaning not in {one.value for one in Meaning}:
        raise typer.BadParameter(_("It is prepared, reviewed, approved or rejected."), param_hint="--meaning")
    found, project = session.read(find.find_subject, subject)
    run = session.run_of(project)
    files = session.workspace.files_here(run, found)
    signer = session.signer()
    values = {"role": role, "meaning": Meaning(meaning), "reason": reason, "files_here": files}
    statement = session.do(command, signer, run, found, **values).result
    session.show({"statement": statement}, [statement.hex(), *_state_after(session, statement)])


def _state_after(session: Session, statement: bytes) -> list[str]:
    """What the gate is now that a statement about it was made or withdrawn; nothing for a step's."""
    project, run, gate = session.read(
        lambda reader: reader.row(
            "SELECT s.log, s.run, g.id FROM statement s LEFT JOIN gate g ON g.id = s.subject WHERE s.hash = ?",
            (statement,),
        )
    )
    return _lines(_view(session, project, run, gate)) if gate else []


def waive(
    context: typer.Context,
    task: Task,
    role: Annotated[str, typer.Option(metavar="R", help=N_("The role you sign in; the gate asks for it."))],
    reason: Reason = "",
) -> None:
    from app.commands.signing import waive as command

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    signer = session.signer()
    statement = session.do(command, signer, session.run_of(project), found, role=role, reason=reason).result
    session.show({"statement": statement}, [statement.hex()])


def withdraw(
    context: typer.Context,
    signature: Annotated[
        str, typer.Argument(metavar="SIGNATURE", help=N_("Its id, or the gate or task you signed."))
    ],
    reason: Reason = "",
) -> None:
    from app.commands.signing import withdraw as command

    session: Session = context.obj
    signer = session.signer()
    found = session.read(find.find_sign_off, signature, signer.person)
    session.do(command, signer, found, reason=reason)
    session.show({"withdrawn": found}, [found.hex(), *_state_after(session, found)])


def verdict(
    context: typer.Context,
    gate: Gate,
    word: Annotated[
        str, typer.Argument(metavar="go|no-go", help=N_("A go at a closed gate needs a reason."))
    ],
    reason: Reason = "",
) -> None:
    from app.commands.signing import give_verdict

    session: Session = context.obj
    if word not in {one.value for one in VerdictWord}:
        raise typer.BadParameter(_("It is go or no-go."), param_hint="WORD")
    found, project = session.read(find.find_gate, gate)
    signer = session.signer()
    run = session.run_of(project)
    statement = session.do(give_verdict, signer, run, found, VerdictWord(word), reason=reason).result
    session.show({"statement": statement}, [statement.hex(), *_state_after(session, statement)])
