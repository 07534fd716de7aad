"""Starting and ending runs: what is not ready is listed with a way to it, and a must that is open needs a reason."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.commands.projects import set_project
from app.commands.runs import start_run
from app.domain.words import RunKind
from app.queries.projects import RunRow, runs
from tests.ui.desktop.runs.conftest import cockpit
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.cockpit.view import CockpitView
from ui.desktop.runs.readiness import EndSheet, StartSheet


def all_runs(screen: Screen, plan: Plan) -> list[RunRow]:
    return [one for one in screen.workspace.read(runs, plan.project) if one.kind != RunKind.MAIN]


def open_start(screen: Screen, face: CockpitView, wish: str) -> StartSheet:
    screen.desk.wished.emit(wish)
    screen.settle()
    assert isinstance(face.sheet, StartSheet)
    return face.sheet


def test_r_starts_a_rehearsal_with_its_next_number(screen: Screen, plan: Plan, face: CockpitView) -> None:
    assert "Start a rehearsal (R)" in face.prompt.text()
    screen.type("r", on=face.middle)
    screen.settle()
    sheet = face.sheet
    assert isinstance(sheet, StartSheet)
    assert sheet.do.text() == "Start Rehearsal 1"
    screen.press(Qt.Key.Key_Return, ctrl=True)
    (made,) = all_runs(screen, plan)
    assert (made.kind, made.name) == ("rehearsal", "Rehearsal 1")
    assert screen.desk.run_id == made.id
    assert face.sheet is None
    assert screen.window.band.kind() == "rehearsal"


def test_the_live_run_is_refused_without_a_reason_and_begins_with_one(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    sheet = open_start(screen, face, "live")
    assert sheet.do.text() == "Start the live run"
    assert sheet.found.musts() > 0
    assert sheet.reason.isVisible()
    screen.press(Qt.Key.Key_Return, ctrl=True)
    assert all_runs(screen, plan) == []
    assert "must be answered first" in sheet.wrong.text()
    assert QApplication.focusWidget() is sheet.reason
    screen.type("The board decided so")
    screen.press(Qt.Key.Key_Return, ctrl=True)
    (made,) = all_runs(screen, plan)
    assert made.kind == "live"


def test_a_run_may_have_begun_earlier(screen: Screen, plan: Plan, face: CockpitView) -> None:
    sheet = open_start(screen, face, "rehearsal")
    sheet.begins.setText("-30")
    screen.press(Qt.Key.Key_Return, ctrl=True)
    (made,) = all_runs(screen, plan)
    assert made.started_at is not None
    assert 29 < (screen.workspace.clock.now_ms() - made.started_at) / 60_000 < 32


def test_a_beginning_that_cannot_be_read_starts_nothing(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    sheet = open_start(screen, face, "rehearsal")
    sheet.begins.setText("soon")
    screen.press(Qt.Key.Key_Return, ctrl=True)
    assert all_runs(screen, plan) == []
    assert "soon" in sheet.wrong.text()


def test_a_finding_leads_to_where_it_is_mended(screen: Screen, plan: Plan, face: CockpitView) -> None:
    sheet = open_start(screen, face, "live")
    wanted = next(one for one in sheet.found.findings if one.kind == "no-owner")
    sheet.found._go(wanted)
    screen.settle()
    assert screen.window.place() == "plan"
    assert screen.desk.task_id == wanted.subjects[0]
    assert face.sheet is None


def test_what_was_mended_is_found_no_more(screen: Screen, plan: Plan, face: CockpitView) -> None:
    sheet = open_start(screen, face, "live")
    before = {one.kind for one in sheet.found.findings}
    assert "no-t0" in before
    screen.workspace.run(set_project, plan.project, {"t0": "2030-01-01T22:00"})
    screen.settle()
    face.close_sheet()
    after = {one.kind for one in open_start(screen, face, "live").found.findings}
    assert "no-t0" not in after


def test_ending_says_what_is_open_and_offers_the_protocol(
    screen: Screen, plan: Plan, people: dict[str, bytes]
) -> None:
    screen.workspace.run(start_run, plan.project, RunKind.LIVE, "Weekend", reason="Test")
    screen.open(plan.project, "run")
    face = cockpit(screen)
    screen.desk.wished.emit("end")
    screen.settle()
    sheet = face.sheet
    assert isinstance(sheet, EndSheet)
    assert "to-do" in {one.kind for one in sheet.found.findings}
    screen.press(Qt.Key.Key_Return, ctrl=True)
    assert all_runs(screen, plan)[0].finished_at is None
    screen.type("Turned back", on=sheet.reason)
    screen.press(Qt.Key.Key_Return, ctrl=True, on=sheet.reason)
    assert all_runs(screen, plan)[0].finished_at is not None
    assert screen.window.message.action.text() == "Print the run protocol…"
    assert "Nothing more can happen in it." in face.prompt.text()


def test_a_sheet_that_is_typed_into_survives_another_wish(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    screen.type("i", on=face.middle)
    sheet = face.sheet
    screen.type("The gateway is down")
    screen.desk.wished.emit("rehearsal")
    screen.settle()
    assert face.sheet is sheet


def test_the_main_run_cannot_be_ended(screen: Screen, plan: Plan, face: CockpitView) -> None:
    screen.desk.wished.emit("end")
    screen.settle()
    assert face.sheet is None
    assert "No rehearsal and no live run" in screen.message()
