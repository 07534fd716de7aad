"""Typing a plan: cells, new lines, pasted rows, removing and taking back, all by keyboard, checked in the workspace."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.commands.projects import create_project
from app.commands.tasks import set_task
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.workspaces import OpenWorkspace


def test_a_typed_duration_is_kept_and_shown(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "minutes")
    screen.type("1h30")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.lock).minutes == 90
    model = screen.checklist().model
    assert model.text_at(model.find(plan.lock), model.column_of("minutes")) == "1 h 30"


def test_enter_goes_down_and_tab_goes_right(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.type("Lock all users")
    screen.press(Qt.Key.Key_Return)
    assert screen.checklist().grid.current_task() == screen.task(plan.export)
    screen.type("Export")
    screen.press(Qt.Key.Key_Tab)
    grid = screen.checklist().grid
    assert screen.checklist().model.columns[grid.currentIndex().column()].id == "owner"
    assert screen.titles()[:2] == ["Lock all users", "Export"]


def test_tab_steps_through_cells_and_leaves_behind_the_last(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.load, "owner")
    grid = screen.checklist().grid
    columns = screen.checklist().model.columns
    seen = []
    for _step in range(4):
        screen.press(Qt.Key.Key_Tab)
        seen.append(columns[grid.currentIndex().column()].id)
    assert seen == ["minutes", "start", "after", "rollback"]
    screen.press(Qt.Key.Key_Backtab)
    assert columns[grid.currentIndex().column()].id == "after"
    screen.press(Qt.Key.Key_Tab)
    screen.press(Qt.Key.Key_Tab)
    assert not grid.hasFocus()


def test_what_cannot_be_read_changes_nothing_and_says_what_would(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "minutes")
    screen.type("soon")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.lock).minutes == 15
    assert "soon" in screen.message()
    assert "1h30" in screen.message()


def test_escape_takes_the_typed_text_back(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.type("nonsense")
    screen.press(Qt.Key.Key_Escape)
    assert screen.task(plan.lock).title == "Lock users"


def test_a_due_moment_is_read_as_people_write_it(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "due")
    screen.type("2026-03-06 22:00")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.lock).due == "2026-03-06T22:00"
    screen.go(plan.lock, "due")
    screen.type("Sat 01:30")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.lock).due == "2026-03-07T01:30"


def test_insert_types_a_task_below_and_enter_opens_the_next(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.press(Qt.Key.Key_Insert)
    screen.type("Call the hotline")
    screen.press(Qt.Key.Key_Return)
    screen.type("Tell the plants")
    screen.press(Qt.Key.Key_Return)
    screen.press(Qt.Key.Key_Escape)
    assert screen.titles() == [
        "Lock users",
        "Call the hotline",
        "Tell the plants",
        "Export balances",
        "Load balances",
    ]
    assert screen.checklist().model.outline.draft is None


def test_the_first_task_of_an_empty_project(screen: Screen, workspace: OpenWorkspace) -> None:
    screen.open(workspace.run(create_project, "Empty").result)
    view = screen.checklist()
    assert view.stack.currentWidget() is view.empty
    screen.press(Qt.Key.Key_Insert)
    screen.type("The first")
    screen.press(Qt.Key.Key_Return)
    assert screen.titles() == ["The first"]


def test_deleting_says_so_and_can_be_taken_back(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.export, "title")
    screen.press(Qt.Key.Key_Delete)
    assert screen.titles() == ["Lock users", "Load balances"]
    assert "Export balances" in screen.message()
    screen.press(Qt.Key.Key_Z, ctrl=True)
    assert screen.titles() == ["Lock users", "Export balances", "Load balances"]
    screen.press(Qt.Key.Key_Y, ctrl=True)
    assert screen.titles() == ["Lock users", "Load balances"]


def test_rows_pasted_from_a_spreadsheet_become_tasks(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    QGuiApplication.clipboard().setText("Stop jobs\t20 min\nDrain queues\t\t1h30\n")
    screen.press(Qt.Key.Key_V, ctrl=True)
    assert screen.titles() == ["Lock users", "Stop jobs", "Drain queues", "Export balances", "Load balances"]
    assert [row.minutes for row in screen.list().tasks][1:3] == [20, 90]
    screen.press(Qt.Key.Key_Z, ctrl=True)
    assert screen.titles() == ["Lock users", "Export balances", "Load balances"]


def test_moving_down_and_up(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    view = screen.checklist()
    screen.go(plan.lock, "title")
    screen.checklist().grid.wished.emit("down")
    screen.settle()
    assert screen.titles()[:2] == ["Export balances", "Lock users"]
    screen.checklist().grid.wished.emit("up")
    screen.settle()
    assert screen.titles()[:2] == ["Lock users", "Export balances"]
    assert view is screen.checklist()


def test_a_change_from_elsewhere_does_not_take_away_what_is_being_typed(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.type("Half typ")
    screen.bridge.run(set_task, plan.export, {"title": "Export all"})
    screen.settle()
    screen.type("ed")
    screen.press(Qt.Key.Key_Return)
    assert screen.titles()[:2] == ["Half typed", "Export all"]
    model = screen.checklist().model
    assert model.text_at(model.find(plan.export), model.column_of("title")) == "Export all"


def test_a_value_written_unseen_becomes_a_conflict_and_is_chosen_in_place(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    before = screen.workspace.rev
    screen.bridge.run(set_task, plan.lock, {"minutes": 20}, seen=before)
    screen.bridge.run(set_task, plan.lock, {"minutes": 25}, seen=before)
    screen.go(plan.lock, "minutes")
    screen.settle()
    assert screen.task(plan.lock).conflicts == {"minutes"}
    view = screen.checklist()
    assert view.conflicts.isVisible()
    from ui.desktop.checklist.conflict import ConflictCard

    (card,) = view.inspector.findChildren(ConflictCard)
    twenty = next(value for value in card._conflict.values if value.value == 20)
    number = card._conflict.values.index(twenty) + 1
    view.next_conflict()
    screen.settle()
    screen.type(str(number))
    screen.settle()
    assert screen.task(plan.lock).conflicts == frozenset()
    assert screen.task(plan.lock).minutes == 20
    assert not view.conflicts.isVisible()
