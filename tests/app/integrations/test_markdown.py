"""Markdown checklists: what becomes a stage, a task, a check, and what is said of the rest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.draft import Draft, TaskDraft
from app.errors import ImportRefused
from app.integrations import read_file
from tests.app.integrations.conftest import SAMPLES, Refused, boxes, quick, reasons, sample, tasks_in

Read = Callable[[str, str], Draft]


@pytest.fixture
def checklist() -> Draft:
    return sample("checklist.md")


def _task(draft: Draft, title: str) -> TaskDraft:
    return next(task for task in tasks_in(draft) if task.title == title)


def test_headings_become_stages_and_empty_ones_none(checklist: Draft) -> None:
    titles = [stage.title for stage in checklist.projects[0].stages]

    assert titles == [
        "Tasks",
        "Preparation",
        "Preparation / Night shift / If GO",
        "Preparation / Night shift / If NO-GO",
        "Acceptance",
    ]


def test_first_heading_names_the_project_before_the_front_matter(checklist: Draft) -> None:
    assert checklist.projects[0].name == "Go-live of the shop"
    assert checklist.source == "markdown:checklist.md"


def test_texts_outside_boxes_describe_project_and_stage(checklist: Draft) -> None:
    project = checklist.projects[0]

    assert project.stages[0].description == "Everybody reads this first."
    assert project.stages[1].description == "The week before.\n- Helpers"


def test_a_ticked_box_claims_done_and_gives_owner_and_minutes_in_brackets(checklist: Draft) -> None:
    task = _task(checklist, "Freeze the code")

    assert (task.claim, task.owner, task.minutes, task.line) == ("done", "Ada Byron", 30, 15)


def test_everything_under_a_box_belongs_to_its_task(checklist: Draft) -> None:
    task = _task(checklist, "Load test data")

    assert task.owner == "grace"
    assert (task.role, task.minutes, task.rollback) == ("Data Team", 90, "truncate the tables")
    assert (
        task.instruction == "1. open the cockpit (https://cockpit.example/load)\n2. press start\nload --all"
    )
    assert [(check.text, check.checked) for check in task.checks] == [
        ("record count equal", True),
        ("totals equal", False),
    ]
    assert task.requires == ("checks",)


def test_a_short_parent_without_a_box_names_the_boxes_under_it(checklist: Draft) -> None:
    assert _task(checklist, "Helpers: Order pizza").claim is None


def test_equal_titles_under_different_headings_have_different_keys(checklist: Draft) -> None:
    keys = [task.key for task in tasks_in(checklist)]

    assert len(keys) == len(set(keys))
    assert "preparation/night-shift/if-go/open-the-doors" in keys
    assert "preparation/night-shift/if-no-go/open-the-doors" in keys


def test_keys_survive_a_change_elsewhere_in_the_file(read: Read) -> None:
    before = read("a.md", "# P\n\n## S\n\n- [ ] One\n- [ ] Two\n")
    after = read("a.md", "# P\n\nIntro.\n\n## Other\n- [ ] Zero\n\n## S\n\n- [ ] **One**\n- [x] Two\n")

    assert [task.key for task in tasks_in(before)] == [task.key for task in tasks_in(after)][1:]


def test_table_rows_are_tasks_and_ticks_count_when_some_are_missing(checklist: Draft) -> None:
    told, handed = _task(checklist, "Tell the customer"), _task(checklist, "Hand over")

    assert (told.claim, told.owner, told.minutes) == ("done", "Ada", 15)
    assert (handed.claim, handed.owner, handed.minutes) == (None, "Grace", 120)


def test_a_sign_off_table_becomes_a_gate_with_its_roles(checklist: Draft) -> None:
    (gate,) = checklist.projects[0].gates

    assert gate.roles == ("Project manager", "Customer")


def test_boxes_in_a_comment_come_in_as_skipped(checklist: Draft) -> None:
    task = _task(checklist, "Ring the bell")

    assert (task.claim, task.note) == ("skipped", "Commented out in the source.")


def test_what_stays_outside_is_reported_with_its_line(checklist: Draft) -> None:
    said = reasons(checklist)

    assert "1: The front matter was left out (lines: 4)." in said
    assert "36: An HTML comment was left out: at 06:00" in said
    assert "44: Text under 'Reading list', which has no tasks, was left out: A book." in said
    assert "46: A table without a tick or task column was left out (rows: 1): Role | Name | Phone" in said
    assert "57: Of a sign-off table only the roles came in" in said
    assert "Only for big releases" in said


def test_every_line_with_words_is_somewhere(checklist: Draft) -> None:
    """Each word of the file stands in the draft, in a reason, or is markup."""
    everything = repr(checklist).casefold()
    text = (SAMPLES / "checklist.md").read_text("utf-8").partition("---\n#")[2]
    words = {word.strip("*[](){}<>|:.,-`!#@").casefold() for word in text.split()}
    known_to_parse = {
        "owner",
        "duration",
        "rollback",
        "30",
        "min",
        "1h30",
        "15",
        "2",
        "h",
        "✓",
        "☐",
        "x",
        "sh",
    }
    cut_by_summary = {"ada", "1", "customer"}

    missing = {w for w in words if w and w not in everything} - known_to_parse - cut_by_summary
    assert missing <= {"cockpit](https://cockpit.example/load", "done", "lead"}


@pytest.mark.parametrize("box", ["* [ ] a", "+ [X] a", "1. [ ] a", "- ☐ a", "> - [ ] a", "- [] a"])
def test_every_way_to_write_a_box(read: Read, box: str) -> None:
    draft = read("a.md", f"- [ ] other\n\n{box}\n")

    assert [task.title for task in tasks_in(draft)] == ["other", "a"]


def test_boxes_in_code_are_no_tasks(read: Read) -> None:
    draft = read("a.md", "- [ ] real\n\n```\n- [ ] shown\n```\n")

    assert [task.title for task in tasks_in(draft)] == ["real"]


def test_a_box_without_a_text_is_reported(read: Read) -> None:
    assert "2: A box without a text." in reasons(read("a.md", "- [ ] a\n- [ ] \n"))


def test_ambiguous_brackets_and_mentions_stay_in_the_title(read: Read) -> None:
    draft = read(
        "a.md", "- [ ] Check (week 12)\n- [ ] Wait (90)\n- [ ] cc @a/b now\n- [ ] Mail ops@example.com\n"
    )

    assert [task.title for task in tasks_in(draft)] == [
        "Check (week 12)",
        "Wait (90)",
        "cc @a/b now",
        "Mail ops@example.com",
    ]
    assert all(not task.owner and task.minutes is None for task in tasks_in(draft))


def test_a_file_without_boxes_is_refused_with_advice(refused: Refused) -> None:
    assert "no check boxes" in refused("a.md", b"# Title\n\njust words\n")


def test_a_mapping_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("- [ ] a\n")

    with pytest.raises(ImportRefused, match="columns cannot be chosen"):
        read_file(path, mapping={"title": "Task"})


@pytest.mark.parametrize(
    "content",
    [
        b"- [ ] a\n" + b">" * 10_000 + b" deep\n",
        b"- [ ] a\n" + b"- " * 10_000 + b"deep\n",
        b"- [ ] a\n\n" + b"\n".join(b"  " * depth + b"- x" for depth in range(900)),
        b"- [ ] " + b"x" * 10_000_000,
        b"- [ ] a\n" + b"[" * 1_000_000,
        b"- [ ] a\n" + (b"[" * 90_000 + b"\n") * 3,
        b"- [ ] a\n" * 600_000,
    ],
)
def test_hostile_markdown_is_refused_quickly(refused: Refused, content: bytes) -> None:
    refused("a.md", content)


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    ["*a **a " * 20_000, "<!-- " * 20_000, "`" * 50_000, "[a](<b " * 10_000, "a\n" * 50_000, "|a" * 20_000],
)
def test_costly_markdown_takes_bounded_time(read: Read, content: str) -> None:
    with quick():
        read("a.md", f"- [ ] a\n\n{content[:99_000]}\n")


def test_comments_in_comments_do_not_recurse(read: Read) -> None:
    nested = "".join("  " * depth + "<!--\n" + "  " * depth + "- [ ] a\n" for depth in range(300))

    with quick():
        assert read("a.md", f"- [ ] a\n\n{nested}")


REAL = {
    "crm-go-live.md": (24, 121, 0),
    "dynamics365-go-live.md": (11, 49, 0),
    "erp-deployment-zh.md": (18, 57, 11),  # 68 boxes, 11 of them under other boxes
    "kubernetes-cut-release.md": (4, 21, 0),  # 11 boxes, and 10 in comments that come in as skipped
    "kubernetes-release-lead.md": (21, 105, 7),  # 112 boxes
}


@pytest.mark.parametrize("name", REAL)
def test_real_checklists_come_in_complete(data: Path, name: str) -> None:
    draft = read_file(data / "checklists" / name)

    stages, tasks, checks = REAL[name]
    assert len(draft.projects[0].stages) == stages
    assert boxes(draft) == (tasks, checks)


def test_crm_list_has_no_claims_but_roles(data: Path) -> None:
    """Its "☑ Complete" is the legend of a template, not a claim; its owners in brackets are roles."""
    tasks = tasks_in(read_file(data / "checklists/crm-go-live.md"))

    assert {task.claim for task in tasks} == {None}
    assert tasks[0].role == "QA Lead"
    assert {task.minutes for task in tasks} == {None, 15}


def test_dynamics_ticks_are_bullets(data: Path) -> None:
    draft = read_file(data / "checklists/dynamics365-go-live.md")

    assert {task.claim for task in tasks_in(draft)} == {None}
    assert "it was read as a bullet" in reasons(draft)
    consider = _task(draft, "Consider the following items:")
    assert consider.instruction.startswith("- The business processes that the solution supports\n- The app")


def test_chinese_list_keeps_its_code(data: Path) -> None:
    draft = read_file(data / "checklists/erp-deployment-zh.md")

    assert draft.projects[0].language == "zh"
    assert _task(draft, "代码已提交到Git仓库").instruction == "git status\ngit push origin main"
    assert [check.text for check in _task(draft, "核心业务功能").checks][:2] == [
        "创建采购订单",
        "创建销售订单",
    ]


def test_release_cut_keeps_what_is_commented_out_apart(data: Path) -> None:
    tasks = tasks_in(read_file(data / "checklists/kubernetes-cut-release.md"))

    assert sum(task.claim == "skipped" for task in tasks) == 10
    assert [task.title for task in tasks if "Run:" in task.title] == [
        "Mock Run: Stage",
        "Mock Run: Release",
        "NoMock Run: Stage",
        "NoMock Run: Image Promotion PR:",
        "NoMock Run: Release",
    ]


def test_a_line_below_a_box_is_its_instruction(tmp_path: Path) -> None:
    """Indented text right under a box says how to do it; a title its editor wrapped stays one title."""
    path = tmp_path / "plan.md"
    path.write_text(
        "# Plan\n\n- [ ] Freeze the code (30 min)\n  No transports after this.\n  Ask the lead first.\n"
        "- [ ] Export the stock of all warehouses and compare the totals\n  with the numbers of the old system\n",
        encoding="utf-8",
    )

    tasks = read_file(path).projects[0].stages[0].tasks

    assert [task.title for task in tasks] == [
        "Freeze the code",
        "Export the stock of all warehouses and compare the totals with the numbers of the old system",
    ]
    assert tasks[0].minutes == 30
    assert tasks[0].instruction == "No transports after this.\nAsk the lead first."
