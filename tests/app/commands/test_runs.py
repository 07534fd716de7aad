"""Running: attempts, pauses, checks and evidence of a step."""

from app.commands import runs
from app.domain.words import CheckOutcome, Claim, RunKind, Status
from tests.factories import START_MS, Plan, Team


def test_a_step_that_waits_and_goes_on_is_one_attempt(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    team.time.pass_minutes(5)
    team.run("ann", runs.wait_step, plan.run, freeze, reason="for the customer")
    waiting = plan.row(freeze)
    team.run("ann", runs.block_step, plan.run, freeze, reason="the line is down")
    blocked = plan.row(freeze)
    team.run("ann", runs.start_step, plan.run, freeze)
    row = plan.row(freeze)

    assert (waiting.status, waiting.reason) == (Status.WAITING, "for the customer")
    assert (blocked.status, blocked.reason) == (Status.BLOCKED, "the line is down")
    assert (row.status, row.attempt, row.started_ms) == (Status.RUNNING, 1, START_MS)


def test_a_pause_before_the_start_begins_the_first_attempt(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.block_step, plan.run, freeze, reason="no key card")
    team.run("ann", runs.start_step, plan.run, freeze)
    row = plan.row(freeze)

    assert (row.status, row.attempt, row.started_ms) == (Status.RUNNING, 1, START_MS)


def test_minutes_remaining_are_gone_once_the_step_ends(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    team.run("ann", runs.set_remaining, plan.run, freeze, 25, reason="slower than planned")
    running = plan.row(freeze)
    team.run("ann", runs.finish_step, plan.run, freeze)

    assert (running.remaining, running.reason) == (25, "slower than planned")
    assert plan.row(freeze).remaining is None


def test_a_step_put_back_is_one_to_do_and_starts_in_the_same_attempt(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.finish_step, plan.run, freeze)
    team.run("mara", runs.reset_step, plan.run, freeze, reason="the wrong one")
    back = plan.row(freeze)
    team.run("ann", runs.finish_step, plan.run, freeze)

    assert (back.claim, back.status, back.finished_ms) == (Claim.TODO, Status.READY, None)
    assert (plan.row(freeze).status, plan.row(freeze).attempt) == (Status.DONE, 1)


def test_a_skipped_step_lets_the_next_one_start(team: Team, plan: Plan) -> None:
    team.run("mara", runs.skip_step, plan.run, plan.tasks["Freeze the code"], reason="frozen since May")

    assert plan.row(plan.tasks["Freeze the code"]).status is Status.SKIPPED
    assert plan.row(plan.tasks["Export the stock"]).status is Status.READY


def test_undo_of_the_first_claim_and_a_new_one_bring_the_same_step_back(team: Team, plan: Plan) -> None:
    """A step's id is the same everywhere: it is brought back instead of made a second time."""
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    team.acts("ann").undo()
    undone = plan.row(freeze)
    team.run("ann", runs.start_step, plan.run, freeze)

    assert (undone.status, undone.attempt) == (Status.READY, 0)
    assert (plan.row(freeze).status, plan.row(freeze).attempt) == (Status.RUNNING, 1)


def test_a_check_says_what_was_measured_by_whom(team: Team, plan: Plan) -> None:
    export, ann = plan.tasks["Export the stock"], team.ids["ann"]
    rows, total = plan.checks["rows"], plan.checks["sum"]
    outcome = CheckOutcome.PASS
    team.run("mara", runs.tick, plan.run, rows, outcome, value="1203", on_behalf_of=ann)
    off = plan.detail(export).checks[0]
    team.run("mara", runs.tick, plan.run, rows, outcome, value="1201", note="counted twice")
    team.run("mara", runs.tick, plan.run, total, outcome, value="10.50", other_value="10.5")
    first, second = plan.detail(export).checks

    assert (off.outcome, off.passes) == ("pass", False)  # said to pass, and 3 off where 2 are allowed
    assert (first.value, first.note, first.passes) == ("1201", "counted twice", True)
    assert second.passes
    performer = team.value("SELECT performer FROM check_result WHERE item = ?", total)
    assert performer == team.ids["mara"]


def test_what_does_not_apply_passes(team: Team, plan: Plan) -> None:
    team.run("ann", runs.tick, plan.run, plan.checks["rows"], CheckOutcome.NA)

    assert plan.detail(plan.tasks["Export the stock"]).checks[0].passes


def test_a_note_is_kept_with_when_it_happened_and_who_made_it(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    at = START_MS - 600_000
    team.run("mara", runs.add_note, plan.run, freeze, " frozen ", at=at, on_behalf_of=team.ids["ann"])
    piece = plan.detail(freeze).evidence[0]

    assert (piece.kind, piece.text, piece.performer, piece.happened_at) == ("note", "frozen", "Ann Weiss", at)
    assert plan.row(freeze).evidence_count == 1


def test_a_second_live_run_starts_once_the_first_is_finished(team: Team, plan: Plan) -> None:
    first = team.run("mara", runs.start_run, plan.project, RunKind.LIVE, at=START_MS, reason="small")
    team.run("mara", runs.finish_run, first, at=START_MS + 60_000, reason="again")
    second = team.run("mara", runs.start_run, plan.project, RunKind.LIVE, "Again", reason="small")

    assert second != first
    assert team.value("SELECT finished_at FROM run WHERE id = ?", first) == START_MS + 60_000
