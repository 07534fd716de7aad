"""What happened in a run: when, when it was typed, by whom and for whom, and in whose words."""

from app.commands import decisions, gates, handovers, incidents, runs, signing
from app.domain.words import CheckOutcome, VerdictWord
from app.queries.happenings import Happening, happenings
from app.queries.saying import typed, what
from tests.factories import MINUTE_MS, START_MS, Plan, Team

EARLIER = START_MS - 31 * MINUTE_MS


def told(plan: Plan, task: bytes | None = None) -> list[Happening]:
    return list(plan.team.workspace.read(happenings, plan.project, plan.run, "en", task=task))


def said(plan: Plan) -> list[str]:
    return [what(one, "en") for one in told(plan)]


def test_a_claim_says_when_it_happened_when_it_was_typed_and_for_whom(plan: Plan, team: Team) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("mara", runs.start_step, plan.run, freeze, at=EARLIER, on_behalf_of=team.ids["ann"])
    [one] = plan.detail(freeze).happened

    assert (one.kind, one.at_ms, one.typed_ms) == ("start", EARLIER, START_MS)
    assert (one.performer, one.typist) == ("Ann Weiss", "Mara Lind")
    assert (one.is_on_behalf, one.is_typed_later) == (True, True)
    assert typed(one, "en", "Europe/Berlin") == "typed 22:00 by Mara Lind"


def test_what_somebody_types_as_they_do_it_is_told_once(plan: Plan, team: Team) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    [one] = plan.detail(freeze).happened

    assert typed(one, "en", "UTC") == ""


def test_every_attempt_is_told_with_its_reason(plan: Plan, team: Team) -> None:
    freeze = plan.tasks["Freeze the code"]
    steps = (
        (runs.start_step, ""),
        (runs.wait_step, "the vendor calls back"),
        (runs.block_step, "no key"),
        (runs.fail_step, "the key is lost"),
        (runs.start_step, ""),
        (runs.finish_step, ""),
    )
    for act, reason in steps:
        team.run("ann", act, plan.run, freeze, reason=reason)
        team.time.pass_minutes(5)

    assert [(what(one, "en"), one.text) for one in plan.detail(freeze).happened] == [
        ("Started", ""),
        ("Waits", "the vendor calls back"),
        ("Blocked", "no key"),
        ("Failed", "the key is lost"),
        ("Started, attempt 2", ""),
        ("Finished", ""),
    ]


def test_what_was_undone_is_left_out_and_what_was_restored_says_so(plan: Plan, team: Team) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    team.time.pass_minutes(1)
    team.run("ann", runs.finish_step, plan.run, freeze)
    team.time.pass_minutes(1)
    team.workspace.undo()
    assert said(plan)[-1] == "Taken back: now “Started”"
    team.workspace.undo()

    assert said(plan) == []


def test_checks_notes_files_and_remaining_minutes_are_told(plan: Plan, team: Team) -> None:
    export, run = plan.tasks["Export the stock"], team.run
    run("ann", runs.start_step, plan.run, export, reason="go")
    run("ann", runs.tick, plan.run, plan.checks["rows"], CheckOutcome.FAIL, value="7", note="too few")
    run(
        "ann",
        runs.tick,
        plan.run,
        plan.checks["sum"],
        CheckOutcome.PASS,
        value="5",
        other_value="5",
        at=EARLIER,
    )
    run("ann", runs.add_note, plan.run, export, "Exported twice", at=EARLIER + MINUTE_MS)
    run("ann", runs.attach_file, plan.run, export, bytes(32), 9, "stock.csv")
    run("ann", runs.set_remaining, plan.run, export, 25)
    found = {one.kind + one.word: one for one in told(plan, export)}

    assert (found["checkfail"].name, found["checkfail"].value, found["checkfail"].text) == (
        "Row count",
        "7",
        "too few",
    )
    assert (found["checkpass"].value, found["checkpass"].at_ms) == ("5 = 5", EARLIER)
    assert (found["note"].text, found["note"].at_ms) == ("Exported twice", EARLIER + MINUTE_MS)
    assert found["file"].name == "stock.csv"
    assert what(found["remaining"], "en") == "25 more minutes needed"


def test_statements_registers_and_hand_overs_are_told_in_order(plan: Plan, team: Team) -> None:
    run = team.run
    offer = run("ann", handovers.hand_over, plan.run, plan.tasks["Freeze the code"], team.ids["kim"], "soon")
    team.time.pass_minutes(1)
    run("kim", handovers.take_over, offer)
    team.time.pass_minutes(1)
    incident = run("ann", incidents.raise_incident, plan.run, "A lock")
    team.time.pass_minutes(1)
    run("ann", incidents.solve_incident, incident, "waited")
    team.time.pass_minutes(1)
    run("mara", decisions.record_decision, plan.run, "Go on?", "Yes")
    team.time.pass_minutes(1)
    run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=False, value="1 open")
    team.time.pass_minutes(1)
    run("jun", signing.sign, team.signers["jun"], plan.run, plan.gate, role="QA", reason="seen")
    team.time.pass_minutes(1)
    mara = team.signers["mara"]
    run("mara", signing.give_verdict, mara, plan.run, plan.gate, VerdictWord.GO, reason="the window ends")

    assert said(plan) == [
        "Handed over to Kim Berg",
        "Taken over",
        "Incident P3",
        "Incident solved",
        "Decision",
        "Criterion does not hold",
        "Signed as approved",
        "Verdict: go",
    ]
    signed = told(plan)[6]
    assert (signed.name, signed.role, signed.text) == ("Ready to go", "QA", "seen")
    assert told(plan, plan.tasks["Freeze the code"])[0].text == "soon"


def test_a_day_is_named_where_typing_came_on_another(plan: Plan, team: Team) -> None:
    day = 24 * 60 * MINUTE_MS
    team.run("ann", runs.start_step, plan.run, plan.tasks["Freeze the code"], at=START_MS - day)
    [one] = told(plan)

    assert typed(one, "en", "UTC") == "typed 2026-03-06 21:00"
    assert typed(one, "en", "Nowhere/Land") == "typed 2026-03-06 21:00"
