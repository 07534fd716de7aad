"""A Gantt on paper and as a picture: columns and bars over as many pages as they need, all lines and letters."""

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from ui.desktop.gantt.layout import HOUR_MS, Scale
from ui.desktop.gantt.legend import paint_legend
from ui.desktop.gantt.painting import paint
from ui.desktop.gantt.reading import GanttData
from ui.desktop.gantt.scene import Scene
from ui.desktop.gantt.spans import plan_span
from ui.desktop.paging import Pages, Painted, Strips
from ui.desktop.paper import LINE, SHRUNK, begin, head_words, landscape, paint_page_head
from ui.desktop.runs.kinds import kind_mark, paint_band, says
from ui.desktop.theme.theme import Theme

_TALLEST = 16_000
_MOST_PIXELS = 8_000_000  # up to so many a picture is twice as fine
_STRIP = 40  # rows a turn
_HEAD = 44
_BAND = 24


def paper_scene(theme: Theme, data: GanttData, width: int, height: int) -> Scene:
    """The whole time in the width, from the first row."""
    left = theme.px(400)
    first, last = plan_span(data.times)
    scale = Scale(first, (width - left) * HOUR_MS / (last - first))
    return Scene(theme, data, scale, width, height, left, theme.px(_HEAD))


def pages(
    theme: Theme, data: GanttData, folded: frozenset[bytes | None], to: Path, *, sample: bool = False
) -> Pages:
    """Written one by one."""
    title = head_words(data.listed.project.name, data.listed.run, sample=sample)
    writer = landscape(to, title)
    painter = QPainter()
    begin(painter, writer, to)
    try:
        width, height = round(writer.width() / SHRUNK), round(writer.height() / SHRUNK)
        scene = paper_scene(theme, data, width, height - 2 * LINE)
        scene.is_vector, scene.folded = True, folded
        on_page = max(1, (scene.height - scene.head) // scene.row_height)
        count = max(1, -(-len(data.shown.rows) // on_page))
        for number in range(count):
            if number:
                writer.newPage()
            here = min(on_page, len(data.shown.rows) - number * on_page)
            scene.top = number * on_page * scene.row_height
            scene.height = scene.head + max(1, here) * scene.row_height
            _paint_page(painter, scene, QRectF(0, 0, width, height), title, (number + 1, count))
            yield count
    finally:
        painter.end()
    return count


def _paint_page(painter: QPainter, scene: Scene, page: QRectF, title: str, place: tuple[int, int]) -> None:
    theme, listed, times = scene.theme, scene.data.listed, scene.data.times
    moment = (times.now_ms, times.zone)
    paint_page_head(painter, theme, page.width(), title, moment, place, listed.run)
    painter.save()
    painter.translate(0, LINE)
    painter.setClipRect(QRectF(0, 0, scene.width, scene.height))
    paint(painter, scene)
    painter.restore()
    painter.save()
    painter.translate(0, page.height() - LINE + 4)
    paint_legend(painter, theme, 1.0)
    painter.restore()


def strips(
    theme: Theme, data: GanttData, folded: frozenset[bytes | None], scale: Scale, width: int, left: int
) -> Strips:
    """As wide as the window, as high as its rows, as far as a picture goes; painted some rows at a time."""
    head, row = theme.px(_HEAD), theme.row("compact")
    wanted = len(data.shown.rows)
    rows = min(wanted, (_TALLEST - head) // row)
    band = theme.px(_BAND) if kind_mark(data.listed.run.kind) else 0
    high = band + head + row * max(1, rows)
    ratio = 2 if high * width < _MOST_PIXELS else 1
    image = QImage(width * ratio, high * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    scene = Scene(theme, data, scale, width, high, left, head, folded=folded, ratio=ratio)
    count = max(1, -(-rows // _STRIP))
    for number in range(count):
        painter = QPainter(image)
        if band:  # a picture may be all that somebody ever sees of the run
            box = QRectF(0, 0, width, band)
            paint_band(painter, theme, box, data.listed.run.kind, says(data.listed.run), ratio)
        here = max(1, min(_STRIP, rows - number * _STRIP))
        scene.top, scene.height = number * _STRIP * row, head + here * row
        painter.translate(0, band + scene.top)
        if number:
            painter.setClipRect(QRectF(0, head, width, here * row))
        paint(painter, scene)
        painter.end()
        yield count
    return Painted(image, rows == wanted)
