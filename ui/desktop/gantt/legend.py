"""What the looks of a Gantt mean, in one line below it."""

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.i18n import N_, _
from ui.desktop.gantt.bars import box_look, line_pen
from ui.desktop.theme.theme import Theme

_PARTS = (
    ("thread", N_("critical path")),
    ("ghost", N_("baseline")),
    ("slack", N_("slack")),
    ("done", N_("done")),
    ("running", N_("running")),
    ("late", N_("late")),
    ("blocked", N_("blocked")),
    ("waiting", N_("waiting")),
)
_LINES = ("thread", "ghost", "slack")


class Legend(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(theme.px(26))
        self.setAccessibleName(", ".join(_(text) for _look, text in _PARTS))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("canvas"))
        painter.setPen(self._theme.color("soft"))
        painter.drawLine(0, 0, self.width(), 0)
        paint_legend(painter, self._theme, self.devicePixelRatioF())
        painter.end()


def paint_legend(painter: QPainter, theme: Theme, ratio: float) -> None:
    px = theme.px
    x, middle = px(16), px(13)
    metrics = theme.metrics("meta")
    painter.setFont(theme.font("meta"))
    for look, text in _PARTS:
        wide = px(24)
        if look in _LINES:
            painter.setPen(line_pen(theme, look))
            painter.drawLine(QLineF(x, middle + 0.5, x + wide, middle + 0.5))
        else:
            pen, brush = box_look(theme, look, ratio)
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.drawRect(QRectF(x + 0.5, middle - px(5) + 0.5, wide - 1, px(11) - 1))
        painter.setPen(theme.color("text2"))
        x += wide + px(8)
        painter.drawText(x, round(middle + metrics.ascent() / 2 - 1), _(text))
        x += round(metrics.horizontalAdvance(_(text))) + px(18)
