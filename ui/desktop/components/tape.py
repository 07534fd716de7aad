"""The tape: one strip of the whole window with what is past, what is forecast, how late, and until when one may turn back."""

from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import _
from ui.desktop.components.hatch import hatch
from ui.desktop.components.tape_data import TapeData
from ui.desktop.moments import day_clock, local
from ui.desktop.theme.theme import Theme

_HOUR_MS = 3_600_000
_TICKS_MS = tuple(_HOUR_MS * hours for hours in (1, 2, 3, 6, 12, 24, 48, 168, 336, 672))


class Label(NamedTuple):
    """A word below the strip: where its moment is, and whether it is what one looks for."""

    x: float
    text: str
    tone: str
    strong: bool = True


class Tape(QWidget):
    """`height_px` is the strip's own; `labels` below it. Framed, it shows what another view has in view."""

    framed = Signal(object, object)  # from, to in UTC ms: more than 32 bits

    def __init__(self, theme: Theme, height_px: int = 18, *, labels: bool = True, wall: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._strip = theme.px(height_px)
        self._labels = labels
        # Chinese needs 12 px: micro is for Latin only.
        self._role = "wall_word" if wall else "meta" if theme.language == "zh" else "micro"
        self._wall = wall
        self._data: TapeData | None = None
        self._frame: tuple[int, int] | None = None
        self._grip: tuple[str, float, tuple[int, int]] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self._above() + self._strip + (self._below() if labels else theme.px(3)))
        self.setAccessibleName(_("Tape of the window"))

    def _above(self) -> int:
        return self._theme.px(8 if self._wall else 5)

    def _below(self) -> int:
        return self._theme.px(44) if self._wall else self._theme.px(20)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(480), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self.height())

    # What it shows.

    def data(self) -> TapeData | None:
        return self._data

    def take(self, data: TapeData) -> None:
        if data == self._data:
            return
        self._data = data
        self.setAccessibleName(spoken(data))
        self.setToolTip(spoken(data))
        self.update()

    def set_frame(self, start_ms: int, end_ms: int) -> None:
        """Shows a frame round the part another view has in view; it can then be dragged and moved by keys."""
        self._frame = (start_ms, end_ms)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.update()

    def frame(self) -> tuple[int, int] | None:
        return self._frame

    # Where things are.

    def x_of(self, moment: int) -> float:
        data = self._data
        if data is None:
            return 0.0
        inner = self.width() - 2.0
        return 1 + inner * (moment - data.start_ms) / max(1, data.end_ms - data.start_ms)

    def moment_at(self, x: float) -> int:
        data = self._data
        if data is None:
            return 0
        share = (x - 1) / max(1.0, self.width() - 2.0)
        return data.start_ms + round(share * (data.end_ms - data.start_ms))

    # Painting.

    def paintEvent(self, _event: QPaintEvent) -> None:
        data = self._data
        painter = QPainter(self)
        theme = self._theme
        top, bottom = float(self._above()), float(self._above() + self._strip)
        box = QRectF(0.5, top + 0.5, self.width() - 1.0, bottom - top - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("canvas"))
        painter.drawRect(box)
        if data is not None:
            self._paint_grounds(painter, data, box)
            self._paint_work(painter, data, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.color("strong"))
        painter.drawRoundedRect(box, theme.px(2), theme.px(2))
        if data is not None:
            self._paint_marks(painter, data, top, bottom)
            self._paint_frame(painter, top, bottom)
            if self._labels:
                self._paint_labels(painter, data, bottom)

    def _span(self, start: int, end: int, box: QRectF) -> QRectF:
        left, right = self.x_of(start), self.x_of(end)
        return QRectF(left, box.top(), max(right - left, 1.0), box.height())

    def _paint_grounds(self, painter: QPainter, data: TapeData, box: QRectF) -> None:
        """Outside the window darker; after the point of no return tinted."""
        outside = self._theme.color("outside")
        if data.window_start_ms is not None and data.window_start_ms > data.start_ms:
            painter.fillRect(self._span(data.start_ms, data.window_start_ms, box), outside)
        if data.no_return_ms is not None:
            last = data.window_end_ms or data.end_ms
            painter.fillRect(
                self._span(data.no_return_ms, max(last, data.no_return_ms), box),
                self._theme.color("pnr_soft"),
            )
        if data.window_end_ms is not None and data.window_end_ms < data.end_ms:
            painter.fillRect(self._span(data.window_end_ms, data.end_ms, box), outside)

    def _paint_work(self, painter: QPainter, data: TapeData, box: QRectF) -> None:
        theme = self._theme
        if data.done_until_ms > data.begun_ms:
            painter.fillRect(self._span(data.begun_ms, data.done_until_ms, box), theme.color("running"))
        fifth = box.height() * 0.28
        slim = box.adjusted(0, fifth, 0, -fifth)
        begin = max(data.done_until_ms, data.begun_ms)
        late_from = max(data.planned_end_ms, begin)
        on_time = min(data.forecast_end_ms, late_from)
        if on_time > begin:
            painter.setPen(theme.color("running"))
            painter.setBrush(theme.color("running_soft"))
            painter.drawRect(self._snapped(self._span(begin, on_time, slim)))
        if data.forecast_end_ms > late_from:
            ratio = self.devicePixelRatioF()
            painter.setPen(theme.color("late"))
            painter.setBrush(hatch(theme.color("late"), theme.color("late_soft"), ratio, step=5))
            painter.drawRect(self._snapped(self._span(late_from, data.forecast_end_ms, slim)))

    def _snapped(self, box: QRectF) -> QRectF:
        left, top = round(box.left()) + 0.5, round(box.top()) + 0.5
        return QRectF(left, top, max(round(box.width()) - 1.0, 1.0), round(box.height()) - 1.0)

    def _paint_marks(self, painter: QPainter, data: TapeData, top: float, bottom: float) -> None:
        theme = self._theme
        for moment in (data.window_start_ms, data.window_end_ms):
            if moment is not None and data.start_ms < moment < data.end_ms:
                x = self.x_of(moment)
                painter.setPen(QPen(theme.color("window_edge"), 1.5))
                painter.drawLine(QLineF(x, top - 2, x, bottom + 2))
        if data.t0_ms is not None and data.start_ms < data.t0_ms < data.end_ms:
            x = self.x_of(data.t0_ms)
            painter.setPen(QPen(theme.color("text1"), 1.5, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(x, top, x, bottom))
        if data.no_return_ms is not None:
            x = self.x_of(data.no_return_ms)
            painter.setPen(QPen(theme.color("pnr"), 2))
            painter.drawLine(QLineF(x, top, x, bottom))
            side = min(bottom - top - theme.px(2), theme.px(26 if self._wall else 16))
            middle = (top + bottom) / 2
            left = min(max(x - side / 2, 0.0), self.width() - side)
            sign = QRectF(left, middle - side / 2, side, side)
            theme.icons.paint(painter, "no_return", sign, theme.color("pnr"))
        if data.now_ms is not None:
            x = self.x_of(data.now_ms)
            painter.setPen(QPen(theme.color("text1"), 2))
            painter.drawLine(QLineF(x, top - 3, x, bottom + 2))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("text1"))
            wide = theme.px(4)
            flag = (QPointF(x - wide, 0), QPointF(x + wide, 0), QPointF(x, wide + 1))
            painter.drawPolygon(QPolygonF(list(flag)))

    def _paint_frame(self, painter: QPainter, top: float, bottom: float) -> None:
        if self._frame is None:
            return
        theme = self._theme
        left, right = (self.x_of(moment) for moment in self._frame)
        left, right = max(left, 1.0), min(max(right, left + 6), self.width() - 1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("focus"), 3 if self.hasFocus() else 2))
        painter.drawRoundedRect(QRectF(left, top - 2, right - left, bottom - top + 4), 3, 3)

    # Words below.

    def _wanted(self, data: TapeData) -> list[Label]:
        """What may be said, most important first."""
        said: list[Label] = []
        if data.now_ms is not None:
            clock = local(data.now_ms, data.zone).strftime("%H:%M")
            said.append(Label(self.x_of(data.now_ms), _("now {time}").format(time=clock), "text1"))
        late = data.forecast_end_ms > data.planned_end_ms + 59_999
        out = data.window_end_ms is not None and data.forecast_end_ms > data.window_end_ms
        end = day_clock(local(data.forecast_end_ms, data.zone))
        if data.now_ms is not None and data.forecast_end_ms - data.now_ms < 20 * _HOUR_MS:
            end = end.rsplit(" ", 1)[-1]
        tone = "blocked" if out else "late" if late else "text1"
        said.append(Label(self.x_of(data.forecast_end_ms), _("end {time}").format(time=end), tone))
        if data.no_return_ms is not None:
            when = day_clock(local(data.no_return_ms, data.zone))
            text = _("point of no return {time}").format(time=when)
            said.append(Label(self.x_of(data.no_return_ms), text, "pnr"))
        return [*said, *self._edges(data), *self._ticks(data)]

    def _edges(self, data: TapeData) -> list[Label]:
        ends: list[Label] = []
        if data.t0_ms is not None:
            when = day_clock(local(data.t0_ms, data.zone))
            text = _("{time} · T-0").format(time=when)
            ends.append(Label(self.x_of(data.t0_ms), text, "text3", strong=False))
        for moment in (data.window_start_ms or data.start_ms, data.window_end_ms or data.end_ms):
            if moment not in (data.t0_ms, data.forecast_end_ms):
                when = day_clock(local(moment, data.zone))
                ends.append(Label(self.x_of(moment), when, "text3", strong=False))
        return ends

    def _ticks(self, data: TapeData) -> list[Label]:
        """Round hours between, as many as have room."""
        room = max(1.0, self.width() / (self._theme.metrics(self._role).horizontalAdvance("Sat 00:00") * 2.6))
        span = data.end_ms - data.start_ms
        step = next((one for one in _TICKS_MS if span / one <= room), _TICKS_MS[-1])
        begin = local(data.start_ms, data.zone)
        midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
        moment = round(midnight.timestamp() * 1000)
        found = []
        while moment < data.end_ms:
            if moment > data.start_ms:
                when = day_clock(local(moment, data.zone))
                found.append(Label(self.x_of(moment), when, "text3", strong=False))
            moment += step
        return found

    def placed(self) -> list[tuple[float, float, Label]]:
        """The words that have room: left edge, width; of two that would touch the less important one stays out."""
        if self._data is None:
            return []
        gap = self._theme.px(14)
        taken: list[tuple[float, float, Label]] = []
        for one in self._wanted(self._data):
            width = QFontMetricsF(self._font(one)).horizontalAdvance(one.text) + 2
            # What matters may stand beside its moment when there is no room below it.
            for shift in (width / 2, 0.0, width) if one.strong else (width / 2,):
                left = min(max(one.x - shift, 0.0), max(0.0, self.width() - width))
                if all(left > start + wide + gap or left + width + gap < start for start, wide, _l in taken):
                    taken.append((left, width, one))
                    break
        return taken

    def _font(self, one: Label) -> QFont:
        font = QFont(self._theme.font(self._role))
        font.setWeight(QFont.Weight.DemiBold if one.strong else QFont.Weight.Normal)
        return font

    def _paint_labels(self, painter: QPainter, _data: TapeData, bottom: float) -> None:
        theme = self._theme
        box_height = float(self._below() - theme.px(3))
        for left, width, one in self.placed():
            painter.setFont(self._font(one))
            painter.setPen(theme.color(one.tone))
            box = QRectF(left, bottom + theme.px(3), width + 2, box_height)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), one.text)

    # The frame, by mouse and keys.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._frame is None or self._data is None:
            super().mousePressEvent(event)
            return
        x = event.position().x()
        left, right = (self.x_of(moment) for moment in self._frame)
        near = self._theme.px(5)
        part = "start" if abs(x - left) <= near else "end" if abs(x - right) <= near else "all"
        if part == "all" and not left <= x <= right:
            self._move_frame(self.moment_at(x) - (self._frame[0] + self._frame[1]) // 2, "all", self._frame)
        self._grip = (part, x, self._frame)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._frame is None:
            return
        x = event.position().x()
        if self._grip is None:
            edges = [abs(x - self.x_of(moment)) <= self._theme.px(5) for moment in self._frame]
            shape = Qt.CursorShape.SizeHorCursor if any(edges) else Qt.CursorShape.OpenHandCursor
            self.setCursor(shape)
            return
        part, began, frame = self._grip
        self._move_frame(self.moment_at(x) - self.moment_at(began), part, frame)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grip = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if turn is None or self._frame is None:
            super().keyPressEvent(event)
            return
        self._move_frame(turn * (self._frame[1] - self._frame[0]) // 10, "all", self._frame)

    def _move_frame(self, by: int, part: str, frame: tuple[int, int]) -> None:
        data = self._data
        if data is None or by == 0:
            return
        start, end = frame
        least = 10 * 60_000
        if part == "start":
            start = min(start + by, end - least)
        elif part == "end":
            end = max(end + by, start + least)
        else:
            by = max(data.start_ms - end + least, min(by, data.end_ms - start - least))
            start, end = start + by, end + by
        self._frame = (start, end)
        self.update()
        self.framed.emit(start, end)


def spoken(data: TapeData) -> str:
    """The tape in words, for hover and screen readers."""
    parts = []
    if data.now_ms is not None:
        parts.append(_("Now {time}.").format(time=day_clock(local(data.now_ms, data.zone))))
    parts.append(_("Forecast end {time}.").format(time=day_clock(local(data.forecast_end_ms, data.zone))))
    late = (data.forecast_end_ms - data.planned_end_ms) // 60_000
    if late > 0:
        parts.append(_("That is {n} min later than planned.").format(n=late))
    if data.no_return_ms is not None:
        when = day_clock(local(data.no_return_ms, data.zone))
        parts.append(_("Point of no return {time}.").format(time=when))
    if data.window_end_ms is not None:
        when = day_clock(local(data.window_end_ms, data.zone))
        parts.append(_("The window closes {time}.").format(time=when))
    return " ".join(parts)
