"""A mandatory step that is skipped holds its gate until somebody whose role is asked for lets that pass."""

import pytest

from app.commands import gates, people, runs, signing, tasks
from app.domain.words import GateState
from app.errors import NotFound, Refused
from tests.factories import Plan

FREEZE, EXPORT = "Freeze the code", "Export the stock"


@pytest.fixture
def skipped(plan: Plan) -> Plan:
    """Everything holds, but for the export, which Ann skipped; both have signed."""
    team = plan.team
    team.run("ann", runs.finish_step, plan.run, plan.tasks[FREEZE])
    team.run("ann", runs.skip_step, plan.run, plan.tasks[EXPORT], reason="The stock is empty")
    team.run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=True)
    for who, role in (("jun", "QA"), ("kim", "Ops")):
        team.run(who, signing.sign, team.signers[who], plan.run, plan.gate, role=role)
    return plan


def waive(plan: Plan, who: str = "jun", role: str = "QA", reason: str = "Nothing to export") -> bytes:
    signer = plan.team.signers[who]
    made: bytes = plan.team.run(
        who, signing.waive, signer, plan.run, plan.tasks[EXPORT], role=role, reason=reason
    )
    return made


def test_a_skipped_step_holds_the_gate_until_it_is_waived(skipped: Plan) -> None:
    before = skipped.gate_now()
    assert before.state is GateState.CLOSED
    assert before.missing == ("“Export the stock” is skipped. It needs a waiver.",)

    waive(skipped)

    assert skipped.gate_now().state is not GateState.CLOSED
    assert skipped.gate_now().missing == ()


def test_a_waiver_that_is_withdrawn_closes_it_again(skipped: Plan) -> None:
    statement = waive(skipped)
    skipped.team.run(
        "jun", signing.withdraw, skipped.team.signers["jun"], statement, reason="It was not empty"
    )

    assert skipped.gate_now().state is GateState.CLOSED


def test_what_is_changed_or_done_after_all_is_not_waived(skipped: Plan) -> None:
    waive(skipped)
    skipped.team.run(
        "mara", tasks.set_task, skipped.tasks[EXPORT], {"title": "Export the stock and its prices"}
    )
    assert "needs a waiver" in " ".join(skipped.gate_now().missing)

    waive(skipped, reason="Still empty")
    assert "needs a waiver" not in " ".join(skipped.gate_now().missing)
    skipped.team.run("ann", runs.reset_step, skipped.run, skipped.tasks[EXPORT], reason="It is there")
    assert "to do" in " ".join(skipped.gate_now().missing)


def test_who_loses_the_role_before_stating_lets_nothing_pass(skipped: Plan) -> None:
    team = skipped.team
    team.run("mara", people.take_role, team.ids["jun"], "QA", signer=team.signers["mara"])
    with pytest.raises(Refused, match="You do not hold the role QA"):
        waive(skipped)

    assert skipped.gate_now().state is GateState.CLOSED


def test_a_waiver_without_the_commands_checks_opens_nothing(
    skipped: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a changed program could write: in a role the gate does not ask for, or by who skipped the step."""
    team = skipped.team
    team.run("mara", people.give_role, team.ids["ann"], "QA", signer=team.signers["mara"])
    monkeypatch.setattr(signing, "_check_may_waive", lambda *_any: None)
    waive(skipped, "mara", "Lead")
    waive(skipped, "ann", "QA")

    assert skipped.gate_now().missing == ("“Export the stock” is skipped. It needs a waiver.",)


def test_what_is_refused_says_why_and_states_nothing(skipped: Plan) -> None:
    team, signers = skipped.team, skipped.team.signers
    team.run("mara", people.give_role, team.ids["ann"], "QA", signer=signers["mara"])
    cases = (
        ("jun", "QA", " ", "A waiver needs a reason"),
        ("mara", "Lead", "so", "No gate of this step asks for the role Lead. It is waived by: Ops, QA."),
        ("ann", "QA", "so", "You skipped this step"),
        ("kim", "QA", "so", "You do not hold the role QA"),
    )
    for who, role, reason, said in cases:
        with pytest.raises(Refused, match=said):
            waive(skipped, who, role, reason)
    with pytest.raises(Refused, match="Only a step that was skipped"):
        team.run(
            "jun", signing.waive, signers["jun"], skipped.run, skipped.tasks[FREEZE], role="QA", reason="so"
        )
    switch = skipped.tasks["Switch over"]
    team.run("ann", runs.skip_step, skipped.run, switch, reason="so")
    with pytest.raises(Refused, match="No gate asks for this step"):
        team.run("jun", signing.waive, signers["jun"], skipped.run, switch, role="QA", reason="so")
    with pytest.raises(NotFound):
        team.run("jun", signing.waive, signers["jun"], skipped.run, bytes(16), role="QA", reason="so")

    assert team.value("SELECT count(*) FROM statement WHERE kind = 3") == 0


def test_the_content_that_was_shown_is_the_content_that_is_waived(skipped: Plan) -> None:
    team = skipped.team
    with pytest.raises(Refused, match="The content changed while you were looking"):
        team.run(
            *("jun", signing.waive, team.signers["jun"], skipped.run, skipped.tasks[EXPORT]),
            role="QA",
            reason="so",
            expected=bytes(32),
        )
