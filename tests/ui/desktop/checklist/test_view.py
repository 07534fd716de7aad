"""The checklist in its window: grouped, sorted, filtered, laid out, pasted into and copied from, by key and by press."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.commands.people import add_person
from app.commands.projects import set_project
from app.commands.tasks import add_task, set_task
from app.queries.checklist import StageRow, TaskRow
from tests.ui.desktop.screen import Plan, Screen, open_for_test
from ui.desktop.checklist.filtering import Wanted
from ui.desktop.checklist.fit import FitLine
from ui.desktop.checklist.grouping import GroupRow
from ui.desktop.preferences import Preferences, load_preferences
from ui.desktop.workspaces import OpenWorkspace

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(screen: Screen, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    QTest.keyClick(screen.focused(), key, held)
    screen.settle()


def shown(screen: Screen) -> list[str]:
    model = screen.checklist().model
    rows = [model.row_at(n) for n in range(model.rowCount())]
    return [row.title for row in rows if isinstance(row, TaskRow)]


def heads(screen: Screen) -> list[str]:
    model = screen.checklist().model
    rows = [model.row_at(n) for n in range(model.rowCount())]
    return [row.title for row in rows if isinstance(row, StageRow | GroupRow)]


def choose(screen: Screen, *tasks: bytes) -> None:
    """The first alone, the others with Ctrl."""
    grid, model = screen.checklist().grid, screen.checklist().model
    grid.go_to(tasks[0], "title")
    grid.setFocus()
    for task in tasks[1:]:
        index = model.index(model.find(task), model.column_of("title"))
        spot = grid.visualRect(index).center()
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, CTRL, spot)
    screen.settle()


# -- arranging -----------------------------------------------------------------------------------------------------


def test_a_click_on_a_head_sorts_again_the_other_way_and_then_as_planned(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    view = screen.checklist()
    view.group_by("none")
    head, column = view.grid.horizontalHeader(), view.model.column_of("minutes")
    found = []
    for _press in range(3):
        x = head.sectionViewportPosition(column) + head.sectionSize(column) // 2
        QTest.mouseClick(
            head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, 10)
        )
        screen.settle()
        found.append(shown(screen))
    assert found[0] == ["Lock users", "Export balances", "Load balances"]
    assert found[1] == ["Load balances", "Export balances", "Lock users"]
    assert found[2] == ["Lock users", "Export balances", "Load balances"]
    assert view.chips.isHidden()


def test_a_key_sorts_by_the_column_one_is_in_and_says_so(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    view = screen.checklist()
    view.group_by("none")
    screen.go(plan.lock, "title")
    press(screen, Qt.Key.Key_S, ALT)
    assert shown(screen) == ["Export balances", "Load balances", "Lock users"]
    assert view.chips.order.text() == "Sorted by Task"
    spoken = view.model.headerData(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Task, sorted, lowest first"
    screen.click(view.chips.order)
    assert shown(screen) == ["Lock users", "Export balances", "Load balances"]


def test_rows_keep_their_place_while_sorted_and_the_message_leads_back(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    press(screen, Qt.Key.Key_S, ALT)
    press(screen, Qt.Key.Key_Down, ALT)
    assert screen.titles()[:2] == ["Lock users", "Export balances"]
    assert "order of the plan" in screen.message()
    screen.window.message._on_action()
    press(screen, Qt.Key.Key_Down, ALT)
    assert screen.titles()[:2] == ["Export balances", "Lock users"]


def test_groups_are_chosen_and_kept_for_the_next_time(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.workspace.run(set_task, plan.load, {"stream": "data"})
    screen.settle()
    view = screen.checklist()
    view.bar.grouped.emit("stream")
    assert heads(screen) == ["data", "Without a stream"]
    assert view.bar.group.text() == "Group: stream"
    assert screen.desk.layout("checklist-plan")["group"] == "stream"
    view.grid.go_to(b"stream:data")
    screen.settle()
    screen.go(plan.load, "title")


def test_a_filter_says_what_it_hides_and_one_press_shows_all(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    view = screen.checklist()
    view.filter.setText("export")
    assert shown(screen) == ["Export balances"]
    assert view.chips.count.text() == "1 of 3 shown, 2 hidden"
    screen.click(view.chips.clear)
    assert len(shown(screen)) == 3
    assert view.filter.text() == ""


def test_chips_are_taken_away_one_by_one(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    view = screen.checklist()
    view.want(Wanted(show="open", facts=frozenset({"no_owner"}), stages=frozenset({plan.second})))
    assert shown(screen) == ["Load balances"]
    assert [button.text() for button in view.chips.buttons()] == ["Open", "2 Load", "Without an owner"]  # type: ignore[attr-defined]
    screen.click(view.chips.buttons()[1])
    assert shown(screen) == ["Lock users", "Export balances", "Load balances"]


def test_a_filter_that_leaves_nothing_offers_all_again(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    view = screen.checklist()
    view.filter.setText("there is no such task")
    assert view.stack.currentWidget() is view.stack.nothing
    view.stack.cleared.emit()
    assert view.stack.currentWidget() is view.grid


def test_the_filter_is_reached_by_key(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    press(screen, Qt.Key.Key_F, CTRL)
    assert screen.focused() is screen.checklist().filter


# -- columns -------------------------------------------------------------------------------------------------------


def test_columns_are_kept_for_each_workspace_and_reset(
    qtbot: QtBot, tmp_path: Path, workspace: OpenWorkspace, plan: Plan
) -> None:
    file = tmp_path / "desktop.json"
    first = Screen(qtbot, workspace)
    first.desk.preferences = Preferences(language="en", file=file)
    first.open(plan.project)
    columns = first.checklist().grid.columns
    columns.show("stream", shown=True)
    columns.show("after", shown=False)
    columns.move("owner", 2)
    columns.widen("minutes", 2)
    first.settle()
    qtbot.waitUntil(lambda: bool(first.desk.layout("checklist-plan")))
    first.window.close()
    second = Screen(qtbot, workspace)
    second.desk.preferences = load_preferences(file)
    second.open(plan.project)
    again = second.checklist().grid.columns
    assert again.is_wanted("stream")
    assert not again.is_wanted("after")
    assert again.order().index("owner") > again.order().index("minutes")
    number = second.checklist().model.column_of("minutes")
    assert again.width(number) == 72 + 32
    again.reset()
    assert again.order()[3] == "owner"
    assert (again.is_wanted("stream"), again.is_wanted("after"), again.width(number)) == (False, True, 72)
    second.close()
    first.close()


def test_a_layout_nobody_can_read_is_passed_over(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    columns = screen.checklist().grid.columns
    columns.restore(
        {"order": ["nonsense", "owner"], "hidden": 5, "widths": {"owner": "wide", "minutes": 9999}}
    )
    assert sorted(columns.order()) == sorted(column.id for column in screen.checklist().model.columns)
    assert columns.width(screen.checklist().model.column_of("minutes")) == 600


def test_tab_goes_through_the_columns_as_they_stand(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    view = screen.checklist()
    view.grid.columns.move("minutes", -1)  # before the owner
    screen.go(plan.lock, "title")
    seen = []
    for _step in range(2):
        screen.press(Qt.Key.Key_Tab)
        seen.append(view.model.columns[view.grid.currentIndex().column()].id)
    assert seen == ["minutes", "owner"]


# -- times ---------------------------------------------------------------------------------------------------------


def test_the_line_above_says_whether_the_plan_fits(screen: Screen, plan: Plan) -> None:
    window = {"window_start": "2026-03-06T22:00", "window_end": "2026-03-07T01:00", "t0": "2026-03-06T22:00"}
    screen.workspace.run(set_project, plan.project, window)
    screen.open(plan.project)
    view, line = screen.checklist(), screen.checklist().summary
    assert isinstance(line, FitLine)
    assert (line.title.text(), line.second.text()) == ("Fits the window", "ends Fri 23:30 · 1 h 30 spare")
    model = view.model
    row = model.find(plan.export)
    assert model.text_at(row, model.column_of("start")) == "Fri 22:15"
    assert model.text_at(row, model.column_of("finish")) == "23:00"
    assert model.text_at(row, model.column_of("slack")) == "30 min"
    assert model.text_at(model.find(plan.first), model.column_of("finish")) == "23:00"
    screen.workspace.run(set_task, plan.load, {"minutes": 300})
    screen.settle()
    assert (line.title.text(), line.second.text()) == (
        "Does not fit the window",
        "ends Sat 03:00 · 2 h too late",
    )


def test_what_is_missing_is_counted_and_one_press_shows_it(screen: Screen, plan: Plan) -> None:
    ada = screen.workspace.clock.new_id()
    screen.workspace.run(add_person, "Ada", "ada", "", own=screen.workspace.new_key(ada, "1234"), id=ada)
    screen.workspace.act_as(ada)
    screen.workspace.run(set_task, plan.lock, {"owner": ada})
    screen.open(plan.project)
    line = screen.checklist().summary
    assert isinstance(line, FitLine)
    assert (line.missing.text(), line.missing.toolTip()) == ("2 to look at", "2 without an owner")
    screen.click(line.missing)
    assert shown(screen) == ["Export balances", "Load balances"]


def test_a_start_of_its_own_is_typed_over_what_is_computed(screen: Screen, plan: Plan) -> None:
    screen.workspace.run(set_project, plan.project, {"window_start": "2026-03-06T22:00"})
    screen.open(plan.project)
    screen.go(plan.lock, "start")
    screen.press(Qt.Key.Key_Return)
    editor = screen.checklist().delegate.editing
    assert editor is not None
    assert editor.text() == ""
    screen.type("2026-03-07 01:00")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.lock).start == "2026-03-07T01:00"


# -- several rows --------------------------------------------------------------------------------------------------


def test_ctrl_d_fills_down_as_one_action(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    choose(screen, plan.lock, plan.export, plan.load)
    model, grid = screen.checklist().model, screen.checklist().grid
    from PySide6.QtCore import QItemSelectionModel

    index = model.index(model.find(plan.load), model.column_of("minutes"))
    grid.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
    press(screen, Qt.Key.Key_D, CTRL)
    assert [row.minutes for row in screen.list().tasks] == [15, 15, 15]
    press(screen, Qt.Key.Key_Z, CTRL)
    assert [row.minutes for row in screen.list().tasks] == [15, 45, 90]


def test_ctrl_enter_gives_all_selected_rows_what_was_typed(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    choose(screen, plan.lock, plan.export)
    model, grid = screen.checklist().model, screen.checklist().grid
    from PySide6.QtCore import QItemSelectionModel

    index = model.index(model.find(plan.export), model.column_of("minutes"))
    grid.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
    screen.type("1h")
    press(screen, Qt.Key.Key_Return, CTRL)
    assert [row.minutes for row in screen.list().tasks] == [60, 60, 90]


def test_alt_arrows_move_rows_to_the_next_stage_and_back(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    choose(screen, plan.lock, plan.export)
    press(screen, Qt.Key.Key_Right, ALT)
    assert [(row.title, row.stage_id == plan.second) for row in screen.list().tasks] == [
        ("Lock users", True),
        ("Export balances", True),
        ("Load balances", True),
    ]
    screen.go(plan.load, "title")
    press(screen, Qt.Key.Key_Left, ALT)
    assert screen.task(plan.load).stage_id == plan.first


def test_l_asks_in_place_what_a_task_comes_after(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.load, "state")
    screen.type("l")
    assert screen.window.question.isVisible()
    screen.type("1.1, 1.2SS+30")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.load).after == "1.1, 1.2SS+30"
    assert "2.1" in screen.message()


# -- clipboard -----------------------------------------------------------------------------------------------------


def test_a_markdown_list_becomes_stages_and_tasks_in_one_step(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    text = "- [x] Call the bridge\n\n# Load\n- [ ] Load orders (30 min)\n  - Owner: Ben\n\n# Verify\n1. Count rows\n"
    QGuiApplication.clipboard().setText(text.replace("1. Count", "- [ ] Count"))
    press(screen, Qt.Key.Key_V, CTRL)
    assert [stage.title for stage in screen.list().stages] == ["Freeze", "Load", "Verify"]
    assert screen.titles() == [
        "Lock users",
        "Call the bridge",
        "Export balances",
        "Load balances",
        "Load orders",
        "Count rows",
    ]
    orders = next(row for row in screen.list().tasks if row.title == "Load orders")
    assert (orders.owner, orders.minutes) == ("Ben", 30)
    assert "Ticks and states were left out (1)" in screen.message()
    press(screen, Qt.Key.Key_Z, CTRL)
    assert [stage.title for stage in screen.list().stages] == ["Freeze", "Load"]
    assert len(screen.titles()) == 3


@pytest.mark.parametrize(
    "text", ["任务\t负责人\t时长\n锁定用户\t白凯\t1 小时\n", "Task\tOwner\tDuration\n锁定用户\t白凯\t1 h\n"]
)
def test_a_header_says_what_the_cells_are(screen: Screen, plan: Plan, text: str) -> None:
    screen.open(plan.project)
    screen.go(plan.load, "title")
    QGuiApplication.clipboard().setText(text)
    press(screen, Qt.Key.Key_V, CTRL)
    made = screen.list().tasks[-1]
    assert (made.title, made.owner, made.minutes, made.stage_id) == ("锁定用户", "白凯", 60, plan.second)


def test_rows_are_copied_for_a_spreadsheet_and_as_a_list(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    choose(screen, plan.lock, plan.load)
    press(screen, Qt.Key.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[:4] for line in lines] == [
        ["1.1", "Lock users", "", "15 min"],
        ["2.1", "Load balances", "", "1 h 30"],
    ]
    press(screen, Qt.Key.Key_C, CTRL | SHIFT)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("## Freeze\n\n- [ ] Lock users\n  - Duration: 15 min\n")
    press(screen, Qt.Key.Key_V, CTRL)  # what went out comes in again
    assert [row.minutes for row in screen.list().tasks if row.title == "Load balances"] == [90, 90]


def test_copied_rows_come_in_again_with_their_checks(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    choose(screen, plan.lock, plan.export)
    press(screen, Qt.Key.Key_C, CTRL)
    screen.go(plan.load, "title")
    press(screen, Qt.Key.Key_V, CTRL)
    found = screen.list().tasks
    assert [row.title for row in found][-2:] == ["Lock users", "Export balances"]
    assert (found[-1].checks_total, found[-1].after, found[-2].requires) == (1, "2.2", ("comment",))


def test_cut_rows_stay_until_they_are_put_elsewhere(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    press(screen, Qt.Key.Key_X, CTRL)
    assert len(screen.titles()) == 3
    screen.go(plan.load, "title")
    press(screen, Qt.Key.Key_V, CTRL)
    assert screen.titles() == ["Export balances", "Load balances", "Lock users"]
    assert screen.task(plan.lock).stage_id == plan.second


def test_an_empty_clipboard_says_so(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    QGuiApplication.clipboard().setText("  \n")
    press(screen, Qt.Key.Key_V, CTRL)
    assert "no text" in screen.message()


def test_another_workspace_does_not_take_tasks_by_their_ids(
    screen: Screen, plan: Plan, tmp_path: Path
) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    press(screen, Qt.Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    other = open_for_test(tmp_path / "other")
    other.close()
    screen.desk.project_id = b"another project "
    assert screen.checklist().pasting._own(data) is None


def test_an_empty_clipboard_is_told_and_pastes_nothing(
    screen: Screen, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On some systems it has not even a description of what it holds."""

    class Nothing:
        def mimeData(self) -> None:
            return None

        def text(self) -> str:
            return ""

    screen.open(plan.project)
    monkeypatch.setattr(QGuiApplication, "clipboard", Nothing)
    screen.press(Qt.Key.Key_V, ctrl=True, on=screen.checklist().grid)
    assert "There is no text on the clipboard" in screen.message()


def test_enter_while_a_field_is_open_opens_no_second_one(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    grid = screen.checklist().grid
    screen.go(plan.lock, "title")
    screen.press(Qt.Key.Key_F2, on=grid)
    assert grid.is_editing()
    screen.press(Qt.Key.Key_Return, on=grid)  # Qt would warn that it cannot, and warnings fail tests
    assert grid.is_editing()


def test_the_head_over_tasks_without_a_stage_has_no_name_to_change(screen: Screen, plan: Plan) -> None:
    screen.workspace.run(add_task, plan.project, "Alone")
    screen.open(plan.project)
    model = screen.checklist().model
    heads = [n for n in range(model.rowCount()) if isinstance(model.row_at(n), StageRow)]
    nameless = [n for n in heads if model.row_at(n).id is None]
    title = model.column_of("title")
    can = {n: bool(model.flags(model.index(n, title)) & Qt.ItemFlag.ItemIsEditable) for n in heads}
    assert nameless
    assert can == {n: n not in nameless for n in heads}
