"""The grid itself: fixed rows, typing edits, single letters act in the state column, rows pasted from a spreadsheet."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from app.i18n import _
from app.queries.checklist import TaskRow
from ui.desktop.checklist.cells import Cells
from ui.desktop.checklist.delegate import ChecklistDelegate
from ui.desktop.checklist.grouping import HEADS, HeadRow
from ui.desktop.checklist.head import Head
from ui.desktop.checklist.layout import Layout
from ui.desktop.checklist.model import ChecklistModel, Index
from ui.desktop.checklist.outline import DraftRow
from ui.desktop.components.rows import RowPaint, RowTable
from ui.desktop.theme.theme import Theme

_TRIGGER = QAbstractItemView.EditTrigger
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_NONE = Qt.KeyboardModifier.NoModifier
# What a key asks of the view, wherever in a row one stands.
_WISHES = {
    (_CTRL, Qt.Key.Key_V): "paste",
    (_CTRL, Qt.Key.Key_C): "copy",
    (_CTRL | _SHIFT, Qt.Key.Key_C): "copy as list",
    (_CTRL, Qt.Key.Key_X): "cut",
    (_CTRL, Qt.Key.Key_D): "fill",
    (_ALT, Qt.Key.Key_Up): "up",
    (_ALT, Qt.Key.Key_Down): "down",
    (_ALT, Qt.Key.Key_Left): "earlier stage",
    (_ALT, Qt.Key.Key_Right): "later stage",
    (_ALT, Qt.Key.Key_S): "sort",
    (_ALT, Qt.Key.Key_L): "link",
    (_ALT, Qt.Key.Key_X): "next conflict",
    (_NONE, Qt.Key.Key_Insert): "insert",
    (_NONE, Qt.Key.Key_Delete): "delete",
}


class ChecklistGrid(RowTable):
    acted = Signal(str)  # a letter pressed in the state column
    wished = Signal(str)  # one of the wishes above, or "details"
    dropped = Signal(object, list)  # task row, files
    moved = Signal()  # the current row is another one

    def __init__(
        self, theme: Theme, model: ChecklistModel, delegate: ChecklistDelegate, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = model
        self._delegate = delegate
        self._cells = Cells(theme, model)
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.left_editor.connect(self._on_left_editor)
        self.setAccessibleName(_("Checklist"))
        self.setHorizontalHeader(Head(theme, model, self))
        self.columns = Layout(theme, model, self)
        self.horizontalHeader().sectionClicked.connect(model.sort_next)
        self._set_up_look()
        self._set_up_use()
        model.in_view = self.rows_in_view
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._return)
        self._kept: tuple[bytes | None, int, int] | None = None

    def _set_up_look(self) -> None:
        theme = self._theme
        self.setShowGrid(False)
        self.setFont(theme.font("body"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(theme.row("normal"))
        rows.setDefaultSectionSize(theme.row("normal"))
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _set_up_use(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(_TRIGGER.DoubleClicked | _TRIGGER.EditKeyPressed | _TRIGGER.AnyKeyPressed)
        self.setTabKeyNavigation(False)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.viewport().setAcceptDrops(True)

    def paint_row(self, painter: QPainter, what: RowPaint) -> None:
        self._cells.paint_row(painter, what)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit()

    # What is selected.

    def current_row(self) -> TaskRow | HeadRow | DraftRow | None:
        index = self.currentIndex()
        return (
            self._rows.row_at(index.row())
            if index.isValid() and index.row() < self._rows.rowCount()
            else None
        )

    def current_task(self) -> TaskRow | None:
        row = self.current_row()
        return row if isinstance(row, TaskRow) else None

    def selected_tasks(self) -> list[TaskRow]:
        numbers = sorted({index.row() for index in self.selectionModel().selectedRows()})
        rows = [self._rows.row_at(number) for number in numbers]
        return [row for row in rows if isinstance(row, TaskRow)]

    def go_to(self, row_id: bytes, column: str = "") -> bool:
        row = self._rows.find(row_id)
        if row < 0:
            return False
        number = self._rows.column_of(column) if column else self.currentIndex().column()
        self._stand_on(row, max(number, 0))
        return True

    def _stand_on(self, row: int, column: int) -> None:
        """That row alone is selected, whichever keys are held meanwhile."""
        flags = QItemSelectionModel.SelectionFlag
        index = self._rows.index(row, column)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def edit_cell(self, row_id: bytes, column: str) -> None:
        if self.go_to(row_id, column):
            self.scrollTo(self.currentIndex())
            self._edit_here()

    def _edit_here(self) -> None:
        """Unless a field is open already: the same line may be wished for twice, and Enter may come from anywhere."""
        if not self.is_editing():
            self.edit(self.currentIndex())

    def is_editing(self) -> bool:
        return self.state() == QAbstractItemView.State.EditingState

    def _remember(self) -> None:
        row = self.current_row()
        index = self.currentIndex()
        if row is not None:
            self._kept = (row.id, index.row(), index.column())

    def _return(self) -> None:
        """After everything was read anew: the same task, else the row that took its place."""
        if self._kept is None or not self._rows.rowCount():
            return
        row_id, row, column = self._kept
        found = self._rows.find(row_id)
        number = found if found >= 0 else min(row, self._rows.rowCount() - 1)
        self._stand_on(number, column)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.moved.emit()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.moved.emit()

    # Keys and mouse.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        key = Qt.Key(event.key())
        held = event.modifiers() & (_CTRL | _ALT | _SHIFT)
        row = self.current_row()
        wish = _WISHES.get((held, key))
        plain = not held & (_CTRL | _ALT)
        column = self._rows.columns[index.column()].id if index.isValid() else ""
        if wish is not None:
            self.wished.emit(wish)
        elif (
            plain
            and isinstance(row, HEADS)
            and key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            and column == "number"
        ):
            if self._rows.is_folded(row.id) != (key == Qt.Key.Key_Left):
                self._rows.fold(row.id)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(row)
        elif plain and column == "state" and event.text().strip() and event.text().isprintable():
            self.acted.emit(event.text().upper())
        elif plain and key == Qt.Key.Key_Space and not self.is_editing():
            self.wished.emit("details")
        else:
            super().keyPressEvent(event)

    def _enter(self, row: object) -> None:
        index = self.currentIndex()
        if isinstance(row, HEADS) and not self._rows.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self._rows.fold(row.id)
        elif self._rows.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self._edit_here()
        else:
            self.wished.emit("details")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if (
            index.isValid()
            and self._rows.columns[index.column()].id == "number"
            and isinstance(row := self._rows.row_at(index.row()), HEADS)
        ):
            self._rows.fold(row.id)
            return
        super().mousePressEvent(event)

    def _on_left_editor(self, where: str) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        index = self.currentIndex()
        if where == "down" and index.row() + 1 < self._rows.rowCount() and self.current_task() is not None:
            self.setCurrentIndex(index.siblingAtRow(index.row() + 1))
        elif where in ("right", "left"):
            self._step(1 if where == "right" else -1)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001, N802 - Qt's name and signature
        """Tab: the next cell one can type into, on the next row at the end; behind the last one it leaves the grid."""
        return self._step(1 if forward else -1) or super().focusNextPrevChild(forward)

    def _step(self, by: int) -> bool:
        index = self.currentIndex()
        order = self.columns.visible()
        if index.column() not in order:
            return False
        row, place = index.row(), order.index(index.column())
        for _try in range(len(order) * 3):
            place += by
            if not 0 <= place < len(order):
                row, place = row + by, 0 if by > 0 else len(order) - 1
            if not 0 <= row < self._rows.rowCount():
                return False
            there = self._rows.index(row, order[place])
            if self._rows.flags(there) & Qt.ItemFlag.ItemIsEditable:
                self.setCurrentIndex(there)
                return True
        return False

    def texts(self, tasks: list[TaskRow]) -> list[list[str]]:
        """The cells of tasks as they are shown, from left to right."""
        columns = [self._rows.columns[number] for number in self.columns.visible()]
        shown = self._rows.shown
        return [[column.show(task, shown) for column in columns if column.id != "state"] for task in tasks]

    # Files dropped on a row are evidence of its step.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and isinstance(self._rows.row_at(index.row()), TaskRow):
            self.selectRow(index.row())
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self._rows.row_at(index.row()) if index.isValid() else None
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if isinstance(row, TaskRow) and files:
            event.acceptProposedAction()
            self.dropped.emit(row, files)
