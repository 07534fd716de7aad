"""When tasks take place: from links and starts, from what happened, and from what is still to come."""

from pathlib import Path

import pytest

from app.commands.projects import create_project
from app.commands.runs import fail_step, finish_step, set_remaining, start_run, start_step
from app.commands.tasks import link_tasks, set_task
from app.domain.words import RunKind
from app.queries.timeline import Timeline, timeline
from tests.factories import MINUTE_MS, START_MS, Plan, a_plan, a_team

T0 = START_MS + 60 * MINUTE_MS  # 22:00 UTC


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return a_plan(a_team(tmp_path))


def times(plan: Plan, run: bytes | None = None) -> Timeline:
    return plan.team.workspace.read(timeline, plan.project, run, plan.team.time.now_ms)


def test_a_plan_begins_at_t0_and_follows_its_links(plan: Plan) -> None:
    found = times(plan)

    freeze, export = (found.bars[plan.tasks[name]] for name in ("Freeze the code", "Export the stock"))
    assert (freeze.start_ms, freeze.finish_ms) == (T0, T0 + 30 * MINUTE_MS)
    assert (export.start_ms, export.finish_ms) == (T0 + 30 * MINUTE_MS, T0 + 90 * MINUTE_MS)
    assert freeze.is_critical
    assert export.is_critical
    assert found.end_ms == found.planned_end_ms == T0 + 90 * MINUTE_MS
    assert found.t0_ms == T0


def test_what_is_not_on_the_longest_way_has_slack(plan: Plan) -> None:
    switch = times(plan).bars[plan.tasks["Switch over"]]

    assert switch.slack_minutes == 75
    assert not switch.is_critical


def test_a_task_s_own_start_holds_it_back(plan: Plan) -> None:
    plan.team.run("mara", set_task, plan.tasks["Switch over"], {"start": "2026-03-07T01:00"})

    assert times(plan).bars[plan.tasks["Switch over"]].start_ms == T0 + 180 * MINUTE_MS


def test_what_happened_moves_what_comes(plan: Plan) -> None:
    freeze, export = plan.tasks["Freeze the code"], plan.tasks["Export the stock"]
    run = plan.team.run("mara", start_run, plan.project, RunKind.LIVE, reason="small")
    plan.team.time.pass_minutes(70)  # ten minutes after T-0
    plan.team.run("ann", start_step, run, freeze)
    plan.team.time.pass_minutes(50)
    plan.team.run("ann", finish_step, run, freeze)
    plan.team.time.pass_minutes(5)

    found = times(plan, run)

    assert found.bars[freeze].actual_start_ms == T0 + 10 * MINUTE_MS
    assert found.bars[freeze].finish_ms == T0 + 60 * MINUTE_MS
    assert found.bars[export].start_ms == T0 + 65 * MINUTE_MS  # now: it has not begun
    assert found.bars[export].planned_start_ms == T0 + 30 * MINUTE_MS
    assert found.end_ms == T0 + 125 * MINUTE_MS
    assert found.planned_end_ms == T0 + 90 * MINUTE_MS


def test_a_running_step_ends_by_its_length_then_now_then_what_it_says(plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    run = plan.team.run("mara", start_run, plan.project, RunKind.LIVE, reason="small")
    plan.team.time.pass_minutes(60)
    plan.team.run("ann", start_step, run, freeze)
    plan.team.time.pass_minutes(10)
    assert times(plan, run).bars[freeze].finish_ms == T0 + 30 * MINUTE_MS
    plan.team.time.pass_minutes(40)
    assert times(plan, run).bars[freeze].finish_ms == T0 + 50 * MINUTE_MS
    plan.team.run("ann", set_remaining, run, freeze, 25)
    assert times(plan, run).bars[freeze].finish_ms == T0 + 75 * MINUTE_MS


def test_a_failed_step_needs_its_whole_length_again(plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    run = plan.team.run("mara", start_run, plan.project, RunKind.LIVE, reason="small")
    plan.team.time.pass_minutes(60)
    plan.team.run("ann", start_step, run, freeze)
    plan.team.time.pass_minutes(20)
    plan.team.run("ann", fail_step, run, freeze, reason="lock")

    assert times(plan, run).bars[freeze].finish_ms == T0 + 50 * MINUTE_MS


def test_a_rehearsal_s_plan_begins_when_it_began(plan: Plan) -> None:
    began = plan.team.time.now_ms
    run = plan.team.run("mara", start_run, plan.project, RunKind.REHEARSAL, "Rehearsal 1")

    found = times(plan, run)

    assert found.bars[plan.tasks["Freeze the code"]].planned_start_ms == began
    assert found.t0_ms == began


def test_an_empty_project_has_no_bars(tmp_path: Path) -> None:
    team = a_team(tmp_path)
    project = team.run("mara", create_project, "Nothing yet")

    found = team.workspace.read(timeline, project)

    assert found.bars == {}
    assert found.links == ()


def test_links_of_every_type_come_with_their_lag(plan: Plan) -> None:
    export, switch = plan.tasks["Export the stock"], plan.tasks["Switch over"]
    plan.team.run("mara", link_tasks, export, switch, type="SS", lag=20)

    found = times(plan)

    assert ("SS", 20) in {(link.type, link.lag) for link in found.links}
    assert found.bars[switch].start_ms == found.bars[export].start_ms + 20 * MINUTE_MS
