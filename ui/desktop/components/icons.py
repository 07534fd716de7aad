"""Paints signs and icons in any colour and size, and keeps the pixmaps."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from ui.desktop.components.drawings import DRAWINGS, Part
from ui.desktop.components.paths import parse_path

_GRID = 16.0


@lru_cache(maxsize=256)
def _path(shape: str) -> QPainterPath:
    return parse_path(shape)


def _draw_part(painter: QPainter, part: Part, width: float, color: QColor) -> None:
    pen = QPen(color, part.width or width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if part.dash else Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if part.dash is not None:
        pen.setDashPattern([length / (part.width or width) for length in part.dash])
    mode = QPainter.CompositionMode
    painter.setCompositionMode(
        mode.CompositionMode_DestinationOut if part.cut else mode.CompositionMode_SourceOver
    )
    painter.setPen(pen if part.stroke else Qt.PenStyle.NoPen)
    painter.setBrush(color if part.fill else Qt.BrushStyle.NoBrush)
    painter.drawPath(_path(part.shape))


def draw(name: str, size: float, color: QColor, ratio: float) -> QPixmap:
    """A new pixmap of `size` px at the device pixel ratio."""
    pixels = max(1, round(size * ratio))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(pixels / _GRID, pixels / _GRID)
    drawing = DRAWINGS[name]
    for part in drawing.parts:
        _draw_part(painter, part, drawing.width, color)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class Icons:
    """The drawn signs of one theme."""

    def __init__(self) -> None:
        self._pixmaps: dict[tuple[str, float, int, float], QPixmap] = {}

    def pixmap(self, name: str, size: float, color: QColor, ratio: float = 1.0) -> QPixmap:
        key = (name, size, color.rgba(), ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = draw(name, size, color, ratio)
        return found

    def icon(self, name: str, size: float, color: QColor, ratio: float = 2.0) -> QIcon:
        """For buttons; drawn at twice the size so that it stays sharp on any screen."""
        return QIcon(self.pixmap(name, size, color, ratio))

    def paint(self, painter: QPainter, name: str, box: QRectF, color: QColor) -> None:
        """Centred in `box`, with the box's smaller side as its size."""
        size = min(box.width(), box.height())
        ratio = painter.device().devicePixelRatio()
        pixmap = self.pixmap(name, size, color, ratio)
        left = round((box.center().x() - size / 2) * ratio) / ratio
        top = round((box.center().y() - size / 2) * ratio) / ratio
        painter.drawPixmap(QRectF(left, top, size, size), pixmap, QRectF(pixmap.rect()))
