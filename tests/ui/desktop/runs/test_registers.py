"""Incidents, decisions and hand-overs from the cockpit, by keys, with two people."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.domain.words import Status
from app.queries.decisions import decisions
from app.queries.handovers import hand_overs
from app.queries.incidents import incidents
from app.storage.erased import MARK
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.cockpit.registers import RegisterWidget
from ui.desktop.cockpit.view import CockpitView
from ui.desktop.runs.decision import DecisionSheet
from ui.desktop.runs.handing import HandOverSheet
from ui.desktop.runs.incident import IncidentSheet, SolveSheet
from ui.desktop.sharing.erase import EraseSheet
from ui.desktop.sharing.sheet import SheetPage


def shown(face: CockpitView) -> list[str]:
    return [one.accessibleName() for one in face.trouble.body.findChildren(RegisterWidget)]


def kept(screen: Screen, query: Callable[..., tuple[Any, ...]]) -> tuple[Any, ...]:
    """What a register of the run looked at holds."""
    return screen.workspace.read(query, screen.desk.run_id)


def raise_incident(screen: Screen, face: CockpitView, title: str) -> None:
    screen.type("i", on=face.middle)
    assert isinstance(face.sheet, IncidentSheet)
    screen.type(title)
    screen.press(Qt.Key.Key_Return)


def test_an_incident_is_a_key_a_title_and_enter(screen: Screen, plan: Plan, face: CockpitView) -> None:
    raise_incident(screen, face, "The bank gateway is down")
    (found,) = kept(screen, incidents)
    assert (found.title, found.severity, found.task) == ("The bank gateway is down", "P3", plan.lock)
    assert face.sheet is None
    assert any("P3 · The bank gateway is down" in text for text in shown(face))


def test_an_incident_needs_a_title_and_keeps_what_is_typed(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    screen.type("i", on=face.middle)
    sheet = face.sheet
    assert isinstance(sheet, IncidentSheet)
    sheet.text.setPlainText("Nobody answers the phone")
    screen.press(Qt.Key.Key_Return, ctrl=True)
    assert kept(screen, incidents) == ()
    assert "what happened" in sheet.wrong.text()
    assert sheet.text.toPlainText() == "Nobody answers the phone"


def test_letters_typed_into_a_sheet_start_no_step(screen: Screen, plan: Plan, face: CockpitView) -> None:
    screen.type("i", on=face.middle)
    screen.type("s", on=face.sheet)
    screen.type("f", on=face.sheet)
    screen.settle()
    assert screen.status(plan.lock) is Status.READY


def test_an_incident_is_solved_with_what_it_cost(screen: Screen, plan: Plan, face: CockpitView) -> None:
    raise_incident(screen, face, "The bank gateway is down")
    (line,) = face.trouble.body.findChildren(RegisterWidget)
    screen.click(line)
    sheet = face.sheet
    assert isinstance(sheet, SolveSheet)
    sheet.solution.setPlainText("Restarted by the bank")
    sheet.lost.setText("1h10")
    screen.press(Qt.Key.Key_Return, ctrl=True, on=sheet)
    (found,) = kept(screen, incidents)
    assert (found.solution, found.minutes_lost, found.is_open) == ("Restarted by the bank", 70, False)


def test_a_decision_is_recorded_with_who_decided(screen: Screen, plan: Plan, face: CockpitView) -> None:
    screen.type("d", on=face.middle)
    sheet = face.sheet
    assert isinstance(sheet, DecisionSheet)
    screen.type("Go on and watch the queue")
    screen.press(Qt.Key.Key_Return)
    (found,) = kept(screen, decisions)
    assert (found.question, found.decided) == ("Do we go on?", "Go on and watch the queue")
    assert (found.gate, found.decider, found.kind) == (plan.gate, "Ada Owner", "go-no-go")


def test_a_step_goes_from_hand_to_hand(
    screen: Screen, plan: Plan, face: CockpitView, people: dict[str, bytes]
) -> None:
    screen.type("s", on=face.middle)
    screen.settle()
    screen.type("h", on=face.middle)
    screen.settle()
    sheet = face.sheet
    assert isinstance(sheet, HandOverSheet)
    screen.type("ben")
    screen.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is sheet.note
    screen.type("Loads at 82 percent")
    screen.press(Qt.Key.Key_Return, ctrl=True)
    (offer,) = kept(screen, hand_overs)
    assert (offer.receiver, offer.note, offer.is_open) == ("Ben Okri", "Loads at 82 percent", True)
    assert face.handed.isHidden()
    assert any("not taken yet" in text for text in shown(face))

    screen.workspace.act_as(people["ben"])
    face.reload()
    screen.settle()
    assert face.handed.isVisible()
    assert "Loads at 82 percent" in face.handed.accessibleName()
    screen.type("a", on=face.middle)
    screen.settle()
    (offer,) = kept(screen, hand_overs)
    assert not offer.is_open
    assert face.handed.isHidden()
    assert screen.task(plan.lock).holder == "Ben Okri"


def test_who_types_for_the_receiver_takes_it_in_their_name(
    screen: Screen, plan: Plan, face: CockpitView, people: dict[str, bytes]
) -> None:
    from app.commands.handovers import hand_over

    screen.workspace.run(hand_over, screen.desk.run_id, plan.lock, people["ben"], "Yours")
    screen.settle()
    assert face.handed.isHidden()
    screen.desk.entry.set_person(people["ben"], "Ben Okri")
    screen.settle()
    assert face.handed.isVisible()
    screen.type("a", on=face.middle)
    screen.settle()
    assert screen.task(plan.lock).holder == "Ben Okri"


def test_the_texts_of_an_incident_are_erased_from_its_sheet(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    raise_incident(screen, face, "Eva broke it")
    (line,) = face.trouble.body.findChildren(RegisterWidget)
    screen.click(line)
    sheet = face.sheet
    assert isinstance(sheet, SolveSheet)
    ((_word, erase),) = sheet.more.choices
    erase()
    screen.settle()
    assert isinstance(screen.window.sheet, SheetPage)
    form = screen.window.sheet.sheet
    assert isinstance(form, EraseSheet)
    form.reason.setText("asked for")
    assert form.pin is not None
    form.pin.setText("4711")
    screen.press(Qt.Key.Key_Return, ctrl=True, on=form)
    (found,) = kept(screen, incidents)
    assert found.title == MARK
    assert not any("Eva" in text for text in shown(face))
