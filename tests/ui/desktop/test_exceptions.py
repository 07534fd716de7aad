"""Exceptions: what must be answered, the one action that mends each, and the count on the rail."""

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from app.commands.runs import finish_step
from app.commands.signing import sign
from app.commands.tasks import set_task
from app.queries.facts import main_run
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Plan, Screen
from tests.ui.desktop.test_gates import finish_everything, gate_of
from ui.desktop.exceptions.accepting import AcceptSheet
from ui.desktop.exceptions.view import ExceptionsView
from ui.desktop.gates.sheet import SignSheet
from ui.desktop.gates.view import GatesView
from ui.desktop.workspaces import OpenWorkspace


def open_exceptions(screen: Screen, plan: Plan) -> ExceptionsView:
    screen.open(plan.project, "prove")
    face = screen.face("exceptions")
    assert isinstance(face, ExceptionsView)
    return face


def conflict_on_minutes(workspace: OpenWorkspace, plan: Plan) -> None:
    seen = workspace.rev
    workspace.run(set_task, plan.lock, {"minutes": 40}, seen=seen)
    workspace.run(set_task, plan.lock, {"minutes": 50}, seen=seen)


def test_a_quiet_project_has_nothing_to_answer(screen: Screen, plan: Plan) -> None:
    view = open_exceptions(screen, plan)
    assert view.empty.isVisible()
    assert screen.window.rail.buttons["prove"].count == 0


def test_exceptions_stand_by_kind_and_are_counted_on_the_rail(
    screen: Screen, plan: Plan, workspace: OpenWorkspace, qtmodeltester: ModelTester
) -> None:
    conflict_on_minutes(workspace, plan)
    workspace.run(finish_step, workspace.read(main_run, plan.project), plan.lock)
    view = open_exceptions(screen, plan)
    assert [one.row.kind for one in view.found] == ["conflict", "evidence missing"]
    assert view.count.text() == "2 to act on"
    screen.qtbot.waitUntil(lambda: screen.window.rail.buttons["prove"].count == 2)
    check: Any = qtmodeltester.check
    check(view.table.cells)


def test_a_value_is_kept_by_its_number(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    conflict_on_minutes(workspace, plan)
    view = open_exceptions(screen, plan)
    (field,) = view.found[0].values
    words = [value.words for value in field.values]
    assert sorted(words) == ["40 min", "50 min"]
    screen.press(Qt.Key.Key_1, on=view.table)
    assert screen.task(plan.lock).minutes == field.values[0].stored
    assert view.found == []


def test_missing_proof_leads_to_where_it_is_brought(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    workspace.run(finish_step, workspace.read(main_run, plan.project), plan.lock)
    view = open_exceptions(screen, plan)
    screen.press(Qt.Key.Key_Return, on=view.table)
    evidence = screen.window.current_view().face()
    assert evidence.__class__.__name__ == "EvidenceView"
    assert screen.desk.task_id == plan.lock


def sign_and_change(workspace: OpenWorkspace, plan: Plan) -> None:
    """Quinn signs the gate, and then the owner changes what was signed."""
    owner = with_owner(workspace)
    workspace.act_as(owner)
    finish_everything(workspace, plan)
    quinn = with_signer(workspace, owner, "Quinn Auditor", "QA lead")
    run = workspace.read(main_run, plan.project)
    workspace.act_as(quinn)
    workspace.run(sign, workspace.signer(quinn, "0815"), run, plan.gate, role="QA lead")
    workspace.act_as(owner)
    workspace.run(set_task, plan.lock, {"title": "Lock nobody"})


def test_a_stale_signature_leads_to_signing_again(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    sign_and_change(workspace, plan)
    view = open_exceptions(screen, plan)
    assert [(one.row.kind, one.row.who) for one in view.found] == [("stale signature", "Quinn Auditor")]
    screen.press(Qt.Key.Key_Return, on=view.table)
    gates = screen.window.current_view().face()
    assert isinstance(gates, GatesView)
    assert isinstance(gates.sheet, SignSheet)
    gates.sheet.pin.edit.setText("0815")
    screen.click(gates.sheet.sign)
    assert not [one for one in gate_of(screen, plan).signoffs if one.stale and one.counts_for_gate]


def test_an_exception_is_accepted_by_keyboard_and_stands_below_with_its_answer(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    sign_and_change(workspace, plan)
    view = open_exceptions(screen, plan)
    screen.press(Qt.Key.Key_A, on=view.table)
    sheet = view.sheet
    assert sheet is not None
    screen.qtbot.waitUntil(lambda: sheet.who.text() != "…")
    sheet.pin.edit.setText("4711")
    screen.click(sheet.say)
    assert sheet.reason.note_text() == "An acceptance needs a reason."
    sheet.reason.edit.setText("Only a name")
    screen.click(sheet.say)
    screen.qtbot.waitUntil(lambda: view.sheet is None)
    (one,) = view.found
    assert one.row.answer is not None
    assert (one.row.answer.reason, one.row.asks) == ("Only a name", False)
    assert view.count.text() == "0 to act on · 1 accepted"


def test_what_cannot_be_accepted_says_so(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    conflict_on_minutes(workspace, plan)
    view = open_exceptions(screen, plan)
    screen.press(Qt.Key.Key_A, on=view.table)
    assert view.sheet is None
    assert "Only what stands against a gate" in screen.message()


def test_escape_closes_the_sheet_and_accepts_nothing(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    sign_and_change(workspace, plan)
    view = open_exceptions(screen, plan)
    screen.press(Qt.Key.Key_A, on=view.table)
    assert view.unkept()
    (sheet,) = view.findChildren(AcceptSheet)
    screen.press(Qt.Key.Key_Escape, on=sheet.reason.edit)
    assert view.unkept() == ""
    assert view.found[0].row.asks
