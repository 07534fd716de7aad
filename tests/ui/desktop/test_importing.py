"""The import sheet: columns confirmed, differences decided, and nothing in the project before the button was pressed."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.modeltest import ModelTester

from app.commands.tasks import add_task
from app.process.merging import Change
from app.queries.checklist import TaskRow
from app.queries.differences import DifferenceRow
from app.queries.projects import projects
from tests import planfiles
from tests.ui.desktop.screen import Screen
from ui.desktop.importing.columns import ColumnsModel
from ui.desktop.importing.deciding import DifferencesModel, GroupRow
from ui.desktop.importing.outline import OutlineModel
from ui.desktop.importing.sheet import ImportSheet
from ui.desktop.search.finding import Finding


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "cutover.csv"
    path.write_text(planfiles.first("en"), encoding="utf-8")
    return path


@pytest.fixture
def importing(screen: Screen) -> Callable[[Path], ImportSheet]:
    """Opens the sheet over a window; the window's own way to a file ends here too."""

    def open_sheet(path: Path) -> ImportSheet:
        if not hasattr(screen, "window"):
            screen.open(None)
            screen.desk.import_file.connect(screen.window.open_import)
        screen.desk.import_file.emit(path)
        screen.settle()
        sheet = screen.window.sheet
        assert isinstance(sheet, ImportSheet)
        return sheet

    return open_sheet


Open = Callable[[Path], ImportSheet]


def rows(screen: Screen) -> dict[str, TaskRow]:
    return {row.title: row for row in screen.list().tasks}


def brought_in(screen: Screen, importing: Open, path: Path) -> bytes:
    """The first import, done by the button."""
    sheet = importing(path)
    screen.click(sheet.main)
    screen.settle()
    assert screen.desk.project_id is not None
    return screen.desk.project_id


def merging(screen: Screen, importing: Open, path: Path) -> ImportSheet:
    """The second import of the file, after both sides went on."""
    project = brought_in(screen, importing, path)
    planfiles.edit_here(screen.workspace, project, "en")
    path.write_text(planfiles.later("en"), encoding="utf-8")
    screen.settle()
    return importing(path)


def find(sheet: ImportSheet, title: str, field: str = "") -> int:
    model = sheet.differences.rows
    for number in range(model.rowCount()):
        row = model.row_at(number)
        if isinstance(row, DifferenceRow) and (row.title, row.field) == (title, field):
            return number
    raise AssertionError((title, field))


# -- columns -------------------------------------------------------------------------------------------------------


def test_a_file_is_shown_before_anything_comes_in(screen: Screen, importing: Open, plan_file: Path) -> None:
    sheet = importing(plan_file)
    table = sheet.columns.columns.table

    assert screen.workspace.read(projects) == []
    assert table is not None
    assert [(one.field, one.sure) for one in table.columns] == [
        ("number", "sure"),
        ("stage", "sure"),
        ("title", "sure"),
        ("owner", "sure"),
        ("minutes", "likely"),
        ("predecessors", "sure"),
        ("priority", "doubtful"),
        ("", ""),
    ]
    assert sheet.main.text() == "Bring in 11 tasks"
    assert sheet.columns.button(0).hasFocus()
    assert "doubtful" in sheet.bar._note.text()


