"""A place with faces: made when looked at, tools beside the names, one selection over all of them."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.faces import Faces


def test_a_face_is_made_when_it_is_looked_at(screen: Screen, plan: Plan) -> None:
    view = screen.open(plan.project, "prove").current_view()
    assert isinstance(view, Faces)
    assert view.stack.count() == 1

    view.show_face("log")

    assert view.stack.currentWidget() is view.made("log")
    assert view.face() is view.made("log")


def test_the_tools_of_the_face_shown_stand_in_the_bar(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)

    tools = screen.checklist().tools

    assert tools is not None
    assert tools.isVisible()


def test_a_place_can_be_opened_at_a_face(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)

    window.go_to("prove/log")

    view = window.current_view()
    assert isinstance(view, Faces)
    assert view.choice.current() == "log"


def test_alt_and_a_number_choose_a_face(screen: Screen, plan: Plan) -> None:
    view = screen.open(plan.project, "prove").current_view()
    assert isinstance(view, Faces)

    QTest.keyClick(screen.window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)

    assert view.choice.current() == view.specs[1].id


def test_plan_and_run_stand_on_the_same_task(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    screen.go(plan.load, "title")
    assert screen.desk.task_id == plan.load

    window.go_to("run")
    screen.settle()

    assert screen.checklist().chosen_task() == plan.load
