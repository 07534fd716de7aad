"""How a line of the log is painted: the day as a heading, who with a disc, and a seal for the official number."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from ui.desktop.components.avatar import paint_avatar
from ui.desktop.components.rows import RowPaint
from ui.desktop.log.model import LogModel, LogRow
from ui.desktop.theme.theme import Theme

ENTRY, TIME, WHO, DID, WHAT, SEAL = range(6)
_TONES = ("text3", "text2", "text1", "text1", "text2", "text1")
_ROLES = ("body", "body", "body", "strong", "body", "body")


class LogCells:
    def __init__(self, theme: Theme, model: LogModel) -> None:
        self._theme = theme
        self._model = model

    def paint_row(self, painter: QPainter, what: RowPaint) -> None:
        """The chosen row is higher: its words stay in the upper line."""
        theme, box = self._theme, what.box
        row = self._model.row_at(what.row)
        day = not isinstance(row, LogRow)
        if day:
            painter.fillRect(box, theme.color("panel"))
        elif what.selected:
            painter.fillRect(box, theme.color("selected" if what.active else "selected_idle"))
        edge = QRectF(0, box.bottom() - 1, box.width(), 1)
        painter.fillRect(edge, theme.color("soft" if day else "hair"))
        high = theme.row("normal")
        if not isinstance(row, LogRow):
            wide = QRectF(theme.px(14), box.top(), theme.px(400), high - 1)
            theme.words.paint(painter, wide, row.text, "strong", theme.color("text1"))
            return
        for column, left, width in what.spans:
            self._paint_cell(painter, QRectF(left, box.top(), width, high), row, what.row, column)

    def _paint_cell(self, painter: QPainter, box: QRectF, row: LogRow, number: int, column: int) -> None:
        theme = self._theme
        if column == SEAL:
            self._paint_seal(painter, box, row)
            return
        inner = box.adjusted(theme.px(14 if column == ENTRY else 8), 0, -theme.px(6), -1)
        text = self._model.text_at(number, column)
        if column == WHO and text:
            side = theme.px(18)
            disc = QRectF(inner.left(), round(inner.center().y() - side / 2), side, side)
            paint_avatar(painter, theme, disc, row.line.who)
            inner.setLeft(inner.left() + side + theme.px(6))
        theme.words.paint(painter, inner, text, _ROLES[column], theme.color(_TONES[column]))

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
