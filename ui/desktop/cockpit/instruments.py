"""The five instruments: the clock, how late, when it ends, until when one can turn back, how long to the go-live."""

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.domain.durations import format_minutes
from app.i18n import _
from app.queries.night import MINUTE_MS, Night
from ui.desktop.moments import day_clock, local, now_ms
from ui.desktop.theme.theme import Theme


class Reading(NamedTuple):
    """What an instrument says: a caption, one figure, one line below; the small part stands behind the figure."""

    caption: str
    figure: str
    below: str
    tone: str = "text1"
    sign: str = ""
    small: str = ""


class Instrument(QWidget):
    def __init__(self, theme: Theme, *, clock: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._role = "clock" if clock else "figure"
        self._reading = Reading("", "", "")
        self.setFixedHeight(theme.px(98))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def reading(self) -> Reading:
        return self._reading

    def take(self, reading: Reading) -> None:
        if reading != self._reading:
            self._reading = reading
            self.setAccessibleName(f"{reading.caption}: {reading.figure}. {reading.below}")
            self.setToolTip(reading.below)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(98))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, shown = self._theme, self._reading
        painter = QPainter(self)
        left = float(theme.px(16))
        room = self.width() - left - theme.px(8)
        top = QRectF(left, theme.px(11), room, theme.px(16))
        if shown.sign:
            side = theme.px(14)
            sign = QRectF(left, theme.px(12), side, side)
            theme.icons.paint(painter, shown.sign, sign, theme.color(_sign_tone(shown.tone)))
            top.setLeft(left + side + theme.px(5))
        tone = theme.color("pnr" if shown.tone == "pnr" else "text3")
        theme.words.paint(painter, top, shown.caption, "meta", tone)
        self._paint_figure(painter, QRectF(left, theme.px(28), room, theme.px(40)))
        below = QRectF(left, theme.px(71), room, theme.px(17))
        theme.words.paint(painter, below, shown.below, "meta", theme.color("text2"))

    def _paint_figure(self, painter: QPainter, box: QRectF) -> None:
        theme, shown = self._theme, self._reading
        role = self._role
        for smaller in ("figure", "title", "section"):  # never cut a time or a number: rather a smaller one
            if theme.metrics(role).horizontalAdvance(shown.figure + shown.small) <= box.width():
                break
            role = smaller
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(shown.tone))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown.figure)
        if shown.small:
            wide = theme.metrics(role).horizontalAdvance(shown.figure)
            painter.setFont(theme.font("title"))
            painter.setPen(theme.color("text3"))
            rest = box.adjusted(wide + theme.px(1), theme.px(6), 0, 0)
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), shown.small)


def _sign_tone(tone: str) -> str:
    return "text3" if tone == "text1" else tone


