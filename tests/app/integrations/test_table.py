"""Tables from CSV, the clipboard and plain rows: columns, values, links, keys and what is said of the rest."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draft import Draft, LinkDraft, ProjectDraft
from app.errors import ImportRefused
from app.integrations import read_file
from app.integrations.cells import Cell, cell_text, neutralise, restore
from app.integrations.delimited import read_pasted
from app.integrations.table import read_table
from tests.app.integrations.conftest import SAMPLES, Refused, quick, reasons, sample, tasks_in

Read = Callable[[str, str], Draft]


def _links(project: ProjectDraft) -> list[tuple[str, str, str, int]]:
    return [(link.before, link.after, link.type, link.lag_minutes) for link in project.links]


def _one(rows: list[list[Cell]]) -> ProjectDraft:
    return read_table(rows, "csv:x.csv").projects[0]


def test_a_run_sheet_comes_in_with_stages_filled_down() -> None:
    project = sample("runsheet.csv").projects[0]

    assert [(stage.title, len(stage.tasks)) for stage in project.stages] == [("Prepare", 2), ("Cut over", 3)]
    first = project.stages[0].tasks[0]
    assert (first.key, first.owner, first.minutes, first.start) == ("1", "Ada", 90, "2026-03-06T22:00")
    assert (first.priority, first.claim, first.rollback) == (2, "done", "Unfreeze")


def test_lines_are_those_of_the_file_even_after_cells_with_line_breaks() -> None:
    assert [task.line for task in tasks_in(sample("runsheet.csv"))] == [4, 5, 7, 8, 9]


def test_a_line_break_in_a_title_starts_the_instruction() -> None:
    task = tasks_in(sample("runsheet.csv"))[1]

    assert (task.title, task.instruction) == ("Export", "balances")


def test_predecessors_with_type_and_lag() -> None:
    assert _links(sample("runsheet.csv").projects[0]) == [
        ("1", "2", "FS", 0),
        ("2", "3", "FS", 2880),
        ("3", "4", "SS", -30),
        ("2", "4", "FS", 0),
    ]


def test_everything_left_out_is_reported() -> None:
    said = reasons(sample("runsheet.csv"))

    assert "1: Stands above the header and is no task: Cutover run sheet" in said
    assert "3: The column Colour has no place in a plan and was left out (filled cells: 1)." in said
    assert "9: Duration: soon was not understood" in said
    assert "9: Status: perhaps was not understood" in said
    assert "9: The predecessor 99 names no task here; the link was left out." in said
    assert "10: The row has no text in the column Task." in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_chinese_run_sheet_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "切换.csv"
    path.write_bytes((SAMPLES / "runsheet-zh.csv").read_text("utf-8").encode(encoding))

    project = read_file(path).projects[0]

    assert (project.name, project.language) == ("切换", "zh")
    frozen, loaded, opened = (task for stage in project.stages for task in stage.tasks)
    assert (frozen.title, frozen.owner, frozen.minutes, frozen.claim) == ("冻结主数据", "张三", 90, "done")
    assert (loaded.minutes, loaded.priority, loaded.stream, loaded.rollback) == (150, 1, "FI", "清空表")
    assert [check.text for check in loaded.checks] == ["记录数一致", "金额一致"]
    assert opened.claim == "todo"
    assert _links(project) == [("1", "2", "FS", 0), ("2", "3", "SS", 30), ("1", "3", "FS", 0)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_any_delimiter(read: Read, delimiter: str) -> None:
    draft = read("a.csv", delimiter.join(["Task", "Owner"]) + "\n" + delimiter.join(["Lock", "Ada"]) + "\n")

    assert [(task.title, task.owner) for task in tasks_in(draft)] == [("Lock", "Ada")]


def test_pasted_cells_are_the_same_reader() -> None:
    draft = read_pasted("Task\tDuration\nLock\t1h30\n", "clipboard")

    assert [(task.title, task.minutes) for task in tasks_in(draft)] == [("Lock", 90)]


def test_predecessors_without_numbers_count_positions_or_rows_of_the_sheet() -> None:
    """Whichever way of counting makes fewer impossible links is the one that was meant."""
    by_position = _one([["Task", "Predecessors"], ["A", ""], ["B", "1"], ["C", "2"]])
    by_row = _one([["Task", "Predecessors"], ["A", ""], ["B", "2"], ["C", "3"]])

    assert _links(by_position) == _links(by_row)
    assert _links(by_position) == [("a", "b", "FS", 0), ("b", "c", "FS", 0)]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("1", LinkDraft("1", "A-3", line=4)),
        ("1.0", None),
        ("#1", LinkDraft("1", "A-3", line=4)),
        ("A-2", LinkDraft("A-2", "A-3", line=4)),
        ("A-2ff-1h", LinkDraft("A-2", "A-3", "FF", -60, line=4)),
        ("1 (SF) + 1 d", LinkDraft("1", "A-3", "SF", 1440, line=4)),
        ("1+30m", LinkDraft("1", "A-3", "FS", 30, line=4)),
        ("1FS+2 个工作日", LinkDraft("1", "A-3", "FS", 960, line=4)),
        ("1 开始-完成", LinkDraft("1", "A-3", "SF", 0, line=4)),
        ("1FS+50%", None),
        ("A-3", None),
        ("Lock", LinkDraft("1", "A-3", line=4)),
    ],
)
def test_references(text: str, link: LinkDraft | None) -> None:
    rows: list[list[Cell]] = [
        ["ID", "Task", "Depends on"],
        [1.0, "Lock", ""],
        ["A-2", "B", ""],
        ["A-3", "C", text],
    ]
    draft = read_table(rows, "csv:x.csv")

    assert list(draft.projects[0].links) == ([link] if link else [])
    assert bool(draft.skipped) == (link is None)


def test_working_days_under_a_header_that_says_so() -> None:
    tasks = _one([["任务", "工期（工作日）"], ["A", 2.0], ["B", "1 天"], ["C", "1.5"]]).stages[0].tasks

    assert [task.minutes for task in tasks] == [960, 480, 720]


def test_excel_times_dates_and_serial_numbers() -> None:
    rows: list[list[Cell]] = [
        ["Task", "Duration", "Start", "Due"],
        ["A", time(1, 30), datetime.fromisoformat("2026-03-06T22:00"), date(2026, 3, 7)],
        ["B", timedelta(hours=36), 46087.9166667, "7.3.2026 06:00"],
        ["C", datetime.fromisoformat("1900-01-02T12:00"), None, None],
        ["D", 45.0, None, None],
    ]
    a, b, c, d = _one(rows).stages[0].tasks

    assert (a.minutes, a.start, a.due) == (90, "2026-03-06T22:00", "2026-03-07T23:59")
    assert (b.minutes, b.start, b.due) == (2160, "2026-03-06T22:00", "2026-03-07T06:00")
    assert (c.minutes, d.minutes) == (3600, 45)


def test_slash_dates_are_read_one_way_in_a_column_and_doubt_is_told() -> None:
    clear = read_table([["Task", "Due"], ["A", "3/6/2026"], ["B", "13/6/2026"]], "csv:x.csv")
    doubtful = read_table([["Task", "Due"], ["A", "3/6/2026"]], "csv:x.csv")

    assert [task.due for task in tasks_in(clear)] == ["2026-06-03T23:59", "2026-06-13T23:59"]
    assert [task.due for task in tasks_in(doubtful)] == ["2026-03-06T23:59"]
    assert "month first" in reasons(doubtful)


def test_duration_from_start_and_end_when_there_is_no_other() -> None:
    tasks = _one(
        [
            ["Task", "Start", "End"],
            ["A", "2026-03-06 22:00", "2026-03-07 00:30"],
            ["B", "2026-03-06", "2026-03-07"],
        ]
    )

    assert [task.minutes for task in tasks.stages[0].tasks] == [150, None]


def test_rows_with_one_cell_beside_the_task_are_headings_when_no_column_is() -> None:
    project = _one(
        [["#", "Task", "Owner"], ["Prepare", "", ""], [1, "A", "x"], ["Cut over", None, None], [2, "B", "y"]]
    )

    assert [(stage.title, [task.title for task in stage.tasks]) for stage in project.stages] == [
        ("Prepare", ["A"]),
        ("Cut over", ["B"]),
    ]


def test_a_row_with_nothing_but_its_stage_is_a_heading() -> None:
    draft = read_table(
        [["Phase", "Task"], ["Prepare", ""], ["", "A"], ["Cut over", None], ["", "B"]], "csv:x.csv"
    )

    assert [stage.title for stage in draft.projects[0].stages] == ["Prepare", "Cut over"]
    assert draft.skipped == ()


def test_cells_under_no_header_are_told() -> None:
    draft = read_table([["Task", "", "Owner"], ["A", "lost", "Ada", "beyond"], ["B"]], "csv:x.csv")

    assert "1: Cells under no header were left out (filled cells: 2)." in reasons(draft)


def test_a_column_of_details_stands_in_for_the_task_when_there_is_no_other() -> None:
    assert _one([["No.", "Description", "Owner"], [1, "Lock", "Ada"]]).stages[0].tasks[0].title == "Lock"
    assert _one([["序号", "检查项", "说明"], [1, "锁定", "全部"]]).stages[0].tasks[0].instruction == "全部"


def test_keys_without_numbers_are_stage_title_and_occurrence() -> None:
    rows: list[list[Cell]] = [["Stage", "Task"], ["S", "A"], ["S", "A"], ["T", "A"]]

    assert [task.key for stage in _one(rows).stages for task in stage.tasks] == ["s/a", "s/a#2", "t/a"]


def test_a_number_that_stands_twice_is_told() -> None:
    draft = read_table([["ID", "Task"], [1, "A"], [1, "B"]], "csv:x.csv")

    assert [task.key for task in tasks_in(draft)] == ["1", "1#2"]
    assert "The number 1 stands here again" in reasons(draft)


def test_mapping_overrides_the_guess() -> None:
    rows: list[list[Cell]] = [["Task", "What to do"], ["x", "Lock"]]
    draft = read_table(rows, "csv:x.csv", {"title": "what to do", "note": "Task"})

    assert [(task.title, task.note) for task in tasks_in(draft)] == [("Lock", "x")]


def test_mapping_finds_a_header_nobody_could_guess() -> None:
    draft = read_table([["Foo", "Bar"], ["Lock", "Ada"]], "csv:x.csv", {"task": "Foo", "负责人": "Bar"})

    assert [(task.title, task.owner) for task in tasks_in(draft)] == [("Lock", "Ada")]


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"nonsense": "Task"}, "no field nonsense. The fields are: number, title"),
        ({"owner": "Boss"}, "no column Boss. The headers there: Task, Who"),
    ],
)
def test_a_wrong_mapping_names_what_there_is(mapping: dict[str, str], sentence: str) -> None:
    with pytest.raises(ImportRefused, match=sentence):
        read_table([["Task", "Who"], ["a", "b"]], "csv:x.csv", mapping)


def test_a_table_without_a_task_column_names_its_headers(refused: Refused) -> None:
    assert "Foo, Bar" in refused("a.csv", b"Foo,Bar\n1,2\n")


def test_a_header_without_rows_is_refused(refused: Refused) -> None:
    assert "no tasks under it" in refused("a.csv", b"Task,Owner\n")


def test_name_and_t0_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Task,Owner\nA,B\n")

    project = read_file(path, project_name=" Wave 1 ", t0="6 Mar 2026 22:00").projects[0]

    assert (project.name, project.t0) == ("Wave 1", "2026-03-06T22:00")
    with pytest.raises(ImportRefused, match="no date and time"):
        read_file(path, t0="soon")


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "'=1", "＝1"])
def test_formulas_are_neutralised_and_come_back(text: str) -> None:
    assert neutralise(text) == "'" + text
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["-5", "+3.5", "plain", "", "'quoted'", "a=b"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert neutralise(text) == text


@given(st.text())
def test_neutralising_is_always_undone(text: str) -> None:
    assert restore(neutralise(text)) == text


def test_formula_text_comes_in_as_text(read: Read) -> None:
    draft = read("a.csv", 'Task,Note\n"=HYPERLINK(""http://x"")",@x\n')

    assert [(task.title, task.note) for task in tasks_in(draft)] == [('=HYPERLINK("http://x")', "@x")]


def test_control_characters_are_dropped() -> None:
    assert cell_text("a\x07b\x1b") == "ab"


@given(st.lists(st.lists(st.text(max_size=8) | st.floats() | st.none(), max_size=5), max_size=12))
def test_any_rows_give_a_draft_or_a_refusal(rows: list[list[Cell]]) -> None:
    header: list[list[Cell]] = [["Task", "Predecessors", "Duration", "Start", "Checks"]]
    try:
        draft = read_table(header + rows, "csv:x.csv")
    except ImportRefused:
        return
    keys = [task.key for task in tasks_in(draft)]
    assert len(keys) == len(set(keys))
    assert all(link.before in keys and link.after in keys for link in draft.projects[0].links)


@pytest.mark.slow
def test_a_hundred_thousand_rows_come_in(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_text(
        "ID,Task,Duration,Predecessors\n" + "".join(f"{i},T{i},1h,{i - 1}\n" for i in range(1, 100_001))
    )

    with quick():
        draft = read_file(path)

    assert len(tasks_in(draft)) == 100_000
    assert len(draft.projects[0].links) == 99_999


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"Task,Owner\n" + b"a,b\n" * 1_000_000, "more than 100000 rows", marks=pytest.mark.slow),
        (b"Task,Owner\n" + b"a" * 10_000_000, "a line of 10000000 characters"),
        (b"Task,Owner\n" + b"a," * 5_000 + b"\n", "a row of 5001 columns"),
        (b'Task,Owner\n"' + b"a,b\n" * 100_000, "never ends"),
        (b"Task,Owner\na\0,b\n", "zero bytes"),
        (b"Task,Owner\nM\xc3\xa4rz,\xff\xfe\n", r"neither UTF-8, UTF-16 nor GB 18030 text (line 2)"),
        (b"Task,Owner\nf\xfcr,B\xe4r\n", "neither UTF-8"),
        (b"\xff\xfeT\x00a", "neither"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ""),
        (b"", "is empty"),
        (b" \n ", "is empty"),
    ],
)
def test_hostile_tables_are_refused_quickly(refused: Refused, content: bytes, sentence: str) -> None:
    assert sentence in refused("a.csv", content)
