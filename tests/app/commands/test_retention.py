"""A retention period: what has been kept for longer is listed, an owner erases it, and a legal hold keeps it all."""

from pathlib import Path

import pytest

from app.commands import projects, runs, tasks
from app.commands.incidents import raise_incident
from app.commands.pasting import paste_draft
from app.commands.redacting import redact_due, redact_object, set_hold, set_retention
from app.domain.draft import Draft, ProjectDraft, StageDraft, TaskDraft
from app.domain.words import Access, Right, RunKind
from app.errors import NotAllowed, Refused
from app.queries.exceptions import exceptions
from app.queries.facts import main_run
from app.queries.log import log_lines
from app.queries.retention import Due, due, has_due
from app.storage.erased import MARK
from app.storage.rebuild import replays_equal
from app.storage.statements import Kind, decode_statement
from tests.factories import Plan, add_person

DAY_MIN = 1_440
SECRET = "Call Eva at 0176 5550 1234"


def fallen(plan: Plan) -> Due:
    return plan.team.workspace.read(due, plan.project, plan.team.time.now_ms)


def lived(plan: Plan, tmp_path: Path) -> bytes:
    """A live run with a note, a failure, a file and a contact, which ended; a period of thirty days is agreed."""
    team, task = plan.team, plan.tasks["Freeze the code"]
    here = StageDraft("h", "", tasks=(TaskDraft("t", "Call", owner="Eva Falk"),))
    draft = Draft("pasted", (ProjectDraft("p", "", stages=(here,)),))
    team.run("mara", paste_draft, plan.project, draft, stage=plan.stages["Go"])
    live = team.run("mara", runs.start_run, plan.project, RunKind.LIVE, reason="in a hurry")
    team.run("mara", runs.add_note, live, task, SECRET)
    (tmp_path / "dump.txt").write_text("names and numbers")
    kept = team.workspace.files.keep(tmp_path / "dump.txt")
    team.run("mara", runs.attach_file, live, task, kept.sha256, kept.size, kept.name)
    team.acts("mara").run(runs.fail_step, live, task, reason="Eva broke it")
    team.run("mara", runs.finish_run, live, reason="over")
    team.run("mara", set_retention, plan.project, 30)
    return bytes(kept.sha256)


def test_nothing_is_due_before_the_period_is_over(plan: Plan, tmp_path: Path) -> None:
    lived(plan, tmp_path)
    plan.team.time.pass_minutes(30 * DAY_MIN - 1)
    assert fallen(plan).total == 0
    with pytest.raises(Refused, match="Nothing of this project has fallen due"):
        plan.team.run("mara", redact_due, plan.project, signer=plan.team.signers["mara"])


def test_what_is_due_is_listed_and_an_owner_erases_it(plan: Plan, tmp_path: Path) -> None:
    team = plan.team
    sha256 = lived(plan, tmp_path)
    team.time.pass_minutes(30 * DAY_MIN)
    found = fallen(plan)
    assert {(one.what, one.text, one.about) for one in found.texts} == {
        (("evidence", "text"), SECRET, "Freeze the code"),
        (("evidence", "name"), "dump.txt", "Freeze the code"),
        (("attempt", "reason"), "Eva broke it", "Freeze the code"),
    }
    assert (found.files, found.persons) == (("dump.txt",), ("Eva Falk",))
    assert found.earlier >= 2  # why the run was started and ended as it was
    listed = team.workspace.read(exceptions, plan.project, plan.run, team.time.now_ms)
    assert [one.subject for one in listed if one.kind == "kept too long"] == [plan.project]

    with pytest.raises(NotAllowed):
        team.run("jun", redact_due, plan.project, signer=team.signers["jun"])
    team.run("mara", redact_due, plan.project, signer=team.signers["mara"])

    assert fallen(plan).total == 0
    assert not team.workspace.read(has_due, plan.project, team.time.now_ms)
    assert not team.workspace.files.has(sha256)
    rows = team.workspace.read(lambda reader: reader.rows("SELECT text, name FROM evidence"))
    assert {text for row in rows for text in row} == {"", MARK}
    assert team.value("SELECT name FROM person WHERE handle = 'eva_falk'") == MARK
    assert team.value("SELECT name FROM person WHERE handle = 'ann'") == "Ann Weiss"
    assert {MARK} >= {one.reason for one in team.workspace.read(log_lines) if one.reason}
    assert replays_equal(team.workspace.database)
    assert not any(
        word in path.read_bytes()
        for path in team.workspace.folder.rglob("*")
        if path.is_file()
        for word in (SECRET.encode(), b"Eva broke", b"Eva Falk", b"names and numbers")
    )


