"""The audit log: what stands there, filtering it, and taking one action back."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester

from app.commands.tasks import set_task
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.faces import Faces
from ui.desktop.log.details import ChangeShown, details
from ui.desktop.log.model import LogModel
from ui.desktop.log.view import LogView


def open_log(screen: Screen, plan: Plan) -> LogView:
    view = screen.open(plan.project, "prove").current_view()
    assert isinstance(view, Faces)
    view.show_face("log")
    screen.settle()
    face = view.face()
    assert isinstance(face, LogView)
    return face


def test_every_action_stands_there_newest_first(
    screen: Screen, plan: Plan, qtmodeltester: ModelTester
) -> None:
    view = open_log(screen, plan)
    row = view.chosen()
    assert row is not None
    assert row.did == "Add gate Frozen"
    assert isinstance(view.model, LogModel)
    assert view.model.count() == 9
    check: Any = qtmodeltester.check
    check(view.model)


def test_one_action_is_taken_back_from_its_line(screen: Screen, plan: Plan) -> None:
    screen.workspace.run(set_task, plan.lock, {"title": "Wrong"})
    screen.workspace.run(set_task, plan.export, {"title": "Right"})
    view = open_log(screen, plan)
    view.filter.setText("change wrong")
    assert view.model.count() == 1
    view.table.selectRow(0)
    screen.press(Qt.Key.Key_U, on=view)
    assert screen.task(plan.lock).title == "Lock users"
    assert screen.task(plan.export).title == "Right"
    assert screen.message() == "Taken back."


def test_an_entry_says_what_it_changed_from_what_to_what(screen: Screen, plan: Plan) -> None:
    screen.workspace.run(set_task, plan.lock, {"minutes": 90, "title": "Lock all"})
    view = open_log(screen, plan)
    row = view.chosen()
    assert row is not None
    found = screen.workspace.read(details, row.action, row.rev)
    assert set(found.changes) == {
        ChangeShown("minutes", 15, 90),
        ChangeShown("title", "Lock users", "Lock all"),
    }
    shown = {label.text() for label in view.panel.findChildren(QLabel)}
    assert {"15 min", "1 h 30", "Lock users", "Lock all"} <= shown
