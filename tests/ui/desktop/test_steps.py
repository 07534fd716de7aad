"""Running a plan by keys: starting, finishing, what does not count yet, reasons, evidence by dropping a file."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from app.commands.runs import add_note, finish_step, start_step
from app.commands.tasks import set_task
from app.domain.words import Status
from app.queries.facts import main_run
from app.queries.task_detail import task_detail
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.checklist.parts import CheckLine, EvidenceLine
from ui.desktop.checklist.second import SecondPerson
from ui.desktop.workspaces import OpenWorkspace


def test_a_step_starts_and_its_finish_counts_only_with_its_note(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project, "run")
    screen.go(plan.lock, "state")
    screen.type("s")
    screen.settle()
    assert screen.status(plan.lock) is Status.RUNNING
    screen.type("f")
    screen.settle()
    assert screen.status(plan.lock) is Status.CLAIMED
    assert screen.task(plan.lock).why_not == ("A note is missing.",)
    screen.type("n")
    screen.type("All 412 users locked")
    screen.press(Qt.Key.Key_Return)
    assert screen.status(plan.lock) is Status.DONE


def test_blocking_asks_what_blocks_and_escape_blocks_nothing(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project, "run")
    screen.go(plan.lock, "state")
    screen.type("b")
    assert screen.window.question.isVisible()
    screen.press(Qt.Key.Key_Escape)
    assert screen.status(plan.lock) is Status.READY
    screen.go(plan.lock, "state")
    screen.type("b")
    screen.type("The bank does not answer")
    screen.press(Qt.Key.Key_Return)
    assert screen.status(plan.lock) is Status.BLOCKED
    assert screen.task(plan.lock).reason == "The bank does not answer"


def test_starting_what_is_not_ready_needs_a_reason(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project, "run")
    screen.go(plan.export, "state")
    screen.type("s")
    assert screen.status(plan.export) is Status.TODO
    screen.type("Agreed with the auditor")
    screen.press(Qt.Key.Key_Return)
    assert screen.status(plan.export) is Status.RUNNING
    assert screen.task(plan.export).reason == "Agreed with the auditor"


def test_letters_type_outside_the_state_column(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.type("start over")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.lock).title == "start over"
    assert screen.status(plan.lock) is Status.READY


def test_a_check_is_answered_in_the_inspector(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project, "run")
    screen.go(plan.export, "state")
    screen.settle()
    (line,) = screen.checklist().inspector.findChildren(CheckLine)
    screen.click(line.answer)
    assert screen.task(plan.export).checks_passed == 1


def test_a_file_dropped_on_a_row_is_evidence_of_its_step(screen: Screen, plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "protocol.txt"
    file.write_text("412 of 412")
    screen.open(plan.project, "run")
    grid = screen.checklist().grid
    row = screen.checklist().model.find(plan.export)
    spot = QPointF(grid.visualRect(screen.checklist().model.index(row, 2)).center())
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    held = Qt.KeyboardModifier.NoModifier
    grid.dropEvent(QDropEvent(spot, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, held))
    screen.settle()
    assert screen.task(plan.export).file_count == 1
    detail = screen.workspace.read(task_detail, plan.export)
    assert detail is not None
    assert detail.evidence[0].name == "protocol.txt"


def test_a_refusal_stays_in_the_window(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project, "run")
    screen.go(plan.lock, "state")
    screen.type("s")
    screen.settle()
    screen.type("s")
    screen.settle()
    assert "running already" in screen.message()


def test_a_second_person_confirms_with_the_own_pin(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    owner = with_owner(workspace)
    workspace.act_as(owner)
    with_signer(workspace, owner, "Quinn Auditor", "QA lead")
    workspace.run(set_task, plan.lock, {"requires": "second"})
    workspace.run(finish_step, workspace.read(main_run, plan.project), plan.lock)
    screen.open(plan.project, "run")
    screen.go(plan.lock, "state")
    screen.settle()
    assert screen.status(plan.lock) is Status.CLAIMED
    (form,) = screen.checklist().inspector.findChildren(SecondPerson)
    form.open()
    screen.settle()
    form.pin.edit.setText("9999")
    screen.click(form.confirm)
    assert "PIN is wrong" in form.pin.note_text()
    form.pin.edit.setText("0815")
    screen.click(form.confirm)
    assert screen.status(plan.lock) is Status.DONE
    assert workspace.person == owner


def test_evidence_is_removed_and_brought_back(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    workspace.run(add_note, workspace.read(main_run, plan.project), plan.lock, "All locked")
    screen.open(plan.project, "run")
    screen.go(plan.lock, "state")
    screen.settle()
    (line,) = screen.checklist().inspector.findChildren(EvidenceLine)
    line.wants_removal.emit(line.evidence)
    screen.settle()
    assert screen.task(plan.lock).note_count == 0
    screen.click(screen.window.message.action)
    assert screen.task(plan.lock).note_count == 1


def test_the_minutes_a_step_still_needs(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project, "run")
    screen.go(plan.lock, "state")
    screen.type("s")
    screen.settle()
    screen.type("m")
    screen.type("1h30")
    screen.press(Qt.Key.Key_Return)
    assert screen.task(plan.lock).remaining == 90
    model = screen.checklist().model
    assert model.text_at(model.find(plan.lock), model.column_of("finished")) == "1 h 30 left"


def test_a_step_that_runs_over_its_length_says_how_late_it_is(screen: Screen, plan: Plan) -> None:
    """Planned for 15 minutes, started 50 minutes ago."""
    began = screen.workspace.clock.now_ms() - 50 * 60_000
    screen.workspace.run(start_step, screen.workspace.read(main_run, plan.project), plan.lock, at=began)
    screen.open(plan.project, "run")
    model = screen.checklist().model
    cell = model.index(model.find(plan.lock), model.column_of("why"))
    assert model.data(cell, Qt.ItemDataRole.DisplayRole) == "35 min late"


def test_a_minute_that_passes_while_the_window_closes_asks_nothing(screen: Screen, plan: Plan) -> None:
    """The timer may fire once more between the end of the threads and the end of the window."""
    screen.open(plan.project, "run")
    view = screen.checklist()
    screen.close()

    view._on_minute()

    assert screen.bridge.is_closed
