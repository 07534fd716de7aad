"""Opens the editors of the checklist and takes what was typed; how a cell looks is told beside."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.desktop.checklist.model import ChecklistModel, Index
from ui.desktop.checklist.outline import DraftRow
from ui.desktop.theme.theme import Theme

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ChecklistDelegate(QStyledItemDelegate):
    left_editor = Signal(str)  # "down", "right", "left", "here" or "stay"

    def __init__(
        self, theme: Theme, model: ChecklistModel, people: Callable[[], list[str]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._people = people
        self.editing: QLineEdit | None = None
        self.left_by_enter = False
        self.fills = False  # what is typed goes to every selected row

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.row("normal"))

    # Editing.

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._model.columns[index.column()]
        editor = QLineEdit(parent)
        editor.setProperty("cell", "true")
        editor.setFont(self._theme.font("body"))
        editor.setAccessibleName(column.name(self._model.shown))
        if column.right:
            editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        if column.field == "owner":
            completer = QCompleter(self._people(), editor)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            if (popup := completer.popup()) is not None:
                popup.setFont(self._theme.font("body"))
            editor.setCompleter(completer)
        self.editing = editor
        self.left_by_enter = self.fills = False
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """A change that arrives while somebody types must not take the typed text away."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(self._model.typed_at(index.row(), index.column()))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and (
            editor.isModified() or isinstance(self._model.row_at(index.row()), DraftRow)
        ):
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        editor.setGeometry(option.rect)

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        self.editing = None
        super().destroyEditor(editor, index)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and isinstance(editor, QLineEdit)
        ):
            self.fills = event.key() in _ENTER and bool(
                event.modifiers() & Qt.KeyboardModifier.ControlModifier
            )
            named = {
                Qt.Key.Key_Return: "down",
                Qt.Key.Key_Enter: "down",
                Qt.Key.Key_Tab: "right",
                Qt.Key.Key_Backtab: "left",
            }
            where = named.get(Qt.Key(event.key()))
            if where is not None:
                where = "here" if self.fills else where
                self.left_by_enter = where == "down"
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
                self.left_editor.emit(where)
                return True
            if event.key() == Qt.Key.Key_Escape:
                editor.setModified(False)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)
                self.left_editor.emit("stay")
                return True
        return super().eventFilter(editor, event)
