"""What goes out comes in again: the same tasks, links and minutes; and JSON holds everything."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from app.codec import STATEMENT
from app.commands import decisions, gates, handovers, incidents, projects, runs, signing, tasks
from app.commands.imports import import_draft
from app.domain.draft import Draft, ProjectDraft
from app.domain.words import CheckOutcome, DecisionKind, Severity
from app.errors import ImportRefused, Invalid, StorageError
from app.integrations import read_file
from app.integrations.exports import write_export
from app.queries.decisions import decisions as decisions_of
from app.queries.facts import main_run
from app.queries.handovers import hand_overs as hand_overs_of
from app.queries.incidents import incidents as incidents_of
from app.storage.crypto import verify
from app.workspace import Workspace
from tests.app.integrations.conftest import tasks_of
from tests.factories import Plan, a_plan, a_team, a_workspace

NASTY = (
    "=HYPERLINK(“x”)",
    "-1 + 2",
    "# no heading",
    "1. no number",
    "*bold* _under_ `code` [link](x) <b> & &amp; ~~gone~~ | bar",
    "SAP_BASIS and ZFGL_EXPORT",
    "核对期初余额（ZFGL）",
    "--- ---",
    "\\ at the end \\",
)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return a_plan(a_team(tmp_path / "workspace"))


def exported(plan: Plan, path: Path, language: str = "en") -> int:
    now = plan.team.time.now_ms
    return plan.team.workspace.read(write_export, plan.project, plan.run, path, language, now)


def back(path: Path) -> ProjectDraft:
    [project] = read_file(path).projects
    return project


def shape(project: ProjectDraft) -> list[tuple[Any, ...]]:
    return [
        (stage.title, task.title, task.minutes, task.owner, [(one.text, one.checked) for one in task.checks])
        for stage in project.stages
        for task in stage.tasks
    ]


def links(project: ProjectDraft) -> set[tuple[str, str, str, int]]:
    titles = {task.key: task.title for task in tasks_of(project)}
    return {(titles[one.before], titles[one.after], one.type, one.lag_minutes) for one in project.links}


def make_it_hard(plan: Plan) -> None:
    """Ten and more tasks in a stage, links of every type with lags, and texts that other formats take for marks."""
    run = plan.team.run
    first = plan.tasks["Switch over"]
    for number, title in enumerate(NASTY):
        values = {
            "minutes": number * 5,
            "instruction": f"{title}\n{title}\n\n    {title}",
            "due": "2026-03-07T06:00",
        }
        task = run("mara", tasks.add_task, plan.project, title, stage=plan.stages["Go"], values=values)
        run("mara", tasks.add_check, task, title)
        run(
            "mara",
            tasks.link_tasks,
            first,
            task,
            type=("FS", "SS", "FF", "SF")[number % 4],
            lag=number * 15 - 30,
        )
        plan.tasks[title] = task
    run("mara", tasks.link_tasks, plan.tasks[NASTY[0]], plan.tasks[NASTY[8]], lag=5)
    run("mara", tasks.add_task, plan.project, "Without a stage")
    run("ann", runs.finish_step, plan.run, plan.tasks["Freeze the code"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_table_comes_back_with_the_same_tasks_links_and_minutes(
    plan: Plan, tmp_path: Path, language: str
) -> None:
    make_it_hard(plan)
    path = tmp_path / "plan.csv"
    count = exported(plan, path, language)
    project = back(path)

    assert count == len(tasks_of(project)) == 3 + len(NASTY) + 1
    titles = [task.title for task in tasks_of(project)]
    assert titles == ["Freeze the code", "Export the stock", "Switch over", *NASTY, "Without a stage"]
    assert [task.minutes for task in tasks_of(project)] == [30, 60, 15, *range(0, 45, 5), None]
    assert [task.due for task in tasks_of(project)][3] == "2026-03-07T06:00"
    assert links(project) == {
        ("Freeze the code", "Export the stock", "FS", 0),
        *(
            ("Switch over", title, ("FS", "SS", "FF", "SF")[number % 4], number * 15 - 30)
            for number, title in enumerate(NASTY)
        ),
        (NASTY[0], NASTY[8], "FS", 5),
    }
    assert [task.claim for task in tasks_of(project)][:2] == ["done", "todo"]
    assert [check.text for check in tasks_of(project)[4].checks] == [NASTY[1]]
    assert tasks_of(project)[1].owner == "Ann Weiss"


def test_no_cell_of_a_table_is_a_formula(plan: Plan, tmp_path: Path) -> None:
    make_it_hard(plan)
    path = tmp_path / "plan.csv"
    exported(plan, path)
    text = path.read_bytes().decode("utf-8-sig")

    cells = [cell for row in csv.reader(StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@") or (cell[:1] == "-" and len(cell) > 1)]
    assert "'=HYPERLINK(“x”)" in cells


def test_two_stages_of_one_name_stay_two(plan: Plan, tmp_path: Path) -> None:
    plan.team.run("mara", projects.set_stage, plan.stages["Go"], {"title": "Prepare"})
    path = tmp_path / "plan.csv"
    exported(plan, path)

    assert [stage.title for stage in back(path).stages] == ["Prepare", "Prepare (2)"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_checklist_comes_back_as_it_was(plan: Plan, tmp_path: Path, language: str) -> None:
    make_it_hard(plan)
    plan.team.run("ann", runs.tick, plan.run, plan.checks["rows"], CheckOutcome.PASS, value="1200")
    path = tmp_path / "plan.md"
    exported(plan, path, language)
    project = back(path)

    assert project.name == "Warehouse cutover"
    rows = shape(project)
    assert rows[0] == ("Prepare", "Freeze the code", 30, "Ann Weiss", [])
    assert rows[1][4] == [("Row count", True), ("Stock value agrees", False)]
    assert [row[1] for row in rows[3:-1]] == list(NASTY)
    assert [row[4] for row in rows[3:-1]] == [[(title, False)] for title in NASTY]
    assert [task.instruction for task in tasks_of(project)][3:-1] == [
        "\n".join([title] * 3) for title in NASTY
    ]
    assert [task.claim for task in tasks_of(project)][:2] == ["done", None]


def counts(draft: Draft) -> list[tuple[int, int, int]]:
    return [
        (len(one.stages), len(tasks_of(one)), sum(len(task.checks) for task in tasks_of(one)))
        for one in draft.projects
    ]


@pytest.mark.slow
def test_real_checklists_come_back_with_the_same_counts(shared_data: Path, tmp_path: Path) -> None:
    files = sorted((shared_data / "checklists").rglob("*.md"))
    assert files
    workspace = a_workspace(tmp_path / "workspace")
    try:
        for file in files:
            draft = read_file(file)
            assert counts(_again(workspace, draft, tmp_path / "again.md")) == counts(draft), file.name
            table = _again(workspace, draft, tmp_path / "again.csv")
            assert [row[1:] for row in counts(table)] == [row[1:] for row in counts(draft)], file.name
    finally:
        workspace.close()


def _again(workspace: Workspace, draft: Draft, path: Path) -> Draft:
    [project] = workspace.run(import_draft, draft).result.projects
    run = workspace.read(main_run, project)
    workspace.read(write_export, project, run, path, "en", workspace.clock.now_ms())
    return read_file(path)


def test_json_holds_everything_and_its_signatures_can_be_verified(plan: Plan, tmp_path: Path) -> None:
    team, freeze = plan.team, plan.tasks["Freeze the code"]
    team.run("mara", tasks.set_task, freeze, {"title": "冻结代码"}, language="zh")
    team.run("ann", runs.finish_step, plan.run, freeze)
    team.run("ann", runs.attach_file, plan.run, freeze, bytes(range(32)), 1200, "stock.csv")
    team.run("ann", runs.add_note, plan.run, freeze, "{not json")
    team.run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=True)
    team.run(
        *("jun", signing.sign, team.signers["jun"], plan.run, plan.gate), role="QA", reason="All compared"
    )
    path = tmp_path / "plan.json"
    assert exported(plan, path) == 3
    read = json.loads(path.read_text("utf-8"))

    assert (read["format"], read["version"]) == ("launchbook-project", 1)
    things = read["entities"]
    task = next(one for one in things["task"] if one["id"] == freeze.hex())
    assert task["title"] == {"en": "Freeze the code", "zh": "冻结代码"}
    assert {one["text"] for one in things["evidence"]} == {"", "{not json"}
    assert bytes(range(32)).hex() in {one["sha256"] for one in things["evidence"]}
    assert [one["holds"] for one in things["criterion_result"]] == [True]
    assert [
        len(things[kind]) for kind in ("stage", "task", "check_item", "link", "gate", "gate_role", "run")
    ] == [*(2, 3, 2, 1, 1, 2, 1)]
    assert {one["handle"] for one in read["people"]} == {"ann", "kim", "jun", "mara"}
    [statement] = read["statements"]
    assert (statement["kind"], statement["role"], statement["reason"]) == ("sign_off", "QA", "All compared")
    key = next(one for one in read["certificates"] if one["key"] == statement["key"])
    body, signature = bytes.fromhex(statement["body"]), bytes.fromhex(statement["signature"])
    assert verify(bytes.fromhex(key["public"]), STATEMENT + body, signature)
    assert [one["status"] for one in read["steps"]] == ["done", "ready", "todo"]
    assert [one["state"] for one in read["gates"]] == ["closed"]


def test_json_comes_back_as_a_plan_and_says_what_stays(plan: Plan, tmp_path: Path) -> None:
    make_it_hard(plan)
    team = plan.team
    team.run("ann", runs.tick, plan.run, plan.checks["rows"], CheckOutcome.PASS, value="1200")
    team.run("ann", runs.add_note, plan.run, plan.tasks["Freeze the code"], "All told")
    team.run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=True)
    team.run(*("jun", signing.sign, team.signers["jun"], plan.run, plan.gate), role="QA")
    path = tmp_path / "plan.json"
    exported(plan, path)
    draft = read_file(path)
    [project] = draft.projects

    rows = shape(project)
    assert rows[0] == ("Prepare", "Freeze the code", 30, "Ann Weiss", [])
    assert rows[1][4] == [("Row count", True), ("Stock value agrees", False)]
    assert [row[1] for row in rows[3:-1]] == list(NASTY)
    assert len(project.links) == 2 + len(NASTY)
    assert (tasks_of(project)[0].claim, tasks_of(project)[0].note) == ("done", "All told")
    assert tasks_of(project)[1].requires == ("comment", "file", "checks")
    assert [(gate.name, set(gate.roles), len(gate.criteria)) for gate in project.gates] == [
        ("Ready to go", {"QA", "Ops"}, 1)
    ]
    assert "Signatures stay with the record" in draft.skipped[0].reason
    again = team.run("mara", import_draft, draft)
    assert (again.tasks, again.links, again.checks) == (13, 11, 11)


def test_registers_go_out_and_come_back_in(plan: Plan, tmp_path: Path) -> None:
    team, freeze = plan.team, plan.tasks["Freeze the code"]
    incident = team.run(
        *("mara", incidents.raise_incident, plan.run, "A lock"),
        severity=Severity.P2,
        task=freeze,
        description="编号范围被锁",
        owner=team.ids["kim"],
        on_behalf_of=team.ids["ann"],
    )
    team.run("mara", incidents.solve_incident, incident, "Waited", minutes_lost=9)
    team.run(
        *("mara", decisions.record_decision, plan.run, "Go on?", "Yes"),
        kind=DecisionKind.ROLLBACK,
        why="late",
        options="wait",
        gate=plan.gate,
        incident=incident,
        task=freeze,
    )
    offer = team.run("ann", handovers.hand_over, plan.run, freeze, team.ids["kim"], "Keys")
    team.run("kim", handovers.take_over, offer)
    path = tmp_path / "plan.json"
    exported(plan, path)
    [back] = team.run("mara", import_draft, read_file(path)).projects
    run = team.workspace.read(main_run, back)
    read = team.workspace.read

    (was,), (now,) = read(incidents_of, plan.run), read(incidents_of, run)
    same = ("severity", "title", "description", "task_number", "raised_by", "owner", "happened_at")
    for name in (*same, "solved_at", "solution", "minutes_lost"):
        assert getattr(now, name) == getattr(was, name)
    (before,), (after,) = read(decisions_of, plan.run), read(decisions_of, run)
    for name in ("kind", "question", "options", "decided", "reason", "decider", "decided_at", "gate_name"):
        assert getattr(after, name) == getattr(before, name)
    assert (after.incident, after.task_number) == (now.id, "1.1")
    (gave,), (given,) = read(hand_overs_of, plan.run), read(hand_overs_of, run)
    for name in ("task_number", "giver", "receiver", "note", "given_at", "taken_at", "withdrawn_at"):
        assert getattr(given, name) == getattr(gave, name)


def test_registers_with_odd_values_come_in_as_far_as_they_go(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    odd = {"run": "r", "id": 7, "severity": "P9", "happened_at": -4, "minutes_lost": True, "title": []}
    things = {
        "project": [{"id": "p"}],
        "incident": [odd, {"run": "another", "title": "not mine"}],
        "decision": [{"run": "r", "kind": "maybe", "question": "x" * 9000, "decided_at": 1 << 60}],
        "hand_over": [{"step": "of no task"}, {"step": []}],
    }
    path.write_text(json.dumps({"format": "launchbook-project", "run": "r", "entities": things}), "utf-8")
    [project] = read_file(path).projects

    assert [(one.title, one.severity, one.happened_at) for one in project.incidents] == [("?", "P3", None)]
    assert [(one.kind, len(one.question), one.decided_at) for one in project.decisions] == [
        ("general", 4000, None)
    ]
    assert project.hand_overs == ()


@pytest.mark.parametrize(
    "broken",
    ['{"format": "launchbook-project"}', '{"format": "launchbook-project", "entities": {"project": 3}}'],
)
def test_a_broken_export_is_refused(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(broken, "utf-8")
    with pytest.raises(ImportRefused, match="Nothing was changed"):
        read_file(path)


def test_an_export_with_odd_values_comes_in_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    things = {
        "project": [{"id": "p", "name": 5}],
        "task": [7, {"id": [], "title": {"en": 1}, "minutes": "x"}],
    }
    path.write_text(json.dumps({"format": "launchbook-project", "entities": things}), "utf-8")

    assert [task.title for task in tasks_of(back(path))] == ["?"]


def test_another_suffix_is_refused(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"\.json, \.csv, \.md"):
        exported(plan, tmp_path / "plan.docx")
    assert list(tmp_path.glob("plan*")) == []


def test_a_file_that_cannot_be_written_leaves_nothing(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "taken.md").mkdir()
    with pytest.raises(StorageError, match="Nothing was changed"):
        exported(plan, tmp_path / "taken.md")
    with pytest.raises(StorageError, match="Nothing was changed"):
        exported(plan, tmp_path / "nowhere" / "plan.md")
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
