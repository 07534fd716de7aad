"""The cockpit: one key starts and finishes, checks are answered by number, figures say how late, the selection is shared."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt

from app.commands.projects import set_project
from app.commands.runs import block_step, finish_step, start_run, start_step
from app.commands.tasks import set_task
from app.domain.words import RunKind, Status
from app.queries.facts import main_run
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.cockpit.lines import GroupLine, StepLine
from ui.desktop.cockpit.progress import CheckBar
from ui.desktop.cockpit.view import CockpitView
from ui.desktop.faces import Faces
from ui.desktop.workspaces import OpenWorkspace

MINUTE = 60_000


def cockpit(screen: Screen) -> CockpitView:
    place = screen.window.current_view()
    assert isinstance(place, Faces)
    face = place.made("cockpit")
    assert isinstance(face, CockpitView)
    return face


@pytest.fixture
def face(screen: Screen, plan: Plan) -> CockpitView:
    screen.open(plan.project, "run")
    return cockpit(screen)


def test_one_key_starts_and_one_finishes_the_step_one_is_in(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    assert face.chosen_task() == plan.lock
    screen.type("s", on=face.middle)
    screen.settle()
    assert screen.status(plan.lock) is Status.RUNNING
    screen.type("f", on=face.middle)
    screen.settle()
    assert screen.status(plan.lock) is Status.CLAIMED
    claimed = [one for one in face.trouble.lines() if one.line.task.id == plan.lock]
    assert "A note is missing." in claimed[0].accessibleName()


def test_checks_are_answered_by_number(screen: Screen, plan: Plan, face: CockpitView) -> None:
    screen.workspace.run(start_step, screen.desk.run_id, plan.export, reason="Agreed")
    screen.desk.choose_task(plan.export)
    screen.settle()
    assert len(face.focus.findChildren(CheckBar)) == 1
    screen.type("2", on=face.middle)
    screen.settle()
    assert screen.task(plan.export).checks_passed == 0
    face.focus.findChildren(CheckBar)[0].picked.emit(plan.check)
    screen.type("1", on=face.middle)
    screen.settle()
    assert screen.task(plan.export).checks_passed == 1


def test_what_is_blocked_stands_right_with_its_reason_and_what_waits_for_it(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    workspace.run(
        block_step, workspace.read(main_run, plan.project), plan.lock, reason="The bank does not answer"
    )
    screen.open(plan.project, "run")
    face = cockpit(screen)
    words = " ".join(
        label.text() for label in face.trouble.body.findChildren(type(screen.window.topbar.sample))
    )
    assert "The bank does not answer" in words
    assert "1.2 cannot start without it" in words
    ahead = [one for one in face.middle.lines() if one.line.task.id == plan.export]
    assert "after 1.1, which is stopped" in ahead[0].accessibleName()


def test_the_arrows_move_the_one_selection(screen: Screen, plan: Plan, face: CockpitView) -> None:
    face.middle.setFocus()
    screen.press(Qt.Key.Key_Down, on=face.middle)
    first = screen.desk.task_id
    screen.press(Qt.Key.Key_Down, on=face.middle)
    assert first is not None
    assert screen.desk.task_id not in (None, first)
    assert [one.line.task.id for one in face.middle.lines() if one.is_current()] == [screen.desk.task_id]
    assert face.focus.line is not None
    assert face.focus.line.task.id == screen.desk.task_id


def test_figures_say_how_late_and_that_nothing_is_set(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    began = datetime.fromtimestamp(workspace.clock.now_ms() / 1000 - 90 * 60, UTC)
    workspace.run(set_project, plan.project, {"t0": began.strftime("%Y-%m-%dT%H:%M")})
    run = workspace.run(
        start_run,
        plan.project,
        RunKind.LIVE,
        at=workspace.clock.now_ms() - 90 * MINUTE,
        reason="no rehearsal",
    ).result
    workspace.run(start_step, run, plan.lock, at=workspace.clock.now_ms() - 50 * MINUTE)
    screen.open(plan.project, "run")
    face = cockpit(screen)
    assert "late" in face.instruments.plan.reading().figure
    assert face.instruments.back.reading().below == "no point of no return is set"
    assert face.instruments.live.reading().below.endswith("0 of 3 steps count as done")


def test_the_time_left_to_turn_back_is_counted(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    workspace.run(set_project, plan.project, {"no_return": "2020-01-01T00:00"})
    screen.open(plan.project, "run")
    reading = cockpit(screen).instruments.back.reading()
    assert (reading.figure, reading.tone) == ("has passed", "pnr")


def test_by_owner_everybody_has_what_is_now_and_next(screen: Screen, plan: Plan, face: CockpitView) -> None:
    face.choice.set_current("owner")
    face.choice.chosen.emit("owner")
    screen.settle()
    groups = face.middle.findChildren(GroupLine)
    assert [one.accessibleName() for one in groups] == ["nobody, 0 of 3"]
    assert len(face.middle.findChildren(StepLine)) == 2


def test_a_start_button_starts_its_own_step(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    workspace.run(finish_step, workspace.read(main_run, plan.project), plan.lock)
    workspace.run(set_task, plan.lock, {"requires": ""})
    screen.open(plan.project, "run")
    face = cockpit(screen)
    (card,) = [one for one in face.middle.lines() if one.line.task.id == plan.export]
    assert card.button is not None
    screen.click(card.button)
    assert screen.status(plan.export) is Status.RUNNING


def test_timers_stop_while_nobody_looks(screen: Screen, face: CockpitView) -> None:
    assert face.is_ticking()
    screen.window.go_to("plan")
    screen.settle()
    assert not face.is_ticking()


def test_an_empty_plan_says_what_to_do(screen: Screen, workspace: OpenWorkspace) -> None:
    from app.commands.projects import create_project

    screen.open(workspace.run(create_project, "Empty").result, "run")
    face = cockpit(screen)
    assert face.pages.currentWidget() is face.empty
