"""A Gantt on paper and as a picture: columns and bars over as many pages as they need, all lines and letters."""

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from app.errors import StorageError
from app.i18n import _
from ui.desktop.gantt.layout import HOUR_MS, Scale
from ui.desktop.gantt.legend import paint_legend
from ui.desktop.gantt.painting import paint
from ui.desktop.gantt.reading import GanttData
from ui.desktop.gantt.scene import Scene
from ui.desktop.gantt.spans import plan_span
from ui.desktop.paging import Pages
from ui.desktop.paper import LINE, SHRUNK, begin, head_words, landscape, paint_page_head
from ui.desktop.runs.kinds import kind_mark, paint_band, says
from ui.desktop.theme.theme import Theme

_TALLEST = 16_000
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


def write_png(
    theme: Theme,
    data: GanttData,
    folded: frozenset[bytes | None],
    scale: Scale,
    width: int,
    left: int,
    to: Path,
) -> bool:
    """As wide as the window, as high as its rows; False when rows had to be left out."""
    head, row = theme.px(_HEAD), theme.row("compact")
    wanted = head + row * max(1, len(data.shown.rows))
    high = min(wanted, _TALLEST)
    band = theme.px(_BAND) if kind_mark(data.listed.run.kind) else 0
    tall = high + band
    pixmap = QPixmap(width * 2, tall * 2) if tall * width < 8_000_000 else QPixmap(width, tall)
    ratio = pixmap.width() / width
    pixmap.setDevicePixelRatio(ratio)
    scene = Scene(theme, data, scale, width, high, left, head, folded=folded, ratio=ratio)
    painter = QPainter(pixmap)
    if band:  # a picture may be all that somebody ever sees of the run
        box = QRectF(0, 0, width, band)
        paint_band(painter, theme, box, data.listed.run.kind, says(data.listed.run), ratio)
        painter.translate(0, band)
        painter.setClipRect(QRectF(0, 0, width, high))
    paint(painter, scene)
    painter.end()
    if not pixmap.save(str(to), "PNG"):
        told = _("{file} cannot be written. Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=to.name))
    return high == wanted
