"""The board as a face: selection, walking, filter, details, what it remembers, empty screens and pages."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.commands.projects import create_project
from app.commands.runs import finish_step, start_step
from app.commands.tasks import add_task
from app.queries.facts import main_run
from tests.ui.desktop.board.examples import cells, column_of, divide, middle_of, of, open_board, press
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.board.view import BoardView
from ui.desktop.board.words import tooltip
from ui.desktop.preferences import Preferences, load_preferences


@pytest.fixture
def view(screen: Screen, plan: Plan) -> BoardView:
    return open_board(screen, plan.project)


def test_one_selection_with_the_other_faces_and_it_is_spoken(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    screen.desk.choose_task(plan.load, None)
    assert view.chosen_task() == plan.load
    port = view.surface.viewport()
    at = middle_of(view.surface, plan.lock)
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert screen.desk.task_id == plan.lock
    assert view.surface.accessibleName().startswith("May start, 1.1, Lock users")
    screen.face("checklist")
    assert screen.checklist().chosen_task() == plan.lock
    screen.go(plan.export, "title")
    screen.face("board")
    assert view.chosen_task() == plan.export


def test_arrows_walk_over_all_cards_and_change_nothing(screen: Screen, plan: Plan, view: BoardView) -> None:
    view.surface.setFocus()
    before = screen.workspace.rev
    view.surface.go_to(plan.lock)
    seen = set()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left):
        press(screen, view, key)
        seen.add(view.chosen_task())
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        press(screen, view, key)
        seen.add(view.chosen_task())
    assert seen == {plan.lock, plan.export, plan.load}
    assert screen.workspace.rev == before


def test_the_filter_and_what_needs_attention(screen: Screen, plan: Plan, view: BoardView) -> None:
    view.bar.filter.setText("balances")
    QTest.qWait(200)
    screen.settle()
    assert set(of(view).places) == {plan.export, plan.load}
    view.bar.filter.setText("no such task")
    QTest.qWait(200)
    screen.settle()
    assert not of(view).places
    view.surface.viewport().grab()
    view.show_task(plan.lock)
    screen.settle()
    assert view.chosen_task() == plan.lock


def test_space_shows_the_details_and_enter_goes_into_them(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    view.surface.setFocus()
    view.surface.go_to(plan.lock)
    press(screen, view, Qt.Key.Key_Space)
    assert view.inspector.isVisible()
    press(screen, view, Qt.Key.Key_Space)
    assert not view.inspector.isVisible()
    press(screen, view, Qt.Key.Key_Return)
    assert view.inspector.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert view.inspector.isAncestorOf(focus)
    screen.press(Qt.Key.Key_Escape)
    assert view.surface.hasFocus()


def test_a_cut_section_opens_by_mouse_by_key_and_for_who_is_looked_for(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    run = screen.workspace.read(main_run, plan.project)
    done = [screen.workspace.run(add_task, plan.project, f"Step {n}").result for n in range(14)]
    for task in done:
        screen.workspace.run(start_step, run, task, reason="now")
        screen.workspace.run(finish_step, run, task)
    screen.settle()
    (hidden, *_rest) = of(view).hidden
    screen.desk.choose_task(hidden, None)
    screen.settle()
    assert view.chosen_task() == hidden
    assert not of(view).hidden
    assert cells(of(view))["Done"][0] == "[Count as done, 14]"


def test_the_last_line_of_a_cut_section_can_be_stood_on_and_opened(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    run = screen.workspace.read(main_run, plan.project)
    for n in range(14):
        task = screen.workspace.run(add_task, plan.project, f"Step {n}").result
        screen.workspace.run(start_step, run, task, reason="now")
        screen.workspace.run(finish_step, run, task)
    screen.settle()
    first = next(task for task, place in of(view).places.items() if place.column == column_of(view, "Done"))
    view.surface.go_to(first)
    press(screen, view, Qt.Key.Key_End)
    assert view.surface.accessibleName() == "and 4 more"
    assert view.chosen_task() is None
    press(screen, view, Qt.Key.Key_Return)
    assert not of(view).hidden


def test_what_was_chosen_is_remembered(screen: Screen, plan: Plan, view: BoardView, tmp_path: Path) -> None:
    screen.desk.preferences = Preferences(file=tmp_path / "preferences.json")
    divide(screen, view, "owner", "stage")
    screen.desk.preferences = load_preferences(tmp_path / "preferences.json")
    assert screen.desk.layout("board") == {"columns": "owner", "lanes": "stage"}
    assert BoardView(screen.desk).bar.columns.text() == "Columns: Owner"
    divide(screen, view, "stage", "stage")
    assert view.bar.lanes.text() == "Lanes: none"


def test_an_empty_project_says_what_to_do_next(screen: Screen, plan: Plan) -> None:
    project = screen.workspace.run(create_project, "Empty").result
    view = open_board(screen, project)
    assert view.stack.currentWidget() is view.empty
    screen.press(Qt.Key.Key_Insert, on=view)
    assert screen.window.current_view().face() is screen.checklist()


def test_every_grouping_is_painted_and_explained(screen: Screen, plan: Plan, view: BoardView) -> None:
    for columns in ("state", "stage", "owner", "stream", "priority"):
        for lanes in ("", "stage" if columns != "stage" else "owner"):
            divide(screen, view, columns, lanes)
            assert len(of(view).places) == 3
            view.surface.viewport().grab()
    found = of(view)
    card = next(card for card in found.cards if card.task.id == plan.lock)
    assert tooltip(card, found).splitlines()[0] == "1.1 Lock users"
    at = middle_of(view.surface, plan.lock)
    box = view.surface.box_at(QPointF(at))
    assert box is not None
    assert box.item.card == card
    assert view.surface.box_at(QPointF(QPoint(3, 3))) is None


def test_lanes_of_a_filter_that_finds_nothing_are_painted(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    divide(screen, view, "state", "stage")
    view.bar.filter.setText("no such task")
    QTest.qWait(250)
    screen.settle()
    assert of(view).lanes == ()
    assert of(view).columns
    assert not view.surface.viewport().grab().isNull()


def test_another_project_forgets_where_one_stood(screen: Screen, plan: Plan, view: BoardView) -> None:
    view.surface.go_to(plan.lock)
    other = screen.workspace.run(create_project, "Other").result
    task = screen.workspace.run(add_task, other, "Alone").result
    screen.desk.look_at(other)
    screen.settle()
    assert view.chosen_task() == task


def test_the_board_is_exported_from_its_own_bar_and_from_the_search(
    screen: Screen, view: BoardView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the file somebody chooses, named after the project before; and not at all where they think better of it."""
    asked: list[str] = []

    def choose(_parent: object, _title: str, name: str, _kind: str) -> tuple[str, str]:
        asked.append(name)
        return (str(tmp_path / "night.pdf") if len(asked) == 1 else ""), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    assert view.bar.exporting.isVisible()
    (offer,) = [one for one in view.offers() if one.text == "Export as PDF…"]
    offer.act()
    screen.qtbot.waitUntil((tmp_path / "night.pdf").exists)
    assert (tmp_path / "night.pdf").read_bytes().startswith(b"%PDF")
    offer.act()
    assert len(asked) == 2
    assert asked[0].endswith(".pdf")
    assert [one.name for one in tmp_path.glob("*.pdf")] == ["night.pdf"]


def test_pages_are_written(screen: Screen, plan: Plan, view: BoardView, tmp_path: Path) -> None:
    assert view.write_pages(tmp_path / "board.pdf") == 1
    raw = (tmp_path / "board.pdf").read_bytes()
    assert raw.startswith(b"%PDF")
    assert b"/Font" in raw
