"""Tables of plain cells: what one is at stays when the rows are read again, and headings are not chosen."""

from typing import Any

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.ui.desktop.screen import Screen
from ui.desktop.components.cells import Cell, CellModel, CellRow, CellTable, Column

COLUMNS = (Column("No.", 50), Column("Task"), Column("Minutes", 60, right=True))


def rows(*numbers: int) -> list[CellRow]:
    found = [CellRow(n, (Cell(str(n)), Cell(f"Task {n}"), Cell("15"))) for n in numbers]
    return [CellRow("head", heading="Freeze", note="1 of 3"), *found]


@pytest.fixture
def table(screen: Screen, qtbot: QtBot) -> CellTable:
    made = CellTable(screen.desk.theme, COLUMNS, "Tasks")
    qtbot.addWidget(made)
    return made


def test_qt_finds_nothing_wrong_with_the_model(qtmodeltester: ModelTester) -> None:
    model = CellModel(COLUMNS)
    model.take(rows(1, 2, 3))
    check: Any = qtmodeltester.check
    check(model)


def test_one_stays_at_the_same_row_when_rows_come_and_go(table: CellTable) -> None:
    table.take(rows(1, 2, 3))
    assert table.go_to(2)
    table.take(rows(0, 1, 2))
    assert table.key() == 2
    table.take(rows(0, 1))
    assert table.key() == 1  # where it was, the next one that is there


def test_a_heading_cannot_be_chosen(table: CellTable) -> None:
    table.take(rows(1))
    assert table.cells.data(table.cells.index(0, 0)) == "Freeze"
    table.setCurrentIndex(table.cells.index(0, 0))
    assert table.key() is None
