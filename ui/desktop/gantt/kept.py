"""What stays as it is from frame to frame while somebody scrolls down: routes of links, lines of the axis, the head."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter, QPen, QPixmap

from ui.desktop.gantt.layout import Scale
from ui.desktop.gantt.reading import GanttData
from ui.desktop.theme.theme import Theme

MOST_ROUTES = 1500  # to let go of a whole plan's lines at once would take longer than a frame may


class Route(NamedTuple):
    """A link's lines and the head of its arrow, in px from the top of the first row; `holds`: it binds the thread."""

    lines: list[QLineF]
    head: list[QLineF]
    holds: bool


class Measure(NamedTuple):
    """What all of it is measured by, next to data and theme."""

    scale: Scale
    width: int
    height: int
    left: int
    head: int
    ratio: float


class Kept:
    """Belongs to one widget or one page; another plan, zoom, size or look begins it anew."""

    def __init__(self) -> None:
        self._data: GanttData | None = None
        self._theme: Theme | None = None
        self._measure: Measure | None = None
        self._begin()

    def _begin(self) -> None:
        self.routes: dict[bytes, Route | None] = {}  # by link; None where it is not in view
        self.marks: list[tuple[QPen, list[QLineF]]] = []
        self._pictures: dict[str, QPixmap] = {}

    def fit(self, data: GanttData, theme: Theme, measure: Measure) -> None:
        """To be said before each frame."""
        if data is not self._data or theme is not self._theme or measure != self._measure:
            self._data, self._theme, self._measure = data, theme, measure
            self._begin()

    def picture(self, name: str, width: int, height: int, paint: Callable[[QPainter], None]) -> QPixmap:
        """A part of each frame that stays, in px; painted when it is first asked for."""
        assert self._measure is not None  # it fits a frame
        if name not in self._pictures:
            ratio = self._measure.ratio
            made = QPixmap(round(width * ratio), round(height * ratio))
            made.setDevicePixelRatio(ratio)
            painter = QPainter(made)
            paint(painter)
            painter.end()
            self._pictures[name] = made
        return self._pictures[name]
