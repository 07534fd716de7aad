"""The wallboard: for the room, on the run it was opened for, never in the way of who types."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.commands.runs import block_step, start_run
from app.domain.words import RunKind
from app.queries.facts import main_run
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.theme.theme import Theme
from ui.desktop.wallboard.content import Item, Section, now_sections
from ui.desktop.wallboard.painting import Wall, two_lines
from ui.desktop.wallboard.view import Wallboard


def opened(screen: Screen, plan: Plan) -> Wallboard:
    screen.open(plan.project, "run")
    screen.press(Qt.Key.Key_F11)
    board = screen.window.wallboard
    assert board is not None
    screen.settle()
    return board


def hangs(screen: Screen) -> bool:
    return screen.window.wallboard is not None


def test_f11_shows_it_and_the_cockpit_keeps_the_keys(screen: Screen, plan: Plan) -> None:
    board = opened(screen, plan)
    assert board.isVisible()
    assert board.focusPolicy() is Qt.FocusPolicy.NoFocus
    face = screen.window.current_view().face()
    focus = QApplication.focusWidget()
    assert focus is None or not board.isAncestorOf(focus)
    screen.type("s", on=face.middle)  # type: ignore[attr-defined]
    screen.settle()
    assert screen.status(plan.lock).value == "running"


def test_it_follows_every_change(screen: Screen, plan: Plan) -> None:
    board = opened(screen, plan)
    assert board.data is not None
    assert "May start" in board.accessibleDescription()
    run = screen.workspace.read(main_run, plan.project)
    screen.workspace.run(block_step, run, plan.lock, reason="The bank does not answer")
    screen.settle()
    assert "The bank does not answer" in board.accessibleDescription()


def test_it_stays_on_its_run_and_says_which(screen: Screen, plan: Plan) -> None:
    rehearsal = screen.workspace.run(start_run, plan.project, RunKind.REHEARSAL, "Dress").result
    live = screen.workspace.run(start_run, plan.project, RunKind.LIVE, "Weekend", reason="Test").result
    board = opened(screen, plan)
    assert board.run_id() == live
    assert board.windowTitle() == "LIVE · Weekend – Go-live – Wallboard"
    screen.desk.look_at(plan.project, rehearsal)
    screen.settle()
    assert board.run_id() == live


def test_escape_and_f11_close_it(screen: Screen, plan: Plan) -> None:
    board = opened(screen, plan)
    QTest.keyClick(board, Qt.Key.Key_Escape)
    assert not hangs(screen)
    screen.press(Qt.Key.Key_F11)
    assert hangs(screen)
    screen.press(Qt.Key.Key_F11)
    assert not hangs(screen)


def test_nothing_on_it_is_smaller_than_twenty_pixels(screen: Screen, plan: Plan) -> None:
    board = opened(screen, plan)
    board.grab()
    used = ("wall", "wall_figure", "wall_line", "wall_word")
    assert all(board.theme.metrics(role).height() >= 20 for role in used)
    board.resize(2880, 1800)
    assert board.theme.scale == 2.0


def test_lists_are_cut_to_what_fits_and_say_how_many_more(screen: Screen, plan: Plan) -> None:
    from PySide6.QtGui import QPainter, QPixmap

    board = opened(screen, plan)
    items = tuple(Item("todo", "waiting", f"1.{n}", "Load balances", "Ann", "22:00") for n in range(12))
    sections = [Section("Running", items, 40), Section("Stopped", items, 12)]
    pixmap = QPixmap(10, 10)
    painter = QPainter(pixmap)
    try:
        wall = Wall(painter, board.theme)
        counts = wall.fitting(sections, 400.0, 500.0)
        assert all(0 < count < 12 for count in counts)
        high = sum(wall.item_height(item, 400.0) for item in items[: max(counts)])
        assert high <= 500
    finally:
        painter.end()


def test_a_title_takes_two_lines_before_it_is_cut(screen: Screen, plan: Plan) -> None:
    board = opened(screen, plan)
    theme: Theme = board.theme
    long = "Reconcile the open items of all company codes with the ledgers of the old system"
    found = two_lines(theme, long, "wall_line", 320.0)
    assert len(found) == 2
    assert found[1].endswith("…")
    assert two_lines(theme, "Short", "wall_line", 320.0) == ["Short"]
    assert now_sections(board.data, "en") if board.data is not None else False