class Instruments(QFrame):
    """The clock ticks each second while it is seen; the other figures change with the minute."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("layer", "canvas")
        self.setProperty("edge", "bottom")
        self.clock = Instrument(theme, clock=True)
        self.plan, self.end, self.back, self.live = (Instrument(theme) for _n in range(4))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(4), 0, theme.px(4), 0)
        row.setSpacing(0)
        self.clock.setFixedWidth(theme.px(196))
        for number, (one, share) in enumerate(
            ((self.clock, 0), (self.plan, 25), (self.end, 20), (self.back, 22), (self.live, 21))
        ):
            if number:
                row.addWidget(_upright())
            row.addWidget(one, share)
        self._night: Night | None = None
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)

    def take(self, night: Night, now_ms: int) -> None:
        self._night = night
        for one, said in zip(
            (self.plan, self.end, self.back, self.live),
            readings(night, now_ms, self._theme.language),
            strict=True,
        ):
            one.take(said)
        self._tick()

    def _tick(self) -> None:
        if self._night is not None:
            self.clock.take(clock_reading(self._night, now_ms(), self._theme.language))

    def is_ticking(self) -> bool:
        return self._second.isActive()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick()
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._second.stop()
        super().hideEvent(event)


def _upright() -> QFrame:
    made = QFrame()
    made.setProperty("edge", "left")
    made.setFixedWidth(1)
    return made


def clock_reading(night: Night, now_ms: int, language: str) -> Reading:
    moment = local(now_ms, night.timeline.zone)
    zone = night.timeline.zone.rsplit("/", 1)[-1].replace("_", " ")
    return Reading(
        _("Now, {zone}").format(zone=zone),
        moment.strftime("%H:%M"),
        _running_for(night, now_ms, language),
        small=moment.strftime(":%S"),
    )


def _running_for(night: Night, now_ms: int, language: str) -> str:
    run = night.run
    if run.finished_at is not None:
        return _("ended {time}").format(time=day_clock(local(run.finished_at, night.timeline.zone)))
    first = night.begun_ms
    if first is None or first > now_ms:
        return _("not begun")
    return _("running for {time}").format(time=length(now_ms - first, language))


def readings(night: Night, now_ms: int, language: str) -> tuple[Reading, Reading, Reading, Reading]:
    return (
        _against_plan(night, language),
        _forecast_end(night, language),
        _turn_back(night, now_ms, language),
        _to_go_live(night, now_ms, language),
    )


def length(ms: int, language: str) -> str:
    return format_minutes(ms // MINUTE_MS, language)


def _against_plan(night: Night, language: str) -> Reading:
    caption = _("Against the plan")
    if not night.has_begun:
        return Reading(
            caption,
            _("not begun"),
            _("plan ends {time}").format(time=_when(night, night.timeline.planned_end_ms)),
            "text1",
            "late",
        )
    late, at_end = night.late_now(), night.late_at_end()
    holds = night.last_line()
    if at_end > 0 and holds is not None:
        below = _("{time} at the end: {number} holds it").format(
            time=format_minutes(at_end, language), number=holds.task.number
        )
    elif at_end > 0:
        below = _("{time} at the end").format(time=format_minutes(at_end, language))
    elif at_end < 0:
        below = _("ends {time} earlier than planned").format(time=format_minutes(-at_end, language))
    else:
        below = _("ends as planned")
    if late > 0:
        figure = _("{time} late").format(time=format_minutes(late, language))
        return Reading(caption, figure, below, "late", "late")
    if late < 0:
        return Reading(
            caption, _("{time} early").format(time=format_minutes(-late, language)), below, "text1", "late"
        )
    return Reading(caption, _("on time"), below, "text1", "late")


def _when(night: Night, moment: int) -> str:
    return day_clock(local(moment, night.timeline.zone))


def _forecast_end(night: Night, language: str) -> Reading:
    times = night.timeline
    over = bool(night.lines) and night.counted() == len(night.lines)
    caption = _("Ended") if over else _("Forecast end")
    figure = _when(night, times.end_ms) if night.lines else "–"
    closes = times.window_end_ms
    if closes is None:
        return Reading(caption, figure, _("no window is set"))
    spare = closes - times.end_ms
    if spare < 0:
        below = _("{time} after the window closes").format(time=length(-spare, language))
        return Reading(caption, figure, below, "blocked", "warning")
    return Reading(caption, figure, _("{time} before the window closes").format(time=length(spare, language)))


def _turn_back(night: Night, now_ms: int, language: str) -> Reading:
    limit = night.timeline.no_return_ms
    if limit is None:
        return Reading(
            _("Can still roll back for"), "–", _("no point of no return is set"), "text3", "no_return"
        )
    when = _when(night, limit)
    if now_ms >= limit:
        below = _("since {when}, {time} ago").format(when=when, time=length(now_ms - limit, language))
        return Reading(_("Point of no return"), _("has passed"), below, "pnr", "no_return")
    figure = length(limit - now_ms, language)
    return Reading(
        _("Can still roll back for"), figure, _("until {when}").format(when=when), "pnr", "no_return"
    )


def _to_go_live(night: Night, now_ms: int, language: str) -> Reading:
    counted = _("{done} of {total} steps count as done").format(
        done=f"{night.counted():,}", total=f"{len(night.lines):,}"
    )
    t0 = night.timeline.t0_ms
    caption = _("To go-live, rehearsed") if night.is_rehearsal else _("To go-live")
    if t0 is None:
        return Reading(caption, "–", counted, "text3")
    when = _when(night, t0)
    if now_ms >= t0:
        figure = length(now_ms - t0, language)
        return Reading(_("Since go-live"), figure, f"{when} · {counted}")
    return Reading(caption, length(t0 - now_ms, language), f"{when} · {counted}")
