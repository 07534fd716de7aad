"""Which verdict holds at a gate when some were taken back."""

from pathlib import Path

import pytest

from app.commands import signing
from app.domain.words import Status, VerdictWord
from app.errors import Refused
from app.queries.exceptions import exceptions
from app.queries.facts import run_facts
from app.queries.gates import GateView, gates
from app.queries.signatures import verdict_in_force
from tests.factories import Plan, a_plan, a_team

GO, NO_GO = VerdictWord.GO, VerdictWord.NO_GO


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return a_plan(a_team(tmp_path))


def give(plan: Plan, word: VerdictWord, handle: str = "mara") -> bytes:
    who = plan.team.signers[handle]
    given: bytes = plan.team.run(
        handle, signing.give_verdict, who, plan.run, plan.gate, word, reason="it must go on"
    )
    return given


def take_back(plan: Plan, verdict: bytes, handle: str = "mara") -> None:
    plan.team.run(handle, signing.withdraw, plan.team.signers[handle], verdict, reason="said too early")


def in_force(plan: Plan) -> str | None:
    return plan.team.workspace.read(verdict_in_force, plan.gate, plan.run)


def view(plan: Plan) -> GateView:
    return next(one for one in plan.team.workspace.read(gates, plan.project, plan.run) if one.id == plan.gate)


def behind(plan: Plan) -> Status:
    """Of the step in the stage after the gate."""
    facts = plan.team.workspace.read(run_facts, plan.project, plan.run, plan.team.time.now_ms)
    return facts.status(plan.tasks["Switch over"])


def kinds(plan: Plan) -> set[str]:
    now = plan.team.time.now_ms
    return {one.kind for one in plan.team.workspace.read(exceptions, plan.project, plan.run, now)}


def test_a_go_that_was_taken_back_opens_nothing(plan: Plan) -> None:
    """The gate is as closed as before, and no longer said to be passed against its rule."""
    verdict = give(plan, GO)
    assert view(plan).latched
    assert "changed after go" in kinds(plan)

    take_back(plan, verdict)

    assert in_force(plan) is None
    assert not view(plan).latched
    assert view(plan).verdicts == ()
    assert "changed after go" not in kinds(plan)


def test_after_a_no_go_is_taken_back_the_verdict_before_it_holds_again(plan: Plan) -> None:
    """Its author had seen the go and takes back only what was said after it."""
    give(plan, GO)
    no_go = give(plan, NO_GO)
    assert in_force(plan) == NO_GO

    take_back(plan, no_go)

    assert in_force(plan) == GO
    assert [one.verdict for one in view(plan).verdicts] == [GO]


def test_of_two_that_were_said_only_the_one_taken_back_falls(plan: Plan) -> None:
    """The first is withdrawn after the second: the second stands."""
    go = give(plan, GO)
    give(plan, NO_GO)

    take_back(plan, go)

    assert in_force(plan) == NO_GO


def test_nobody_takes_back_the_verdict_of_another(plan: Plan) -> None:
    """It is refused, and the verdict holds."""
    verdict = give(plan, GO)

    with pytest.raises(Refused):
        take_back(plan, verdict, "ann")

    assert in_force(plan) == GO


def test_a_withdrawn_go_holds_the_next_stage_back_again(plan: Plan) -> None:
    """A step behind the gate could start after go, and cannot any more."""
    verdict = give(plan, GO)
    assert behind(plan) is Status.READY

    take_back(plan, verdict)

    assert behind(plan) is Status.TODO
