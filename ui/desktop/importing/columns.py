"""The first rows of a table with the field of each column above it: a choice one can change."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.i18n import _
from ui.desktop.checklist.model import Index
from ui.desktop.components.buttons import DropButton, add_choice
from ui.desktop.importing.words import FIELD_GROUPS, SURE, SURE_SIGN, field_word
from ui.desktop.theme.theme import Theme

if TYPE_CHECKING:
    from app.integrations.looking import ColumnLook, TableLook

_LEAST, _MOST = 104, 240


class ColumnsModel(QAbstractTableModel):
    """Row 0 stands for the choices, which are widgets; the rows of the file follow."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: TableLook | None = None

    def take(self, table: "TableLook | None") -> None:
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        if self.table is None or (parent is not None and parent.isValid()):
            return 0
        return len(self.table.rows) + 1

    def columnCount(self, parent: Index | None = None) -> int:
        if self.table is None or (parent is not None and parent.isValid()):
            return 0
        return len(self.table.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self.table is None:
            return None
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self.table.columns):
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                name = self.table.columns[section].name
                return name or _("Column {n}").format(n=section + 1)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if orientation == Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            lines = self.table.lines
            line = lines[section - 1] if 0 < section <= len(lines) else None
            return "" if section == 0 else str(line) if line is not None else str(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.table is None or not index.isValid() or index.row() == 0:
            return None
        column = self.table.columns[index.column()]
        text = self.table.rows[index.row() - 1][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text or None
        return not column.field if role == Qt.ItemDataRole.UserRole else None


class FieldButton(DropButton):
    """The field above one column, with a sign that says how sure it is."""

    def __init__(self, theme: Theme, column: "ColumnLook", fill: Callable[[QMenu], None]) -> None:
        sign, tone = SURE_SIGN[column.sure]
        word = field_word(column.field) if column.field else _("Do not import")
        super().__init__(theme, word, fill, icon=sign, kind="", strong=bool(column.field))
        self.fill = fill
        self._tone = tone
        self._sure = _(SURE[column.sure])
        self.may_shrink(80)
        name = column.name or _("a column without a header")
        self.setAccessibleName(_("{column} goes to: {field}").format(column=name, field=word))
        self.setAccessibleDescription(self._sure)
        self.setToolTip(f"{word}: {self._sure}")

    def _ink(self) -> Any:
        return self._theme.color("text1" if self._role == "strong" else "text3")

    def _icon_ink(self) -> Any:
        return self._theme.color(self._tone)


class _CellDelegate(QStyledItemDelegate):
    """Text with the same room on its left as the heads have."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, box = self._theme, QRectF(option.rect)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("hair"))
        text = index.data()
        if not text:
            return
        quiet = index.data(Qt.ItemDataRole.UserRole)
        inner = box.adjusted(theme.px(14 if index.column() == 0 else 8), 0, -theme.px(6), -1)
        theme.words.paint(painter, inner, text, "body", theme.color("text3" if quiet else "text1"))


class ColumnsTable(QTableView):
    chosen = Signal(int, str)  # a column, and the field it goes to; "" for none

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._buttons: list[FieldButton] = []
        self.columns = ColumnsModel(self)
        self.setModel(self.columns)
        self.setItemDelegate(_CellDelegate(theme, self))
        self.setShowGrid(False)
        self.setCornerWidget(QWidget())  # the style's own would be a white square
        self.setAccessibleName(_("The first rows of the file, with the field of each column above it"))
        self.setFont(theme.font("body"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        head = self.horizontalHeader()
        head.setFont(theme.font("meta"))
        head.setFixedHeight(theme.row("header"))
        head.setHighlightSections(False)
        side = self.verticalHeader()
        side.setFont(theme.font("meta"))
        side.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(theme.row("normal"))
        side.setFixedWidth(theme.px(52))
        side.setHighlightSections(False)

    def take(self, table: "TableLook | None") -> None:
        kept = self.focus_column()
        where = self.horizontalScrollBar().value()
        self.columns.take(table)
        self._buttons = []
        for number, column in enumerate(table.columns if table is not None else ()):
            button = FieldButton(self._theme, column, partial(self._fill, number, column))
            self._buttons.append(button)
            self.setIndexWidget(self.columns.index(0, number), self._held(button))
            self.setColumnWidth(number, self._width(number))
        if table is not None:
            self.setRowHeight(0, self._theme.px(38))
        self.horizontalScrollBar().setValue(where)
        if kept is not None and table is not None and kept < len(table.columns):
            self.button(kept).setFocus(Qt.FocusReason.OtherFocusReason)

    def button(self, column: int) -> FieldButton:
        return self._buttons[column]

    def _held(self, button: FieldButton) -> QWidget:
        """With a little room around it, and lined up with the words below."""
        holder = QWidget()
        holder.setProperty("layer", "canvas")
        line = QHBoxLayout(holder)
        line.setContentsMargins(self._theme.px(3), 0, self._theme.px(3), 0)
        line.addWidget(button)
        return holder

    def focus_column(self) -> int | None:
        """Whose choice has the keyboard: it keeps it when the file is read again."""
        return next((n for n, button in enumerate(self._buttons) if button.hasFocus()), None)

    def _width(self, number: int) -> int:
        table = self.columns.table
        assert table is not None
        metrics = self._theme.metrics("body")
        texts = [table.columns[number].name, *(row[number][:60] for row in table.rows[:12])]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + self._theme.px(20)
        button = self.button(number).sizeHint().width() + self._theme.px(8)
        return round(max(self._theme.px(_LEAST), button, min(widest, self._theme.px(_MOST))))

    def _fill(self, number: int, column: "ColumnLook", menu: QMenu) -> None:
        add_choice(menu, _("Do not import"), partial(self.chosen.emit, number, ""), checked=not column.field)
        for group in FIELD_GROUPS:
            menu.addSeparator()
            for name, word in group:
                add_choice(
                    menu, _(word), partial(self.chosen.emit, number, name), checked=column.field == name
                )
