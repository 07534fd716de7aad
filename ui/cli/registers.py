"""The registers of a run on the command line: incidents, decisions and hand-overs."""

from typing import Annotated

import typer

from app.clock import to_iso
from app.domain.words import DecisionKind, Severity
from app.errors import Invalid, NotFound
from app.i18n import N_, _
from app.queries import find
from app.queries.decisions import DecisionRow
from app.queries.decisions import decisions as decisions_query
from app.queries.handovers import HandOverRow
from app.queries.handovers import hand_overs as hand_overs_query
from app.queries.incidents import IncidentRow
from app.queries.incidents import incidents as incidents_query
from app.queries.saying import clock
from ui.cli import helping
from ui.cli.moments import moment_of
from ui.cli.parameters import At, Behalf, Project, Reason, Task
from ui.cli.session import Session

incident_group = helping.group(N_("Raise, list and solve the incidents of a run."))
decision_group = helping.group(N_("Record and list the decisions of a run."))
hand_over_group = helping.group(N_("Hand a step over to somebody; it counts once they take it."))

Incident = Annotated[
    str, typer.Argument(metavar="INCIDENT", help=N_("Title or id of the incident; the beginning is enough."))
]
AboutTask = Annotated[str | None, typer.Option("--task", metavar="T", help=N_("The task it is about."))]


def add_to(application: typer.Typer) -> None:
    application.add_typer(incident_group, name="incident")
    application.add_typer(decision_group, name="decision")
    application.add_typer(hand_over_group, name="handover")


def _one_of(value: str, words: type[Severity] | type[DecisionKind], option: str) -> str:
    known = [word.value for word in words]
    found = next((word for word in known if word.casefold() == value.casefold()), None)
    if found is None:
        raise typer.BadParameter(
            _("It is one of: {words}.").format(words=", ".join(known)), param_hint=option
        )
    return found


def _task_of(session: Session, project: bytes, task: str | None) -> bytes | None:
    return session.read(find.find_task, task, project)[0] if task else None


def _person_of(session: Session, name: str | None) -> bytes | None:
    return session.person(name) if name else None


# -- incidents -----------------------------------------------------------------------------------------------------


@incident_group.command("raise", help=N_("Say what went wrong, in the run or at a task."))
def raise_(
    context: typer.Context,
    project: Project,
    title: Annotated[str, typer.Argument(metavar="TITLE", help=N_("What happened, in a few words."))],
    severity: Annotated[str, typer.Option(metavar="P1..P4", help=N_("How bad it is; P1 stops us."))] = "P3",
    task: AboutTask = None,
    text: Annotated[str, typer.Option(metavar="TEXT", help=N_("What is known of it."))] = "",
    owner: Annotated[str | None, typer.Option(metavar="PERSON", help=N_("Who looks after it."))] = None,
    on_behalf_of: Behalf = None,
    at: At = None,
) -> None:
    from app.commands.incidents import raise_incident

    session: Session = context.obj
    found = session.project(project)
    incident = session.do(
        *(raise_incident, session.run_of(found), title),
        severity=Severity(_one_of(severity, Severity, "--severity")),
        task=_task_of(session, found, task),
        description=text,
        owner=_person_of(session, owner),
        at=moment_of(at),
        on_behalf_of=_person_of(session, on_behalf_of),
    ).result
    session.show({"incident": incident}, [incident.hex()])


@incident_group.command("list", help=N_("List the incidents of a run, open ones first."))
def list_incidents(context: typer.Context, project: Project) -> None:
    session: Session = context.obj
    found = session.project(project)
    rows: tuple[IncidentRow, ...] = session.read(incidents_query, session.run_of(found), session.language)
    zone = session.zone_of(found)
    lines = []
    for one in rows:
        state = _("open") if one.solved_at is None else _("solved {at}").format(at=clock(one.solved_at, zone))
        who = ", ".join(part for part in (one.task_number, one.owner or one.raised_by) if part)
        lines.append(f"{one.severity}  {one.title}  ({who})  {clock(one.happened_at, zone)}  {state}")
    session.show({"incidents": [_incident_data(one) for one in rows]}, lines or [_("No incident.")])


