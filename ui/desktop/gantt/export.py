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
from ui.desktop.paper import LINE, SHRUNK, begin, landscape, paint_page_head
from ui.desktop.theme.theme import Theme

_TALLEST = 16_000
_HEAD = 44


def paper_scene(theme: Theme, data: GanttData, width: int, height: int) -> Scene:
    """The whole time in the width, from the first row."""
    left = theme.px(400)
    first, last = plan_span(data.times)
    scale = Scale(first, (width - left) * HOUR_MS / (last - first))
    return Scene(theme, data, scale, width, height, left, theme.px(_HEAD))


def write_pdf(theme: Theme, data: GanttData, folded: frozenset[bytes | None], to: Path) -> int:
    """Returns how many pages there are."""
    writer = landscape(to, data.listed.project.name)
    painter = QPainter()
    begin(painter, writer, to)
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
        _paint_page(painter, scene, QRectF(0, 0, width, height), number + 1, count)
    painter.end()
    return count


def _paint_page(painter: QPainter, scene: Scene, page: QRectF, number: int, count: int) -> None:
    theme, times = scene.theme, scene.data.times
    title, moment = scene.data.listed.project.name, (times.now_ms, times.zone)
    paint_page_head(painter, theme, page.width(), title, moment, (number, count))
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
    pixmap = QPixmap(width * 2, high * 2) if high * width < 8_000_000 else QPixmap(width, high)
    ratio = pixmap.width() / width
    pixmap.setDevicePixelRatio(ratio)
    scene = Scene(theme, data, scale, width, high, left, head, folded=folded, ratio=ratio)
    painter = QPainter(pixmap)
    paint(painter, scene)
    painter.end()
    if not pixmap.save(str(to), "PNG"):
        told = _("{file} cannot be written. Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=to.name))
    return high == wanted
