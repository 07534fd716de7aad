"""Undo by name, menus on Alt, hints one can ignore, reports of faults as a sheet, counts on the rail."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.commands.tasks import set_task
from tests.ui.desktop.conftest import MakeDesktop
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.frame.hints import HINTS, hint_for
from ui.desktop.frame.report import ReportSheet
from ui.desktop.preferences import Preferences, load_preferences

FACES = {"", "run/cockpit", "run/checklist", "plan/checklist", "plan/gantt", "prove/gates", "prove/log"}


def test_undo_and_redo_say_what_they_did(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    screen.bridge.run(set_task, plan.lock, {"title": "Lock all"})
    screen.settle()
    window.undo()
    screen.settle()
    assert "Taken back" in screen.message()
    assert "Lock all" in screen.message()
    assert "Ctrl Y" in screen.message()
    window.redo()
    screen.settle()
    assert "Brought back" in screen.message()
    assert screen.task(plan.lock).title == "Lock all"


def test_several_actions_are_undone_at_one_go(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    for title in ("One", "Two", "Three"):
        screen.bridge.run(set_task, plan.lock, {"title": title})
    screen.settle()
    menu = QMenu(window)
    window.places.fill_history(menu)
    inner = menu.actions()[2].menu()
    assert isinstance(inner, QMenu)
    inner.actions()[2].trigger()
    screen.settle()
    assert screen.task(plan.lock).title == "Lock users"


@pytest.mark.qt_log_ignore("This plugin does not support")  # a menu without a display
def test_alt_shows_menus_with_everything_the_screen_offers(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    window.activateWindow()
    assert not window.menubar.isVisible()
    QTest.keyPress(screen.focused(), Qt.Key.Key_Alt)
    QTest.keyRelease(screen.focused(), Qt.Key.Key_Alt)
    assert window.menubar.isVisible()
    texts: list[str] = []
    for one in window.menubar.actions():
        menu = one.menu()
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
        texts += [each.text() for each in menu.actions()]
    assert any("New task" in text and "Ins" in text for text in texts)
    assert any("Theme: dark" in text for text in texts)
    popup = QApplication.activePopupWidget()
    assert popup is window.menubar.actions()[0].menu()
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    screen.settle()
    assert not window.menubar.isVisible()


def test_alt_with_another_key_shows_no_menus(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    QTest.keyPress(screen.focused(), Qt.Key.Key_Alt)
    QTest.keyPress(screen.focused(), Qt.Key.Key_9, Qt.KeyboardModifier.AltModifier)
    QTest.keyRelease(screen.focused(), Qt.Key.Key_Alt)
    screen.settle()
    assert not window.menubar.isVisible()


def test_a_count_on_the_rail_is_seen_and_said(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    window.desk.counted.emit("prove", 3)
    assert window.rail.buttons["prove"].count == 3
    assert "3" in window.rail.buttons["prove"].accessibleName()
    window.rail.set_count("prove", 0)
    assert window.rail.buttons["prove"].accessibleName() == "Prove"


# -- hints ---------------------------------------------------------------------------------------------------------


def test_one_hint_at_a_time_until_all_are_put_away() -> None:
    seen: tuple[str, ...] = ()
    while (hint := hint_for("run/cockpit", seen)) is not None:
        seen = (*seen, hint.id)
    assert seen == ("step", "trouble", "search")
    assert hint_for("run/cockpit", ("*",)) is None
    assert {hint.place for hint in HINTS} <= FACES


def test_a_workspace_of_ones_own_shows_no_hints(screen: Screen, plan: Plan) -> None:
    assert screen.open(plan.project).helping.line.text() == ""


@pytest.fixture
def sample_like(screen: Screen, plan: Plan, tmp_path: Path) -> Screen:
    """The frame says sample: that is all hints ask for."""
    screen.desk.preferences = Preferences(language="en", theme="light", file=tmp_path / "desktop.json")
    window = screen.open(plan.project)
    window.places.frame = window.places.frame._replace(sample=True)
    window.helping.show_hint()
    return screen


def test_a_hint_is_put_away_for_ever(sample_like: Screen, tmp_path: Path) -> None:
    line = sample_like.window.helping.line
    first = line.text()
    assert "spreadsheet" in first
    sample_like.click(line.close_it)
    assert line.text() not in ("", first)
    sample_like.click(line.none)
    assert line.text() == ""
    assert load_preferences(tmp_path / "desktop.json").unwanted_hints == ("typing", "*")
    sample_like.window.helping.show_again()
    assert line.text() == first


def test_a_hint_follows_the_face_and_takes_no_keyboard(sample_like: Screen) -> None:
    window = sample_like.window
    sample_like.face("gantt")
    assert "critical path" in window.helping.line.text()
    assert not window.helping.line.isAncestorOf(sample_like.focused())


# -- faults --------------------------------------------------------------------------------------------------------


def test_a_fault_of_ours_shows_its_report_in_a_sheet(screen: Screen, plan: Plan, tmp_path: Path) -> None:
    window = screen.open(plan.project)
    window.desk.home = tmp_path
    screen.bridge.write(_breaks)
    screen.settle()
    assert "our fault" in screen.message()
    screen.click(window.message.action)
    sheet = window.stack.currentWidget()
    assert isinstance(sheet, ReportSheet)
    assert "ZeroDivisionError" in sheet.text.toPlainText()
    screen.click(sheet.copy)
    assert "ZeroDivisionError" in QGuiApplication.clipboard().text()
    screen.click(sheet.delete)
    assert list((tmp_path / "reports").iterdir()) == []
    assert not sheet.delete.isEnabled()
    screen.press(Qt.Key.Key_Escape, on=sheet)
    assert window.stack.currentWidget() is window.current_view()


def _breaks() -> None:
    raise ZeroDivisionError


def test_the_next_start_says_that_the_last_one_ended_in_the_middle(
    qtbot: QtBot, make_desktop: MakeDesktop, tmp_path: Path
) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "running-999999999").touch()
    desktop = make_desktop()
    desktop.open()
    qtbot.waitUntil(
        lambda: desktop.window is not None and "in the middle" in desktop.window.message.text(),
        timeout=20_000,
    )
    qtbot.waitUntil(lambda: not desktop.is_busy() and desktop.bridge.is_idle(), timeout=20_000)
    assert desktop.window is not None
    desktop.window.message.action.click()
    assert isinstance(desktop.window.stack.currentWidget(), ReportSheet)
