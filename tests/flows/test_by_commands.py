"""The whole way by commands: a file becomes a plan, the plan is run, the run is signed, and what happens to signatures."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.commands import gates, imports, runs, signing, tasks
from app.commands.history import revert
from app.domain.words import CheckOutcome, GateState, Meaning, RunKind, Status, VerdictWord
from app.errors import NotAllowed, Refused, SecretError
from app.integrations import read_file
from app.queries.conflicts import conflicts
from app.queries.find import find_task
from app.queries.log import LogLine, log_lines
from app.reports.material import paper_languages
from app.reports.printing import Issuer, print_record
from app.reports.records import gate_paper
from app.reports.verifying import verify_record
from app.storage.checks import check
from app.storage.engine import Reader
from app.storage.rebuild import replays_equal
from tests.factories import START_MS, Plan, Team, a_plan, a_task, a_team

CHECKLIST = """# Warehouse cutover

## Prepare

- [ ] Freeze the code
  Nobody merges from now on.
- [ ] Export the stock (60 min)
  - [ ] Row count agrees
  - [ ] Stock value agrees

## Go

- [ ] Switch over (15 min)
"""


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return a_team(tmp_path / "workspace")


@pytest.fixture
def plan(team: Team) -> Plan:
    return a_plan(team)


def _imported(team: Team, folder: Path) -> Plan:
    """The checklist as a plan: two links of people, a link between tasks, requirements and a gate that closes Prepare."""
    path = folder / "cutover.md"
    path.write_text(CHECKLIST, "utf-8")
    report = team.run("mara", imports.import_draft, read_file(path))
    assert (report.stages, report.tasks, report.checks, report.skipped) == (2, 3, 2, [])
    project = report.projects[0]
    plan = Plan(team, project, team.value("SELECT id FROM run WHERE log = ? AND kind = 'main'", project))
    rows = plan.rows()
    plan.stages = {one.title: one.id for one in rows.stages if one.id}
    plan.tasks = {one.title: one.id for one in rows.tasks}
    first, second, _switch = plan.tasks.values()
    plan.checks = {one.text: one.id for one in plan.detail(second).checks}
    team.run("mara", tasks.link_tasks, first, second)
    team.run("mara", tasks.set_task, second, {"requires": "file,comment,checks"})
    stage = plan.stages["Prepare"]
    plan.gate = team.run("mara", gates.add_gate, project, "Ready", stage=stage, roles=("QA", "Ops"))
    plan.criterion = team.run("mara", gates.add_criterion, plan.gate, "No open incident")
    return plan


def _attach(team: Team, plan: Plan, task: bytes, content: bytes = b"1200 rows") -> bytes:
    path = team.workspace.folder.parent / "export.txt"
    path.write_bytes(content)
    kept = team.workspace.files.keep(path)
    evidence: bytes = team.run("ann", runs.attach_file, plan.run, task, kept.sha256, kept.size, kept.name)
    return evidence


def _perform(team: Team, plan: Plan) -> None:
    """Ann does both tasks of Prepare, with everything that is required; Jun judges the criterion."""
    first, second = list(plan.tasks.values())[:2]
    team.run("ann", runs.start_step, plan.run, first)
    team.time.pass_minutes(20)
    team.run("ann", runs.finish_step, plan.run, first)
    team.run("ann", runs.finish_step, plan.run, second)
    team.run("ann", runs.add_note, plan.run, second, "Exported without errors")
    _attach(team, plan, second)
    for one in plan.checks.values():
        team.run("ann", runs.tick, plan.run, one, CheckOutcome.PASS, value="1200", other_value="1200")
    team.run("jun", gates.judge_criterion, plan.run, plan.criterion, holds=True)


def _sign(team: Team, plan: Plan, handle: str, role: str, **more: object) -> bytes:
    statement: bytes = team.run(
        handle, signing.sign, team.signers[handle], plan.run, plan.gate, role=role, **more
    )
    return statement


def _sign_both(team: Team, plan: Plan) -> tuple[bytes, bytes]:
    return _sign(team, plan, "jun", "QA"), _sign(team, plan, "kim", "Ops")


def _lines(team: Team, plan: Plan) -> list[LogLine]:
    return team.workspace.read(log_lines, plan.project)


# -- the story -----------------------------------------------------------------------------------------------------


def test_a_file_becomes_a_signed_record_whose_gate_closes_when_its_ground_moves(
    team: Team, tmp_path: Path
) -> None:
    plan = _imported(team, tmp_path)
    _perform(team, plan)
    assert plan.gate_now().missing == ("The signature of Ops is missing.", "The signature of QA is missing.")
    _first, of_kim = _sign_both(team, plan)
    assert plan.gate_now().state is GateState.FINAL

    export = plan.tasks["Export the stock"]
    team.run("mara", tasks.set_task, export, {"title": "Export the stock twice"})
    changed = plan.gate_now()
    assert changed.state is GateState.CLOSED
    assert [one.stale for one in changed.signoffs] == [True, True]

    team.acts("mara").undo()
    assert plan.gate_now().state is GateState.FINAL
    assert [one.stale for one in plan.gate_now().signoffs] == [False, False]

    team.run("kim", signing.withdraw, team.signers["kim"], of_kim, reason="The count was rushed")
    withdrawn = plan.gate_now()
    assert withdrawn.state is GateState.CLOSED
    assert withdrawn.missing == ("The signature of Ops is missing.",)
    assert [(one.person, one.withdrawn) for one in withdrawn.signoffs] == [
        ("Jun Sato", False),
        ("Kim Berg", True),
    ]
    paper = _printed(team, plan)
    assert team.workspace.read(verify_record, paper).current
    team.run("ann", runs.fail_step, plan.run, export, reason="The export was cut off")
    verified = team.workspace.read(verify_record, paper)
    assert (verified.valid, verified.current) == (True, False)
    assert team.workspace.read(check).problems == []
    assert replays_equal(team.workspace.database)


def _printed(team: Team, plan: Plan) -> bytes:
    """The gate's approval record, sealed by Mara."""
    now = team.time.now_ms
    issuer = Issuer(team.signers["mara"].private, "Mara Lind")

    def paper(reader: Reader) -> bytes:
        languages = paper_languages(reader, plan.project, "en")
        record = gate_paper(reader, plan.project, plan.run, plan.gate, languages, "Mara Lind", now)
        return print_record(reader, record, issuer, datetime.fromtimestamp(now / 1000, UTC))[0]

    return team.workspace.read(paper)