def _incident_data(one: IncidentRow) -> dict[str, object]:
    return {
        "id": one.id,
        "severity": one.severity,
        "title": one.title,
        "description": one.description,
        "task": one.task,
        "raised_by": one.raised_by,
        "typed_by": one.typed_by,
        "happened_at": to_iso(one.happened_at),
        "typed_at": to_iso(one.typed_at),
        "owner": one.owner,
        "solved_at": one.solved_at and to_iso(one.solved_at),
        "solution": one.solution,
        "minutes_lost": one.minutes_lost,
    }


@incident_group.command("solve", help=N_("Say that an incident is over, how it was solved and what it cost."))
def solve(
    context: typer.Context,
    incident: Incident,
    how: Annotated[str, typer.Argument(metavar="TEXT", help=N_("How it was solved."))],
    lost: Annotated[
        str | None, typer.Option(metavar="MINUTES", help=N_("What it cost: 20, 1h30 ..."))
    ] = None,
    on_behalf_of: Behalf = None,
    at: At = None,
) -> None:
    from app.commands.incidents import solve_incident
    from app.domain.durations import parse_minutes

    session: Session = context.obj
    minutes = parse_minutes(lost) if lost else None
    if lost and minutes is None:
        raise Invalid(_("{text} is no duration. Try 90, 1h30 or 1.5h.").format(text=lost))
    found = session.read(find.find_incident, incident)
    behalf = _person_of(session, on_behalf_of)
    session.do(solve_incident, found, how, minutes_lost=minutes, at=moment_of(at), on_behalf_of=behalf)
    session.show({"incident": found})


@incident_group.command("reopen", help=N_("Say that an incident was not over."))
def reopen(context: typer.Context, incident: Incident, reason: Reason = "") -> None:
    from app.commands.incidents import reopen_incident

    session: Session = context.obj
    found = session.read(find.find_incident, incident)
    session.do(reopen_incident, found, reason=reason)
    session.show({"incident": found})


# -- decisions -----------------------------------------------------------------------------------------------------


@decision_group.command("record", help=N_("Record what was decided, by whom and why."))
def record(
    context: typer.Context,
    project: Project,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help=N_("What had to be decided."))],
    decided: Annotated[str, typer.Argument(metavar="DECIDED", help=N_("What was decided."))],
    kind: Annotated[
        str,
        typer.Option(metavar="general|go-no-go|rollback|workaround", help=N_("What kind of decision it is.")),
    ] = "general",
    options: Annotated[str, typer.Option(metavar="TEXT", help=N_("What else was considered."))] = "",
    why: Annotated[str, typer.Option(metavar="TEXT", help=N_("The reason of the decision."))] = "",
    decider: Annotated[
        str | None, typer.Option(metavar="PERSON", help=N_("Who decided; you by default."))
    ] = None,
    gate: Annotated[str | None, typer.Option(metavar="G", help=N_("The gate it is about."))] = None,
    incident: Annotated[str | None, typer.Option(metavar="I", help=N_("The incident it is about."))] = None,
    task: AboutTask = None,
    at: At = None,
) -> None:
    from app.commands.decisions import record_decision

    session: Session = context.obj
    found = session.project(project)
    decision = session.do(
        *(record_decision, session.run_of(found), question, decided),
        kind=DecisionKind(_one_of(kind, DecisionKind, "--kind")),
        options=options,
        why=why,
        gate=session.read(find.find_gate, gate, found)[0] if gate else None,
        incident=session.read(find.find_incident, incident) if incident else None,
        task=_task_of(session, found, task),
        decider=_person_of(session, decider),
        at=moment_of(at),
    ).result
    session.show({"decision": decision}, [decision.hex()])


