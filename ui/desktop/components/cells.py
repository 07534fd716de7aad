"""A table of plain cells: text in a tone, a sign before it, a disc for a person; headings between the rows.

What stands in a row is made off the window's thread; painting needs nothing else.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QWidget,
)

from ui.desktop.components.avatar import paint_avatar
from ui.desktop.components.rows import RowPaint, RowTable
from ui.desktop.theme.theme import Theme

Index = QModelIndex | QPersistentModelIndex


class Column(NamedTuple):
    """`width` in px at 100 %; 0 takes the room that is left."""

    title: str
    width: int = 0
    right: bool = False


class Cell(NamedTuple):
    text: str = ""
    tone: str = "text1"
    role: str = "body"
    sign: str = ""
    sign_tone: str = ""
    person: bool = False  # with the person's disc before it
    spoken: str = ""


class CellRow(NamedTuple):
    """`key` is what the row stands for; a row without cells is a heading."""

    key: Any
    cells: tuple[Cell, ...] = ()
    heading: str = ""
    note: str = ""


class CellModel(QAbstractTableModel):
    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[CellRow] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        cell = row.cells[index.column()] if row.cells else Cell()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (row.heading if not row.cells and index.column() == 0 else cell.text) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell.spoken or cell.text or row.heading or None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if not self._rows[index.row()].cells:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def row_at(self, row: int) -> CellRow:
        return self._rows[row]

    def find(self, key: Any) -> int:
        return next((n for n, row in enumerate(self._rows) if row.cells and row.key == key), -1)

    def keys(self) -> list[Any]:
        return [row.key for row in self._rows if row.cells]

    def take(self, rows: Iterable[CellRow]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()


class _Cells:
    """How the rows look."""

    def __init__(self, theme: Theme, model: CellModel) -> None:
        self._theme, self._model = theme, model

    def paint_row(self, painter: QPainter, what: RowPaint) -> None:
        theme, box = self._theme, what.box
        row = self._model.row_at(what.row)
        if not row.cells:
            self._paint_heading(painter, box, row)
            return
        if what.selected:
            painter.fillRect(box, theme.color("selected" if what.active else "selected_idle"))
        painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.color("hair"))
        for number, left, width in what.spans:
            room = theme.px(14 if number == 0 else 8)
            inner = QRectF(left + room, box.top(), width - room - theme.px(8), box.height() - 1)
            self._paint_cell(painter, inner, row.cells[number], right=self._model.columns[number].right)

    def _paint_heading(self, painter: QPainter, box: QRectF, row: CellRow) -> None:
        theme = self._theme
        painter.fillRect(box, theme.color("panel"))
        painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.color("soft"))
        inner = box.adjusted(theme.px(14), 0, -theme.px(14), -1)
        theme.words.paint(painter, inner, row.note, "meta", theme.color("text3"), right=True)
        wide = theme.metrics("meta").horizontalAdvance(row.note) + theme.px(16) if row.note else 0.0
        inner.setWidth(inner.width() - wide)
        theme.words.paint(painter, inner, row.heading, "strong", theme.color("text1"))

    def _paint_cell(self, painter: QPainter, inner: QRectF, cell: Cell, *, right: bool) -> None:
        theme = self._theme
        if cell.sign:
            side = theme.px(16)
            spot = QRectF(inner.left(), round(inner.center().y() - side / 2), side, side)
            theme.icons.paint(painter, cell.sign, spot, theme.color(cell.sign_tone or cell.tone))
            inner.setLeft(inner.left() + side + theme.px(7))
        if cell.person and cell.text:
            side = theme.px(18)
            disc = QRectF(inner.left(), round(inner.center().y() - side / 2), side, side)
            paint_avatar(painter, theme, disc, cell.text)
            inner.setLeft(inner.left() + side + theme.px(6))
        theme.words.paint(painter, inner, cell.text, cell.role, theme.color(cell.tone), right=right)


class CellTable(RowTable):
    """Letters and Space go to the view around it: they are its keys."""

    chosen = Signal(object)  # the key of the row one is at, None where there is none
    entered = Signal(object)  # Enter or a double click

    def __init__(self, theme: Theme, columns: Sequence[Column], spoken: str) -> None:
        super().__init__()
        self._theme = theme
        self.cells = CellModel(columns, self)
        self.setModel(self.cells)
        self._painted = _Cells(theme, self.cells)
        self.setAccessibleName(spoken)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self._heads()
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda _index: self._enter())

    def paint_row(self, painter: QPainter, what: RowPaint) -> None:
        self._painted.paint_row(painter, what)

    def _heads(self) -> None:
        theme = self._theme
        side = self.verticalHeader()
        side.hide()
        side.setDefaultSectionSize(theme.row("normal"))
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setFont(theme.font("meta"))
        head.setFixedHeight(theme.row("header"))
        head.setHighlightSections(False)
        for number, column in enumerate(self.cells.columns):
            if column.width:
                self.setColumnWidth(number, theme.px(column.width))
            else:
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    def take(self, rows: Iterable[CellRow]) -> None:
        """New rows; one stays at the same key, else at the row of the same number."""
        key, at = self.key(), self.currentIndex().row()
        top = self.verticalScrollBar().value()
        self.cells.take(rows)
        row = self.cells.find(key) if key is not None else -1
        if row < 0:
            row = self._nearest(max(at, 0))
        if row >= 0:
            self.selectRow(row)
        self.verticalScrollBar().setValue(top)

    def _nearest(self, row: int) -> int:
        there = [n for n in range(self.cells.rowCount()) if self.cells.row_at(n).cells]
        return min(there, key=lambda n: abs(n - row), default=-1)

    def key(self) -> Any:
        index = self.currentIndex()
        if not index.isValid() or index.row() >= self.cells.rowCount():
            return None
        return self.cells.row_at(index.row()).key if self.cells.row_at(index.row()).cells else None

    def go_to(self, key: Any) -> bool:
        row = self.cells.find(key)
        if row >= 0:
            self.selectRow(row)
            self.scrollTo(self.cells.index(row, 0))
        return row >= 0

    def _on_current(self, _current: Index, _previous: Index) -> None:
        self.chosen.emit(self.key())

    def _enter(self) -> None:
        if self.key() is not None:
            self.entered.emit(self.key())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif event.key() in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()


_MOVES = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
    *(Qt.Key.Key_Home, Qt.Key.Key_End),
)


def pane(widget: QWidget, edge: str) -> QWidget:
    """A part of a screen with a line at one side."""
    widget.setProperty("edge", edge)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget
