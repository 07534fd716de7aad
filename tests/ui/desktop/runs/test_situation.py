"""The situation report: one key puts it into the clipboard, in either language; it and the protocol become sealed paper."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.reports.briefing import situation_text
from app.reports.verifying import verify_record
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.cockpit.view import CockpitView
from ui.desktop.moments import now_ms
from ui.desktop.runs.situation import SituationSheet


def report(screen: Screen, language: str) -> list[str]:
    """Without the line that holds the clock: a minute may pass."""
    project = screen.desk.project_id
    assert project is not None
    text = screen.workspace.read(situation_text, project, screen.desk.run_id, language, now_ms())
    return without_clock(text)


def without_clock(text: str) -> list[str]:
    return [line for line in text.splitlines() if ":" not in line]


def test_one_key_puts_the_report_into_the_clipboard(screen: Screen, plan: Plan, face: CockpitView) -> None:
    screen.type("g", on=face.middle)
    screen.settle()
    sheet = face.sheet
    assert isinstance(sheet, SituationSheet)
    copied = QGuiApplication.clipboard().text()
    assert copied == sheet.text.toPlainText()
    assert without_clock(copied) == report(screen, "en")
    assert "Lock users" in copied
    assert "clipboard" in sheet.state.text()


def test_the_other_language_is_copied_when_it_is_chosen(
    screen: Screen, plan: Plan, face: CockpitView
) -> None:
    screen.type("g", on=face.middle)
    screen.settle()
    sheet = face.sheet
    assert isinstance(sheet, SituationSheet)
    before = QGuiApplication.clipboard().text()
    screen.press(Qt.Key.Key_Right, on=sheet.language)
    after = QGuiApplication.clipboard().text()
    assert after != before
    assert without_clock(after) == report(screen, "zh")
    screen.press(Qt.Key.Key_Escape, on=sheet)
    assert face.sheet is None


@pytest.mark.parametrize("kind", ["situation", "protocol"])
def test_it_becomes_paper_that_can_be_verified(
    screen: Screen, plan: Plan, face: CockpitView, tmp_path: Path, kind: str
) -> None:
    to = tmp_path / f"{kind}.pdf"
    wanted = face.printing.wanted(kind)
    assert wanted is not None
    face.printing.print_to(to, wanted)
    screen.type("4711")
    screen.press(Qt.Key.Key_Return)
    screen.settle()
    verdict = screen.workspace.read(verify_record, to.read_bytes())
    assert (verdict.valid, verdict.current) == (True, True)