@decision_group.command("list", help=N_("List the decisions of a run, the oldest first."))
def list_decisions(context: typer.Context, project: Project) -> None:
    session: Session = context.obj
    found = session.project(project)
    rows: tuple[DecisionRow, ...] = session.read(decisions_query, session.run_of(found), session.language)
    zone = session.zone_of(found)
    lines = []
    for one in rows:
        lines.append(f"{clock(one.decided_at, zone)}  {one.decider}: {one.question}")
        lines.append(f"       {one.decided}" + (f" ({one.reason})" if one.reason else ""))
    data = [
        {"id": one.id, "kind": one.kind, "question": one.question, "options": one.options}
        | {"decided": one.decided, "reason": one.reason, "decider": one.decider, "typed_by": one.typed_by}
        | {"decided_at": to_iso(one.decided_at), "typed_at": to_iso(one.typed_at)}
        | {"gate": one.gate, "incident": one.incident, "task": one.task}
        for one in rows
    ]
    session.show({"decisions": data}, lines or [_("No decision.")])


# -- hand-overs ----------------------------------------------------------------------------------------------------


@hand_over_group.command("give", help=N_("Offer a step to somebody, with what they have to know."))
def give(
    context: typer.Context,
    task: Task,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=N_("Who is to take it."))],
    note: Annotated[str, typer.Argument(metavar="NOTE", help=N_("What they have to know."))] = "",
    on_behalf_of: Behalf = None,
    at: At = None,
) -> None:
    from app.commands.handovers import hand_over

    session: Session = context.obj
    found, project = session.read(find.find_task, task)
    offer = session.do(
        *(hand_over, session.run_of(project), found, session.person(person), note),
        at=moment_of(at),
        on_behalf_of=_person_of(session, on_behalf_of),
    ).result
    session.show({"handover": offer})


@hand_over_group.command(
    "take", help=N_("Take the step over that was offered; for somebody else with a reason.")
)
def take(
    context: typer.Context, task: Task, on_behalf_of: Behalf = None, at: At = None, reason: Reason = ""
) -> None:
    from app.commands.handovers import take_over

    session: Session = context.obj
    offer = _offer(session, task)
    behalf = _person_of(session, on_behalf_of)
    session.do(take_over, offer, at=moment_of(at), reason=reason, on_behalf_of=behalf)
    session.show({"handover": offer})


@hand_over_group.command("withdraw", help=N_("Take an offer back that nobody took."))
def withdraw(context: typer.Context, task: Task, reason: Reason = "") -> None:
    from app.commands.handovers import withdraw_hand_over

    session: Session = context.obj
    offer = _offer(session, task)
    session.do(withdraw_hand_over, offer, reason=reason)
    session.show({"handover": offer})


def _offer(session: Session, task: str) -> bytes:
    """The open offer of a task in the run; raises NotFound."""
    found, project = session.read(find.find_task, task)
    rows: tuple[HandOverRow, ...] = session.read(hand_overs_query, session.run_of(project), session.language)
    offer = next((one.id for one in rows if one.task == found and one.is_open), None)
    if offer is None:
        raise NotFound(_("Nobody has handed {task} over in this run.").format(task=task))
    return offer


@hand_over_group.command("list", help=N_("List the hand-overs of a run, open ones first."))
def list_hand_overs(context: typer.Context, project: Project) -> None:
    session: Session = context.obj
    found = session.project(project)
    rows: tuple[HandOverRow, ...] = session.read(hand_overs_query, session.run_of(found), session.language)
    zone = session.zone_of(found)
    lines = []
    for one in rows:
        state = _("not taken yet")
        if one.taken_at is not None:
            state = _("taken {at}").format(at=clock(one.taken_at, zone))
        elif one.withdrawn_at is not None:
            state = _("taken back {at}").format(at=clock(one.withdrawn_at, zone))
        place = f"{one.task_number} {one.task_title}"
        lines.append(f"{place}: {one.giver} → {one.receiver}  {clock(one.given_at, zone)}  {state}")
    data = [
        {"id": one.id, "task": one.task, "from": one.giver, "to": one.receiver, "note": one.note}
        | {"given_at": to_iso(one.given_at), "taken_at": one.taken_at and to_iso(one.taken_at)}
        | {"withdrawn_at": one.withdrawn_at and to_iso(one.withdrawn_at)}
        for one in rows
    ]
    session.show({"handovers": data}, lines or [_("No hand-over.")])
