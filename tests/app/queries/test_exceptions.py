"""What must be answered is listed, and goes when it is answered."""

from pathlib import Path

import pytest

from app.commands import gates, runs, signing, tasks
from app.domain.words import VerdictWord
from app.queries.exceptions import exceptions
from tests.factories import Plan, a_plan, a_team


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return a_plan(a_team(tmp_path))


def listed(plan: Plan) -> list[tuple[str, str]]:
    now = plan.team.time.now_ms
    rows = plan.team.workspace.read(exceptions, plan.project, plan.run, now)
    return [(one.kind, one.title) for one in rows]


def test_a_plan_that_has_not_begun_has_nothing_to_answer(plan: Plan) -> None:
    """Open gates and tasks to do are no exceptions."""
    assert listed(plan) == []


def test_a_finish_without_its_evidence_is_listed_until_it_is_there(plan: Plan) -> None:
    """The finish is only claimed: a note, a file and the checks are missing."""
    plan.team.run("ann", runs.start_step, plan.run, plan.tasks["Freeze the code"])
    plan.team.run("ann", runs.finish_step, plan.run, plan.tasks["Freeze the code"])
    plan.team.run("ann", runs.finish_step, plan.run, plan.tasks["Export the stock"])
    assert listed(plan) == [("evidence missing", "Export the stock")]

    plan.team.run("mara", tasks.set_task, plan.tasks["Export the stock"], {"requires": ""})

    assert listed(plan) == []


def test_a_change_after_go_and_the_stale_signatures_are_listed(plan: Plan) -> None:
    """The night goes on, and both stand until the change is undone."""
    plan.team.run("mara", tasks.set_task, plan.tasks["Export the stock"], {"requires": ""})
    for title in ("Freeze the code", "Export the stock"):
        plan.team.run("ann", runs.finish_step, plan.run, plan.tasks[title])
    plan.team.run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=True)
    for handle, role in (("jun", "QA"), ("kim", "Ops")):
        plan.team.run(handle, signing.sign, plan.team.signers[handle], plan.run, plan.gate, role=role)
    verdict = (plan.team.signers["mara"], plan.run, plan.gate, VerdictWord.GO)
    plan.team.run("mara", signing.give_verdict, *verdict)
    assert listed(plan) == []

    plan.team.run("mara", tasks.set_task, plan.tasks["Freeze the code"], {"title": "Freeze all code"})

    assert listed(plan) == [("changed after go", "Ready to go"), ("stale signature", "Ready to go")]
    plan.team.acts("mara").undo()
    assert listed(plan) == []


def test_a_conflict_is_listed_until_somebody_chooses(plan: Plan) -> None:
    """Two wrote the minutes without seeing each other."""
    task = plan.tasks["Freeze the code"]
    seen = plan.team.workspace.rev
    plan.team.run("ann", tasks.set_task, task, {"minutes": 40}, seen=seen)
    plan.team.run("kim", tasks.set_task, task, {"minutes": 50}, seen=seen)
    assert listed(plan) == [("conflict", "Freeze the code")]

    plan.team.run("mara", tasks.set_task, task, {"minutes": 45})

    assert listed(plan) == []
