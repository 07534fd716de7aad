"""Papers of a real workspace say what it holds: plan, facts, signatures and what became of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.commands import gates, history, projects, runs, signing, tasks
from app.domain.words import CheckOutcome, GateState, Meaning, RunKind, Status, VerdictWord
from app.errors import NotFound
from app.reports.material import paper_languages
from app.reports.printing import print_record
from app.reports.records import checklist_paper, gate_paper
from app.workspace import Workspace
from tests.app.reports.stories import BOTH, ENGLISH, by, checklist, do_the_work, record, sign
from tests.factories import Plan


def test_a_checklist_shows_the_plan_and_the_facts(plan: Plan) -> None:
    do_the_work(plan)
    paper = checklist(plan)

    prepare, go = paper.stages
    export = prepare.lines[1]
    assert [line.number for line in (*prepare.lines, *go.lines)] == ["1.1", "1.2", "2.1"]
    assert (export.titles[0], export.owner, export.minutes) == ("Export the stock", "Ann Weiss", 60)
    assert export.status is Status.DONE
    assert export.done_by is not None
    assert export.done_by.name == "Ann Weiss"
    assert [(one.value, one.target) for one in export.checks] == [("1199", "1200 ± 2"), ("7 = 7", "")]
    assert [(one.name, one.sha256) for one in export.evidence] == [("stock.csv", bytes(range(32)).hex())]
    assert export.notes == ("Exported twice: 第一个文件被截断。 (Ann Weiss)",)
    assert go.lines[0].status is Status.TODO
    assert len(paper.signatures) == 2


def test_a_value_outside_its_tolerance_is_no_pass_whatever_was_ticked(plan: Plan) -> None:
    export = plan.tasks["Export the stock"]
    plan.team.run("ann", runs.start_step, plan.run, export, reason="in a hurry")
    plan.team.run("ann", runs.tick, plan.run, plan.checks["rows"], CheckOutcome.PASS, value="900")
    plan.team.run("ann", runs.finish_step, plan.run, export)

    line = checklist(plan).stages[0].lines[1]
    assert line.checks[0].outcome is CheckOutcome.FAIL
    assert line.status is Status.CLAIMED
    assert set(line.missing) == {"comment", "file", "checks"}


def test_planned_times_stand_in_the_zone_of_the_project(plan: Plan) -> None:
    team = plan.team
    team.run("mara", projects.set_project, plan.project, {"zone": "Asia/Shanghai"})
    team.run("mara", tasks.set_task, plan.tasks["Freeze the code"], {"start": "2026-03-06T22:00"})

    line = checklist(plan).stages[0].lines[0]
    assert line.planned_start is not None
    assert line.planned_start.astimezone(UTC) == datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
    assert line.planned_finish is not None
    assert (line.planned_finish - line.planned_start).total_seconds() == 30 * 60


def test_a_paper_speaks_the_languages_its_plan_is_written_in(plan: Plan) -> None:
    read = plan.team.workspace.read
    assert read(paper_languages, plan.project, "en") == ("en",)
    assert read(paper_languages, plan.project, "zh") == ("zh", "en")

    plan.team.run("mara", tasks.set_task, plan.tasks["Freeze the code"], {"title": "冻结代码"}, language="zh")
    assert read(paper_languages, plan.project, "en") == BOTH
    assert checklist(plan, BOTH).stages[0].lines[0].titles == ("Freeze the code", "冻结代码")
    assert checklist(plan, ("zh", "en")).stages[0].lines[0].titles == ("冻结代码", "Freeze the code")


def test_an_unsigned_gate_names_the_missing_signatures(plan: Plan) -> None:
    do_the_work(plan)
    paper = record(plan)

    assert paper.state is GateState.CLOSED
    assert sorted(one.role[0] for one in paper.missing) == ["Ops", "QA"]
    assert paper.opened_at is None
    assert paper.statements == ()


def test_a_signed_gate_is_final_by_the_sequencer_the_receipts_name(signed: Plan) -> None:
    paper = record(signed)
    qa = by(paper, "Jun Sato")

    assert paper.state is GateState.FINAL
    assert paper.sequencer.startswith("laptop, ")
    assert (qa.role, qa.meaning, qa.reason) == (("QA",), "approved", "All counts compared")
    assert qa.recorded_at is not None
    assert qa.identity.name == "VOUCHED"
    assert qa.presence.value == "pin"
    assert qa.key.replace(" ", "").lower() == signed.team.signers["jun"].key.hex()[:16]
    assert qa.counts
    assert qa.digest == paper.digest
    assert paper.missing == ()
    assert paper.binding["statements"] == tuple(one.id for one in paper.statements)
    assert paper.rule[0] == ("Needs the signatures of: Ops, QA.",)
    assert paper.criteria[0].judged_by == "Mara Lind"
    assert paper.criteria[0].judged_at is not None


def test_without_receipts_a_gate_is_open_here(signed: Plan) -> None:
    with signed.team.workspace.database.transaction() as writer:
        writer.execute("DELETE FROM leaf")
    paper = record(signed)

    assert paper.state is GateState.OPEN_HERE
    assert by(paper, "Jun Sato").recorded_at is None


def test_a_stale_signature_says_what_changed_and_by_whom(signed: Plan) -> None:
    signed.team.run("ann", runs.tick, signed.run, signed.checks["rows"], CheckOutcome.PASS, value="1201")
    paper = record(signed, BOTH)
    qa = by(paper, "Jun Sato")

    assert paper.state is GateState.CLOSED
    assert qa.stale
    assert not qa.counts
    assert qa.changes[0].startswith("1.2 Export the stock, measured value: 1199 → 1201, by Ann Weiss, 2026-")
    assert qa.changes[1].startswith("1.2 Export the stock，测得值：1199 → 1201，Ann Weiss，2026-")


def test_removed_evidence_and_a_changed_instruction_are_named(signed: Plan) -> None:
    export = signed.tasks["Export the stock"]
    piece = next(one for one in signed.detail(export).evidence if one.name == "stock.csv")
    signed.team.run("ann", runs.remove_evidence, piece.id)
    signed.team.run("mara", tasks.set_task, export, {"instruction": "Run it once more."})
    changes = by(record(signed), "Kim Berg").changes[0]

    assert "1.2 Export the stock: evidence removed, “stock.csv”, by Ann Weiss" in changes
    assert "instruction: – → “Run it once more.”, by Mara Lind" in changes


def test_a_step_moved_out_of_the_stage_is_named(signed: Plan) -> None:
    signed.team.run("mara", tasks.move_task, signed.tasks["Freeze the code"], signed.stages["Go"])
    changes = by(record(signed), "Kim Berg").changes[0]

    assert "step removed, “Freeze the code”, by Mara Lind" in changes


def test_what_is_changed_and_changed_back_is_no_change(signed: Plan) -> None:
    signed.team.run("mara", tasks.set_task, signed.tasks["Freeze the code"], {"title": "Freeze it"})
    assert by(record(signed), "Jun Sato").stale
    action = signed.team.workspace.read(
        lambda reader: reader.value("SELECT id FROM action ORDER BY rev DESC LIMIT 1")
    )
    signed.team.run("mara", history.revert, action)

    assert by(record(signed), "Jun Sato").counts


def test_a_withdrawn_signature_stays_with_its_reason(signed: Plan) -> None:
    statement = bytes.fromhex(by(record(signed), "Jun Sato").id)
    signed.team.run("jun", signing.withdraw, signed.team.signers["jun"], statement, reason="Wrong gate")
    paper = record(signed)

    assert by(paper, "Jun Sato").withdrawn
    assert by(paper, "Jun Sato").changes[0].endswith("UTC. Wrong gate")
    assert [one.role[0] for one in paper.missing] == ["QA"]


def test_a_signature_without_the_role_says_so(signed: Plan) -> None:
    with signed.team.workspace.database.transaction() as writer:
        writer.execute("UPDATE statement SET counts = 3 WHERE role = 'QA' AND kind = 1")
    qa = by(record(signed), "Jun Sato")

    assert qa.fault == ("This person did not hold the role.",)
    assert not qa.counts


def test_evidence_that_came_later_is_listed_as_not_covered(signed: Plan) -> None:
    freeze = signed.tasks["Freeze the code"]
    signed.team.run("ann", runs.attach_file, signed.run, freeze, bytes(32), 3, "late.png")
    paper = record(signed)

    assert paper.state is GateState.FINAL
    assert [(one.name, one.supports) for one in paper.not_covered] == [("late.png", "1.1")]
    assert "stock.csv" in [one.name for one in paper.evidence]


def test_after_go_a_change_is_an_exception(signed: Plan) -> None:
    signed.team.run(
        *("mara", signing.give_verdict, signed.team.signers["mara"], signed.run, signed.gate, VerdictWord.GO)
    )
    assert record(signed).exceptions == ()
    signed.team.run("mara", gates.judge_criterion, signed.run, signed.criterion, holds=False)
    (raised,) = record(signed).exceptions

    assert raised.texts == ("Go was given, and the gate is closed.",)
    assert "judgement" in raised.details[0]
    assert raised.answer == ""
    assert by(record(signed), "Mara Lind").meaning == "go"


def test_a_later_rejection_takes_the_place_of_an_approval(signed: Plan) -> None:
    sign(signed, "jun", "QA", Meaning.REJECTED, "One count was wrong")
    first, second = (one for one in record(signed).statements if one.person == "Jun Sato")

    assert first.fault == ("The same person said something else later in this role.",)
    assert (second.meaning, second.counts) == ("rejected", True)


def test_a_verdict_that_was_taken_back_does_not_count(signed: Plan) -> None:
    mara = signed.team.signers["mara"]
    verdict = signed.team.run("mara", signing.give_verdict, mara, signed.run, signed.gate, VerdictWord.GO)
    signed.team.run("mara", signing.withdraw, mara, verdict, reason="Too early")
    said = by(record(signed), "Mara Lind")

    assert said.withdrawn
    assert said.changes[0].endswith("Too early")
    assert record(signed).exceptions == ()


def test_a_rehearsal_says_what_it_is(plan: Plan) -> None:
    run = plan.team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL, "Rehearsal 1")
    paper = plan.team.workspace.read(
        checklist_paper, plan.project, run, ENGLISH, "Mara Lind", plan.team.time.now_ms
    )

    assert (paper.run, paper.run_kind) == ("Rehearsal 1", RunKind.REHEARSAL)


def test_runs_and_gates_of_elsewhere_are_refused(plan: Plan) -> None:
    other = plan.team.run("mara", projects.create_project, "Other")
    read = plan.team.workspace.read
    with pytest.raises(NotFound):
        read(checklist_paper, other, plan.run, ENGLISH, "", 0)
    with pytest.raises(NotFound):
        read(gate_paper, other, plan.run, plan.gate, ENGLISH, "", 0)


def test_papers_of_the_sample_say_so(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "sample", sample=True)
    try:
        project = workspace.run(projects.create_project, "Sample").result
        run = workspace.read(lambda reader: reader.value("SELECT id FROM run"))
        paper = workspace.read(checklist_paper, project, run, BOTH, "", workspace.clock.now_ms())
        pdf, _warnings = workspace.read(print_record, paper, None, datetime.now(UTC))
    finally:
        workspace.close()

    assert paper.sample
    assert paper.printed_by == "an unnamed person"
    assert b"%PDF" in pdf[:8]


def test_a_checklist_is_bound_to_content_not_to_order_or_owner(plan: Plan) -> None:
    team, freeze = plan.team, plan.tasks["Freeze the code"]
    before = checklist(plan).digest
    team.run("mara", tasks.move_task, freeze, plan.stages["Prepare"], plan.tasks["Export the stock"])
    team.run("mara", tasks.set_task, freeze, {"owner": team.ids["kim"], "minutes": 5})
    assert checklist(plan).digest == before

    team.run("mara", tasks.set_task, freeze, {"title": "Freeze it"})
    assert checklist(plan).digest != before
    assert checklist(plan).digest_rev == 1
