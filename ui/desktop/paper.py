"""A4 across as a face writes it by itself: the writer, and the first line of each page."""

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from app.errors import StorageError
from app.i18n import _
from app.queries.projects import RunRow
from ui.desktop.moments import local
from ui.desktop.runs.kinds import kind_mark, paint_band, run_mark, run_name
from ui.desktop.theme.theme import Theme

SHRUNK = 0.68  # of the size on the screen: 8 point letters
LINE = 30  # px of the first and the last line of a page
_MARGIN_MM = 12.0


def landscape(to: Path, title: str) -> QPdfWriter:
    """Counts as many dots to the inch as the screen, so that letters keep their size."""
    writer = QPdfWriter(str(to))
    writer.setResolution(_dots())
    writer.setPageLayout(_layout())
    writer.setTitle(title)
    writer.setCreator("Launchbook")
    return writer


def _dots() -> int:
    screen = QGuiApplication.primaryScreen()
    return round(screen.logicalDotsPerInch() if screen is not None else 96.0)


def _layout() -> QPageLayout:
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins)
    layout.setUnits(QPageLayout.Unit.Millimeter)
    layout.setMargins(margins)
    return layout


def room() -> tuple[int, int]:
    """Width and height of a page between its margins, in px of the screen."""
    size = _layout().paintRectPixels(_dots()).size()
    return round(size.width() / SHRUNK), round(size.height() / SHRUNK)


def begin(painter: QPainter, writer: QPdfWriter, to: Path) -> None:
    if not painter.begin(writer):
        told = _("{file} cannot be written. Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=to.name))
    painter.scale(SHRUNK, SHRUNK)


def head_words(project: str, run: RunRow, *, sample: bool) -> str:
    """Whose plan and which run; the sample says on every page that it is one."""
    parts = (_("SAMPLE") if sample else "", project, run_name(run))
    return "  ·  ".join(one for one in parts if one)


def paint_page_head(
    painter: QPainter,
    theme: Theme,
    width: float,
    title: str,
    moment: tuple[int, str],
    page: tuple[int, int],
    run: RunRow,
) -> None:
    """What is shown, of which kind of run, as of when in which zone, and which page of how many."""
    (now_ms, zone), (number, count) = moment, page
    head = QRectF(0, 0, width, LINE - 8)
    painter.setPen(theme.color("text1"))
    painter.setFont(theme.font("strong"))
    told = _("As of {moment} {zone} · page {number} of {count}").format(
        moment=local(now_ms, zone).strftime("%Y-%m-%d %H:%M"), zone=zone, number=number, count=count
    )
    room = width - theme.metrics("meta").horizontalAdvance(told) - 20
    if kind_mark(run.kind):
        band = QRectF(width * 0.34, 0, width * 0.32, LINE - 10)
        paint_band(painter, theme, band, run.kind, run_mark(run))
        painter.setPen(theme.color("text1"))
        painter.setFont(theme.font("strong"))
        room = band.left() - 12
    shown = theme.metrics("strong").elidedText(title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(head, Qt.AlignmentFlag.AlignLeft, shown)
    painter.setFont(theme.font("meta"))
    painter.drawText(head, Qt.AlignmentFlag.AlignRight, told)
