"""Incidents, decisions and hand-overs: what is kept of them, and what is refused."""

from typing import Any

import pytest

from app.commands import decisions, gates, handovers, incidents, projects, runs
from app.domain.words import DecisionKind, RunKind, Severity
from app.errors import Invalid, NotFound, Refused
from app.queries.decisions import decisions as decisions_of
from app.queries.handovers import hand_overs
from app.queries.incidents import incidents as incidents_of
from app.queries.log import log_lines
from tests.factories import MINUTE_MS, START_MS, Plan, Team

EARLIER = START_MS - 31 * MINUTE_MS


def raised(plan: Plan, title: str = "The gateway refuses us", handle: str = "mara", **more: Any) -> bytes:
    incident: bytes = plan.team.run(handle, incidents.raise_incident, plan.run, title, **more)
    return incident


def offered(plan: Plan, to: str = "kim", handle: str = "ann") -> bytes:
    task, receiver = plan.tasks["Freeze the code"], plan.team.ids[to]
    offer: bytes = plan.team.run(handle, handovers.hand_over, plan.run, task, receiver, "One table is left")
    return offer


# -- incidents -----------------------------------------------------------------------------------------------------


def test_an_incident_says_for_whom_it_was_typed_and_when_it_happened(team: Team, plan: Plan) -> None:
    export = plan.tasks["Export the stock"]
    raised(
        *(plan, "The gateway refuses us"),
        severity=Severity.P1,
        task=export,
        description="证书已过期",
        owner=team.ids["kim"],
        at=EARLIER,
        on_behalf_of=team.ids["ann"],
    )
    [one] = team.workspace.read(incidents_of, plan.run)

    assert (one.severity, one.title, one.description) == ("P1", "The gateway refuses us", "证书已过期")
    assert (one.raised_by, one.typed_by, one.owner) == ("Ann Weiss", "Mara Lind", "Kim Berg")
    assert (one.happened_at, one.typed_at) == (EARLIER, START_MS)
    assert (one.task_number, one.task_title) == ("1.2", "Export the stock")
    assert one.is_open
    assert one.is_on_behalf


def test_a_solved_incident_says_how_and_what_it_cost(team: Team, plan: Plan) -> None:
    incident = raised(plan)
    team.time.pass_minutes(35)
    team.run("mara", incidents.solve_incident, incident, "A new certificate", minutes_lost=35)
    [one] = team.workspace.read(incidents_of, plan.run)
    assert (one.solution, one.minutes_lost, one.solved_at) == ("A new certificate", 35, team.time.now_ms)

    team.run("mara", incidents.reopen_incident, incident)
    assert team.workspace.read(incidents_of, plan.run)[0].is_open


def test_open_and_grave_incidents_come_first(team: Team, plan: Plan) -> None:
    solved = raised(plan, "a", severity=Severity.P1)
    raised(plan, "b", severity=Severity.P3)
    raised(plan, "c", severity=Severity.P2)
    team.run("mara", incidents.solve_incident, solved, "so")

    assert [one.title for one in team.workspace.read(incidents_of, plan.run)] == ["c", "b", "a"]


def test_an_incident_carries_evidence(team: Team, plan: Plan) -> None:
    incident = raised(plan)
    team.run("ann", incidents.attach_to_incident, incident, bytes(range(32)), 77, "gateway.log")
    [one] = team.workspace.read(incidents_of, plan.run)

    assert [(piece.name, piece.performer) for piece in one.evidence] == [("gateway.log", "Ann Weiss")]


def test_what_is_said_of_an_incident_can_be_corrected_and_undone(team: Team, plan: Plan) -> None:
    incident = raised(plan)
    team.run("mara", incidents.set_incident, incident, {"title": "The bank refuses us", "minutes_lost": 5})
    assert team.workspace.read(incidents_of, plan.run)[0].title == "The bank refuses us"
    team.workspace.undo()
    assert team.workspace.read(incidents_of, plan.run)[0].title == "The gateway refuses us"
    team.workspace.undo()
    assert team.workspace.read(incidents_of, plan.run) == ()


def test_the_log_names_what_it_is_about(team: Team, plan: Plan) -> None:
    raised(plan, "{curly} gateway")
    team.run("mara", decisions.record_decision, plan.run, "Go on?", "Yes")
    offered(plan)
    sentences = [one.sentence for one in team.workspace.read(log_lines, limit=3)]

    assert sentences == [
        "Hand over Freeze the code to Kim Berg",
        "Decision: Go on?",
        "Incident: {curly} gateway",
    ]


# -- decisions -----------------------------------------------------------------------------------------------------


