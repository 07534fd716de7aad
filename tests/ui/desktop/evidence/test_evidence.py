"""Evidence: what is required, there and missing, who brings it, and bringing it right there."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from app.commands.runs import add_note, attach_file, finish_step
from app.commands.tasks import set_task
from app.domain.words import Requirement, Status
from app.queries.completeness import completeness, proof_of_runs
from app.queries.facts import main_run
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.evidence.pieces import PieceLine
from ui.desktop.evidence.view import EvidenceView
from ui.desktop.workspaces import OpenWorkspace


def open_evidence(screen: Screen, plan: Plan) -> EvidenceView:
    screen.open(plan.project, "prove")
    face = screen.face("evidence")
    assert isinstance(face, EvidenceView)
    return face


def cells(view: EvidenceView, task: bytes) -> list[str]:
    row = view.table.cells.find(task)
    return [cell.text for cell in view.table.cells.row_at(row).cells]


def claim(workspace: OpenWorkspace, plan: Plan) -> bytes:
    """The first step is said done without the note it requires."""
    run: bytes = workspace.read(main_run, plan.project)
    workspace.run(finish_step, run, plan.lock)
    return run


def test_a_step_said_done_names_what_is_missing_and_who_brings_it(
    screen: Screen, plan: Plan, workspace: OpenWorkspace, qtmodeltester: ModelTester
) -> None:
    owner = with_owner(workspace)
    workspace.act_as(owner)
    claim(workspace, plan)
    view = open_evidence(screen, plan)
    assert cells(view, plan.lock)[2] == "Claimed only"
    assert cells(view, plan.lock)[7:] == ["note", "Ada Owner"]
    assert view.count.text() == "1 step lacks something · 1 still to come"
    check: Any = qtmodeltester.check
    check(view.table.cells)


def test_only_what_is_missing_is_shown_when_asked_for(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    claim(workspace, plan)
    view = open_evidence(screen, plan)
    assert view.table.cells.keys() == [plan.lock, plan.export]
    screen.press(Qt.Key.Key_M, on=view)
    assert view.table.cells.keys() == [plan.lock]
    view.show_stage("2")
    screen.settle()
    assert view.empty.isVisible()


def test_a_note_written_there_makes_the_step_count(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    claim(workspace, plan)
    view = open_evidence(screen, plan)
    view.table.go_to(plan.lock)
    screen.settle()
    screen.press(Qt.Key.Key_N, on=view.table)
    screen.type("All are out")
    screen.press(Qt.Key.Key_Return)
    assert screen.status(plan.lock) is Status.DONE
    assert cells(view, plan.lock)[7] == "–"


@pytest.fixture
def attached(workspace: OpenWorkspace, plan: Plan, tmp_path: Path) -> bytes:
    """A file that is evidence of the first step; its hash."""
    (tmp_path / "protocol.txt").write_bytes(b"1,200 rows")
    kept = workspace.files.keep(tmp_path / "protocol.txt")
    run = workspace.read(main_run, plan.project)
    workspace.run(attach_file, run, plan.lock, kept.sha256, kept.size, kept.name)
    return kept.sha256


def the_piece(view: EvidenceView) -> PieceLine:
    return view.panel.findChildren(PieceLine)[-1]


def test_a_file_is_opened_after_its_hash_was_checked(screen: Screen, plan: Plan, attached: bytes) -> None:
    view = open_evidence(screen, plan)
    seen: list[bytes] = []
    view.panel.viewer = lambda path: seen.append(path.read_bytes())
    screen.click(the_piece(view).open)
    assert seen == [b"1,200 rows"]
    assert "its hash holds" in screen.message()


def test_a_damaged_file_is_not_opened(
    screen: Screen, plan: Plan, workspace: OpenWorkspace, attached: bytes
) -> None:
    workspace.files.path_of(attached).write_bytes(b"1,300 rows")
    view = open_evidence(screen, plan)
    screen.click(the_piece(view).open)
    assert "damaged" in screen.message()
    screen.click(view.check)
    assert "Damaged: protocol.txt" in screen.message()


def test_a_file_that_is_not_on_this_device_says_so(
    screen: Screen, plan: Plan, workspace: OpenWorkspace, attached: bytes
) -> None:
    workspace.files.path_of(attached).unlink()
    view = open_evidence(screen, plan)
    assert not the_piece(view).is_here
    screen.click(view.check)
    assert "1 is not on this device." in screen.message()


def test_enter_goes_to_the_step(screen: Screen, plan: Plan) -> None:
    view = open_evidence(screen, plan)
    view.table.go_to(plan.export)
    screen.settle()
    screen.press(Qt.Key.Key_Return, on=view.table)
    assert screen.window.place() == "plan"
    assert screen.checklist().chosen_task() == plan.export


def test_the_second_person_is_asked_for_there(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    owner = with_owner(workspace)
    workspace.act_as(owner)
    with_signer(workspace, owner, "Quinn Auditor", "QA lead")
    workspace.run(set_task, plan.lock, {"requires": "second"})
    claim(workspace, plan)
    view = open_evidence(screen, plan)
    view.table.go_to(plan.lock)
    screen.settle()
    assert cells(view, plan.lock)[7:] == ["second person", "anybody but Ada Owner"]
    from ui.desktop.checklist.second import SecondPerson

    (form,) = view.panel.findChildren(SecondPerson)
    screen.click(form.begin)
    form.pin.edit.setText("0815")
    screen.click(form.confirm)
    assert screen.status(plan.lock) is Status.DONE
    assert workspace.read(proof_of_runs, plan.project)[0].second == (1, 1)


def test_the_sums_of_a_run_count_what_is_asked_for(plan: Plan, workspace: OpenWorkspace) -> None:
    run = claim(workspace, plan)
    (found,) = workspace.read(proof_of_runs, plan.project)
    assert (found.evidence, found.checks, found.second, found.sign_offs) == ((0, 1), (0, 1), (0, 0), (0, 1))
    assert found.lacking == (("1.1", (Requirement.COMMENT,)),)
    workspace.run(add_note, run, plan.lock, "locked")
    (found,) = workspace.read(proof_of_runs, plan.project)
    assert (found.evidence, found.lacking) == ((1, 1), ())
    steps = {one.task: one for one in workspace.read(completeness, plan.project, run).steps}
    assert not steps[plan.lock].missing
    assert steps[plan.load].asks is False
