"""Single lines of text, cut where they do not fit, and painted from pixmaps that are kept."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from ui.desktop.components.pixmaps import Key, is_paper

if TYPE_CHECKING:
    from ui.desktop.theme.theme import Theme

_MOST_CUTS = 20_000
_ROOM = 4  # px above and below a line, for letters of a taller second font


def baseline(metrics: QFontMetricsF, height: float) -> float:
    """Where letters stand in a line of this height: by the first font alone, whichever fonts the letters come from.

    A line box would grow with the Chinese font, cut its letters at the foot and let rows of both languages jump.
    """
    return (height + metrics.ascent() - metrics.descent()) / 2


class Words:
    """The texts of one theme."""

    def __init__(self, theme: "Theme") -> None:
        self._theme = theme
        self._seen: set[Key] = set()
        self._cuts: dict[tuple[str, str, int], tuple[str, float]] = {}

    def paint(
        self, painter: QPainter, box: QRectF, text: str, role: str, color: QColor, *, right: bool = False
    ) -> None:
        """One line, cut with an ellipsis where it does not fit, centred from top to bottom; on paper as letters."""
        room = int(box.width())
        if not text or room <= 0:
            return
        text, wide = self.cut(text, role, room)
        left = box.left() + box.width() - wide if right else box.left()
        if is_paper(painter):
            top = box.top() + baseline(self._theme.metrics(role), box.height())
            self._write(painter, QPointF(left, top), text, role, color)
            return
        ratio = painter.device().devicePixelRatio()
        key = (text, role, color.rgba(), ratio)
        if self._is_new(key):
            high = self._theme.metrics(role).height() + 2 * _ROOM
            top = round(
                box.top() + (box.height() - round(high * ratio) / ratio) / 2
            )  # as its pixmap will stand
            at = QPointF(round(left), top + baseline(self._theme.metrics(role), high))
            self._write(painter, at, text, role, color)
            return
        pixmap = self.pixmap(text, role, color, ratio)
        top = box.top() + (box.height() - pixmap.height() / ratio) / 2
        painter.drawPixmap(round(left), round(top), pixmap)

    def _is_new(self, key: Key) -> bool:
        """Whether it is painted for the first time: only what is painted again is worth a pixmap."""
        if key in self._seen:
            return False
        if len(self._seen) > _MOST_CUTS:
            self._seen.clear()
        self._seen.add(key)
        return True

    def _write(self, painter: QPainter, at: QPointF, text: str, role: str, color: QColor) -> None:
        painter.setFont(self._theme.font(role))
        painter.setPen(color)
        painter.drawText(at, text)

    def cut(self, text: str, role: str, room: int) -> tuple[str, float]:
        """The text as far as there is room (px), and its width; measured once, since the same cells are painted again."""
        key = (text, role, room)
        found = self._cuts.get(key)
        if found is None:
            if len(self._cuts) > _MOST_CUTS:
                self._cuts.clear()
            metrics = self._theme.metrics(role)
            wide = metrics.horizontalAdvance(text)
            if wide > room + 1:
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
                wide = metrics.horizontalAdvance(text)
            found = self._cuts[key] = (text, wide)
        return found

    def pixmap(self, text: str, role: str, color: QColor, ratio: float) -> QPixmap:
        theme = self._theme
        key = (text, role, color.rgba(), ratio)
        if found := theme.pixmaps.kept.get(key):
            return found
        metrics = theme.metrics(role)
        wide, high = metrics.horizontalAdvance(text) + 1, metrics.height() + 2 * _ROOM

        at = QPointF(0, baseline(metrics, high))
        return theme.pixmaps.made(
            *(key, wide, high, ratio), lambda painter: self._write(painter, at, text, role, color)
        )
