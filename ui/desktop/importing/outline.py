"""What a file brings, as the outline it will be: stages with their tasks, each with the line it stands in."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.i18n import N_, _
from ui.desktop.checklist.model import Index
from ui.desktop.importing.reading import StageLine, TaskLine
from ui.desktop.theme.theme import Theme

HEADS = (N_("Line"), N_("Task"), N_("Owner"), N_("Duration"), N_("Checks"))
_WIDTHS = (64, 0, 200, 92, 72)


class OutlineModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[StageLine | TaskLine, ...] = ()

    def take(self, lines: tuple[StageLine | TaskLine, ...]) -> None:
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(HEADS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(HEADS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = section in (0, 3, 4)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def line_at(self, row: int) -> StageLine | TaskLine:
        return self._lines[row]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line = self._lines[index.row()]
        number = str(line.line) if line.line is not None else ""
        if isinstance(line, StageLine):
            return (number, line.title, "", "", "")[index.column()] or None
        checks = str(line.checks) if line.checks else ""
        return (number, line.title, line.owner, line.length, checks)[index.column()] or None


class _OutlineDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: OutlineModel, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, box = self._theme, QRectF(option.rect)
        line = self._model.line_at(index.row())
        stage = isinstance(line, StageLine)
        if stage:
            painter.fillRect(box, theme.color("panel"))
        painter.fillRect(
            QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("soft" if stage else "hair")
        )
        text = index.data()
        if not text:
            return
        column = index.column()
        role = "strong" if stage and column == 1 else "meta" if column == 0 else "body"
        tone = "text3" if column == 0 else "text1" if column == 1 else "text2"
        left = theme.px(8 if stage or column != 1 else 24)
        inner = box.adjusted(left, 0, -theme.px(8), -1)
        theme.words.paint(painter, inner, text, role, theme.color(tone), right=column in (0, 3, 4))


class Outline(QTableView):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.lines = OutlineModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(_OutlineDelegate(theme, self.lines, self))
        self.setAccessibleName(_("What comes in"))
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(theme.row("normal"))
        head = self.horizontalHeader()
        head.setFont(theme.font("meta"))
        head.setFixedHeight(theme.row("header"))
        head.setHighlightSections(False)
        for number, width in enumerate(_WIDTHS):
            if width:
                self.setColumnWidth(number, theme.px(width))
            else:
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
