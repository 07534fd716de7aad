"""Ten thousand tasks on the board: opened, scrolled, divided otherwise, dragged and filtered without a turn that is felt."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.commands.projects import set_project
from tests.ui.desktop.board.examples import column_point, middle_of, of
from tests.ui.desktop.test_window_thread import Watched, felt, large, use
from ui.desktop.board.columns import GROUPINGS
from ui.desktop.board.view import BoardView

__all__ = ["large"]  # the fixture: a plan of ten thousand, made once


@pytest.mark.slow
def test_no_turn_on_the_board_is_felt_at_ten_thousand_tasks(qtbot: QtBot, large: tuple[Path, bytes]) -> None:
    wrong = felt(qtbot, large, on_the_board)
    assert wrong == [], "\n\n".join(wrong)


def on_the_board(watched: Watched) -> None:
    use(watched, "plan/board")
    view = watched.screen.face("board")
    assert isinstance(view, BoardView)
    for columns, _text in GROUPINGS:
        watched.do(f"columns by {columns}", lambda columns=columns: view.divide(columns=columns))
        bar = view.surface.verticalScrollBar()
        for part in (0.3, 1.0, 0.0):
            value = int(bar.maximum() * part)
            watched.do(f"scroll {columns} to {part}", lambda value=value, bar=bar: bar.setValue(value))
    watched.do("lanes by owner", lambda: view.divide(columns="state", lanes="owner"))
    watched.do("no lanes", lambda: view.divide(lanes=""))
    watched.do("filter", lambda: view.bar.filter.setText("0042"))
    watched.do("filter no more", view.bar.filter.clear)
    _drag(watched, view)
    project, run = watched.screen.desk.project_id, watched.screen.bridge.run
    later = {"window_start": "2036-03-08T18:00"}
    watched.do("all of it later", lambda: run(set_project, project, later))
    hidden = next(iter(of(view).hidden))
    watched.do("open a cut section", lambda: watched.screen.desk.choose_task(hidden, None))
    assert view.chosen_task() == hidden
    assert len(of(view).cards) == len(watched.tasks)


def _drag(watched: Watched, view: BoardView) -> None:
    task = next(card.task.id for card in of(view).cards if card.state == "ready")
    watched.do("go to a card", lambda: view.surface.go_to(task))
    port, left, none = view.surface.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    start, end = middle_of(view.surface, task), column_point(view, "Running")
    watched.do("press a card", lambda: QTest.mousePress(port, left, none, start))
    for step in range(1, 6):
        at = start + QPoint((end.x() - start.x()) * step // 5, 10)
        watched.do("drag it", lambda at=at: QTest.mouseMove(port, at))
    watched.do("drop it", lambda: QTest.mouseRelease(port, left, none, at))
    assert watched.screen.task(task).started_ms is not None
