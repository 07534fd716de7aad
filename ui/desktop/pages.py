"""Pages of a screen: letters stay letters, lines stay lines, and each page says what it shows, of when."""

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QMarginsF, QPoint, QRectF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QRegion
from PySide6.QtWidgets import QWidget

from app.errors import StorageError
from app.i18n import _
from ui.desktop.moments import local, now_ms
from ui.desktop.runs.kinds import kind_mark, paint_band, run_name, says

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow

_MARGIN_MM = 12.0
_HEAD = 26.0  # points of the page that its first line takes


class Pages:
    """A PDF under way; left with an error it is no file at all."""

    def __init__(self, window: "MainWindow", count: int, to: Path) -> None:
        self._window = window
        self._theme = window.desk.theme
        self._count = count
        self._number = 0
        self._to = to
        self._writer = QPdfWriter(str(to))
        # Fonts have points: the page must count as many dots to the inch as the screen the widgets were laid out for.
        self._writer.setResolution(window.logicalDpiX())
        self._writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Landscape,
                QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
                QPageLayout.Unit.Millimeter,
            )
        )
        self._writer.setTitle(window.windowTitle())
        self._writer.setCreator("Launchbook")
        self._painter = QPainter()

    def __enter__(self) -> Self:
        if not self._painter.begin(self._writer):
            told = _("{file} cannot be written. Nothing was changed. Choose another place.")
            raise StorageError(told.format(file=self._to))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._painter.end()
        if kind is not None:
            self._to.unlink(missing_ok=True)

    def paint(self, shown: QWidget) -> None:
        """One page more, as the widget looks now."""
        if self._number:
            self._writer.newPage()
        self._number += 1
        painter = self._painter
        room = QRectF(0, 0, self._writer.width(), self._writer.height())
        head = _HEAD * self._writer.logicalDpiY() / 72
        self._paint_head(QRectF(0, 0, room.width(), head))
        painter.save()
        head += self._band_height(head)
        painter.translate(0, head)
        scale = min(room.width() / shown.width(), (room.height() - head) / shown.height())
        painter.scale(scale, scale)
        painter.setClipRect(shown.rect())  # a line half in sight ends where the window does
        shown.render(painter, QPoint(), QRegion(shown.rect()))
        painter.restore()

    def _band_height(self, head: float) -> float:
        run = self._window.places.run()
        return head if run is not None and kind_mark(run.kind) else 0.0

    def _paint_head(self, room: QRectF) -> None:
        """Which project and run, when, and which page of how many; the sample says on every page that it is one."""
        desk, places, painter = self._window.desk, self._window.places, self._painter
        project, run = places.project(), places.run()
        parts = [project.name if project is not None else "", run_name(run) if run is not None else ""]
        if places.frame.sample:
            parts.insert(0, _("SAMPLE"))
        moment = local(now_ms(), desk.zone).strftime("%Y-%m-%d %H:%M")
        page = _("Page {n} of {total}").format(n=f"{self._number:,}", total=f"{self._count:,}")
        if run is not None and kind_mark(run.kind):  # a page may be all that somebody ever sees of it
            high = room.height() * 0.62
            band = QRectF(0, room.height(), room.width(), high)
            paint_band(painter, self._theme, band, run.kind, says(run))
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(self._theme.font("body"))
        top = Qt.AlignmentFlag.AlignTop
        painter.drawText(room, top | Qt.AlignmentFlag.AlignLeft, "  ·  ".join(one for one in parts if one))
        painter.drawText(room, top | Qt.AlignmentFlag.AlignRight, f"{moment} {desk.zone}  ·  {page}")
