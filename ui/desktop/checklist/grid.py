"""The grid itself: fixed rows, typing edits, single letters act in the state column, rows pasted from a spreadsheet."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.i18n import _
from app.queries.checklist import StageRow, TaskRow
from ui.desktop.checklist.delegate import ChecklistDelegate
from ui.desktop.checklist.model import ChecklistModel, Index
from ui.desktop.checklist.outline import DraftRow
from ui.desktop.theme.theme import Theme

_TRIGGER = QAbstractItemView.EditTrigger
_CTRL = Qt.KeyboardModifier.ControlModifier
_LEAST_TITLE = 240
_ALT = Qt.KeyboardModifier.AltModifier


class ChecklistGrid(QTableView):
    acted = Signal(str)  # a letter pressed in the state column
    wished = Signal(str)  # "insert", "delete", "details", "up", "down"
    pasted = Signal(str)
    dropped = Signal(object, list)  # task row, files
    moved = Signal()  # the current row is another one

    def __init__(
        self, theme: Theme, model: ChecklistModel, delegate: ChecklistDelegate, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = model
        self._delegate = delegate
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.left_editor.connect(self._on_left_editor)
        self.setAccessibleName(_("Checklist"))
        self._unwanted: set[int] = set()
        self._widths: list[int] = []
        self._set_up_look()
        self._set_up_use()
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
        head = self.horizontalHeader()
        head.setFont(theme.font("meta"))
        head.setFixedHeight(theme.row("header"))
        head.setHighlightSections(False)
        head.setMinimumSectionSize(theme.px(28))
        chinese = self._rows.shown.language == "zh"
        self._widths = [theme.px(column.width[1 if chinese else 0]) for column in self._rows.columns]
        for number, width in enumerate(self._widths):
            if width:
                self.setColumnWidth(number, width)
            else:
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    def _set_up_use(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(_TRIGGER.DoubleClicked | _TRIGGER.EditKeyPressed | _TRIGGER.AnyKeyPressed)
        self.setTabKeyNavigation(False)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.viewport().setAcceptDrops(True)

    # Which columns show.

    def hide_column(self, number: int, *, hidden: bool) -> None:
        """A person's choice; a narrow screen may hide more."""
        (self._unwanted.add if hidden else self._unwanted.discard)(number)
        self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """The title keeps its room: on a narrow screen other columns go, the least needed first."""
        columns = self._rows.columns
        shown = {n for n in range(len(columns)) if n not in self._unwanted}
        room = self.viewport().width() - self._theme.px(_LEAST_TITLE)
        for number in sorted(shown, key=lambda n: -columns[n].drop):
            if columns[number].drop and sum(self._widths[n] for n in shown) > room:
                shown.discard(number)
        for number in range(len(columns)):
            if self.isColumnHidden(number) == (number in shown):
                self.setColumnHidden(number, number not in shown)

    # What is selected.

    def current_row(self) -> TaskRow | StageRow | DraftRow | None:
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
        self.setCurrentIndex(self._rows.index(row, max(number, 0)))
        return True

    def edit_cell(self, row_id: bytes, column: str) -> None:
        if self.go_to(row_id, column):
            self.scrollTo(self.currentIndex())
            if not self.is_editing():  # the same line may be wished for twice
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
        index = self._rows.index(number, column)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

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
        held = event.modifiers() & (_CTRL | _ALT)
        row = self.current_row()
        if held == _CTRL and key == Qt.Key.Key_V:
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif held == _CTRL and key == Qt.Key.Key_C:
            self._copy()
        elif held == _ALT and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.wished.emit("up" if key == Qt.Key.Key_Up else "down")
        elif not held and key == Qt.Key.Key_Insert:
            self.wished.emit("insert")
        elif not held and key == Qt.Key.Key_Delete:
            self.wished.emit("delete")
        elif (
            not held
            and isinstance(row, StageRow)
            and key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            and index.column() == 0
        ):
            if self._rows.is_folded(row.id) != (key == Qt.Key.Key_Left):
                self._rows.fold(row.id)
        elif not held and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(row)
        elif (
            not held
            and index.isValid()
            and self._rows.columns[index.column()].id == "state"
            and event.text().strip()
        ):
            self.acted.emit(event.text().upper())
        elif not held and key == Qt.Key.Key_Space and not self.is_editing():
            self.wished.emit("details")
        else:
            super().keyPressEvent(event)

    def _enter(self, row: object) -> None:
        index = self.currentIndex()
        if isinstance(row, StageRow) and self._rows.columns[index.column()].id != "title":
            self._rows.fold(row.id)
        elif self._rows.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        else:
            self.wished.emit("details")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if (
            index.isValid()
            and index.column() == 0
            and isinstance(row := self._rows.row_at(index.row()), StageRow)
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
        row, column = index.row(), index.column()
        for _try in range(self._rows.columnCount() * 3):
            column += by
            if not 0 <= column < self._rows.columnCount():
                row, column = row + by, 0 if by > 0 else self._rows.columnCount() - 1
            if not 0 <= row < self._rows.rowCount():
                return False
            there = self._rows.index(row, column)
            if not self.isColumnHidden(column) and self._rows.flags(there) & Qt.ItemFlag.ItemIsEditable:
                self.setCurrentIndex(there)
                return True
        return False

    def _copy(self) -> None:
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        columns = [n for n in range(self._rows.columnCount()) if not self.isColumnHidden(n)]
        lines = ["\t".join(self._rows.text_at(row, column) for column in columns) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

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
