"""Reading only what one task's start depends on says the same as reading the whole plan."""

from pathlib import Path

from app.commands.gates import add_gate, judge_criterion
from app.commands.projects import add_stage
from app.commands.runs import finish_step, start_step
from app.commands.signing import sign
from app.commands.tasks import add_task, set_task
from app.queries.facts import run_facts, start_facts
from app.queries.reasons import why_not_ready
from app.storage.engine import Reader
from tests.factories import Plan, a_plan, a_task, a_team


def reasons(reader: Reader, plan: Plan, *, alone: bool) -> dict[str, tuple[str, ...]]:
    """What each task waits for, by one read of the whole plan or by a read of its own."""
    now = plan.team.time.now_ms
    whole = run_facts(reader, plan.project, plan.run, now)
    return {
        title: why_not_ready(
            reader, start_facts(reader, plan.project, plan.run, task, now) if alone else whole, task
        )
        for title, task in plan.tasks.items()
    }


def agreed(plan: Plan) -> dict[str, tuple[str, ...]]:
    whole = plan.team.workspace.read(reasons, plan, alone=False)
    assert plan.team.workspace.read(reasons, plan, alone=True) == whole
    return whole


def a_gated_plan(folder: Path) -> Plan:
    """Three gates: over the first stage, over the second, and over the last one, which holds nothing back."""
    plan = a_plan(a_team(folder))
    plan.stages["Check"] = plan.team.run("mara", add_stage, plan.project, "Check")
    for stage in ("Go", "Check"):
        plan.team.run("mara", add_gate, plan.project, f"{stage} is over", stage=plan.stages[stage])
    a_task(plan, "Compare totals", "Check", owner=plan.team.ids["kim"])
    plan.tasks["Without a stage"] = plan.team.run("mara", add_task, plan.project, "Without a stage")
    return plan


def test_links_and_gates_hold_a_task_back_alike_when_it_is_asked_for_alone(tmp_path: Path) -> None:
    plan = a_gated_plan(tmp_path)
    found = agreed(plan)
    assert (len(found["Switch over"]), len(found["Compare totals"])) == (1, 2)
    assert found["Freeze the code"] == found["Without a stage"] == ()


def test_an_open_gate_lets_a_task_start_that_is_asked_for_alone(tmp_path: Path) -> None:
    plan = a_gated_plan(tmp_path)
    team = plan.team
    for task in (plan.tasks["Freeze the code"], plan.tasks["Export the stock"]):
        team.run("mara", start_step, plan.run, task, reason="rehearsed")
        team.run("mara", finish_step, plan.run, task)
    assert "is closed" in agreed(plan)["Switch over"][0]  # the export lacks what it requires

    team.run("mara", set_task, plan.tasks["Export the stock"], {"requires": ""})
    team.run("mara", judge_criterion, plan.run, plan.criterion, holds=True)
    for handle, role in (("jun", "QA"), ("kim", "Ops")):
        team.run(handle, sign, team.signers[handle], plan.run, plan.gate, role=role)
    assert agreed(plan)["Switch over"] == ()
    assert len(agreed(plan)["Compare totals"]) == 1
