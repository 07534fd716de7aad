"""What stands against starting and ending a run: found, graded, answered with a reason, and kept in the log."""

import pytest

from app.commands import gates, handovers, incidents, people, projects, runs, signing, tasks
from app.domain.words import RunKind, Severity
from app.errors import Refused
from app.queries.happenings import happenings
from app.queries.readiness import MUST, SHOULD, Finding, ready_to_finish, ready_to_start, sentence
from tests.factories import Plan, Team, a_task


def found(plan: Plan, kind: RunKind = RunKind.LIVE, language: str = "en") -> dict[str, Finding]:
    now = plan.team.time.now_ms
    rows = plan.team.workspace.read(ready_to_start, plan.project, kind, now, language)
    return {one.kind: one for one in rows}


def left(plan: Plan, run: bytes) -> dict[str, Finding]:
    return {one.kind: one for one in plan.team.workspace.read(ready_to_finish, run, plan.team.time.now_ms)}


def live(plan: Plan) -> bytes:
    run: bytes = plan.team.run("mara", runs.start_run, plan.project, RunKind.LIVE, reason="small")
    return run


def test_a_plan_without_window_and_rehearsal_must_be_answered(plan: Plan) -> None:
    rows = found(plan)

    assert {kind for kind, one in rows.items() if one.severity == MUST} == {"no-window", "no-rehearsal"}
    assert {kind for kind, one in rows.items() if one.severity == SHOULD} == {"no-return"}
    assert list(rows)[:2] == ["no-window", "no-rehearsal"]


def test_tasks_without_owner_duration_or_rollback_are_named(plan: Plan) -> None:
    plan.team.run("mara", projects.set_project, plan.project, {"no_return": "2026-03-07T02:00"})
    loose = a_task(plan, "Call the bank")
    rows = found(plan)

    assert rows["no-owner"].subjects == (loose,)
    assert rows["no-owner"].text == "One task has no owner."
    assert rows["no-owner"].detail == "Call the bank"
    assert rows["no-minutes"].number == 1
    assert rows["no-rollback"].number == 4
    assert rows["no-rollback"].detail.endswith("Call the bank …")


def test_a_plan_that_is_too_long_says_by_how_much(plan: Plan) -> None:
    window = {"window_start": "2026-03-06T22:00", "window_end": "2026-03-06T23:10"}
    plan.team.run("mara", projects.set_project, plan.project, window)

    assert found(plan)["misfit"].text == "The plan ends 20 min after the window."


def test_open_conflicts_must_be_answered(plan: Plan, team: Team) -> None:
    freeze = plan.tasks["Freeze the code"]
    seen = team.workspace.rev
    team.run("mara", tasks.set_task, freeze, {"minutes": 40})
    team.run("jun", tasks.set_task, freeze, {"minutes": 50}, seen=seen)

    assert found(plan)["conflict"].subjects == (freeze,)


def test_roles_that_too_few_hold_must_be_answered(plan: Plan, team: Team) -> None:
    team.run("mara", people.take_role, team.ids["kim"], "Ops", signer=team.signers["mara"])

    assert found(plan)["role-unheld"].detail == "Ops"


def test_what_failed_in_the_last_rehearsal_is_asked_for(plan: Plan, team: Team) -> None:
    run = team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL, "First")
    team.run("ann", runs.fail_step, run, plan.tasks["Freeze the code"], reason="no key")
    team.run("mara", incidents.raise_incident, run, "A lock")
    team.run("mara", runs.finish_run, run)
    rows = found(plan)

    assert rows["rehearsal-failed"].detail == "Freeze the code"
    assert rows["rehearsal-gate"].severity == SHOULD
    assert rows["earlier-incident"].detail == "A lock"
    assert "no-rehearsal" not in rows


def test_in_a_rehearsal_only_what_cannot_be_run_must_be_answered(plan: Plan, team: Team) -> None:
    assert {one.severity for one in found(plan, RunKind.REHEARSAL).values()} == {SHOULD}
    team.run("mara", tasks.delete_tasks, list(plan.tasks.values()))

    assert found(plan, RunKind.REHEARSAL)["no-tasks"].severity == MUST


def test_a_run_that_is_not_through_says_what_is_left(plan: Plan, team: Team) -> None:
    run, freeze, export = live(plan), plan.tasks["Freeze the code"], plan.tasks["Export the stock"]
    team.run("ann", runs.start_step, run, freeze)
    team.run("ann", runs.finish_step, run, export, reason="it was quick")
    team.run("mara", incidents.raise_incident, run, "Grave", severity=Severity.P1)
    team.run("mara", incidents.raise_incident, run, "Small")
    team.run("ann", handovers.hand_over, run, freeze, team.ids["kim"])
    rows = left(plan, run)

    assert rows["running"].detail == "Freeze the code"
    assert rows["claimed"].subjects == (export,)
    assert (rows["incident"].detail, rows["small-incident"].detail) == ("Grave", "Small")
    assert rows["hand-over"].severity == SHOULD
    assert rows["gate-closed"].detail == "Ready to go"
    assert rows["to-do"].number == 1


def test_a_live_run_that_is_through_asks_nothing(plan: Plan, team: Team) -> None:
    run = live(plan)
    for name in ("Freeze the code", "Export the stock", "Switch over"):
        team.run("ann", runs.skip_step, run, plan.tasks[name], reason="not today")
    team.run("mara", gates.judge_criterion, run, plan.criterion, holds=True)
    for who, role in (("jun", "QA"), ("kim", "Ops")):
        team.run(who, signing.sign, team.signers[who], run, plan.gate, role=role)
    rows = left(plan, run)

    assert "gate-closed" in rows  # what a gate covers is mandatory: a skipped step needs a waiver
    assert set(rows) == {"gate-closed"}


def test_without_a_reason_nothing_begins_and_nothing_ends(plan: Plan, team: Team) -> None:
    with pytest.raises(Refused, match=r"not ready: .* No rehearsal was finished\. Give a reason"):
        team.run("mara", runs.start_run, plan.project, RunKind.LIVE)
    run = live(plan)
    with pytest.raises(Refused, match=r"not through: .* Give a reason"):
        team.run("mara", runs.finish_run, run)
    team.run("mara", runs.finish_run, run, reason="rolled back")


def test_the_log_keeps_what_was_found_beside_the_reason(plan: Plan, team: Team) -> None:
    run = live(plan)
    team.run("mara", runs.finish_run, run, reason="rolled back")
    told = team.workspace.read(happenings, plan.project, run)
    begun, ended = (next(one for one in told if one.kind == kind) for kind in ("begin", "end"))

    assert begun.text == "small"
    assert begun.word.split() == ["no-window:1", "no-rehearsal:1", "no-return:1"]
    assert ended.text == "rolled back"
    assert "to-do:3" in ended.word


def test_sentences_of_codes_speak_both_languages() -> None:
    assert sentence("running:1", "en") == "One step is still running."
    assert sentence("running:3", "en") == "3 steps are still running."
    assert sentence("of-a-newer-version:2", "en") == "of-a-newer-version:2"