def test_a_decision_says_what_was_considered_who_decided_and_why(team: Team, plan: Plan) -> None:
    incident = raised(plan)
    decision = team.run(
        *("mara", decisions.record_decision, plan.run, "Go on without the bank?", "Yes, by hand"),
        kind=DecisionKind.WORKAROUND,
        options="Wait an hour",
        why="Nothing is due",
        gate=plan.gate,
        incident=incident,
        task=plan.tasks["Switch over"],
        decider=team.ids["jun"],
        at=EARLIER,
    )
    [one] = team.workspace.read(decisions_of, plan.run)

    assert (one.kind, one.options, one.reason) == ("workaround", "Wait an hour", "Nothing is due")
    assert (one.decider, one.typed_by) == ("Jun Sato", "Mara Lind")
    assert (one.decided_at, one.typed_at) == (EARLIER, START_MS)
    assert (one.gate_name, one.incident_title, one.task_number) == (
        "Ready to go",
        "The gateway refuses us",
        "2.1",
    )
    team.run("mara", decisions.set_decision, decision, {"decided": "No", "gate": None})
    [one] = team.workspace.read(decisions_of, plan.run)
    assert (one.decided, one.gate) == ("No", None)


def test_who_it_is_typed_for_decided_when_nobody_is_named(team: Team, plan: Plan) -> None:
    team.run("mara", decisions.record_decision, plan.run, "Go on?", "Yes", on_behalf_of=team.ids["kim"])

    assert team.workspace.read(decisions_of, plan.run)[0].decider == "Kim Berg"


# -- hand-overs ----------------------------------------------------------------------------------------------------


