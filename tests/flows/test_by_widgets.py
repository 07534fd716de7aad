"""The whole story in one window: a file becomes a plan, the plan is run, signed by two people, and printed."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from app.commands.imports import import_draft
from app.domain.words import GateState, Status
from app.integrations import read_file
from app.queries.gates import GateView, gates
from app.reports.verifying import verify_record
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Screen, open_for_test
from ui.desktop.checklist.parts import CheckLine
from ui.desktop.faces import Faces
from ui.desktop.gates.sheet import SignSheet
from ui.desktop.gates.view import GatesView
from ui.desktop.gates.withdrawing import WithdrawSheet

PLAN = """# Release 4.2

## Freeze

- [ ] Lock users
- [ ] Export balances
  - [ ] Sums agree

## Open

- [ ] Switch over
"""


class Story:
    """A window over a workspace with an owner who types, and two who sign."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.folder = folder
        self.workspace = open_for_test(folder / "workspace")
        owner = with_owner(self.workspace, "Cutover manager")
        self.workspace.act_as(owner)
        with_signer(self.workspace, owner, "Quinn Auditor", "QA lead")
        with_signer(self.workspace, owner, "Omar Diaz", "Operations")
        self.screen = Screen(qtbot, self.workspace)
        (folder / "release.md").write_text(PLAN, encoding="utf-8")
        report = self.workspace.run(import_draft, read_file(folder / "release.md")).result
        self.project = report.projects[0]
        self.screen.open(self.project)
        self.tasks = {row.title: row.id for row in self.screen.list().tasks}

    # -- what stands ---------------------------------------------------------------------------------------------

    def gate(self) -> GateView:
        (gate,) = self.workspace.read(gates, self.project)
        return gate

    def go_to(self, place: str) -> None:
        self.screen.window.go_to(place)
        self.screen.settle()

    # -- gestures ------------------------------------------------------------------------------------------------

    def set_cell(self, task: str, column: str, text: str) -> None:
        self.screen.go(self.tasks[task], column)
        self.screen.type(text)
        self.screen.press(Qt.Key.Key_Return)

    def key(self, task: str, letter: str) -> None:
        self.screen.go(self.tasks[task], "state")
        self.screen.type(letter)
        self.screen.settle()

    def answer(self, text: str) -> None:
        self.screen.type(text)
        self.screen.press(Qt.Key.Key_Return)

    def drop(self, task: str, name: str, content: str) -> None:
        file = self.folder / name
        file.write_text(content, encoding="utf-8")
        grid, model = self.screen.checklist().grid, self.screen.checklist().model
        spot = QPointF(grid.visualRect(model.index(model.find(self.tasks[task]), 2)).center())
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(file))])
        held = Qt.KeyboardModifier.NoModifier
        grid.dropEvent(QDropEvent(spot, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, held))
        self.screen.settle()

    def gates_view(self) -> GatesView:
        self.go_to("prove")
        view = self.screen.window.current_view()
        assert isinstance(view, Faces)
        face = view.face()
        assert isinstance(face, GatesView)
        return face

    def sign(self, *pins: str) -> None:
        """Opens the sheet for whoever may sign next and types PINs until one is right."""
        view = self.gates_view()
        self.screen.press(Qt.Key.Key_G, on=view)
        sheet = view.sheet
        assert isinstance(sheet, SignSheet)
        for pin in pins:
            sheet.pin.edit.setText(pin)
            self.screen.click(sheet.sign)

    def withdraw_first(self, reason: str) -> None:
        view = self.gates_view()
        shown = view.gates[0]
        view.open_withdrawal(shown, shown.signatures[0])
        sheet = view.sheet
        assert isinstance(sheet, WithdrawSheet)
        sheet.reason.edit.setText(reason)
        sheet.pin.edit.setText("0815")
        self.screen.click(sheet.say)


def plan_the_gate(story: Story) -> None:
    story.screen.checklist().inspector.defining.ask_gate(story.screen.list().stages[0])
    story.answer("Frozen")
    story.answer("QA lead, Operations")
    story.set_cell("Export balances", "after", "1.1")


def perform(story: Story) -> None:
    story.go_to("run")
    story.key("Lock users", "s")
    story.key("Lock users", "f")
    story.drop("Export balances", "protocol.txt", "412 of 412")
    story.key("Export balances", "n")
    story.answer("Agrees with the old system")
    story.key("Export balances", "f")
    assert story.screen.status(story.tasks["Export balances"]) is Status.CLAIMED
    (line,) = story.screen.checklist().inspector.findChildren(CheckLine)
    story.screen.click(line.answer)
    assert story.screen.status(story.tasks["Export balances"]) is Status.DONE


def test_from_a_file_to_a_signed_record_in_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    """File, plan, run, evidence, two signatures, open; changed, stale, undone, open; withdrawn, closed; printed."""
    story = Story(qtbot, tmp_path)
    try:
        plan_the_gate(story)
        perform(story)
        assert story.gate().state is GateState.CLOSED

        story.sign("9999", "0815")
        story.sign("0815")
        assert {one.person for one in story.gate().signoffs} == {"Quinn Auditor", "Omar Diaz"}
        assert story.gate().state is GateState.FINAL

        story.go_to("plan")
        story.set_cell("Lock users", "title", "Lock nobody")
        assert story.gate().state is GateState.CLOSED
        assert [one.stale for one in story.gate().signoffs] == [True, True]

        story.screen.press(Qt.Key.Key_Z, ctrl=True)
        assert story.gate().state is GateState.FINAL

        story.withdraw_first("Signed too early")
        assert story.gate().state is GateState.CLOSED
        assert [one.withdrawn for one in story.gate().signoffs] == [True, False]

        paper = tmp_path / "record.pdf"
        printing = story.gates_view().printing
        wanted = printing.wanted("gate", gate=story.gate().id)
        assert wanted is not None
        printing.print_to(paper, wanted)
        story.answer("4711")
        verdict = story.workspace.read(verify_record, paper.read_bytes())
        assert (verdict.valid, verdict.current) == (True, True)
    finally:
        story.screen.close()
