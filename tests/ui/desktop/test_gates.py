"""Gates: why closed, signing with a PIN, a wrong PIN, changed content, withdrawing; through the widgets."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu

from app.commands.gates import add_criterion
from app.commands.runs import add_note, finish_step, skip_step
from app.commands.signing import sign, waive
from app.commands.tasks import set_task
from app.domain.words import GateState, Meaning
from app.queries.facts import main_run
from app.queries.gates import GateView, gates
from app.reports.verifying import verify_record
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.components.buttons import KeyButton
from ui.desktop.faces import Faces
from ui.desktop.gates.card import GateCard
from ui.desktop.gates.differences import DifferencesSheet
from ui.desktop.gates.reading import is_told_apart
from ui.desktop.gates.reasons import Reasons
from ui.desktop.gates.sheet import SignSheet
from ui.desktop.gates.shown import when_line
from ui.desktop.gates.verdict import VerdictSheet
from ui.desktop.gates.view import GatesView
from ui.desktop.gates.waiving import WaiverSheet
from ui.desktop.gates.withdrawing import WithdrawSheet
from ui.desktop.workspaces import OpenWorkspace


def finish_everything(workspace: OpenWorkspace, plan: Plan) -> None:
    run = workspace.read(main_run, plan.project)
    workspace.run(add_note, run, plan.lock, "locked")
    for task in (plan.lock, plan.export):
        workspace.run(finish_step, run, task)


def gate_of(screen: Screen, plan: Plan) -> GateView:
    return screen.workspace.read(gates, plan.project)[0]


def open_gates(screen: Screen, plan: Plan) -> GatesView:
    view = screen.open(plan.project, "prove").current_view()
    assert isinstance(view, Faces)
    face = view.face()
    assert isinstance(face, GatesView)
    return face


def fill(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.setText(text)


def test_the_card_says_why_the_gate_is_closed(screen: Screen, plan: Plan) -> None:
    view = open_gates(screen, plan)
    (card,) = view.findChildren(GateCard)
    assert card.gate.state is GateState.CLOSED
    assert "Closed" in card.accessibleName()
    assert any("QA lead" in sentence for sentence in card.gate.missing)
    assert any("Lock users" in sentence for sentence in card.gate.missing)


def test_signing_opens_the_gate_and_a_changed_text_closes_it_until_undone(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    owner = with_owner(workspace)
    workspace.act_as(owner)
    finish_everything(workspace, plan)
    with_signer(workspace, owner, "Quinn Auditor", "QA lead")
    view = open_gates(screen, plan)
    screen.press(Qt.Key.Key_G, on=view)
    sheet = view.sheet
    assert isinstance(sheet, SignSheet)
    assert sheet.sign.text() == "Sign as approved"
    assert sheet._person is not None
    assert sheet._person.name == "Quinn Auditor"  # who may sign here, not who types
    fill(sheet.pin.edit, "0000")
    screen.click(sheet.sign)
    assert "PIN is wrong" in sheet.pin.note_text()
    assert gate_of(screen, plan).signoffs == ()
    fill(sheet.pin.edit, "0815")
    screen.press(Qt.Key.Key_Return, ctrl=True, on=sheet.pin.edit)
    assert gate_of(screen, plan).state is GateState.FINAL
    assert workspace.person == owner
    change_title(screen, plan)
    assert gate_of(screen, plan).state is GateState.CLOSED
    assert gate_of(screen, plan).signoffs[0].stale
    screen.window.undo()
    screen.settle()
    assert gate_of(screen, plan).state is GateState.FINAL


def change_title(screen: Screen, plan: Plan) -> None:
    screen.window.go_to("plan")
    screen.settle()
    screen.go(plan.lock, "title")
    screen.type("Lock nobody")
    screen.press(Qt.Key.Key_Return)
    screen.window.go_to("prove")
    screen.settle()


def test_withdrawing_closes_the_gate_again(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    owner = with_owner(workspace)
    workspace.act_as(owner)
    finish_everything(workspace, plan)
    with_signer(workspace, owner, "Quinn Auditor", "QA lead")
    view = open_gates(screen, plan)
    screen.press(Qt.Key.Key_G, on=view)
    assert isinstance(view.sheet, SignSheet)
    fill(view.sheet.pin.edit, "0815")
    screen.click(view.sheet.sign)
    shown = view.gates[0]
    view.open_withdrawal(shown, shown.signatures[0])
    (sheet,) = view.findChildren(WithdrawSheet)
    sheet.reason.edit.setText("Signed too early")
    sheet.pin.edit.setText("0815")
    screen.click(sheet.say)
    assert gate_of(screen, plan).state is GateState.CLOSED
    assert gate_of(screen, plan).signoffs[0].withdrawn


def test_identity_is_asked_at_the_first_signature(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    view = open_gates(screen, plan)
    screen.press(Qt.Key.Key_G, on=view)
    sheet = view.sheet
    assert isinstance(sheet, SignSheet)
    screen.click(sheet.sign)
    assert sheet.name.note_text() == "A signature needs a name."
    fill(sheet.name.edit, "Ada First")
    fill(sheet.pin.edit, "4711")
    fill(sheet.again.edit, "4712")
    screen.click(sheet.sign)
    assert sheet.again.note_text() == "The two PINs differ."
    fill(sheet.again.edit, "4711")
    screen.click(sheet.sign)
    (signed,) = gate_of(screen, plan).signoffs
    assert (signed.person, signed.role, signed.meaning) == ("Ada First", "QA lead", "approved")
    assert workspace.person == signed.person_id


def test_a_criterion_is_judged_with_what_was_found(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    workspace.run(add_criterion, plan.gate, "Defects = 0")
    view = open_gates(screen, plan)
    (card,) = view.findChildren(GateCard)
    card.judged.emit(card.gate.criteria[0], True)
    screen.type("0 of 0")
    screen.press(Qt.Key.Key_Return)
    (criterion,) = gate_of(screen, plan).criteria
    assert (criterion.holds, criterion.value) == (True, "0 of 0")


def test_escape_signs_nothing(screen: Screen, plan: Plan) -> None:
    view = open_gates(screen, plan)
    screen.press(Qt.Key.Key_G, on=view)
    assert view.findChildren(SignSheet)
    screen.press(Qt.Key.Key_Escape)
    assert not [sheet for sheet in view.findChildren(SignSheet) if sheet.isVisible()]
    assert gate_of(screen, plan).signoffs == ()


def test_the_approval_record_is_sealed_with_the_pin_of_who_prints(
    screen: Screen, plan: Plan, workspace: OpenWorkspace, tmp_path: Path
) -> None:
    workspace.act_as(with_owner(workspace))
    view = open_gates(screen, plan)
    to = tmp_path / "record.pdf"
    wanted = view.printing.wanted("gate", gate=plan.gate)
    assert wanted is not None
    view.printing.print_to(to, wanted)
    screen.type("4711")
    screen.press(Qt.Key.Key_Return)
    assert workspace.read(verify_record, to.read_bytes()).valid
    assert "record.pdf" in screen.message()


def test_a_paper_without_a_person_says_that_it_is_not_sealed(
    screen: Screen, plan: Plan, tmp_path: Path
) -> None:
    screen.open(plan.project)
    to = tmp_path / "checklist.pdf"
    printing = screen.checklist().printing
    wanted = printing.wanted("checklist")
    assert wanted is not None
    printing.print_to(to, wanted)
    screen.settle()
    assert to.read_bytes().startswith(b"%PDF")
    assert "not sealed" in screen.message()


def test_a_go_against_a_closed_gate_needs_a_reason(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    workspace.act_as(with_owner(workspace))
    view = open_gates(screen, plan)
    view._on_rule(view.gates[0], "verdict")
    screen.settle()
    sheet = view.sheet
    assert isinstance(sheet, VerdictSheet)
    sheet.pin.edit.setText("4711")
    screen.click(sheet.say)
    assert "reason" in sheet.reason.note_text()
    sheet.reason.edit.setText("The plant waits")
    sheet.pin.edit.setText("4711")
    screen.click(sheet.say)
    (verdict,) = gate_of(screen, plan).verdicts
    assert (verdict.verdict, verdict.person, verdict.reason) == ("go", "Ada Owner", "The plant waits")


def test_the_reasons_are_one_sentence_that_can_be_unfolded(screen: Screen, plan: Plan) -> None:
    view = open_gates(screen, plan)
    (card,) = view.findChildren(GateCard)
    (box,) = card.findChildren(Reasons)
    texts = [one.text() for one in box.findChildren(QLabel)]
    assert "2 steps are not done, 1 sign-off is missing." in texts
    screen.click(box.fold)
    texts = [one.text() for one in box.findChildren(QLabel)]
    assert "“Lock users” is to do." in texts


def test_a_closed_gate_says_by_when_it_must_open(screen: Screen, plan: Plan) -> None:
    screen.workspace.run(set_task, plan.load, {"start": "2026-03-07T04:00"})
    view = open_gates(screen, plan)
    assert view.gates[0].opens_by_ms == 1_772_856_000_000
    assert "must open by" in when_line(view.gates[0], "UTC")


def signed_then_changed(workspace: OpenWorkspace, plan: Plan) -> None:
    owner = with_owner(workspace)
    workspace.act_as(owner)
    finish_everything(workspace, plan)
    quinn = with_signer(workspace, owner, "Quinn Auditor", "QA lead")
    run = workspace.read(main_run, plan.project)
    workspace.act_as(quinn)
    workspace.run(sign, workspace.signer(quinn, "0815"), run, plan.gate, role="QA lead")
    workspace.act_as(owner)
    workspace.run(set_task, plan.lock, {"title": "Lock nobody"})


def test_what_changed_since_a_signature_has_a_sheet_of_its_own(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    signed_then_changed(workspace, plan)
    view = open_gates(screen, plan)
    screen.press(Qt.Key.Key_D, on=view)
    assert isinstance(view.sheet, DifferencesSheet)
    texts = " ".join(one.text() for one in view.sheet.findChildren(QLabel))
    assert "1 change since" in texts
    assert "Lock nobody" in texts
    screen.press(Qt.Key.Key_G, on=view.sheet)
    assert isinstance(view.sheet, SignSheet)
    texts = " ".join(one.text() for one in view.sheet.findChildren(QLabel))
    assert "Changed since you signed" in texts


@pytest.mark.qt_log_ignore("This plugin does not support")  # an open menu, where there is no display
def test_enter_opens_a_criterion_to_judge(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    workspace.run(add_criterion, plan.gate, "Defects = 0")
    view = open_gates(screen, plan)
    screen.press(Qt.Key.Key_Return, on=view)
    menu = next(one for one in view.findChildren(QMenu) if one.isVisible())
    assert next(action.text() for action in menu.actions()) == "It holds…"
    menu.close()


def skipped_by_owner(workspace: OpenWorkspace, plan: Plan) -> bytes:
    """Somebody else may waive it: who that is."""
    owner = with_owner(workspace)
    workspace.act_as(owner)
    workspace.run(
        skip_step, workspace.read(main_run, plan.project), plan.export, reason="There is nothing to export"
    )
    return with_signer(workspace, owner, "Quinn Auditor", "QA lead")


def test_a_skipped_step_is_waived_with_a_reason_by_somebody_who_may(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    skipped_by_owner(workspace, plan)
    view = open_gates(screen, plan)
    skipped = view.gates[0].unwaived
    assert skipped is not None
    undone = view.gates[0].tasks_done
    assert skipped.why == "There is nothing to export"
    assert [one.text() for one in view.findChildren(KeyButton) if one.text() == "Waive…"] == ["Waive…"]
    screen.press(Qt.Key.Key_W, on=view)
    (sheet,) = view.findChildren(WaiverSheet)
    assert sheet.who.text() == "Quinn Auditor, QA lead"  # the owner skipped it, and holds no role here
    fill(sheet.pin.edit, "0815")
    screen.click(sheet.say)
    assert "needs a reason" in sheet.reason.edit.accessibleDescription()
    fill(sheet.reason.edit, "Looked into the source: it is empty")
    screen.click(sheet.say)
    (found,) = gate_of(screen, plan).skipped
    assert found.passes
    assert view.gates[0].tasks_done == undone + 1
    assert [one.reason for one in found.waivers] == ["Looked into the source: it is empty"]
    screen.press(Qt.Key.Key_W, on=view)
    assert not view.findChildren(WaiverSheet) or view.sheet is None


def test_a_waiver_that_does_not_verify_is_never_shown_as_merely_out_of_date(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    """Stale or withdrawn explains why a true one lets nothing pass; a forged one is void whatever else it is."""
    quinn = skipped_by_owner(workspace, plan)
    workspace.act_as(quinn)
    run, signer = workspace.read(main_run, plan.project), workspace.signer(quinn, "0815")
    workspace.run(waive, signer, run, plan.export, role="QA lead", reason="It is empty")
    (given,) = gate_of(screen, plan).skipped[0].waivers
    stale = given._replace(counts_for_gate=False, stale=True)
    assert is_told_apart(given)
    assert is_told_apart(stale)
    assert not is_told_apart(given._replace(counts_for_gate=False))
    assert not is_told_apart(stale._replace(verifies=False))


def test_arrows_choose_the_meaning_and_own_work_is_barred_with_its_reason(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    owner = with_owner(workspace, "QA lead")
    workspace.act_as(owner)
    finish_everything(workspace, plan)
    view = open_gates(screen, plan)
    screen.press(Qt.Key.Key_G, on=view)
    sheet = view.sheet
    assert isinstance(sheet, SignSheet)
    assert not sheet.choices[Meaning.APPROVED].isEnabled()
    assert "you performed work" in sheet.choices[Meaning.APPROVED].accessibleDescription()
    assert sheet.pin.edit.hasFocus()  # what is typed at once is the PIN
    screen.press(Qt.Key.Key_Down)
    assert sheet.sign.text() == "Sign as rejected"  # past what is barred
    screen.press(Qt.Key.Key_Up)
    assert sheet.sign.text() == "Sign as prepared"


def test_below_the_gates_every_run_says_what_its_proof_lacks(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    workspace.run(finish_step, workspace.read(main_run, plan.project), plan.lock)
    view = open_gates(screen, plan)
    assert view.proof.isVisible()
    assert [one.lacking[0][0] for one in view.proof.found] == ["1.1"]
    assert "1.1 note" in [one.text() for one in view.proof.findChildren(QLabel)]
