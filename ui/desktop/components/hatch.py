"""Hatches as textures at the device pixel ratio: rising for lateness and what is only rehearsed, falling for what stops."""

from functools import lru_cache

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap


@lru_cache(maxsize=64)
def _texture(ink: int, ground: int, step: int, width: float, ratio: float, *, rising: bool) -> QPixmap:
    pixels = max(2, round(step * ratio))
    made = QPixmap(pixels, pixels)
    made.fill(QColor.fromRgba(ground))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(ink), width * ratio, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for shift in (-pixels, 0, pixels):  # neighbours too, so that the corners join
        if rising:
            painter.drawLine(QLineF(shift - 1, pixels + 1, shift + pixels + 1, -1))
        else:
            painter.drawLine(QLineF(shift - 1, -1, shift + pixels + 1, pixels + 1))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def hatch(
    ink: QColor,
    ground: QColor,
    ratio: float = 1.0,
    *,
    step: int = 6,
    width: float = 1.3,
    rising: bool = True,
) -> QBrush:
    """A brush; `rising` lines go up to the right."""
    return QBrush(_texture(ink.rgba(), ground.rgba(), step, width, ratio, rising=rising))