def test_a_hold_keeps_what_is_due(plan: Plan, tmp_path: Path) -> None:
    lived(plan, tmp_path)
    plan.team.time.pass_minutes(31 * DAY_MIN)
    plan.team.run("mara", set_hold, plan.project, "Audit 2026")
    assert fallen(plan).total == 0
    with pytest.raises(Refused, match="Audit 2026"):
        plan.team.run("mara", redact_due, plan.project, signer=plan.team.signers["mara"])


def test_a_hold_of_another_project_keeps_who_took_part(plan: Plan, tmp_path: Path) -> None:
    lived(plan, tmp_path)
    other = plan.team.run("mara", projects.create_project, "Another")
    plan.team.run("mara", set_hold, other, "Audit 2026")
    plan.team.time.pass_minutes(31 * DAY_MIN)
    assert fallen(plan).persons == ()
    plan.team.run("mara", redact_due, plan.project, signer=plan.team.signers["mara"])
    assert plan.team.value("SELECT name FROM person WHERE handle = 'eva_falk'") == "Eva Falk"


def test_what_another_project_still_needs_stays(plan: Plan, tmp_path: Path) -> None:
    team = plan.team
    sha256 = lived(plan, tmp_path)
    other = team.run("mara", projects.create_project, "Another")
    stage = team.run("mara", projects.add_stage, other, "Do")
    eva = team.value("SELECT id FROM person WHERE handle = 'eva_falk'")
    task = team.run("mara", tasks.add_task, other, "Call", stage=stage, values={"owner": eva})
    run = team.workspace.read(main_run, other)
    team.run("mara", runs.attach_file, run, task, sha256, 17, "dump.txt")
    team.time.pass_minutes(31 * DAY_MIN)

    assert (fallen(plan).files, fallen(plan).persons) == ((), ())
    team.run("mara", redact_due, plan.project, signer=team.signers["mara"])
    assert team.workspace.files.has(sha256)


def test_a_live_run_that_goes_on_holds_everything_open(plan: Plan, tmp_path: Path) -> None:
    lived(plan, tmp_path)
    plan.team.run("mara", runs.start_run, plan.project, RunKind.LIVE, reason="again")
    plan.team.time.pass_minutes(400 * DAY_MIN)
    assert fallen(plan).total == 0


def test_a_manager_sets_the_period_and_an_editor_does_not(plan: Plan) -> None:
    add_person(plan.team, "Max Manager", "max", access=Access.MANAGER)
    plan.team.run("max", set_retention, plan.project, 90)
    assert plan.team.value("SELECT retention_days FROM project WHERE id = ?", plan.project) == 90
    with pytest.raises(NotAllowed):
        plan.team.run("ann", set_retention, plan.project, 1)
    plan.team.run("max", set_retention, plan.project, None)
    assert plan.team.value("SELECT retention_days FROM project WHERE id = ?", plan.project) is None


def test_one_text_goes_with_the_reason_that_says_the_same(plan: Plan) -> None:
    """What somebody typed once when a step failed stands at the attempt and in the log."""
    team, task = plan.team, plan.tasks["Freeze the code"]
    team.acts("mara").run(runs.start_step, plan.run, task)
    team.acts("mara").run(runs.fail_step, plan.run, task, reason=SECRET)
    team.run("mara", runs.add_note, plan.run, task, "what stays")
    attempt = team.value("SELECT id FROM attempt")
    team.run(*("mara", redact_object, attempt, "reason"), signer=team.signers["mara"], right=Right.MISTAKE)

    assert team.value("SELECT reason FROM attempt") == MARK
    assert team.value("SELECT text FROM evidence") == "what stays"
    newest, *others = team.workspace.read(log_lines)
    assert newest.sentence == "Erase texts of Freeze the code"
    assert not any(SECRET in one.reason for one in others)
    body = team.value("SELECT body FROM statement WHERE kind = ?", Kind.REDACTION)
    assert decode_statement(body).meaning == "erased: mistake"
    assert not any(
        SECRET.encode() in path.read_bytes() for path in team.workspace.folder.glob("launchbook.db*")
    )


def test_another_field_stays_and_what_holds_no_text_is_refused(plan: Plan) -> None:
    team, task = plan.team, plan.tasks["Freeze the code"]
    incident = team.run("mara", raise_incident, plan.run, "Eva again", description="What happened")
    team.run("mara", redact_object, incident, "title", signer=team.signers["mara"])
    assert team.value("SELECT title FROM incident") == MARK
    assert team.value("SELECT description FROM incident") == "What happened"
    for thing in (task, bytes(16)):
        with pytest.raises(Refused, match="no text and no file"):
            team.run("mara", redact_object, thing, signer=team.signers["mara"])
