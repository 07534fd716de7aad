"""The figures of a moment: what was under way then, how late it was, and how long one could still turn back."""

from app.commands import projects, runs, tasks
from app.domain.words import RunKind, Status
from app.queries.moments import MomentShown, moment
from app.storage.moments import Past
from tests.factories import Plan, Team


def seen(team: Team, plan: Plan, past: Past, rev: int, run: bytes | None = None) -> MomentShown:
    then = team.workspace.read(past.go, rev)
    wanted = () if run is None else (run,)
    found = moment(then, plan.project, wanted, "en", team.time.now_ms)
    assert found is not None
    return found


def test_what_was_late_then_and_until_when_one_could_turn_back(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    start = "2026-03-06T21:00"
    team.run("mara", projects.set_project, plan.project, {"no_return": "2026-03-06T23:30"})
    team.run("mara", tasks.set_task, freeze, {"start": start})
    team.time.pass_minutes(20)
    team.run("ann", runs.start_step, plan.run, freeze)
    rev = team.workspace.rev
    past = Past()
    found = seen(team, plan, past, rev)
    assert (found.late, found.back_minutes, found.done) == (20, 130, 0)
    assert found.around(frozenset({freeze}), 1)[0].task.status is Status.RUNNING
    past.close()


def test_the_runs_of_then_are_looked_at(team: Team, plan: Plan) -> None:
    before = team.workspace.rev
    live = team.run("mara", runs.start_run, plan.project, RunKind.LIVE, "Live", reason="Agreed")
    past = Past()
    assert seen(team, plan, past, team.workspace.rev, live).sheet.run.kind == "live"
    assert seen(team, plan, past, before, live).sheet.run.kind == "main"  # the live run was not there yet
    past.close()


def test_before_there_was_a_project_there_is_no_moment(team: Team, plan: Plan) -> None:
    past = Past()
    then = team.workspace.read(past.go, 1)
    assert moment(then, plan.project, (), "en", 0) is None
    past.close()
