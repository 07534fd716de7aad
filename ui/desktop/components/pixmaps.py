"""What was painted once and is kept: drawing letters and round shapes anew is most of what a frame would cost."""

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPixmap

_MOST_PIXELS = 12_000_000  # twice what the largest window shows on the finest screen
Key = tuple[object, ...]


def is_paper(painter: QPainter) -> bool:
    """Whether letters and lines stay what they are: a pixmap would be coarse there, and its words could not be found."""
    return painter.paintEngine().type() == QPaintEngine.Type.Pdf


class Pixmaps:
    """Keys say all that the painting depends on; what was not used for longest goes first."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Key, QPixmap] = OrderedDict()
        self._pixels = 0

    def made(
        self, key: Key, width: float, height: float, ratio: float, paint: Callable[[QPainter], object]
    ) -> QPixmap:
        """The pixmap of this key, `width` x `height` px at the device pixel ratio, painted when it is not there."""
        found = self.kept.get(key)
        if found is not None:
            self.kept.move_to_end(key)
            return found
        pixmap = QPixmap(max(1, round(width * ratio)), max(1, round(height * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint(painter)
        painter.end()
        self._pixels += pixmap.width() * pixmap.height()
        while self._pixels > _MOST_PIXELS and self.kept:
            _key, gone = self.kept.popitem(last=False)
            self._pixels -= gone.width() * gone.height()
        self.kept[key] = pixmap
        return pixmap
