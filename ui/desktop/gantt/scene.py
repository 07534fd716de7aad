"""Everything one picture of a Gantt is made of: the data, the look and which part of both is in view."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.queries.checklist import TaskRow
from app.queries.timeline import Bar
from ui.desktop.components.words import baseline
from ui.desktop.gantt.kept import Kept, Measure
from ui.desktop.gantt.layout import HOUR_MS, Axis, Row, Scale, axis
from ui.desktop.gantt.reading import GanttData
from ui.desktop.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class Preview:
    """What a gesture under way would do."""

    task: bytes
    start_ms: int = 0
    finish_ms: int = 0
    text: str = ""
    to: tuple[float, float] | None = None  # a link on its way there
    is_refused: bool = False


@dataclass(slots=True)
class Scene:
    """`left` is the grid's width, `head` the axis' height, `top` how far the rows are scrolled; in px."""

    theme: Theme
    data: GanttData
    scale: Scale
    width: int
    height: int
    left: int
    head: int
    top: int = 0
    selected: int | None = None
    focused: bool = False
    folded: frozenset[bytes | None] = frozenset()
    baseline: bool = True
    ratio: float = 1.0
    is_vector: bool = False  # pages: letters stay letters
    preview: Preview | None = None
    kept: Kept = field(default_factory=Kept)
    row_height: int = field(init=False)  # asked for hundreds of times a frame
    _bar_height: int = field(init=False)
    _bar_least: int = field(init=False)
    _px_per_ms: float = field(init=False)

    def __post_init__(self) -> None:
        self.row_height = self.theme.row("compact")
        self._bar_height, self._bar_least = self.theme.px(12), self.theme.px(5)
        self._px_per_ms = self.scale.px_per_hour / HOUR_MS

    def fit(self) -> None:
        """What is kept holds for this picture."""
        sizes = (self.scale, self.width, self.height, self.left, self.head, self.ratio)
        self.kept.fit(self.data, self.theme, Measure(*sizes))

    def first_row(self) -> int:
        return max(0, self.top // self.row_height)

    def last_row(self) -> int:
        """The last one in view; before the first where there are none."""
        below = (self.top + self.height - self.head - 1) // self.row_height
        return min(below, len(self.data.shown.rows) - 1)

    def row_y(self, place: int) -> int:
        return self.head + place * self.row_height - self.top

    def middle(self, place: int) -> float:
        return self.row_y(place) + self.row_height / 2

    def row_at(self, y: float) -> int | None:
        place = int(y - self.head + self.top) // self.row_height
        return place if y >= self.head and 0 <= place < len(self.data.shown.rows) else None

    def x(self, moment: int) -> float:
        return self.left + (moment - self.scale.origin_ms) * self._px_per_ms

    def moment(self, x: float) -> int:
        return self.scale.moment(x - self.left)

    def ticks(self) -> Axis:
        return axis(
            self.scale, self.width - self.left, self.data.times.zone, self.theme.language, self.theme.scale
        )

    def rows(self) -> Iterator[tuple[int, Row]]:
        listed = self.data.shown.rows
        for place in range(self.first_row(), self.last_row() + 1):
            yield place, listed[place]

    def bar(self, row: TaskRow) -> Bar | None:
        return self.data.times.bars.get(row.id)

    def bar_box(self, place: int, bar: Bar) -> QRectF:
        """Never narrower than 5 px, so that it is seen and met."""
        origin, high = self.scale.origin_ms, self._bar_height
        left = self.left + (bar.start_ms - origin) * self._px_per_ms
        wide = (bar.finish_ms - bar.start_ms) * self._px_per_ms
        top = self.head + place * self.row_height - self.top + (self.row_height - high) // 2 - 1
        return QRectF(left, top, max(self._bar_least, wide), high)

    # Text.

    def text(
        self, painter: QPainter, box: QRectF, text: str, role: str, color: QColor, *, right: bool = False
    ) -> None:
        """One line, cut with an ellipsis where it does not fit, centred from top to bottom."""
        if not self.is_vector:
            self.theme.words.paint(painter, box, text, role, color, right=right)
            return
        if not text or box.width() <= 0:
            return
        metrics = self.theme.metrics(role)
        if metrics.horizontalAdvance(text) > box.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(self.theme.font(role))
        painter.setPen(color)
        x = box.right() - metrics.horizontalAdvance(text) if right else box.left()
        painter.drawText(QPointF(x, box.top() + baseline(metrics, box.height())), text)

    def sign(self, painter: QPainter, box: QRectF, name: str, color: QColor) -> None:
        ratio = 4.0 if self.is_vector else self.ratio
        pixmap = self.theme.icons.pixmap(name, box.width(), color, ratio)
        painter.drawPixmap(box, pixmap, QRectF(pixmap.rect()))
