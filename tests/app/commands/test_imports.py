"""Drafts become projects in one action: real files with their counts, what is said of each line left out, one undo."""

from pathlib import Path

import pytest

from app.commands.imports import ImportReport, import_draft
from app.commands.tasks import delete_task
from app.domain.draft import (
    CheckDraft,
    CriterionDraft,
    Draft,
    GateDraft,
    LinkDraft,
    ProjectDraft,
    Skipped,
    StageDraft,
    TaskDraft,
)
from app.domain.words import Status
from app.errors import Invalid
from app.integrations import read_file
from app.queries.gates import gates
from app.queries.projects import projects
from app.storage.rebuild import replays_equal
from tests.factories import Plan, Team

COUNTS = {
    "checklists/crm-go-live.md": (24, 121, 0, 0, 0),
    "checklists/dynamics365-go-live.md": (11, 49, 0, 0, 0),
    "checklists/erp-deployment-zh.md": (18, 57, 11, 0, 0),  # 68 boxes, 11 of them under others
    "checklists/kubernetes-cut-release.md": (4, 21, 0, 0, 0),
    "checklists/kubernetes-release-lead.md": (21, 105, 7, 0, 0),  # 112 boxes
    "checklists/azure-sap.en.json": (None, 150, 0, 0, 0),
    "checklists/azure-sap.en.xlsx": (None, 150, 0, 0, 0),
    "checklists/azure-sap.zh-Hant.json": (None, 150, 0, 0, 0),
    "cutover/sap-cutover.json": (None, 24, 0, 10, 14),
}


def _import(team: Team, draft: Draft) -> ImportReport:
    report = team.run("mara", import_draft, draft)
    assert isinstance(report, ImportReport)
    return report


@pytest.mark.parametrize("name", COUNTS)
def test_real_files_come_in_with_the_counts_they_are_known_to_have(
    team: Team, shared_data: Path, name: str
) -> None:
    report = _import(team, read_file(shared_data / name))
    stages, *others = COUNTS[name]

    assert stages in (None, report.stages)
    assert [report.tasks, report.checks, report.links, report.criteria] == others
    for table, count in (("task", report.tasks), ("check_item", report.checks), ("link", report.links)):
        assert team.value(f"SELECT count(*) FROM {table} WHERE alive") == count
    assert team.value("SELECT count(*) FROM origin WHERE alive") >= report.tasks
    assert replays_equal(team.workspace.database)


def test_the_cutover_plans_come_in_as_two_projects_and_what_has_no_home_is_told(
    team: Team, shared_data: Path
) -> None:
    report = _import(team, read_file(shared_data / "cutover/sap-cutover.json"))

    assert len(report.projects) == 2
    assert len(team.workspace.read(projects)) == 2
    assert report.skipped
    assert all(one.reason.endswith((".", "。")) for one in report.skipped)


def test_one_undo_takes_everything_an_import_brought(team: Team, shared_data: Path) -> None:
    _import(team, read_file(shared_data / "checklists/crm-go-live.md"))
    team.acts("mara").undo()

    assert team.value("SELECT count(*) FROM task WHERE alive") == 0
    assert team.value("SELECT count(*) FROM project WHERE alive") == 0


