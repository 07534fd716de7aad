"""Cards moved by mouse and by keys: each is one command and one undo; what may not be says why on the card."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.commands.runs import block_step, finish_step, start_step
from app.commands.tasks import set_task
from app.domain.words import Status
from app.queries.facts import main_run
from tests.ui.desktop.board.examples import (
    answer,
    column_point,
    divide,
    drag,
    middle_of,
    of,
    open_board,
    press,
)
from tests.ui.desktop.people import with_owner
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.board.view import BoardView


@pytest.fixture
def view(screen: Screen, plan: Plan) -> BoardView:
    return open_board(screen, plan.project)


def refusal(view: BoardView) -> str:
    return view.surface.refusal.text if view.surface.refusal is not None else ""


def is_dragging(view: BoardView) -> bool:
    return view.surface.dragging.dragged is not None


def head(screen: Screen) -> int:
    return screen.workspace.rev


def test_a_card_dragged_to_running_starts_and_to_done_finishes_and_undo_brings_it_back(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    drag(screen, view, plan.lock, column_point(view, "Running"))
    assert screen.status(plan.lock) is Status.RUNNING
    drag(screen, view, plan.lock, column_point(view, "Done"))
    assert screen.status(plan.lock) is Status.CLAIMED
    for expected in (Status.RUNNING, Status.READY):
        screen.press(Qt.Key.Key_Z, ctrl=True)
        assert screen.status(plan.lock) is expected
        assert of(view).places[plan.lock]


def test_a_drop_on_blocked_asks_for_the_reason_in_place(screen: Screen, plan: Plan, view: BoardView) -> None:
    drag(screen, view, plan.lock, column_point(view, "Blocked"))
    assert screen.status(plan.lock) is Status.READY
    answer(screen, "No licence key")
    assert screen.status(plan.lock) is Status.BLOCKED
    card = next(card for card in of(view).cards if card.task.id == plan.lock)
    assert card.fact == "No licence key"
    assert card.follows == "1.2 cannot start without it."


def test_what_waits_for_another_is_refused_with_the_reason_on_the_card(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    before = head(screen)
    drag(screen, view, plan.export, column_point(view, "Running"))
    assert head(screen) == before
    assert screen.status(plan.export) is Status.TODO
    assert "“Lock users” is to do." in refusal(view)
    assert view.chosen_task() == plan.export
    assert refusal(view) == view.surface.accessibleDescription()
    press(screen, view, Qt.Key.Key_Escape)
    assert refusal(view) == ""


def test_a_closed_gate_is_named_on_the_card(screen: Screen, plan: Plan, view: BoardView) -> None:
    before = head(screen)
    drag(screen, view, plan.load, column_point(view, "Done"))
    assert "The gate “Frozen” is closed." in refusal(view)
    assert head(screen) == before


def test_nothing_goes_back_to_what_is_derived(screen: Screen, plan: Plan, view: BoardView) -> None:
    screen.workspace.run(start_step, screen.workspace.read(main_run, plan.project), plan.lock)
    screen.settle()
    before = head(screen)
    for title in ("Later", "Soon", "May start"):
        drag(screen, view, plan.lock, column_point(view, title))
        assert "has begun" in refusal(view)
    drag(screen, view, plan.export, column_point(view, "May start"))
    assert "follows from what it waits for" in refusal(view)
    assert head(screen) == before


def test_what_the_command_refuses_is_said_on_the_card_too(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    """Blocked before what it waits for was done: only the command looks that up."""
    run = screen.workspace.read(main_run, plan.project)
    screen.workspace.run(block_step, run, plan.export, reason="No disk")
    screen.settle()
    before = head(screen)
    drag(screen, view, plan.export, column_point(view, "Running"))
    assert head(screen) == before
    assert "Lock users" in refusal(view)


def test_columns_that_would_refuse_are_known_while_dragging_and_escape_leaves_all_as_it_was(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    surface = view.surface
    drag(screen, view, plan.export, column_point(view, "Running"), drop=False)
    assert is_dragging(view)
    refused = {
        one.slot.title: bool(surface.dragging.verdict(surface.target(0, n)).refused)
        for n, one in enumerate(of(view).columns)
    }
    assert refused["Running"]
    assert refused["Done"]
    assert not refused["Blocked"]
    surface.viewport().grab()
    press(screen, view, Qt.Key.Key_Escape)
    assert not is_dragging(view)
    QTest.mouseRelease(
        surface.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        column_point(view, "Blocked"),
    )
    screen.settle()
    assert screen.status(plan.export) is Status.TODO


def test_shift_and_an_arrow_move_the_selected_card(screen: Screen, plan: Plan, view: BoardView) -> None:
    view.surface.go_to(plan.lock)
    press(screen, view, Qt.Key.Key_Right, shift=True)
    assert screen.status(plan.lock) is Status.RUNNING
    assert view.chosen_task() == plan.lock
    press(screen, view, Qt.Key.Key_Left, shift=True)
    assert "has begun" in refusal(view)


def test_letters_act_on_the_selected_step(screen: Screen, plan: Plan, view: BoardView) -> None:
    view.surface.setFocus()
    view.surface.go_to(plan.lock)
    press(screen, view, Qt.Key.Key_S)
    assert screen.status(plan.lock) is Status.RUNNING
    press(screen, view, Qt.Key.Key_W)
    answer(screen, "The vendor calls back")
    assert screen.status(plan.lock) is Status.WAITING
    press(screen, view, Qt.Key.Key_F)
    assert screen.status(plan.lock) is Status.CLAIMED
    view.surface.go_to(plan.export)
    press(screen, view, Qt.Key.Key_S)
    answer(screen, "The lock is being documented")
    assert screen.status(plan.export) is Status.RUNNING
    press(screen, view, Qt.Key.Key_X)
    answer(screen, "Disk full")
    assert screen.status(plan.export) is Status.FAILED


def test_the_start_button_on_a_card_starts_it(screen: Screen, plan: Plan, view: BoardView) -> None:
    surface = view.surface
    top = middle_of(surface, plan.lock)
    assert surface.layout_ is not None
    place = of(view).places[plan.lock]
    box = surface.layout_.box(place, 0, 600)
    at = QPoint(top.x() - box.width // 2 + 30, top.y() - 12 + box.height - 24)
    QTest.mouseClick(surface.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    screen.settle()
    assert screen.status(plan.lock) is Status.RUNNING


def test_between_owners_stages_streams_and_priorities_the_field_changes(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    ada = with_owner(screen.workspace)
    screen.workspace.act_as(ada)
    screen.workspace.run(set_task, plan.load, {"stream": "data"})
    screen.settle()
    divide(screen, view, "owner")
    drag(screen, view, plan.lock, column_point(view, "Ada Owner"))
    assert screen.task(plan.lock).owner_id == ada
    drag(screen, view, plan.lock, column_point(view, "Nobody yet"))
    assert screen.task(plan.lock).owner_id is None

    divide(screen, view, "stage")
    drag(screen, view, plan.lock, column_point(view, "2  Load"))
    assert screen.task(plan.lock).stage_id == plan.second
    screen.press(Qt.Key.Key_Z, ctrl=True)
    assert screen.task(plan.lock).number == "1.1"

    divide(screen, view, "stream")
    drag(screen, view, plan.lock, column_point(view, "data"))
    assert screen.task(plan.lock).stream == "data"

    divide(screen, view, "priority")
    view.surface.go_to(plan.lock)
    press(screen, view, Qt.Key.Key_Left, shift=True)
    assert screen.task(plan.lock).priority == 5
    press(screen, view, Qt.Key.Key_Right, shift=True)
    assert screen.task(plan.lock).priority is None


def test_between_lanes_the_lane_changes_and_never_two_commands_at_once(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    divide(screen, view, "state", "stage")
    surface = view.surface
    assert surface.layout_ is not None
    lower = surface.sizes.head + surface.layout_.lane_tops[1] + surface.sizes.lane + 20
    before = head(screen)
    drag(screen, view, plan.lock, column_point(view, "Running", lower))
    assert "One thing at a time" in refusal(view)
    assert head(screen) == before
    lower = surface.sizes.head + surface.layout_.lane_tops[1] + surface.sizes.lane + 20
    drag(screen, view, plan.lock, column_point(view, "May start", lower))
    assert screen.task(plan.lock).stage_id == plan.second
    assert screen.status(plan.lock) is Status.READY or screen.status(plan.lock) is Status.TODO


def test_owner_and_priority_at_once_are_one_change_and_one_undo(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    ada = with_owner(screen.workspace)
    screen.workspace.act_as(ada)
    screen.workspace.run(set_task, plan.load, {"priority": 1, "owner": ada})
    screen.settle()
    divide(screen, view, "priority", "owner")
    surface = view.surface
    assert surface.layout_ is not None
    names = [lane.slot.title for lane in of(view).lanes if lane.slot is not None]
    top = surface.layout_.lane_tops[names.index("Ada Owner")]
    at = column_point(view, "Priority 3", surface.sizes.head + top + surface.sizes.lane + 10)
    drag(screen, view, plan.lock, at)
    assert (screen.task(plan.lock).priority, screen.task(plan.lock).owner_id) == (3, ada)
    screen.press(Qt.Key.Key_Z, ctrl=True)
    assert (screen.task(plan.lock).priority, screen.task(plan.lock).owner_id) == (None, None)


def test_a_finished_step_is_not_run_again_by_a_slip_of_the_mouse(
    screen: Screen, plan: Plan, view: BoardView
) -> None:
    run = screen.workspace.read(main_run, plan.project)
    screen.workspace.run(start_step, run, plan.lock)
    screen.workspace.run(finish_step, run, plan.lock)
    screen.settle()
    drag(screen, view, plan.lock, column_point(view, "Running"))
    assert "Press S" in refusal(view)
    assert screen.status(plan.lock) is Status.CLAIMED
