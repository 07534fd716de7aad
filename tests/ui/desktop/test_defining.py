"""What a task is and what closes a stage, changed in place: predecessors, proof, checks, instruction, gates."""

import pytest
from PySide6.QtCore import Qt

from app.queries.gates import gates
from app.queries.task_detail import TaskDetail, task_detail
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.checklist.linking import Before, read_after
from ui.desktop.components.buttons import SignButton
from ui.desktop.components.textbox import TextBox
from ui.desktop.gates.card import GateCard

NUMBERS = {"1.1": b"a", "1.2": b"b", "2.1": b"c"}


def detail(screen: Screen, task: bytes) -> TaskDetail:
    found = screen.workspace.read(task_detail, task)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("1.1", [Before(b"a")]),
        ("1.1, 1.2ss+30", [Before(b"a"), Before(b"b", "SS", 30)]),
        ("1.1 FF - 1h30；1.2", [Before(b"a", "FF", -90), Before(b"b")]),
        ("1.2+1 小时", [Before(b"b", "FS", 60)]),
    ],
)
def test_predecessors_are_read_as_people_write_them(text: str, found: list[Before]) -> None:
    assert read_after(text, NUMBERS, {b"c"}) == (found, "")


@pytest.mark.parametrize(
    ("text", "part"), [("soon", "soon"), ("9.9", "9.9"), ("2.1", "2.1"), ("1.1+soon", "soon")]
)
def test_what_is_no_predecessor_is_named(text: str, part: str) -> None:
    found, wrong = read_after(text, NUMBERS, {b"c"})
    assert found == []
    assert part in wrong


def test_the_after_cell_makes_changes_and_removes_links(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.load, "after")
    screen.type("1.1, 1.2SS+30")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.load).after == "1.1, 1.2SS+30"
    screen.go(plan.load, "after")
    screen.type("1.2SS+45")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.load).after == "1.2SS+45"
    screen.go(plan.lock, "after")
    screen.type("2.1")
    screen.press(Qt.Key.Key_Return)
    assert "circle" in screen.message()
    assert screen.task(plan.lock).after == ""


def test_required_proof_is_taken_in_and_out(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.settle()
    shown = screen.checklist().inspector.defining.requirements(screen.task(plan.lock))
    shown.findChildren(SignButton)[1].click()  # a file too
    screen.settle()
    assert screen.task(plan.lock).requires == ("comment", "file")


def test_an_instruction_is_written_in_place(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.settle()
    (box,) = screen.checklist().inspector.findChildren(TextBox)
    screen.click(box.begin)
    box.editor.setPlainText("First the dialog users.\nThen the others.")
    screen.press(Qt.Key.Key_Return, ctrl=True, on=box.editor)
    assert detail(screen, plan.lock).instruction == "First the dialog users.\nThen the others."


def test_a_check_is_added_from_the_inspector(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.checklist().inspector.defining._ask_check(screen.task(plan.lock))
    screen.type("Nobody is logged on")
    screen.press(Qt.Key.Key_Return)
    assert [check.text for check in detail(screen, plan.lock).checks] == ["Nobody is logged on"]


def test_a_stage_gets_its_gate(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    stage = screen.list().stages[1]
    screen.checklist().inspector.defining.ask_gate(stage)
    screen.type("Loaded")
    screen.press(Qt.Key.Key_Return)
    screen.type("QA lead, Finance lead")
    screen.press(Qt.Key.Key_Return)
    made = screen.workspace.read(gates, plan.project)[1]
    assert made.name == "Loaded"
    assert made.rule.needs == (("Finance lead", 1), ("QA lead", 1))


def test_a_criterion_and_one_more_role_from_the_card(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project, "prove")
    (card,) = window.findChildren(GateCard)
    card.wants_rule.emit(card.gate, "criterion")
    screen.type("No open defect")
    screen.press(Qt.Key.Key_Return)
    card = next(one for one in window.findChildren(GateCard) if one.isVisible())
    card.wants_rule.emit(card.gate, "role")
    screen.type("Cutover manager")
    screen.press(Qt.Key.Key_Return)
    (gate,) = screen.workspace.read(gates, plan.project)
    assert [one.text for one in gate.criteria] == ["No open defect"]
    assert ("Cutover manager", 1) in gate.rule.needs
