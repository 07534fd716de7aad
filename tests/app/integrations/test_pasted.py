"""Text from the clipboard: rows with and without a header, Markdown of every kind, plain lines, and what stays out."""

import pytest

from app.domain.draft import TaskDraft
from app.errors import ImportRefused
from app.integrations.pasted import read_pasted


def _read(text: str, *people: str) -> list[tuple[str, list[TaskDraft]]]:
    return [(stage.title, list(stage.tasks)) for stage in read_pasted(text, people).projects[0].stages]


def _titles(text: str) -> list[tuple[str, list[str]]]:
    return [(title, [task.title for task in tasks]) for title, tasks in _read(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Lock users\nExport\n", [("", ["Lock users", "Export"])]),
        ("- a\n- b\n", [("", ["a", "b"])]),
        ("  * a\n  * b\n", [("", ["a", "b"])]),
        ("1. a\n2) b\n", [("", ["a", "b"])]),
        ("1、锁定\n2、导出\n", [("", ["锁定", "导出"])]),
        ("# Freeze\n- [ ] a\n## Load\n- [ ] b\n", [("Freeze", ["a"]), ("Freeze / Load", ["b"])]),
        ("## 冻结\n- 锁定\n## 加载\n- 导入\n", [("冻结", ["锁定"]), ("加载", ["导入"])]),
        ("| Task | Owner |\n|---|---|\n| a | Ada |\n", [("", ["a"])]),
        ("Stage\tTask\nLoad\ta\n\tb\n", [("Load", ["a", "b"])]),
        ("```\n- no task\n```\n- a\n", [("", ["a"])]),
    ],
)
def test_stages_and_tasks_of_every_kind_of_text(text: str, wanted: list[tuple[str, list[str]]]) -> None:
    assert _titles(text) == wanted


def test_cells_without_a_header_are_told_by_their_form() -> None:
    ((_title, (one, two)),) = _read("Stop jobs\tAda\t20 min\tby phone\nDrain\tNobody\t1h30\n", "ada")
    assert (one.title, one.owner, one.minutes, one.instruction) == ("Stop jobs", "Ada", 20, "by phone")
    assert (two.owner, two.minutes, two.instruction) == ("", 90, "Nobody")


def test_a_quoted_cell_may_hold_a_line_end() -> None:
    ((_title, tasks),) = _read('"Stop\njobs"\t20 min\nDrain\t5 min\n')
    assert [task.title for task in tasks] == ["Stop jobs", "Drain"]


def test_a_header_gives_links_and_fields() -> None:
    draft = read_pasted("#\tTask\tPredecessors\tPriority\n1\ta\t\t2\n2\tb\t1FS+30\t\n")
    project = draft.projects[0]
    assert project.stages[0].tasks[0].priority == 2
    assert [(link.before, link.after, link.lag_minutes) for link in project.links] == [("1", "2", 30)]


def test_fields_and_checks_below_an_item_belong_to_it() -> None:
    ((_title, (task,)),) = _read("- [ ] Load\n  - Owner: Ada\n  - Duration: 1h\n  - [ ] sums agree\n")
    assert (task.owner, task.minutes, [check.text for check in task.checks]) == ("Ada", 60, ["sums agree"])


def test_what_stays_out_is_said() -> None:
    text = "Some words first.\n\n- [x] a\n- [ ] b\n\n| Role | Signature |\n|---|---|\n| QA | |\n"
    reasons = " ".join(one.reason for one in read_pasted(text).skipped)
    assert "Some words first" in reasons
    assert "Ticks and states were left out (1)" in reasons
    assert "gate" in reasons


def test_a_table_nobody_understands_is_refused_with_a_sentence() -> None:
    with pytest.raises(ImportRefused, match="clipboard"):
        read_pasted("| Colour | Size |\n|---|---|\n| red | 5 |\n")
