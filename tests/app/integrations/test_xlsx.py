"""Workbooks: the right sheet with its own row numbers, and zips that mean harm."""

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from app.errors import ImportRefused
from app.integrations import read_file
from tests.app.integrations.conftest import Refused, quick, reasons, tasks_in

Fill = Callable[[xlsxwriter.Workbook], None]


def _workbook(fill: Fill) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        fill(book)
    return file.getvalue()


def _plan(book: xlsxwriter.Workbook) -> None:
    cover = book.add_worksheet("Cover")
    cover.write("A1", "Read me")
    plan = book.add_worksheet("Plan")
    plan.write_row("C5", ["Task", "Duration", "Start", "Result"])
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    length = book.add_format({"num_format": "[h]:mm"})
    plan.write("C7", "Lock")
    plan.write_number("D7", 1.5, length)
    plan.write_datetime("E7", datetime.fromisoformat("2026-03-06T22:00"), moment)
    plan.write_string("C9", "=1+1")
    plan.write_formula("D9", "=30+15", None, 45)
    plan.write_blank("AZ200000", None, moment)
    hidden = book.add_worksheet("Hidden")
    hidden.write_row("A1", ["Task", "Owner", "Duration", "Start", "Status"])
    hidden.write_row("A2", ["secret", "x", 1, "", ""])
    hidden.hide()


def _sheet(rows: bytes) -> bytes:
    """A valid workbook whose first sheet holds exactly these rows."""
    plain = BytesIO(_workbook(lambda book: book.add_worksheet("A").write(0, 0, "Task") and None))
    out = BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                body = b"<sheetData>" + rows.replace(b"\\", rb"\\") + b"</sheetData>"
                content = re.sub(rb"<sheetData>.*</sheetData>", body, content, flags=re.DOTALL)
            target.writestr(entry.filename, content)
    return out.getvalue()


def _zip(entries: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return out.getvalue()


def test_the_plan_is_found_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "night.xlsx"
    path.write_bytes(_workbook(_plan))

    draft = read_file(path)

    assert (draft.source, draft.projects[0].name) == ("xlsx:night.xlsx", "night")
    assert [(t.title, t.minutes, t.start, t.line) for t in tasks_in(draft)] == [
        ("Lock", 2160, "2026-03-06T22:00", 7),
        ("=1+1", 45, None, 9),
    ]
    assert "The sheet Cover was not imported." in reasons(draft)


def test_another_sheet_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "night.xlsx"
    path.write_bytes(_workbook(_plan))

    assert [task.title for task in tasks_in(read_file(path, mapping={"sheet": "Hidden"}))] == ["secret"]
    with pytest.raises(ImportRefused, match=r"no sheet Nowhere\. The sheets there: Cover, Plan"):
        read_file(path, mapping={"sheet": "Nowhere"})


def test_a_workbook_under_another_suffix_is_still_one(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(_workbook(_plan))

    assert len(tasks_in(read_file(path))) == 2


def test_cells_without_a_place_are_read_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    row = b'<row r="%d"><c t="str"><v>%s</v></c><c t="str"><v>%s</v></c></row>'
    path.write_bytes(_sheet(row % (1, b"Task", b"Owner") + row % (3, b"Lock", b"Ada")))

    assert [(task.title, task.owner, task.line) for task in tasks_in(read_file(path))] == [("Lock", "Ada", 3)]


CELL = b'<row r="1"><c r="A1" t="str"><v>Task</v></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><c r="ZZZZZZZ99999999999"><v>1</v></c></row>',
        b'<row r="2"><c s=">" r="XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><c s=\' r="A1"\' r="XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><c\nr = "XFD1048576" ><v>1</v></c></row>',
        b'<row r="2"><x:c r="XFD1048576"><v>1</v></x:c></row>',
        b'<row r="2"><c s="r" r="XFD1048576"></c></row>',
        b'<row r="1048576"><c><v>1</v></c></row>',
        b'<row r="2">' + b"<c><v>1</v></c>" * 20_000 + b"</row>",
        b"<row><c><v>1</v></c></row>" * 200_000,
    ],
)
def test_a_stray_cell_far_away_is_refused_before_a_rectangle_is_built(refused: Refused, rows: bytes) -> None:
    refused("a.xlsx", _sheet(CELL + rows))


def test_empty_formatted_cells_far_away_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = (
        CELL
        + b'<row r="2"><c r="A2" t="str"><v>x</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    )
    path.write_bytes(_sheet(rows))

    with quick():
        assert len(tasks_in(read_file(path))) == 1


def _lying(size: int) -> bytes:
    """A zip whose directory declares a few bytes where megabytes are."""
    data = bytearray(_zip({"xl/workbook.xml": b" " * size}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(mark) + offset
        data[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (_zip({"xl/workbook.xml": b" " * 300_000_000}), "far more than a plan needs"),
        (_zip({f"xl/{i}.xml": b" " * 900_000 for i in range(300)}), "far more than a plan needs"),
        (_zip({f"{i}.xml": b"" for i in range(5_000)}), "far more than a plan needs"),
        (_zip({"xl/sharedStrings.xml": b"<si/><!--7-->" * 40}), "cannot be read as an Excel workbook"),
        (_lying(50_000_000), "no readable Excel workbook"),
        (_workbook(_plan)[:3_000], "no readable Excel workbook"),
        (b"PK\x03\x04" + b"\0" * 100, "no readable Excel workbook"),
        (_zip({"a.txt": b"no workbook"}), "cannot be read as an Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "password"),
        (b"just text", "no readable Excel workbook"),
        (_workbook(lambda book: book.add_worksheet() and None), "no visible sheet with content"),
        (_workbook(lambda book: book.add_worksheet().write_row(0, 0, ["Foo", "Bar"]) and None), "Foo, Bar"),
    ],
    ids=[
        "ratio",
        "total",
        "entries",
        "no book",
        "lying",
        "cut off",
        "header only",
        "other zip",
        "old",
        "text",
        "empty",
        "no task",
    ],
)
def test_harmful_or_broken_workbooks_are_refused_quickly(
    refused: Refused, content: bytes, sentence: str
) -> None:
    assert sentence in refused("a.xlsx", content)


@pytest.mark.slow
def test_a_million_rows_are_refused(refused: Refused) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (i, i, i) for i in range(1, 1_000_001))

    assert "more than 100000 rows" in refused("a.xlsx", _sheet(rows))


@pytest.mark.slow
def test_a_large_plan_comes_in(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["ID", "Task", "Owner", "Duration", "Predecessors"])
        for row in range(1, 20_001):
            sheet.write_row(row, 0, [row, f"Task {row}", "Ada", 30, row - 1 or ""])

    path = tmp_path / "a.xlsx"
    path.write_bytes(_workbook(fill))

    with quick():
        draft = read_file(path)

    assert (len(tasks_in(draft)), len(draft.projects[0].links)) == (20_000, 19_999)
