"""A run is measured by the plan as it stood when it began."""

from app.commands.projects import set_project
from app.commands.runs import start_run, start_step
from app.commands.tasks import add_task, delete_task, set_task
from app.domain.words import RunKind
from app.process.baseline import times_of
from app.queries.baselines import baseline_of
from app.queries.night import night
from app.queries.timeline import Timeline, timeline
from app.storage.delivery import Held
from app.storage.keys import CHEAP
from app.workspace import Workspace
from tests.factories import MINUTE_MS, START_MS, Plan, Team

HOUR_MS = 60 * MINUTE_MS
T0 = START_MS + HOUR_MS


def times(plan: Plan, run: bytes) -> Timeline:
    return plan.team.workspace.read(timeline, plan.project, run, plan.team.time.now_ms)


def live(plan: Plan) -> bytes:
    run: bytes = plan.team.run("mara", start_run, plan.project, RunKind.LIVE, reason="small")
    return run


def test_the_main_run_has_no_baseline(plan: Plan) -> None:
    found = times(plan, plan.run)

    assert all(bar.baseline_start_ms is None for bar in found.bars.values())


def test_a_live_run_begins_with_the_planned_times(plan: Plan) -> None:
    found = times(plan, live(plan))

    assert len(found.bars) == 3
    for bar in found.bars.values():
        assert (bar.baseline_start_ms, bar.baseline_finish_ms) == (
            bar.planned_start_ms,
            bar.planned_finish_ms,
        )


def test_a_rehearsal_begins_when_it_is_started(plan: Plan) -> None:
    began = START_MS - 40 * HOUR_MS
    run = plan.team.run("mara", start_run, plan.project, RunKind.REHEARSAL, "First", at=began)
    bar = times(plan, run).bars[plan.tasks["Freeze the code"]]

    assert (bar.baseline_start_ms, bar.baseline_finish_ms) == (began, began + 30 * MINUTE_MS)


def test_a_plan_without_dates_begins_with_the_run(plan: Plan) -> None:
    plan.team.run("mara", set_project, plan.project, {"t0": None})
    run = live(plan)
    plan.team.time.pass_minutes(7 * 60)
    bar = times(plan, run).bars[plan.tasks["Freeze the code"]]

    assert bar.baseline_start_ms == START_MS


def test_changing_the_plan_hides_no_lateness(plan: Plan) -> None:
    run, freeze = live(plan), plan.tasks["Freeze the code"]
    plan.team.time.now_ms = T0
    plan.team.run("mara", start_step, run, freeze)
    plan.team.time.pass_minutes(50)
    plan.team.run("mara", set_task, freeze, {"minutes": 90})
    plan.team.run("mara", set_task, plan.tasks["Export the stock"], {"start": "2026-03-07T06:00"})

    assert plan.row(freeze, run).late_minutes == 20
    assert plan.row(plan.tasks["Export the stock"], run).late_minutes == 20
    shown = plan.team.workspace.read(night, plan.project, run, "en", plan.team.time.now_ms)
    line = shown.line(freeze)
    assert line is not None
    assert line.late == 60
    assert shown.timeline.planned_end_ms == T0 + 90 * MINUTE_MS


def test_a_task_added_in_the_night_is_measured_by_the_plan(plan: Plan) -> None:
    run = live(plan)
    late: bytes = plan.team.run("mara", add_task, plan.project, "Call the bank", stage=plan.stages["Go"])
    bar = times(plan, run).bars[late]

    assert bar.baseline_start_ms is None
    assert bar.reference == (bar.planned_start_ms, bar.planned_finish_ms)


def test_a_deleted_task_keeps_its_place_in_the_end_one_is_measured_by(plan: Plan) -> None:
    run = live(plan)
    plan.team.run("mara", delete_task, plan.tasks["Export the stock"])

    assert times(plan, run).planned_end_ms == T0 + 90 * MINUTE_MS


def test_undo_and_redo_of_the_start_take_the_baseline_along(plan: Plan) -> None:
    run, workspace = live(plan), plan.team.workspace
    before = workspace.read(baseline_of, run)
    workspace.undo()
    assert plan.team.value("SELECT count(*) FROM baseline_part WHERE alive") == 0
    workspace.redo()

    assert workspace.read(baseline_of, run) == before != {}


def test_another_replica_has_the_same_baseline(plan: Plan, team: Team) -> None:
    run, mine = live(plan), team.workspace
    theirs = Workspace.join(
        mine.folder.with_name("theirs"),
        mine.give(Held({}, {})),
        clock=team.time.clock(),
        passphrase=lambda: "another passphrase of twelve",
        cost=CHEAP,
    )
    try:
        assert theirs.read(baseline_of, run) == mine.read(baseline_of, run) != {}
    finally:
        theirs.close()


def test_a_baseline_with_a_part_missing_is_none(plan: Plan) -> None:
    run = live(plan)
    name = plan.team.value("SELECT baseline FROM run WHERE id = ?", run)
    assert times_of([], name) == {}
