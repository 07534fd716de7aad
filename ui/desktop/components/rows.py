"""A table that paints whole rows: asking a delegate for every cell takes longer than all that is painted."""

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTableView


class Span(NamedTuple):
    """A visible column: its number in the model, and where it stands, in px."""

    column: int
    left: int
    width: int


class RowPaint(NamedTuple):
    """What a row needs to paint itself. `box` is as wide as the window on the table; `focused` the column of the keyboard, or -1."""

    row: int
    box: QRectF
    spans: list[Span]
    selected: bool
    active: bool
    focused: int

    def cell(self, span: Span) -> QRectF:
        return QRectF(span.left, self.box.top(), span.width, self.box.height())


class RowTable(QTableView):
    """No row is hidden; a class says in `paint_row` how one looks."""

    def paint_row(self, painter: QPainter, what: RowPaint) -> None:
        raise NotImplementedError

    def rows_in_view(self) -> range:
        return self._rows_in(self.viewport().rect())

    def _rows_in(self, rect: QRect) -> range:
        first, last = self.rowAt(max(rect.top(), 0)), self.rowAt(rect.bottom())
        if first < 0:
            return range(0)
        return range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        rows, spans = self._rows_in(event.rect()), self._spans(event.rect())
        if not rows or not spans:
            return
        chosen = self.selectionModel()
        wide, root = self.viewport().width(), QModelIndex()
        top = self.rowViewportPosition(rows[0])
        current = self.currentIndex()
        at, column = (current.row(), current.column()) if self.hasFocus() else (-1, -1)
        active = self.isActiveWindow()
        for row in rows:
            high = self.rowHeight(row)
            box = QRectF(0, top, wide, high)
            selected = chosen is not None and chosen.isRowSelected(row, root)
            self.paint_row(painter, RowPaint(row, box, spans, selected, active, column if row == at else -1))
            top += high

    def _spans(self, rect: QRect) -> list[Span]:
        head = self.horizontalHeader()
        found = []
        for place in range(head.count()):
            column = head.logicalIndex(place)
            if head.isSectionHidden(column):
                continue
            left, width = head.sectionViewportPosition(column), head.sectionSize(column)
            if left <= rect.right() and left + width >= rect.left():
                found.append(Span(column, left, width))
        return found
