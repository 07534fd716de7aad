"""A waiver stands on the record of its gate with the step, the reason and what has become of it."""

from app.commands import gates, runs, signing
from app.domain.words import GateState
from tests.app.reports.stories import record, sealed, sign, verified
from tests.factories import Plan


def waived(plan: Plan) -> bytes:
    """Everything holds, but for the export: skipped by Ann, let pass by Jun."""
    team = plan.team
    team.run("ann", runs.finish_step, plan.run, plan.tasks["Freeze the code"])
    team.run("ann", runs.skip_step, plan.run, plan.tasks["Export the stock"], reason="It is empty")
    team.run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=True)
    signer, task = team.signers["jun"], plan.tasks["Export the stock"]
    statement: bytes = team.run(
        "jun", signing.waive, signer, plan.run, task, role="QA", reason="Looked: 空的"
    )
    sign(plan, "kim", "Ops")
    return statement


def test_it_names_step_role_and_reason(plan: Plan) -> None:
    statement = waived(plan)
    sign(plan, "jun", "QA")
    paper = record(plan)

    (one,) = [each for each in paper.statements if each.meaning == "waived"]
    assert paper.state is not GateState.CLOSED
    assert (one.id, one.person, one.role, one.reason) == (
        statement.hex(),
        "Jun Sato",
        ("QA",),
        "Looked: 空的",
    )
    assert one.about[0] == "1.2 Export the stock"
    assert one.counts
    assert statement.hex() in str(paper.binding["statements"])


def test_one_that_was_taken_back_stays_on_the_record_and_outdates_an_earlier_one(plan: Plan) -> None:
    statement = waived(plan)
    sign(plan, "jun", "QA")
    before = sealed(plan, record(plan))
    assert verified(plan, before).current
    plan.team.run("jun", signing.withdraw, plan.team.signers["jun"], statement, reason="It was not")

    (one,) = [each for each in record(plan).statements if each.meaning == "waived"]
    assert one.withdrawn
    found = verified(plan, before)
    assert not found.current
    assert "The signature of Jun Sato was withdrawn since." in found.reasons
