"""Sorting, grouping and filtering on plain tuples: no window is needed to know what a list shows."""

import pytest

from app.domain.words import Claim, Status
from app.queries.checklist import StageRow, TaskRow
from app.queries.timeline import Bar
from ui.desktop.checklist.columns import PLAN_COLUMNS, Shown
from ui.desktop.checklist.filtering import Facts, Wanted, chips, kept, missing_in
from ui.desktop.checklist.grouping import GroupRow, grouped
from ui.desktop.checklist.outline import DraftRow, Order, Outline, Row
from ui.desktop.checklist.sorting import by_key, natural

MINUTE = 60_000


def a_task(n: int, **known: object) -> TaskRow:
    values: dict[str, object] = dict.fromkeys(TaskRow._fields)
    values |= {"id": bytes([n]), "number": f"1.{n}", "stage_id": b"s", "title": f"Task {n}", "owner": ""}
    values |= {
        "stream": "",
        "role": "",
        "after": "",
        "reason": "",
        "status": Status.TODO,
        "claim": Claim.TODO,
    }
    values |= {
        "requires": (),
        "why_not": (),
        "conflicts": frozenset(),
        "late_minutes": 0,
        "has_rollback": False,
    }
    values |= {"checks_total": 0, "checks_passed": 0, "note_count": 0, "file_count": 0, "attempt": 0}
    return TaskRow(**{**values, **known})  # type: ignore[arg-type]  # filled by name


def a_bar(task: TaskRow, start: int, length: int, *, late: int = 0, critical: bool = False) -> Bar:
    begin, end = start * MINUTE, (start + length + late) * MINUTE
    return Bar(task.id, begin, end, begin, end - late * MINUTE, *(None,) * 4, 5, critical)


STAGES = (
    StageRow(b"s", "1", "Freeze", "", 0, 0, 0, None, None),
    StageRow(b"t", "2", "Load", "", 0, 0, 0, None, None),
)


def outline_of(tasks: tuple[TaskRow, ...], bars: dict[bytes, Bar] | None = None, **how: object) -> Outline:
    shown = Shown("en", "UTC", bars or {})
    keys = {column.id: column.key(shown) for column in PLAN_COLUMNS}
    made = Outline(STAGES, tasks, Facts(bars or {}, b"me"), keys=keys, **how)  # type: ignore[arg-type]
    made.regroup()
    return made


def titles(rows: list[Row]) -> list[str]:
    return [row.title for row in rows if isinstance(row, TaskRow)]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["Task 10", "Task 9", "task 8"], ["task 8", "Task 9", "Task 10"]),
        (["Zug", "Äpfel", "apfel 2"], ["Äpfel", "apfel 2", "Zug"]),
        (["装载", "备份", "核对", "导出"], ["备份", "导出", "核对", "装载"]),  # bei dao he zhuang
        (["导出 10", "导出 9", "SAP"], ["SAP", "导出 9", "导出 10"]),
    ],
)
def test_texts_stand_as_people_order_them(words: list[str], wanted: list[str]) -> None:
    assert by_key(words, natural) == wanted


def test_sorting_is_stable_and_what_is_empty_stays_last() -> None:
    rows = [("b", 1), ("", 2), ("a", 3), ("b", 4), ("", 5)]
    assert [n for _w, n in by_key(rows, lambda row: natural(row[0]))] == [3, 1, 4, 2, 5]
    assert [n for _w, n in by_key(rows, lambda row: natural(row[0]), descending=True)] == [1, 4, 3, 2, 5]


def test_numbers_lengths_and_times_sort_as_such() -> None:
    tasks = (a_task(2, minutes=90), a_task(10, minutes=5), a_task(1, minutes=None))
    bars = {task.id: a_bar(task, start, 10) for task, start in zip(tasks, (600, 59, 1441), strict=True)}
    made = outline_of(tasks, bars, group="none")
    found = {}
    for column in ("number", "minutes", "start"):
        made.order = Order(column)
        made.arrange()
        found[column] = titles(made.rows())
    assert found["number"] == ["Task 1", "Task 2", "Task 10"]
    assert found["minutes"] == ["Task 10", "Task 2", "Task 1"]
    assert found["start"] == ["Task 10", "Task 2", "Task 1"]


def test_every_column_can_be_sorted_by_whatever_is_empty() -> None:
    tasks = (a_task(1), a_task(2, owner="Ada", minutes=3, due="2026-03-06T22:00", priority=2, stream="data"))
    bars = {tasks[1].id: a_bar(tasks[1], 1, 2)}
    for column in PLAN_COLUMNS:
        for descending in (False, True):
            made = outline_of(tasks, bars, group="none", order=Order(column.id, descending=descending))
            assert len(made.rows()) == 2