def test_a_step_is_still_the_givers_until_it_is_taken(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    offer = offered(plan)
    assert plan.row(freeze).holder == "Ann Weiss"
    [one] = team.workspace.read(hand_overs, plan.run)
    assert (one.giver, one.receiver, one.note, one.is_open) == (
        "Ann Weiss",
        "Kim Berg",
        "One table is left",
        True,
    )
    team.time.pass_minutes(3)
    team.run("kim", handovers.take_over, offer)

    row = plan.row(freeze)
    assert (row.owner, row.holder, row.holder_id) == ("Ann Weiss", "Kim Berg", team.ids["kim"])
    assert plan.detail(freeze).attempts[0].performer == "Kim Berg"
    assert team.workspace.read(hand_overs, plan.run)[0].taken_at == team.time.now_ms


def test_undo_gives_a_step_back(team: Team, plan: Plan) -> None:
    team.run("kim", handovers.take_over, offered(plan))
    team.workspace.undo()

    assert plan.row(plan.tasks["Freeze the code"]).holder == "Ann Weiss"


def test_somebody_else_takes_it_on_their_behalf_with_a_reason(team: Team, plan: Plan) -> None:
    offer = offered(plan)
    with pytest.raises(Refused, match="Only the person it is offered to"):
        team.run("jun", handovers.take_over, offer)
    with pytest.raises(Refused, match="a reason"):
        team.run("jun", handovers.take_over, offer, on_behalf_of=team.ids["kim"])
    team.run("jun", handovers.take_over, offer, on_behalf_of=team.ids["kim"], reason="He is at the machine")

    assert plan.row(plan.tasks["Freeze the code"]).holder == "Kim Berg"
    assert team.workspace.read(log_lines, limit=1)[0].reason == "He is at the machine"


def test_an_offer_is_taken_back_and_stays_in_the_record(team: Team, plan: Plan) -> None:
    offer = offered(plan)
    with pytest.raises(Refused, match="offered to somebody already"):
        offered(plan, "jun")
    team.run("ann", handovers.withdraw_hand_over, offer)
    with pytest.raises(Refused, match="taken back"):
        team.run("kim", handovers.take_over, offer)
    offered(plan, "jun")

    assert [one.is_open for one in team.workspace.read(hand_overs, plan.run)] == [True, False]


def test_a_step_that_is_over_is_not_handed_over(team: Team, plan: Plan) -> None:
    offer = offered(plan)
    team.run("kim", handovers.take_over, offer)
    with pytest.raises(Refused, match="taken over already"):
        team.run("kim", handovers.take_over, offer)
    team.run("kim", runs.finish_step, plan.run, plan.tasks["Freeze the code"])
    with pytest.raises(Refused, match="nothing to hand over"):
        offered(plan)


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda p: raised(p, " "), "Say in a few words"),
        (lambda p: raised(p, at=START_MS + 6 * MINUTE_MS), "has not come yet"),
        (lambda p: p.team.run("mara", incidents.solve_incident, raised(p), ""), "Say how it was solved."),
        (
            lambda p: p.team.run("mara", incidents.solve_incident, raised(p), "so", at=EARLIER),
            "cannot have ended",
        ),
        (lambda p: p.team.run("mara", incidents.reopen_incident, raised(p)), "open already"),
        (lambda p: p.team.run("mara", incidents.set_incident, raised(p), {"run": b""}), "cannot be changed"),
        (
            lambda p: p.team.run("mara", incidents.set_incident, raised(p), {"severity": "P7"}),
            "severity is one of",
        ),
        (
            lambda p: p.team.run("mara", decisions.record_decision, p.run, "", "x"),
            "Say what was asked.",
        ),
        (lambda p: p.team.run("mara", decisions.record_decision, p.run, "x", ""), "Say what was decided."),
        (lambda p: offered(p, "ann"), "handed over to somebody else"),
    ],
)
def test_what_is_refused_says_why(plan: Plan, act: Any, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        act(plan)


def test_registers_stay_within_their_project(team: Team, plan: Plan) -> None:
    other = team.run("mara", projects.create_project, "Other")
    run = team.value("SELECT id FROM run WHERE log = ?", other)
    with pytest.raises(Invalid, match="task belongs to another project"):
        team.run("mara", incidents.raise_incident, run, "x", task=plan.tasks["Switch over"])
    with pytest.raises(Invalid, match="gate belongs to another project"):
        team.run("mara", decisions.record_decision, run, "a", "b", gate=plan.gate)
    with pytest.raises(Invalid, match="incident belongs to another project"):
        team.run("mara", decisions.record_decision, run, "a", "b", incident=raised(plan))
    with pytest.raises(NotFound):
        team.run("mara", incidents.raise_incident, b"no run at all   ", "x")


# -- moments -------------------------------------------------------------------------------------------------------


def test_every_claim_takes_the_moment_at_which_it_happened(team: Team, plan: Plan) -> None:
    freeze, run = plan.tasks["Freeze the code"], team.run
    run("ann", runs.start_step, plan.run, freeze, at=EARLIER)
    run("ann", runs.wait_step, plan.run, freeze, at=EARLIER + MINUTE_MS)
    assert plan.row(freeze).paused_ms == EARLIER + MINUTE_MS
    run("ann", runs.block_step, plan.run, freeze, at=EARLIER + 2 * MINUTE_MS, reason="no key")
    assert plan.row(freeze).paused_ms == EARLIER + 2 * MINUTE_MS
    run("ann", runs.start_step, plan.run, freeze, at=EARLIER + 3 * MINUTE_MS)
    assert plan.row(freeze).paused_ms is None
    run("ann", gates.judge_criterion, plan.run, plan.criterion, holds=True, at=EARLIER)

    assert team.value("SELECT happened_at FROM criterion_result") == EARLIER
    assert plan.row(freeze).started_ms == EARLIER


def test_remaining_minutes_run_down_from_when_they_were_said(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    team.time.pass_minutes(30)
    team.run("ann", runs.set_remaining, plan.run, freeze, 20, at=team.time.now_ms - 5 * MINUTE_MS)
    assert plan.row(freeze).remaining == 15
    team.time.pass_minutes(40)

    assert plan.row(freeze).remaining == 0


@pytest.mark.parametrize(
    "claim", [runs.start_step, runs.finish_step, runs.fail_step, runs.skip_step, runs.block_step]
)
def test_nothing_is_claimed_of_a_time_that_has_not_come(team: Team, plan: Plan, claim: Any) -> None:
    freeze = plan.tasks["Freeze the code"]
    with pytest.raises(Invalid, match="2026-03-06 21:06 has not come yet"):
        team.run("ann", claim, plan.run, freeze, at=START_MS + 6 * MINUTE_MS, reason="so")
    if claim is not runs.start_step:
        team.run("ann", claim, plan.run, freeze, at=START_MS + 4 * MINUTE_MS, reason="clocks differ")


def test_nothing_ends_before_it_began(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    with pytest.raises(Refused, match="It started 2026-03-06 21:00; it cannot have ended 2026-03-06 20:29"):
        team.run("ann", runs.finish_step, plan.run, freeze, at=EARLIER)
    run = team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL)
    with pytest.raises(Refused, match="cannot have ended"):
        team.run("mara", runs.finish_run, run, at=EARLIER)


def test_a_clock_that_lags_behind_holds_nobody_up(team: Team, plan: Plan) -> None:
    """Begun by a clock some minutes ahead, ended by ours: it took no time, and is not refused."""
    freeze, ahead = plan.tasks["Freeze the code"], START_MS + 4 * MINUTE_MS
    team.run("ann", runs.start_step, plan.run, freeze, at=ahead)
    team.run("ann", runs.finish_step, plan.run, freeze)
    ended = team.workspace.read(
        lambda reader: reader.value(
            "SELECT finished_at FROM attempt WHERE log = ? AND alive", (plan.project,)
        )
    )
    assert ended == ahead
