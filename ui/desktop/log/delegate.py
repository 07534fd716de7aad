"""How a line of the log is painted: the day as a heading, who with a disc, and a seal for the official number."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.desktop.checklist.model import Index
from ui.desktop.components.avatar import paint_avatar
from ui.desktop.log.model import DayRow, LogModel, LogRow
from ui.desktop.theme.theme import Theme

ENTRY, TIME, WHO, DID, WHAT, SEAL = range(6)
_TONES = ("text3", "text2", "text1", "text1", "text2", "text1")
_ROLES = ("body", "body", "body", "strong", "body", "body")


class LogDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: LogModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The chosen row is higher: its words stay in the upper line."""
        theme = self._theme
        row = self._model.row_at(index.row())
        box = QRectF(option.rect)
        state = option.state
        day = isinstance(row, DayRow)
        if day:
            painter.fillRect(box, theme.color("panel"))
        elif state & QStyle.StateFlag.State_Selected:
            active = bool(state & QStyle.StateFlag.State_Active)
            painter.fillRect(box, theme.color("selected" if active else "selected_idle"))
        edge = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
        painter.fillRect(edge, theme.color("soft" if day else "hair"))
        box.setHeight(theme.row("normal"))
        left = theme.px(14 if index.column() == ENTRY else 8)
        inner = box.adjusted(left, 0, -theme.px(6), -1)
        if isinstance(row, LogRow):
            self._paint_cell(painter, box, inner, row, index)
        elif index.column() == 0:
            wide = QRectF(inner.left(), inner.top(), theme.px(400), inner.height())
            self._text(painter, wide, row.text, "strong", "text1")

    def _paint_cell(self, painter: QPainter, box: QRectF, inner: QRectF, row: LogRow, index: Index) -> None:
        column = index.column()
        if column == SEAL:
            self._paint_seal(painter, box, row)
            return
        text = self._model.text_at(index.row(), column)
        if column == WHO and text:
            side = self._theme.px(18)
            disc = QRectF(inner.left(), round(inner.center().y() - side / 2), side, side)
            paint_avatar(painter, self._theme, disc, row.line.who)
            inner.setLeft(inner.left() + side + self._theme.px(6))
        self._text(painter, inner, text, _ROLES[column], _TONES[column])

    def _paint_seal(self, painter: QPainter, box: QRectF, row: LogRow) -> None:
        side = self._theme.px(16)
        spot = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
        sign, tone = ("seal_fits", "done") if row.final else ("seal_none", "strong")
        if "refused" in row.line.act.unusual:
            sign, tone = "seal_rejected", "blocked"
        self._theme.icons.paint(painter, sign, spot, self._theme.color(tone))
        if row.line.act.unusual and "refused" not in row.line.act.unusual:
            mark = spot.translated(-side - self._theme.px(4), 0)
            self._theme.icons.paint(painter, "flag", mark, self._theme.color("late"))

    def _text(self, painter: QPainter, box: QRectF, text: str, role: str, tone: str) -> None:
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.color(tone))
        shown = self._theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)