def test_groups_carry_totals_and_those_without_a_value_come_last() -> None:
    tasks = (
        a_task(1, owner="", minutes=5),
        a_task(2, owner="Zoe", minutes=10, status=Status.DONE),
        a_task(3, owner="Ada", minutes=20),
        a_task(4, owner="Zoe", minutes=30),
    )
    bars = {task.id: a_bar(task, n * 10, 5) for n, task in enumerate(tasks)}
    heads = [group.head for group in grouped(STAGES, tasks, "owner", bars)]
    assert [(head.title, head.task_count, head.done_count, head.minutes) for head in heads if head] == [
        ("Ada", 1, 0, 20),
        ("Zoe", 2, 1, 40),
        ("Without an owner", 1, 0, 5),
    ]
    spans = outline_of(tasks, bars, group="owner").spans()
    assert (spans[b"owner:Zoe"].start_ms, spans[b"owner:Zoe"].finish_ms) == (10 * MINUTE, 35 * MINUTE)


@pytest.mark.parametrize("by", ["owner", "status", "stream", "priority", "due", "stage", "none"])
def test_no_task_is_lost_in_any_group(by: str) -> None:
    tasks = (
        a_task(1, stage_id=b"gone", due="nonsense"),
        a_task(2, due="2026-03-06T22:00", priority=1),
        a_task(3),
    )
    assert sorted(titles(outline_of(tasks, group=by).rows())) == ["Task 1", "Task 2", "Task 3"]


def test_priorities_and_days_stand_in_their_order() -> None:
    tasks = (
        a_task(1, priority=5, due="2026-03-10T08:00"),
        a_task(2, priority=1, due="2026-03-07T08:00"),
        a_task(3),
    )
    for by, wanted in (
        ("priority", ["Priority 1", "Priority 5", "Without a priority"]),
        ("due", ["Sat 7 March", "Tue 10 March", "Without a due time"]),
    ):
        rows = outline_of(tasks, group=by).rows()
        assert [row.title for row in rows if isinstance(row, GroupRow)] == wanted


def test_wishes_of_one_kind_widen_and_kinds_narrow() -> None:
    tasks = (
        a_task(1, owner="Ada", stream="data", owner_id=b"me"),
        a_task(2, owner="Ben", stream="data", status=Status.DONE),
        a_task(3, owner="Ben", stream="roles", minutes=3),
    )
    facts = Facts({tasks[2].id: a_bar(tasks[2], 1, 2, late=9, critical=True)}, b"me")

    def found(**wishes: object) -> list[str]:
        return [task.number for task in kept(tasks, Wanted(**wishes), facts)]  # type: ignore[arg-type]

    assert found(owners=frozenset({"Ada", "Ben"})) == ["1.1", "1.2", "1.3"]
    assert found(owners=frozenset({"Ben"}), streams=frozenset({"data"})) == ["1.2"]
    assert found(show="open", text="ben") == ["1.3"]
    assert found(facts=frozenset({"late"})) == found(facts=frozenset({"critical"})) == ["1.3"]
    assert found(facts=frozenset({"mine"})) == ["1.1"]
    assert found(facts=frozenset({"no_minutes"}), show="open") == ["1.1"]
    assert found(statuses=frozenset({"done"})) == ["1.2"]
    assert found(stages=frozenset({b"t"})) == []


def test_what_is_hidden_is_counted_and_each_wish_has_its_words() -> None:
    tasks = (a_task(1, owner="Ada"), a_task(2), a_task(3))
    wanted = Wanted(owners=frozenset({"", "Ada"}), facts=frozenset({"late"}), stages=frozenset({b"s"}))
    made = outline_of(tasks, wanted=wanted)
    assert made.hidden == 3
    assert [words for _kind, _value, words in chips(wanted, STAGES)] == [
        "Without an owner",
        "Ada",
        "1 Freeze",
        "Late",
    ]
    for kind, value, _words in chips(wanted, STAGES):
        wanted = wanted.without(kind, value)
    assert wanted.is_everything()


def test_what_a_plan_cannot_do_without_is_counted() -> None:
    tasks = (
        a_task(1, owner="Ada", minutes=5),
        a_task(2, owner="Ada"),
        a_task(3, minutes=5, has_rollback=True),
        a_task(4, status=Status.DONE),
    )
    assert missing_in(tasks) == (2, 1, 1, 1)


def test_a_draft_stands_behind_its_task_in_every_arrangement() -> None:
    tasks = (a_task(1, owner="Zoe"), a_task(2, owner="Ada"))
    draft = DraftRow(b"s", tasks[0].id)
    for by in ("stage", "owner", "none"):
        rows = outline_of(tasks, group=by, draft=draft).rows()
        assert rows[rows.index(tasks[0]) + 1] == draft
    gone = DraftRow(b"s", b"somebody else's")
    assert outline_of(tasks, group="owner", draft=gone).rows()[-1] == gone
