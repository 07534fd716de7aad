"""An exception at a gate is answered by a manager's signed statement, as long as what it rests on stays as it was."""

from pathlib import Path

import pytest

from app.commands import accepting, gates, runs, signing, tasks
from app.domain.words import GateState, VerdictWord
from app.errors import Refused
from app.queries.exceptions import ExceptionRow, exceptions
from tests.factories import Plan, a_plan, a_team

FREEZE, EXPORT, SWITCH = "Freeze the code", "Export the stock", "Switch over"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Signed by both, go given; afterwards the title of a step was changed."""
    plan = a_plan(a_team(tmp_path))
    team = plan.team
    team.run("mara", tasks.set_task, plan.tasks[EXPORT], {"requires": ""})
    for title in (FREEZE, EXPORT):
        team.run("ann", runs.finish_step, plan.run, plan.tasks[title])
    team.run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=True)
    for handle, role in (("jun", "QA"), ("kim", "Ops")):
        team.run(handle, signing.sign, team.signers[handle], plan.run, plan.gate, role=role)
    team.run("mara", signing.give_verdict, team.signers["mara"], plan.run, plan.gate, VerdictWord.GO)
    team.run("mara", tasks.set_task, plan.tasks[FREEZE], {"title": "Freeze all code"})
    return plan


def listed(plan: Plan) -> dict[str, ExceptionRow]:
    now = plan.team.time.now_ms
    return {one.kind: one for one in plan.team.workspace.read(exceptions, plan.project, plan.run, now)}


def accept(
    plan: Plan, kind: str = "changed after go", who: str = "mara", reason: str = "Only a name"
) -> bytes:
    ground = listed(plan)[kind].ground
    made: bytes = plan.team.run(
        who, accepting.accept, plan.team.signers[who], plan.run, plan.gate, ground, reason=reason
    )
    return made


def test_what_is_accepted_asks_nobody_and_says_who_answered(plan: Plan) -> None:
    assert {kind for kind, one in listed(plan).items() if one.asks} == {"changed after go", "stale signature"}

    statement = accept(plan)

    row = listed(plan)["changed after go"]
    assert row.answer is not None
    assert (row.asks, row.can_be_accepted) == (False, False)
    assert (row.answer.id, row.answer.person, row.answer.reason) == (
        statement,
        plan.team.ids["mara"],
        "Only a name",
    )
    assert listed(plan)["stale signature"].asks


def test_an_acceptance_opens_no_gate_and_revives_no_signature(plan: Plan) -> None:
    accept(plan)
    accept(plan, "stale signature")

    assert plan.gate_now().state is GateState.CLOSED
    assert not any(one.counts_for_gate for one in plan.gate_now().signoffs)


def test_a_further_change_asks_again_and_its_undo_is_accepted_still(plan: Plan) -> None:
    accept(plan)
    plan.team.run("mara", tasks.set_task, plan.tasks[EXPORT], {"title": "Export everything"})
    assert listed(plan)["changed after go"].asks

    plan.team.acts("mara").undo()

    assert not listed(plan)["changed after go"].asks


def test_a_new_obstacle_asks_again_though_the_content_is_the_same(plan: Plan) -> None:
    accept(plan)
    signature = next(one.id for one in plan.gate_now().signoffs if one.role == "QA")
    plan.team.run("jun", signing.withdraw, plan.team.signers["jun"], signature, reason="too early")
    stale = listed(plan)["stale signature"]
    assert stale.asks  # of two stale ones one is left: another ground than the first

    plan.team.run("ann", runs.reset_step, plan.run, plan.tasks[EXPORT], reason="once more")
    assert listed(plan)["changed after go"].asks


def test_an_acceptance_holds_while_only_time_passes(plan: Plan) -> None:
    """A step that begins a while after another is not yet ready, and then it is; nobody changed anything."""
    team = plan.team
    link = team.value("SELECT id FROM link WHERE after = ?", plan.tasks[EXPORT])
    team.run("mara", tasks.set_link, link, {"lag": 500})
    team.run("ann", runs.reset_step, plan.run, plan.tasks[EXPORT], reason="once more")
    accept(plan)
    before = plan.row(plan.tasks[EXPORT]).status

    team.time.pass_minutes(600)

    assert plan.row(plan.tasks[EXPORT]).status != before
    assert not listed(plan)["changed after go"].asks


def test_an_acceptance_that_is_taken_back_answers_nothing(plan: Plan) -> None:
    statement = accept(plan)

    plan.team.run("mara", signing.withdraw, plan.team.signers["mara"], statement, reason="more than a name")

    assert listed(plan)["changed after go"].asks


def test_work_that_goes_on_after_a_no_go_is_accepted_for_what_was_begun(plan: Plan) -> None:
    team, mara = plan.team, plan.team.signers["mara"]
    team.run("mara", signing.give_verdict, mara, plan.run, plan.gate, VerdictWord.NO_GO, reason="not yet")
    team.time.pass_minutes(1)
    team.run("ann", runs.start_step, plan.run, plan.tasks[SWITCH], reason="the shop is waiting")
    accept(plan, "no-go ignored", reason="The switch can be turned back")
    assert not listed(plan)["no-go ignored"].asks

    team.run("mara", signing.give_verdict, mara, plan.run, plan.gate, VerdictWord.NO_GO, reason="again no")

    assert "no-go ignored" not in listed(plan) or listed(plan)["no-go ignored"].asks


def test_what_is_refused_says_why_and_states_nothing(plan: Plan) -> None:
    with pytest.raises(Refused, match="Who accepts says why"):
        accept(plan, reason=" ")
    with pytest.raises(Refused, match="This needs the access manager"):
        accept(plan, who="ann")
    with pytest.raises(Refused, match="no longer as it was shown"):
        plan.team.run(
            *("mara", accepting.accept, plan.team.signers["mara"], plan.run, plan.gate, bytes(32)),
            reason="so",
        )
    accept(plan)
    with pytest.raises(Refused, match="accepted already"):
        accept(plan)

    assert plan.team.value("SELECT count(*) FROM statement WHERE kind = 5") == 1


def test_an_acceptance_without_the_access_does_not_count(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a changed program could write, in a commit of somebody who may."""
    monkeypatch.setattr(accepting, "access_of", lambda *_any, **_more: 99)
    ground = listed(plan)["changed after go"].ground
    team = plan.team
    team.run("mara", accepting.accept, team.signers["ann"], plan.run, plan.gate, ground, reason="so")

    assert listed(plan)["changed after go"].asks
