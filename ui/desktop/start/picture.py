"""What one will get, painted: a window as a tape, bars on the thread, gates, the point of no return."""

import itertools

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import _
from ui.desktop.theme.theme import Theme

# Start, length (in hundredths of the window), row, on the critical path, gate behind it.
_BARS = (
    (0, 2, 0, True, False),
    (2, 3, 1, True, False),
    (5, 5, 2, True, False),
    (10, 7, 3, True, False),
    (17, 4, 4, True, True),
    (11, 3, 5, False, False),
    (13, 4, 6, False, False),
    (21, 4, 7, False, True),
    (4, 2, 8, False, False),
    (6, 4, 9, False, True),
    (22, 3, 10, False, False),
    (21, 5, 11, True, False),
    (26, 4, 12, True, True),
    (30, 14, 13, True, False),
    (44, 8, 14, True, False),
    (52, 4, 15, True, True),
    (56, 9, 16, True, True),
)
_BLACKOUTS = ((27, 4), (76, 14))
_NO_RETURN = 86


def hatch(theme: Theme, meaning: str, ratio: float) -> QBrush:
    """A hatch drawn at the device pixel ratio, so that it is not blurred."""
    side = theme.px(6)
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(meaning), 0.8))
    for shift in (-side, 0, side):
        painter.drawLine(QLineF(shift, side, shift + side, 0))
    painter.end()
    return QBrush(pixmap)


class Promise(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(
            _("A plan inside its window: bars, the critical path, gates and the point of no return")
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = (self.width() - 2) / 100
        self._tape(painter, unit)
        top = theme.px(56)
        step = min(theme.px(22), max(theme.px(12), (self.height() - top - theme.px(40)) / len(_BARS)))
        height = step * len(_BARS)
        brush = hatch(theme, "blackout", painter.device().devicePixelRatio())
        for start, length in _BLACKOUTS:
            box = QRectF(start * unit, top, length * unit, height)
            painter.fillRect(box, theme.color("blackout_soft"))
            painter.fillRect(box, brush)
        after = QRectF(_NO_RETURN * unit, top, (100 - _NO_RETURN) * unit, height)
        painter.fillRect(after, theme.color("pnr_soft"))
        painter.fillRect(QRectF(after.left(), top, 2, height), theme.color("pnr"))
        self._thread(painter, unit, top, step)
        for start, length, row, critical, gate in _BARS:
            self._bar(
                painter,
                QRectF(
                    start * unit,
                    top + row * step + step / 2 - theme.px(4),
                    max(length * unit, 5),
                    theme.px(8),
                ),
                critical,
            )
            if gate:
                side = theme.px(14)
                spot = QRectF(
                    (start + length) * unit + theme.px(8), top + row * step + (step - side) / 2, side, side
                )
                theme.icons.paint(painter, "gate_closed", spot, theme.color("text2"))
        self._legend(painter, top + height + theme.px(14))

    def _tape(self, painter: QPainter, unit: float) -> None:
        theme = self._theme
        box = QRectF(0.5, 0.5, 100 * unit, theme.px(16))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("canvas"))
        painter.drawRoundedRect(box, 2, 2)
        painter.fillRect(QRectF(50 * unit, 1, 50 * unit, box.height() - 1), theme.color("pnr_soft"))
        painter.setBrush(theme.color("running_soft"))
        painter.setPen(theme.color("running"))
        painter.drawRoundedRect(QRectF(0.5, theme.px(4), 34 * unit, theme.px(9)), 2, 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.color("strong"))
        painter.drawRoundedRect(box, 2, 2)
        side = theme.px(14)
        theme.icons.paint(
            painter, "no_return", QRectF(50 * unit - side / 2, theme.px(1), side, side), theme.color("pnr")
        )
        line = QRectF(0, theme.px(20), 100 * unit, theme.px(16))
        painter.setFont(theme.font("meta"))
        painter.setPen(theme.color("text3"))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft), _("Fri 22:00"))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight), _("Mon 06:00 · T-0"))
        painter.setPen(theme.color("pnr"))
        painter.drawText(
            line.adjusted(50 * unit - theme.px(8), 0, 0, 0),
            int(Qt.AlignmentFlag.AlignLeft),
            _("point of no return"),
        )

    def _bar(self, painter: QPainter, box: QRectF, critical: bool) -> None:  # noqa: FBT001 - private
        theme = self._theme
        painter.setPen(QPen(theme.color("critical" if critical else "strong"), 1))
        painter.setBrush(theme.color("canvas"))
        painter.drawRoundedRect(box, 2, 2)
        if critical:
            painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 2), theme.color("critical"))

    def _thread(self, painter: QPainter, unit: float, top: float, step: float) -> None:
        theme = self._theme
        pen = QPen(QColor(theme.color("critical")), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        chain = [bar for bar in _BARS if bar[3]]
        for before, after in itertools.pairwise(chain):
            x = (before[0] + before[1]) * unit
            y0 = top + before[2] * step + step / 2 + theme.px(4)
            y1 = top + after[2] * step + step / 2 - theme.px(4)
            painter.drawLine(QPointF(x, y0), QPointF(x, y1))

    def _legend(self, painter: QPainter, top: float) -> None:
        theme = self._theme
        painter.setFont(theme.font("meta"))
        left = 0.0
        for icon, tone, word in (
            ("no_return", "pnr", _("point of no return")),
            ("gate_closed", "text2", _("gates and sign-offs")),
            ("seal_fits", "done", _("signatures that verify")),
        ):
            side = theme.px(14)
            theme.icons.paint(painter, icon, QRectF(left, top, side, side), theme.color(tone))
            painter.setPen(theme.color("text2"))
            width = theme.metrics("meta").horizontalAdvance(word)
            painter.drawText(
                QRectF(left + side + theme.px(6), top - 1, width + 4, side + 2),
                int(Qt.AlignmentFlag.AlignVCenter),
                word,
            )
            left += side + theme.px(6) + width + theme.px(20)
