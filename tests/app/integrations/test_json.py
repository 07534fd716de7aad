"""JSON: cutover plans and lists of check items, told apart by content."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.draft import Draft, TaskDraft
from app.errors import ImportRefused
from app.integrations import read_file
from tests.app.integrations.conftest import SAMPLES, Refused, reasons, sample, tasks_in, tasks_of


@pytest.fixture
def cutover() -> Draft:
    return sample("cutover.json")


def test_a_plan_becomes_a_project_in_its_own_zone(cutover: Draft) -> None:
    (project,) = cutover.projects

    assert (project.zone, project.window_start, project.no_return) == (
        "Europe/Berlin",
        "2026-03-06T22:00",
        "2026-03-08T03:00",
    )
    assert project.t0 == project.window_start


def test_tasks_stand_in_their_sequence_with_status_and_rollback(cutover: Draft) -> None:
    lock, load = tasks_in(cutover)

    assert (lock.key, lock.claim, lock.rollback, lock.stream) == ("a", "done", "Unlock", "data load")
    assert (load.key, load.claim, load.minutes) == ("b", None, 30)


def test_dependencies_become_links(cutover: Draft) -> None:
    (link,) = cutover.projects[0].links

    assert (link.before, link.after, link.type, link.lag_minutes) == ("a", "b", "SS", 5)


def test_go_no_go_items_become_one_gate(cutover: Draft) -> None:
    (gate,) = cutover.projects[0].gates

    assert [(c.text, c.holds, c.evidence, c.judged_by) for c in gate.criteria] == [
        ("Tests green", False, "3 red", "Ada"),
        ("Backup", None, "", ""),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Umstellung came in without mood",
        "scope items: Lost belongs to no plan",
        "The run-book task a has no title, or its key stands twice",
        "Load: the status dreaming was not understood",
        "a -> zz does not join two tasks",
        "a -> b is of the unknown type sideways",
        "Backup: the verdict maybe was not understood",
        "rehearsals: Dry run has no place in a plan yet",
    ],
)
def test_what_has_no_place_is_reported(cutover: Draft, sentence: str) -> None:
    assert sentence in reasons(cutover)


def test_one_name_for_two_projects_is_not_used(data: Path) -> None:
    draft = read_file(data / "cutover/sap-cutover.json", project_name="Mine")

    assert [project.name[:6] for project in draft.projects] == ["Wave 1", "Wave 2"]
    assert "the file holds 2 projects" in reasons(draft)


def test_the_real_cutover_comes_in_complete(data: Path) -> None:
    draft = read_file(data / "cutover/sap-cutover.json")
    first, second = draft.projects

    assert [len(project.stages) for project in draft.projects] == [5, 3]
    assert [len(tasks_of(project)) for project in draft.projects] == [18, 6]
    assert [len(project.links) for project in draft.projects] == [8, 2]
    assert [len(project.gates[0].criteria) for project in draft.projects] == [7, 7]
    assert [c.holds for c in first.gates[0].criteria] == [True, True, True, False, None, True, True]
    assert {c.holds for c in second.gates[0].criteria} == {None}
    assert (first.window_start, first.window_end, first.no_return) == (
        "2026-03-06T22:00",
        "2026-03-09T06:00",
        "2026-03-08T02:00",
    )
    assert (first.manager, first.decider) == ("Deniz Aksoy", "Ahmet Yilmaz")
    assert [task.claim for task in tasks_of(first)].count("done") == 7
    assert [(link.before, link.after, link.lag_minutes) for link in first.links if link.lag_minutes] == [
        ("t05", "t08", 15),
        ("t05", "t15", 30),
    ]


def test_the_real_cutover_reports_every_other_object(data: Path) -> None:
    said = reasons(read_file(data / "cutover/sap-cutover.json"))

    counts = {
        "rehearsals": 3,
        "hypercare incidents": 6,
        "sla targets": 4,
        "war rooms": 2,
        "change requests": 4,
    }
    for part, count in counts.items():
        assert said.count(f"None: {part}: ") == count, part
    assert "hypercare_start" in said


def test_a_list_of_items_becomes_tasks_by_category() -> None:
    draft = sample("items.json")
    project = draft.projects[0]

    assert (project.name, [stage.title for stage in project.stages]) == ("Readiness", ["Network", "Data"])
    firewall, totals = tasks_in(draft)
    assert (firewall.key, firewall.priority) == ("a1", 2)
    assert firewall.instruction == "https://a.example\nhttps://b.example"
    assert (totals.key, totals.priority) == ("a3", None)


def test_what_a_list_leaves_out_is_reported() -> None:
    said = reasons(sample("items.json"))

    assert "The row has no text in the column text." in said
    assert "severity: odd was not understood" in said
    assert "The column colour has no place" in said
    assert "no objects with a text: 1" in said
    assert "The part metadata of the file" in said


def _plain(draft: Draft) -> list[TaskDraft]:
    return [replace(task, line=None, claim=None) for task in tasks_in(draft)]


def test_the_same_list_as_json_and_workbook_gives_the_same_items(data: Path) -> None:
    """The workbook adds only a status ("Not verified") and rows to point at."""
    listed = read_file(data / "checklists/azure-sap.en.json")
    workbook = read_file(data / "checklists/azure-sap.en.xlsx")

    assert len(_plain(listed)) == 150
    assert _plain(workbook) == _plain(listed)
    assert [stage.key for stage in workbook.projects[0].stages] == [
        stage.key for stage in listed.projects[0].stages
    ]
    assert [task.line for task in tasks_in(workbook)] == list(range(8, 158))
    assert "The sheet Values was not imported." in reasons(workbook)


def test_the_chinese_list_has_the_same_keys(data: Path) -> None:
    english = read_file(data / "checklists/azure-sap.en.json")
    chinese = read_file(data / "checklists/azure-sap.zh-Hant.json")

    assert chinese.projects[0].language == "zh"
    assert {task.key for task in tasks_in(chinese)} == {task.key for task in tasks_in(english)}
    assert {task.priority for task in tasks_in(chinese)} == {2, 3, 4}


def test_a_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((SAMPLES / "items.json").read_bytes())

    assert read_file(path).source == "json:list.csv"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"items": [', "not valid JSON (line 1)"),
        (b'{"items": []}', "Known formats"),
        (b'{"n": ' + b"9" * 100_000 + b"}", "not valid JSON"),
        (b'{"swagger": "2.0", "tags": [{"name": "a", "description": "b"}]}', "Known formats"),
        (b'["\xff"]', "neither UTF-8"),
        (b"[" + b"[]," * 5_000_000 + b"[]]", "larger than 12 MB"),
        (b"[" + b'{"text":"a","x":1},' * 150_000 + b'{"text":"a"}]', "more than 100000 rows"),
        (b"null", ""),
        (b'{"cutover_plans": [], "runbook_tasks": 5}', "no cutover plan"),
    ],
)
def test_hostile_json_is_refused_quickly(refused: Refused, content: bytes, sentence: str) -> None:
    assert sentence in refused("a.json", content)


def test_odd_types_in_a_cutover_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{"cutover_plans": [{"_key": {}, "name": [1], "planned_start": 5}, 7], "runbook_tasks": [null, {"title": true}],'
        ' "scope_items": {}, "go_no_go_items": "x", "task_dependencies": [[]], "\\ud800": NaN}'
    )

    draft = read_file(path)
    assert len(draft.projects) == 1
    assert len(draft.skipped) >= 5


def test_a_mapping_for_fixed_fields_is_refused() -> None:
    with pytest.raises(ImportRefused, match="columns cannot be chosen"):
        sample("cutover.json", title="x")
