"""A Gantt on paper and as a picture: columns and bars over as many pages as they need, all lines and letters."""

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter, QPixmap

from app.errors import StorageError
from app.i18n import _
from ui.desktop.gantt.layout import HOUR_MS, Scale
from ui.desktop.gantt.legend import paint_legend
from ui.desktop.gantt.painting import paint
from ui.desktop.gantt.reading import GanttData
from ui.desktop.gantt.scene import Scene
from ui.desktop.moments import local
from ui.desktop.runs.kinds import kind_mark, paint_band, run_mark, says
from ui.desktop.theme.theme import Theme

_SHRUNK = 0.68  # of the size on the screen: 8 point letters
_MARGIN_MM = 12.0
_LINE = 30  # px of the first and the last line of a page
_TALLEST = 16_000
_HEAD = 44
_BAND = 24


def paper_scene(theme: Theme, data: GanttData, width: int, height: int) -> Scene:
    """The whole time in the width, from the first row."""
    left = theme.px(400)
    times = data.times
    first, last = times.start_ms, max(times.end_ms, times.planned_end_ms, times.start_ms + HOUR_MS)
    room = (last - first) // 40
    scale = Scale(first - room, (width - left) * HOUR_MS / (last - first + room * 9))
    return Scene(theme, data, scale, width, height, left, theme.px(_HEAD))


def write_pdf(theme: Theme, data: GanttData, folded: frozenset[bytes | None], to: Path) -> int:
    """Returns how many pages there are."""
    writer = QPdfWriter(str(to))
    screen = QGuiApplication.primaryScreen()
    dots = screen.logicalDotsPerInch() if screen is not None else 96.0
    writer.setResolution(round(dots))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins)
    layout.setUnits(QPageLayout.Unit.Millimeter)
    layout.setMargins(margins)
    writer.setPageLayout(layout)
    writer.setTitle(data.listed.project.name)
    writer.setCreator("Launchbook")
    painter = QPainter()
    if not painter.begin(writer):
        told = _("{file} cannot be written. Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=to.name))
    width, height = round(writer.width() / _SHRUNK), round(writer.height() / _SHRUNK)
    scene = paper_scene(theme, data, width, height - 2 * _LINE)
    scene.is_vector, scene.folded = True, folded
    on_page = max(1, (scene.height - scene.head) // scene.row_height)
    count = max(1, -(-len(data.shown.rows) // on_page))
    painter.scale(_SHRUNK, _SHRUNK)
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
    theme, listed = scene.theme, scene.data.listed
    painter.setPen(theme.color("text1"))
    painter.setFont(theme.font("strong"))
    head = QRectF(0, 0, page.width(), _LINE - 8)
    painter.drawText(head, Qt.AlignmentFlag.AlignLeft, listed.project.name)
    if kind_mark(listed.run.kind):
        band = QRectF(page.width() * 0.32, 0, page.width() * 0.36, _LINE - 10)
        paint_band(painter, theme, band, listed.run.kind, run_mark(listed.run))
        painter.setPen(theme.color("text1"))
    now = local(scene.data.times.now_ms, scene.data.times.zone)
    told = _("As of {moment} {zone} · page {number} of {count}").format(
        moment=now.strftime("%Y-%m-%d %H:%M"), zone=scene.data.times.zone, number=number, count=count
    )
    painter.setFont(theme.font("meta"))
    painter.drawText(head, Qt.AlignmentFlag.AlignRight, told)
    painter.save()
    painter.translate(0, _LINE)
    painter.setClipRect(QRectF(0, 0, scene.width, scene.height))
    paint(painter, scene)
    painter.restore()
    painter.save()
    painter.translate(0, page.height() - _LINE + 4)
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
