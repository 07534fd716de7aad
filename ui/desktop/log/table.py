"""The audit log as a table: its columns, and which keys belong to the view around it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from app.i18n import _
from ui.desktop.components.rows import RowPaint, RowTable
from ui.desktop.log.cells import LogCells
from ui.desktop.log.model import LogModel
from ui.desktop.theme.theme import Theme

_WIDTHS = (72, 82, 190, 140, 0, 56)
KEYS = {
    Qt.Key.Key_Space: "toggle_moment",
    Qt.Key.Key_Left: "earlier",
    Qt.Key.Key_Right: "later",
    Qt.Key.Key_U: "take_back",
    Qt.Key.Key_C: "copy_entry",
    Qt.Key.Key_A: "toggle_everything",
    Qt.Key.Key_Escape: "escape",
}


class LogTable(RowTable):
    """The view's keys go to the view, those that move stay here."""

    def __init__(self, theme: Theme, model: LogModel) -> None:
        super().__init__()
        self._cells = LogCells(theme, model)
        self.setModel(model)
        self._look_like_a_list(theme)

    def _look_like_a_list(self, theme: Theme) -> None:
        self.setShowGrid(False)
        self.setAccessibleName(_("Audit log"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.row("normal"))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setFont(theme.font("meta"))
        head.setFixedHeight(theme.row("header"))
        head.setHighlightSections(False)
        for number, width in enumerate(_WIDTHS):
            if width:
                self.setColumnWidth(number, theme.px(width))
            else:
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    def paint_row(self, painter: QPainter, what: RowPaint) -> None:
        self._cells.paint_row(painter, what)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in KEYS or event.text() == "/":
            event.ignore()
        else:
            super().keyPressEvent(event)
