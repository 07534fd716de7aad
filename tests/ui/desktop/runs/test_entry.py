"""One person types for many, and later than it happened; both times are shown, and for whom stays set."""

import time

from PySide6.QtCore import Qt

from app.commands.runs import start_run
from app.domain.words import RunKind, Status
from app.queries.task_detail import AttemptRow, task_detail
from tests.ui.desktop.runs.conftest import cockpit
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.cockpit.progress import happenings
from ui.desktop.cockpit.reading import seen
from ui.desktop.cockpit.view import CockpitView
from ui.desktop.moments import now_ms
from ui.desktop.search.box import SearchBox

MINUTE = 60_000


def type_for(screen: Screen, face: CockpitView, name: str) -> None:
    screen.type("o", on=face.middle)
    screen.type(name)
    screen.press(Qt.Key.Key_Return)


def type_when(screen: Screen, face: CockpitView, text: str) -> None:
    screen.type("t", on=face.middle)
    screen.type(text)
    screen.press(Qt.Key.Key_Return)


def attempt(screen: Screen, task: bytes) -> AttemptRow:
    detail = screen.workspace.read(task_detail, task, screen.desk.run_id)
    assert detail is not None
    return detail.attempts[-1]


def test_a_start_counts_for_somebody_else_at_another_time(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    type_for(screen, face, "ben")
    assert face.focus.entry.text() == "You type for Ben Okri now"
    type_when(screen, face, "-20")
    screen.type("s", on=face.middle)
    screen.settle()
    found = attempt(screen, plan.lock)
    assert found.performer == "Ben Okri"
    assert found.started_at is not None
    ago = time.time() * 1000 - found.started_at
    assert 20 * MINUTE <= ago < 22 * MINUTE
    assert "for Ben Okri · happened" in screen.message()
    assert "typed" in screen.message()


def test_for_whom_stays_and_the_time_holds_for_one_entry(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    type_for(screen, face, "ben")
    type_when(screen, face, "-20")
    screen.type("s", on=face.middle)
    screen.settle()
    assert face.focus.entry.text() == "You type for Ben Okri now"
    screen.type("f", on=face.middle)
    screen.settle()
    assert attempt(screen, plan.lock).performer == "Ben Okri"
    screen.click(face.focus.entry.back)
    assert face.focus.entry.text() == "for me now"


def test_both_times_and_both_people_stand_in_what_happened(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    type_for(screen, face, "ben")
    type_when(screen, face, "-20")
    screen.type("s", on=face.middle)
    screen.settle()
    (started,) = happenings(face._step, "UTC")
    assert started.who == "Ben Okri"
    assert started.typed.startswith("typed ")
    assert started.typed.endswith("by Ada Owner")


def test_a_time_that_cannot_be_read_is_asked_for_again(screen: Screen, plan: Plan, face: CockpitView) -> None:
    type_when(screen, face, "soon")
    assert face.focus.entry.field.isVisible()
    assert "no time that has passed" in screen.message()
    screen.press(Qt.Key.Key_Escape)
    assert screen.desk.entry.stamp.is_plain
    assert screen.status(plan.lock) is Status.READY


def test_what_is_refused_keeps_its_time(screen: Screen, plan: Plan, face: CockpitView) -> None:
    screen.type("s", on=face.middle)
    screen.settle()
    type_when(screen, face, "-20")
    screen.type("f", on=face.middle)  # before it began
    screen.settle()
    assert screen.status(plan.lock) is Status.RUNNING
    assert screen.desk.entry.stamp.at is not None


def test_escape_chooses_nobody_else(screen: Screen, face: CockpitView) -> None:
    screen.type("o", on=face.middle)
    assert screen.window.findChildren(SearchBox)
    screen.press(Qt.Key.Key_Escape)
    assert screen.desk.entry.stamp.is_plain


def test_the_steps_face_types_for_the_same_person(screen: Screen, plan: Plan, face: CockpitView) -> None:
    type_for(screen, face, "ben")
    checklist = screen.checklist()
    assert checklist.entry.isVisible()
    assert "Ben Okri" in checklist.entry.text()
    screen.go(plan.lock, "state")
    screen.type("s")
    screen.settle()
    assert attempt(screen, plan.lock).performer == "Ben Okri"


def test_an_answer_goes_into_the_run_in_which_it_was_asked(
    screen: Screen, plan: Plan, people: dict[str, bytes]
) -> None:
    """The question is open, somebody switches to the live run: the answer must not arrive there."""
    rehearsal = screen.workspace.run(start_run, plan.project, RunKind.REHEARSAL, "Dress").result
    live = screen.workspace.run(start_run, plan.project, RunKind.LIVE, "Live", reason="Test").result
    screen.open(plan.project, "run")
    screen.desk.look_at(plan.project, rehearsal)
    screen.settle()
    face = cockpit(screen)
    screen.type("b", on=face.middle)
    question = screen.window.question
    assert "REHEARSAL" in question._question.text()
    screen.desk.look_at(plan.project, live)
    screen.settle()
    question._answer.setText("The bank does not answer")
    question._give()
    screen.settle()
    assert screen.status(plan.lock) is not Status.BLOCKED
    screen.desk.look_at(plan.project, rehearsal)
    screen.settle()
    assert screen.status(plan.lock) is Status.BLOCKED


def test_a_key_pressed_before_the_other_run_is_painted_goes_where_one_saw(
    screen: Screen, plan: Plan, people: dict[str, bytes]
) -> None:
    rehearsal = screen.workspace.run(start_run, plan.project, RunKind.REHEARSAL, "Dress").result
    live = screen.workspace.run(start_run, plan.project, RunKind.LIVE, "Live", reason="Test").result
    screen.open(plan.project, "run")
    screen.desk.look_at(plan.project, rehearsal)
    screen.settle()
    face = cockpit(screen)
    screen.desk.look_at(plan.project, live)
    screen.type("s", on=face.middle)  # the rehearsal is still on the screen
    screen.settle()
    assert screen.desk.run_id == live
    assert screen.status(plan.lock) is Status.READY
    screen.desk.look_at(plan.project, rehearsal)
    screen.settle()
    assert screen.status(plan.lock) is Status.RUNNING


def test_nothing_starts_while_another_run_is_being_painted_over_it(
    screen: Screen, plan: Plan, people: dict[str, bytes]
) -> None:
    """The parts of the cockpit follow each other: a card of the rehearsal must not start a step of the live run."""
    rehearsal = screen.workspace.run(start_run, plan.project, RunKind.REHEARSAL, "Dress").result
    live = screen.workspace.run(start_run, plan.project, RunKind.LIVE, "Live", reason="Test").result
    screen.open(plan.project, "run")
    screen.desk.look_at(plan.project, rehearsal)
    screen.settle()
    face = cockpit(screen)
    (card,) = [one for one in face.middle.lines() if one.line.task.id == plan.lock]
    assert card.button is not None
    found = screen.workspace.read(seen, plan.project, live, "en", now_ms())
    face._take(found)  # the live run has arrived, its lists are not painted yet
    assert face.run_id() is None
    card.button.click()
    screen.settle()
    for run in (rehearsal, live):
        screen.desk.look_at(plan.project, run)
        screen.settle()
        assert screen.status(plan.lock) is Status.READY
    assert face.run_id() == live