def _night() -> Draft:
    """Everything a draft can say of a plan."""
    checks = (CheckDraft("c1", "Rows", checked=True), CheckDraft("c2", "Sum", kind="pair", unit="EUR"))
    load = TaskDraft(
        *("t1", "Load"),
        owner="Nina Ruiz",
        minutes=90,
        requires=("checks",),
        checks=checks,
        note="as rehearsed",
        claim="done",
    )
    others = (TaskDraft("t2", "Verify", claim="running"), TaskDraft("t3", "Tell", claim="who knows"))
    links = (
        LinkDraft("t1", "t2", "FS", 15),
        LinkDraft("t2", "t1", line=7),
        LinkDraft("t3", "t3", line=8),
        LinkDraft("t1", "nowhere", line=9),
    )
    criteria = (
        CriterionDraft("k1", "No incident", holds=True, evidence="ticket list", judged_by="Jun Sato"),
        CriterionDraft("k2", "Rollback tried"),
    )
    by_role = (GateDraft("g1", "Go", criteria=criteria, roles=("QA", "QA", "Ops")), GateDraft("g2", "All"))
    closing = GateDraft("g3", "Loaded", stage="s")
    stage = StageDraft("s", "Night", tasks=(load, *others))
    project = ProjectDraft("p", "Night", stages=(stage,), links=links, gates=(*by_role, closing))
    return Draft("test:night", (project,), (Skipped(3, "A line that says nothing."),))


def _plan(team: Team, report: ImportReport) -> Plan:
    project = report.projects[0]
    return Plan(team, project, team.value("SELECT id FROM run WHERE log = ?", project))


def test_what_the_source_says_was_done_is_a_fact_of_the_main_run(team: Team) -> None:
    plan = _plan(team, _import(team, _night()))
    load, verify, tell = plan.rows().tasks

    assert (load.status, load.owner, load.why_not) == (
        Status.CLAIMED,
        "Nina Ruiz",
        ("1 of 2 checks passed.",),
    )
    assert load.note_count == 1
    assert (verify.status, tell.status) == (Status.RUNNING, Status.READY)


def test_links_that_close_a_circle_or_lead_nowhere_are_told_with_their_line(team: Team) -> None:
    report = _import(team, _night())

    assert report.links == 1
    assert [(one.line, one.reason) for one in report.skipped] == [
        (3, "A line that says nothing."),
        (7, "A link would close a circle."),
        (8, "A link would close a circle."),
        (9, "A link names a task that is not in the file."),
    ]


def test_a_circle_through_several_tasks_is_found(team: Team) -> None:
    tasks = tuple(TaskDraft(key, key) for key in "abcd")
    links = tuple(LinkDraft(one, two) for one, two in ("ab", "bc", "ac", "cd", "da", "ad"))
    project = ProjectDraft("p", "P", stages=(StageDraft("s", "S", tasks=tasks),), links=links)
    report = _import(team, Draft("t", (project,)))

    assert report.links == 5
    assert [one.reason for one in report.skipped] == ["A link would close a circle."]


def test_gates_come_in_with_roles_criteria_and_what_was_judged(team: Team) -> None:
    plan = _plan(team, _import(team, _night()))
    by_name = {one.name: one for one in team.workspace.read(gates, plan.project)}

    assert by_name["Go"].rule.needs == (("Ops", 1), ("QA", 2))
    assert [(one.text, one.holds, one.performer) for one in by_name["Go"].criteria] == [
        ("No incident", True, "Jun Sato"),
        ("Rollback tried", None, ""),
    ]
    assert len(by_name["All"].tasks) == len(by_name["Loaded"].tasks) == 3


def test_what_an_import_brought_can_be_deleted(team: Team) -> None:
    plan = _plan(team, _import(team, _night()))
    load = plan.rows().tasks[0]

    team.run("mara", delete_task, load.id)

    assert [one.title for one in plan.rows().tasks] == ["Verify", "Tell"]
    assert team.value("SELECT count(*) FROM origin WHERE object = ? AND alive", load.id) == 1
    assert replays_equal(team.workspace.database)


def test_an_import_that_is_refused_brings_nothing(team: Team) -> None:
    bad = TaskDraft("t2", "Verify", minutes=-5)
    stage = StageDraft("s", "Night", tasks=(TaskDraft("t1", "Load"), bad))
    before = team.workspace.rev

    with pytest.raises(Invalid, match="minutes"):
        _import(team, Draft("t", (ProjectDraft("p", "Night", stages=(stage,)),)))

    assert team.workspace.rev == before
    assert team.value("SELECT count(*) FROM task") == 0