# -- steps ---------------------------------------------------------------------------------------------------------


def test_a_finish_counts_only_once_everything_its_task_requires_is_there(team: Team, plan: Plan) -> None:
    export = a_task(plan, "Compare", requires="comment,file,checks,second")
    line = team.run("mara", tasks.add_check, export, "Totals agree")
    team.run("ann", runs.finish_step, plan.run, export)
    missing = [plan.row(export).why_not]

    team.run("ann", runs.add_note, plan.run, export, "compared")
    missing.append(plan.row(export).why_not)
    _attach(team, plan, export)
    missing.append(plan.row(export).why_not)
    team.run("ann", runs.tick, plan.run, line, CheckOutcome.PASS)
    missing.append(plan.row(export).why_not)
    assert plan.row(export).status is Status.CLAIMED
    team.run(
        *("jun", signing.sign, team.signers["jun"], plan.run, export), role="QA", meaning=Meaning.REVIEWED
    )

    assert [len(one) for one in missing] == [4, 3, 2, 1]
    assert missing[0] == (
        "A note is missing.",
        "A file is missing.",
        "0 of 1 checks passed.",
        "A second person has not confirmed.",
    )
    assert plan.row(export).status is Status.DONE


def test_a_failed_check_takes_back_that_the_step_counts(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    export = plan.tasks["Export the stock"]
    assert plan.row(export).status is Status.DONE

    team.run("jun", runs.tick, plan.run, plan.checks["rows"], CheckOutcome.PASS, value="1190")

    assert plan.row(export).status is Status.CLAIMED
    assert plan.row(export).why_not == ("1 of 2 checks passed.",)


def test_evidence_that_is_removed_makes_the_step_lack_it(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    export = plan.tasks["Export the stock"]
    piece = next(one for one in plan.detail(export).evidence if one.kind == "file")

    team.run("ann", runs.remove_evidence, piece.id)

    assert plan.row(export).why_not == ("A file is missing.",)


def test_a_failed_step_that_is_started_again_has_a_second_attempt(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    team.time.pass_minutes(5)
    team.run("ann", runs.fail_step, plan.run, freeze, reason="The branch was locked")
    team.time.pass_minutes(5)
    team.run("ann", runs.start_step, plan.run, freeze)
    team.run("ann", runs.finish_step, plan.run, freeze)

    first, second = plan.detail(freeze).attempts

    assert (first.number, first.reason, first.finished_at) == (1, "The branch was locked", START_MS + 300_000)
    assert (second.number, second.started_at) == (2, START_MS + 600_000)
    assert plan.row(freeze).status is Status.DONE
    assert plan.row(freeze).attempt == 2


def test_what_may_not_start_yet_starts_only_with_a_reason(team: Team, plan: Plan) -> None:
    export = plan.tasks["Export the stock"]
    with pytest.raises(Refused, match="may not start yet: “Freeze the code” is to do"):
        team.run("ann", runs.start_step, plan.run, export)

    team.run("ann", runs.start_step, plan.run, export, reason="The freeze is agreed by phone")

    assert plan.row(export).status is Status.RUNNING
    assert plan.row(export).reason == "The freeze is agreed by phone"


def test_a_closed_gate_holds_the_next_stage_back(team: Team, plan: Plan) -> None:
    switch = plan.tasks["Switch over"]
    with pytest.raises(Refused, match="The gate “Ready to go” is closed"):
        team.run("kim", runs.start_step, plan.run, switch)
    _perform(team, plan)
    _sign_both(team, plan)

    team.run("kim", runs.start_step, plan.run, switch)

    assert plan.row(switch).status is Status.RUNNING


def test_who_did_it_and_when_it_happened_stand_beside_who_typed_it_and_when(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    happened = START_MS - 1_800_000
    ann = team.ids["ann"]
    team.run("mara", runs.finish_step, plan.run, freeze, at=happened, on_behalf_of=ann)

    attempt = plan.detail(freeze).attempts[0]
    line = _lines(team, plan)[0]

    assert (attempt.performer, attempt.finished_at) == ("Ann Weiss", happened)
    assert (line.person, line.on_behalf_of, line.when_ms) == ("Mara Lind", "Ann Weiss", START_MS)
    assert line.sentence == "Finish Freeze the code"


# -- signatures ----------------------------------------------------------------------------------------------------


def test_a_wrong_pin_signs_nothing_is_logged_and_slows_down(team: Team, plan: Plan) -> None:
    jun, workspace = team.ids["jun"], team.workspace
    for pin in ("0000", "1111"):
        with pytest.raises(SecretError, match="The PIN is wrong"):
            workspace.signer(jun, pin)
    with pytest.raises(SecretError, match="Next try at 2026-03-06T21:00:05Z"):
        workspace.signer(jun, "2222")
    with pytest.raises(SecretError, match="Too many wrong PINs"):
        workspace.signer(jun, "jun-4712")
    team.time.pass_minutes(0.1)

    assert workspace.signer(jun, "jun-4712").person == jun
    sentences = [one.sentence for one in workspace.read(log_lines)]
    assert sentences.count("A wrong PIN for Jun Sato") == 3
    assert plan.gate_now().signoffs == ()


def test_one_person_does_not_give_both_signatures(team: Team, plan: Plan) -> None:
    from app.commands.people import give_role

    _perform(team, plan)
    team.run("mara", give_role, team.ids["jun"], "Ops", signer=team.signers["mara"])
    _sign(team, plan, "jun", "QA")

    with pytest.raises(Refused, match="The other signature comes from another person"):
        _sign(team, plan, "jun", "Ops")
    with pytest.raises(Refused, match="You have signed this already"):
        _sign(team, plan, "jun", "QA")


def test_nobody_approves_their_own_work(team: Team, plan: Plan) -> None:
    from app.commands.people import give_role

    team.run("mara", give_role, team.ids["ann"], "QA", signer=team.signers["mara"])
    _perform(team, plan)

    with pytest.raises(Refused, match="You performed work that this covers"):
        _sign(team, plan, "ann", "QA")


def test_a_role_that_is_not_held_signs_nothing(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    rev = team.workspace.rev

    with pytest.raises(Refused, match="You do not hold the role Ops"):
        _sign(team, plan, "jun", "Ops")

    assert team.workspace.rev == rev


def test_a_rejection_closes_until_the_same_person_approves(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    with pytest.raises(Refused, match="A rejection needs a reason"):
        _sign(team, plan, "jun", "QA", meaning=Meaning.REJECTED)
    _sign(team, plan, "jun", "QA", meaning=Meaning.REJECTED, reason="Stock is 3 pallets short")
    _sign(team, plan, "kim", "Ops")
    assert "QA rejected it." in plan.gate_now().missing

    _sign(team, plan, "jun", "QA")

    assert plan.gate_now().state is GateState.FINAL
    assert plan.gate_now().signoffs[0].reason == "Stock is 3 pallets short"


def test_a_stale_signature_is_renewed_by_signing_again(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    _sign_both(team, plan)
    team.run("mara", tasks.set_check, plan.checks["rows"], {"target": "1201"})
    assert plan.gate_now().state is GateState.CLOSED

    _sign_both(team, plan)

    assert plan.gate_now().state is GateState.FINAL
    assert [one.stale for one in plan.gate_now().signoffs] == [True, True, False, False]


def test_evidence_added_after_signing_is_shown_as_not_covered_and_closes_nothing(
    team: Team, plan: Plan
) -> None:
    _perform(team, plan)
    _sign_both(team, plan)

    team.run("ann", runs.add_note, plan.run, plan.tasks["Export the stock"], "One more thought")

    gate = plan.gate_now()
    assert gate.state is GateState.FINAL
    assert [one.not_covered for one in gate.signoffs] == [1, 1]


def test_owner_dates_and_order_may_change_under_a_signature(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    _sign_both(team, plan)
    export = plan.tasks["Export the stock"]

    team.run("mara", tasks.set_task, export, {"owner": team.ids["kim"], "due": "2026-03-07T01:00"})
    team.run("mara", tasks.move_task, export, plan.stages["Prepare"])

    assert plan.gate_now().state is GateState.FINAL


def test_only_who_signed_withdraws_and_only_once(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    of_jun = _sign(team, plan, "jun", "QA")
    with pytest.raises(Refused, match="Only who signed can withdraw"):
        team.run("kim", signing.withdraw, team.signers["kim"], of_jun)
    team.run("jun", signing.withdraw, team.signers["jun"], of_jun)

    with pytest.raises(Refused, match="withdrawn already"):
        team.run("jun", signing.withdraw, team.signers["jun"], of_jun)


def test_content_that_changed_under_the_signers_eyes_is_not_signed(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    shown = plan.gate_now().digest
    team.run("mara", tasks.set_task, plan.tasks["Freeze the code"], {"title": "Freeze all code"})

    with pytest.raises(Refused, match="The content changed while you were looking at it"):
        _sign(team, plan, "jun", "QA", expected=shown)


def test_a_finish_that_fails_after_signing_makes_the_signature_stale(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    _sign_both(team, plan)

    team.run("ann", runs.fail_step, plan.run, plan.tasks["Freeze the code"], reason="Somebody merged")

    gate = plan.gate_now()
    assert gate.state is GateState.CLOSED
    assert all(one.stale for one in gate.signoffs)


# -- verdicts ------------------------------------------------------------------------------------------------------


def _go(team: Team, plan: Plan, word: VerdictWord, reason: str = "") -> None:
    signer = team.signers["mara"]
    team.run("mara", signing.give_verdict, signer, plan.run, plan.gate, word, reason=reason)


def test_a_go_against_a_closed_gate_needs_a_reason(team: Team, plan: Plan) -> None:
    with pytest.raises(Refused, match="A go against it needs a reason"):
        _go(team, plan, VerdictWord.GO)

    _go(team, plan, VerdictWord.GO, "The customer accepts the risk")

    assert plan.gate_now().latched
    assert plan.gate_now().state is GateState.CLOSED
    assert plan.gate_now().verdicts[0].reason == "The customer accepts the risk"


def test_after_go_a_later_change_does_not_stop_the_night(team: Team, plan: Plan) -> None:
    """The gate shows closed, and its stale signatures; what follows it may go on."""
    _perform(team, plan)
    _sign_both(team, plan)
    _go(team, plan, VerdictWord.GO)
    team.run("mara", tasks.set_task, plan.tasks["Freeze the code"], {"title": "Freeze all code"})
    assert plan.gate_now().state is GateState.CLOSED
    assert plan.gate_now().latched

    team.run("kim", runs.start_step, plan.run, plan.tasks["Switch over"])

    assert plan.row(plan.tasks["Switch over"]).status is Status.RUNNING


def test_a_no_go_after_a_go_holds_the_next_stage_back_again(team: Team, plan: Plan) -> None:
    _go(team, plan, VerdictWord.GO, "risk accepted")
    assert plan.row(plan.tasks["Switch over"]).status is Status.READY

    _go(team, plan, VerdictWord.NO_GO, "risk no longer accepted")

    assert not plan.gate_now().latched
    assert plan.row(plan.tasks["Switch over"]).status is Status.TODO


def test_a_no_go_holds_the_next_stage_back_although_the_gate_is_open(team: Team, plan: Plan) -> None:
    """Signatures say that the work is right; the decision says whether to go on."""
    _perform(team, plan)
    _sign_both(team, plan)
    _go(team, plan, VerdictWord.NO_GO, "the bank is not ready")

    with pytest.raises(Refused, match="No-go was decided at the gate “Ready to go”"):
        team.run("kim", runs.start_step, plan.run, plan.tasks["Switch over"])

    assert plan.gate_now().state is GateState.FINAL


def test_a_verdict_is_a_managers(team: Team, plan: Plan) -> None:
    with pytest.raises(NotAllowed, match="This needs the access manager"):
        team.run(*("jun", signing.give_verdict, team.signers["jun"], plan.run, plan.gate, VerdictWord.NO_GO))


# -- undo, redo, revert, conflicts ---------------------------------------------------------------------------------


def test_undo_and_redo_go_back_and_forth_over_a_persons_own_actions(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    team.run("mara", tasks.set_task, freeze, {"title": "Freeze all code"})
    team.run("ann", runs.finish_step, plan.run, freeze)

    team.acts("ann").undo()
    after_one = plan.row(freeze).status
    team.acts("ann").undo()
    after_two = plan.row(freeze).status
    team.acts("ann").redo()
    team.acts("ann").redo()

    assert (after_one, after_two) == (Status.RUNNING, Status.READY)
    assert plan.row(freeze).status is Status.DONE
    assert plan.row(freeze).title == "Freeze all code"


def test_there_is_an_end_to_undo_and_to_redo(team: Team, plan: Plan) -> None:
    with pytest.raises(Refused, match="There is nothing to undo"):
        team.acts("ann").undo()
    with pytest.raises(Refused, match="There is nothing to redo"):
        team.acts("ann").redo()


def test_a_signature_is_not_undone_but_what_came_before_it_is(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    statement = _sign(team, plan, "jun", "QA")
    team.acts("jun").undo()

    gate = plan.gate_now()

    assert [one.id for one in gate.signoffs] == [statement]
    assert gate.signoffs[0].stale  # undone was the criterion Jun had judged
    assert gate.criteria[0].holds is None


def test_undo_leaves_alone_what_somebody_changed_since(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", tasks.set_task, freeze, {"minutes": 40, "stream": "code"})
    team.run("mara", tasks.set_task, freeze, {"minutes": 50})

    done = team.acts("ann").undo()

    assert [one.field for one in done.kept] == ["minutes"]
    row = plan.row(freeze)
    assert (row.minutes, row.stream) == (50, "")


def test_an_edit_on_an_old_view_stands_beside_the_newer_value_until_somebody_chooses(
    team: Team, plan: Plan
) -> None:
    freeze, workspace = plan.tasks["Freeze the code"], team.workspace
    painted = workspace.rev
    team.run("mara", tasks.set_task, freeze, {"title": "Freeze all code"}, seen=painted)
    team.run("kim", tasks.set_task, freeze, {"title": "Freeze main only"}, seen=painted)

    found = workspace.read(conflicts, plan.project)

    assert [(one.field, {value.value for value in one.values}) for one in found] == [
        ("title", {"Freeze all code", "Freeze main only"})
    ]
    assert {value.person for value in found[0].values} == {"Mara Lind", "Kim Berg"}
    assert plan.row(freeze).conflicts == {"title"}
    _perform(team, plan)
    assert "Two values of a signed field stand against each other. Choose one." in plan.gate_now().missing

    team.run("mara", tasks.set_task, freeze, {"title": "Freeze all code"}, seen=workspace.rev)
    assert workspace.read(conflicts, plan.project) == []


def test_of_two_claims_that_did_not_know_of_each_other_the_less_finished_counts(
    team: Team, plan: Plan
) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    painted = team.workspace.rev
    team.run("kim", runs.block_step, plan.run, freeze, reason="I saw a merge", seen=painted)
    team.run("ann", runs.wait_step, plan.run, freeze, seen=painted)

    assert plan.row(freeze).status is Status.BLOCKED
    assert "claim" in plan.row(freeze).conflicts


def test_a_manager_reverts_what_somebody_else_did(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    done = team.done("ann", tasks.set_task, freeze, {"title": "Thaw the code"})
    assert done.changes is not None
    with pytest.raises(NotAllowed, match="manager"):
        team.run("kim", revert, done.changes.action)

    team.run("mara", revert, done.changes.action, reason="A typo")

    assert plan.row(freeze).title == "Freeze the code"
    line = _lines(team, plan)[0]
    assert (line.sentence, line.reason, line.person) == (
        "Revert: Change Freeze the code",
        "A typo",
        "Mara Lind",
    )


def test_a_statement_is_withdrawn_not_reverted(team: Team, plan: Plan) -> None:
    _perform(team, plan)
    done = team.done("jun", signing.sign, team.signers["jun"], plan.run, plan.gate, role="QA")
    assert done.changes is not None

    with pytest.raises(Refused, match="Withdraw it instead"):
        team.run("mara", revert, done.changes.action)


# -- runs ----------------------------------------------------------------------------------------------------------


def test_a_rehearsal_starts_with_nothing_done_and_leaves_the_live_run_untouched(
    team: Team, plan: Plan
) -> None:
    freeze = plan.tasks["Freeze the code"]
    rehearsal = team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL, "First rehearsal")
    team.run("ann", runs.finish_step, rehearsal, freeze)

    assert plan.row(freeze, rehearsal).status is Status.DONE
    assert plan.row(freeze).status is Status.READY


def test_the_tasks_of_a_run_are_found_by_number_title_and_id(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]

    for text in ("1.1", "Freeze the code", "freeze", freeze.hex(), freeze.hex()[-8:]):
        assert team.workspace.read(find_task, text) == (freeze, plan.project)