def test_a_column_given_to_another_field_is_read_again_and_comes_in_so(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = importing(plan_file)

    sheet.columns.chosen.emit(6, "note")
    screen.settle()
    sheet.columns.chosen.emit(3, "")
    screen.settle()
    table = sheet.columns.columns.table
    assert table is not None
    assert [(one.field, one.sure) for one in table.columns[3:7:3]] == [("", ""), ("note", "given")]

    screen.click(sheet.main)

    row = rows(screen)["Stop the batch jobs of the old system"]
    assert (row.owner, row.note_count, row.minutes) == ("", 1, 30)
    assert screen.window.sheet is None


def test_the_choice_above_a_column_opens_as_a_menu_with_the_present_field_ticked(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = importing(plan_file)
    button = sheet.columns.button(4)
    assert button.accessibleName() == "Planned duration / effort goes to: Duration"
    assert button.accessibleDescription() == "guessed from its header"

    menu = QMenu()
    button.fill(menu)
    ticked = [action.text() for action in menu.actions() if action.isChecked()]
    next(action for action in menu.actions() if action.text() == "Note").trigger()
    screen.settle()

    assert ticked == ["Duration"]
    assert sheet.columns.button(4).text() == "Note"


def test_without_a_task_column_the_sheet_says_so_and_lets_one_be_chosen(
    screen: Screen, importing: Open, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("Foo;Bar;Wer\nx;Lock users;Ada\ny;Export;Ben\n", encoding="utf-8")
    sheet = importing(path)
    assert not sheet.main.isEnabled()
    assert sheet.middle.currentWidget() is sheet.columns

    sheet.columns.chosen.emit(1, "title")
    screen.settle()
    assert sheet.main.isEnabled()
    screen.click(sheet.main)

    assert screen.titles() == ["Lock users", "Export"]


def test_encoding_and_separator_can_be_said_where_the_guess_is_wrong(
    screen: Screen, importing: Open, tmp_path: Path
) -> None:
    path = tmp_path / "western.csv"
    path.write_bytes("Task,Owner\nPrüfung,Jürgen\n".encode("cp1252"))
    sheet = importing(path)
    assert not sheet.main.isEnabled()

    sheet.setup.read_as.emit("encoding", "cp1252")
    screen.settle()
    screen.click(sheet.main)

    assert [(one.title, one.owner) for one in screen.list().tasks] == [("Prüfung", "Jürgen")]


def test_name_zone_and_t0_are_asked_where_the_file_has_none(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = importing(plan_file)
    sheet.setup.name.edit.setText("North plant")
    sheet.setup.t0.edit.setText("some day")
    sheet.setup.zone.edit.setText("Europe/Berlin")
    screen.click(sheet.main)
    assert screen.workspace.read(projects) == []
    assert "is no date and time" in sheet.setup.t0.note_text()

    sheet.setup.t0.edit.setText("2026-03-06 22:00")
    sheet.setup.t0.set_wrong("")
    screen.click(sheet.main)

    (project,) = screen.workspace.read(projects)
    assert (project.name, project.zone, project.t0) == ("North plant", "Europe/Berlin", "2026-03-06T22:00")


def test_a_file_that_is_gone_or_broken_says_so_in_the_sheet(
    screen: Screen, importing: Open, tmp_path: Path
) -> None:
    broken = tmp_path / "plan.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    sheet = importing(broken)
    assert not sheet.main.isEnabled()
    assert "is no readable Excel workbook" in sheet.waiting.text.text()

    sheet = importing(tmp_path / "nowhere.csv")
    assert sheet.waiting.title.text() == "This file cannot be opened"
    assert not sheet.main.isEnabled()


def test_leaving_the_sheet_leaves_everything_as_it_was(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = importing(plan_file)
    screen.press(Qt.Key.Key_Escape, on=sheet)

    assert screen.window.sheet is None
    assert screen.workspace.read(projects) == []


# -- differences ---------------------------------------------------------------------------------------------------


def test_the_same_file_again_has_nothing_to_merge(screen: Screen, importing: Open, plan_file: Path) -> None:
    brought_in(screen, importing, plan_file)
    sheet = importing(plan_file)

    assert (sheet.main.text(), sheet.main.isEnabled()) == ("Nothing to merge", False)
    assert sheet.same.title.text() == "Nothing has changed"


def test_a_second_import_shows_its_differences_in_groups_with_what_is_proposed(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = merging(screen, importing, plan_file)
    model = sheet.differences.rows
    groups = [
        (row.change, row.size)
        for number in range(model.rowCount())
        if isinstance(row := model.row_at(number), GroupRow)
    ]

    assert groups == [
        (Change.BOTH, 1),
        (Change.THEIRS, 5),
        (Change.NEW, 2),
        (Change.GONE, 1),
        (Change.REMOVED, 1),
    ]
    assert sheet.main.text() == "Merge 7 changes"
    assert sheet.differences.hasFocus()
    both = model.row_at(1)
    assert isinstance(both, DifferenceRow)
    assert (both.title, both.base, both.ours, both.theirs) == ("Load materials", "1 h 15", "1 h 40", "2 h")


def test_differences_are_decided_by_keys_and_merged_as_decided(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = merging(screen, importing, plan_file)
    table = sheet.differences
    table.selectRow(find(sheet, "Load materials", "Duration"))
    screen.press(Qt.Key.Key_T, on=table)
    table.selectRow(find(sheet, "Stop the batch jobs of the old system", "Duration"))
    screen.press(Qt.Key.Key_O, on=table)
    table.selectRow(find(sheet, "Back up the old system"))
    screen.press(Qt.Key.Key_Return, on=table)
    assert sheet.main.text() == "Merge 8 changes"

    screen.press(Qt.Key.Key_Return, ctrl=True, on=table)

    now = rows(screen)
    assert now["Load materials"].minutes == 120
    assert now["Stop the batch jobs of the old system"].minutes == 30
    assert now["Extract open orders and stock"].minutes == 80
    assert "Back up the old system" not in now
    assert "First order from quote to invoice" not in now
    assert {"Call the auditor", "Tell the plant that it is open", "Count the fork lifts"} <= now.keys()
    assert screen.message().startswith("Merged: 5 fields changed, 2 tasks new")


def test_the_head_of_a_group_decides_for_all_under_it(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = merging(screen, importing, plan_file)
    table = sheet.differences
    table.selectRow(2)  # the head of what the file changed
    screen.press(Qt.Key.Key_O, on=table)
    assert sheet.main.text() == "Merge 2 changes"

    screen.click(sheet.bar.theirs)
    assert sheet.main.text() == "Merge 10 changes"
    screen.click(sheet.bar.ours)
    assert sheet.main.text() == "Keep all as it is here"
    screen.click(sheet.bar.proposed)
    assert sheet.main.text() == "Merge 7 changes"


def test_the_panel_beside_shows_all_three_values_and_decides_too(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = merging(screen, importing, plan_file)
    number = find(sheet, "Load materials", "Duration")
    sheet.differences.selectRow(number)
    screen.settle()
    assert sheet.side.theirs is not None
    assert sheet.side.ours is not None
    assert sheet.side.ours.isChecked()

    screen.click(sheet.side.theirs)

    row = sheet.differences.rows.row_at(number)
    assert isinstance(row, DifferenceRow)
    assert sheet.differences.rows.is_taken(row)
    assert sheet.side.theirs.isChecked()


def test_undo_in_the_message_takes_the_whole_merge_back(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = merging(screen, importing, plan_file)
    before = [(row.title, row.minutes, row.owner, row.after) for row in screen.list().tasks]
    screen.click(sheet.bar.theirs)
    screen.click(sheet.main)
    assert [(row.title, row.minutes, row.owner, row.after) for row in screen.list().tasks] != before

    screen.click(screen.window.message.action)

    assert [(row.title, row.minutes, row.owner, row.after) for row in screen.list().tasks] == before


def test_undo_in_the_message_takes_nothing_back_once_something_else_was_done(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = merging(screen, importing, plan_file)
    screen.click(sheet.main)
    assert screen.desk.project_id is not None
    action = screen.window.message.action
    screen.workspace.run(add_task, screen.desk.project_id, "Later")

    action.click()
    screen.settle()

    assert "Something else was done since" in screen.message()
    assert "Later" in screen.titles()


def test_decisions_outlive_another_look_at_the_columns(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = merging(screen, importing, plan_file)
    number = find(sheet, "Load materials", "Duration")
    sheet.differences.rows.decide([number], taken=True)
    sheet.show_face("columns")
    sheet.columns.chosen.emit(6, "")
    screen.settle()
    sheet.show_face("differences")

    row = sheet.differences.rows.row_at(find(sheet, "Load materials", "Duration"))
    assert isinstance(row, DifferenceRow)
    assert sheet.differences.rows.is_taken(row)


def test_into_a_project_that_is_there_as_something_new(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    brought_in(screen, importing, plan_file)
    sheet = importing(plan_file)
    screen.press(Qt.Key.Key_3, on=sheet)
    assert sheet.main.text() == "Bring in 11 tasks"
    screen.click(sheet.main)

    assert len(screen.titles()) == 22
    assert len(screen.workspace.read(projects)) == 1


# -- ways in, long files, models ------------------------------------------------------------------------------------


def test_a_file_dropped_anywhere_on_the_window_opens_the_sheet(
    screen: Screen, importing: Open, plan_file: Path
) -> None:
    importing(plan_file).dismiss()
    screen.settle()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(plan_file))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPointF(9, 9).toPoint(), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(screen.window, entered)
    assert entered.isAccepted()
    assert "Nothing comes in before you say so" in screen.message()

    dropped = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(screen.window, dropped)
    screen.settle()

    assert screen.window.sheet is not None
    assert screen.message() == ""


def test_ctrl_o_and_the_palette_lead_to_the_file(screen: Screen) -> None:
    screen.open(None)
    asked: list[int] = []
    screen.desk.choose_file.connect(lambda: asked.append(1))

    QTest.keyClick(screen.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    found = next(hit for hit in Finding(screen.window).actions() if hit.keys == "Ctrl O")
    assert found.act is not None
    found.act()

    assert len(asked) == 2


def test_going_elsewhere_leaves_the_sheet(screen: Screen, importing: Open, plan_file: Path) -> None:
    importing(plan_file)
    screen.window.go_to("settings")

    assert screen.window.sheet is None


def test_a_long_import_says_how_far_it_is_and_stops_without_a_trace(
    screen: Screen, importing: Open, tmp_path: Path
) -> None:
    path = tmp_path / "long.csv"
    path.write_text("Task,Owner\n" + "".join(f"Task {n},Ada\n" for n in range(6_000)), encoding="utf-8")
    sheet = importing(path)
    told: list[str] = []
    sheet.main.click()
    deadline = time.monotonic() + 20
    while not told and time.monotonic() < deadline:
        QTest.qWait(20)
        if sheet.progress.isVisible() and " done" in sheet.progress.words.text():
            told.append(sheet.progress.words.text())
    assert told
    sheet.progress.stop.click()
    screen.settle()

    assert "Nothing of it came in" in screen.message()
    assert screen.workspace.read(projects) == []
    assert screen.window.sheet is sheet
    assert sheet.main.isEnabled()


def test_the_models_of_the_sheet_are_sound(
    qtmodeltester: ModelTester, screen: Screen, importing: Open, plan_file: Path
) -> None:
    sheet = merging(screen, importing, plan_file)

    for model, kind in (
        (sheet.columns.columns, ColumnsModel),
        (sheet.differences.rows, DifferencesModel),
        (sheet.outline.lines, OutlineModel),
    ):
        assert isinstance(model, kind)
        assert model.rowCount() > 5
        qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped
