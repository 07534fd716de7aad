"""The wallboard: a window of its own for the room, read anew each minute and with every change; it takes no key but Esc."""

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.i18n import _
from app.queries.night import MINUTE_MS, worst_of_few
from ui.desktop.cockpit.instruments import readings
from ui.desktop.components.tape import Tape
from ui.desktop.desk import Desk
from ui.desktop.moments import local, now_ms
from ui.desktop.runs.kinds import paint_band, run_mark, run_name, says
from ui.desktop.theme.theme import Theme
from ui.desktop.wallboard.content import (
    WallData,
    day_words,
    next_sections,
    now_sections,
    register_sections,
    spoken,
    stream_words,
    wall_data,
)
from ui.desktop.wallboard.painting import LEFT, RIGHT, Wall

_SIZE = (1440, 900)  # what the sizes below are drawn for
_HEAD, _BAND, _FIGURES, _TAPE, _FOOT = 60, 40, 186, 102, 44
_PAD = 36
_STREAM, _STREAMS, _TALL = 48, 7, 4


class Wallboard(QWidget):
    """Stays on the project and run it was opened for, whatever is looked at elsewhere, and names them."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._desk = desk
        self._place = (desk.project_id, desk.run_id)
        self._base, self._own = desk.theme, parent.screen()
        self.theme = desk.theme
        self.data: WallData | None = None
        self._reading = self._again = False
        self._minute = 0
        self.tape: Tape | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle(_("Wallboard"))
        self.setAccessibleName(_("Wallboard"))
        self._dress()
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._on_second)
        self._tick.start()
        desk.bridge.changed.connect(self._on_changed)
        self.reload()

    def run_id(self) -> bytes | None:
        return self._place[1]

    def open(self) -> None:
        """On the second screen in full; where there is only one, as a window one can put beside."""
        other = next((one for one in QGuiApplication.screens() if one is not self._own), None)
        if other is not None:
            self.setGeometry(other.geometry())
            self.showFullScreen()
        else:
            self.resize(self._base.px(_SIZE[0]), self._base.px(_SIZE[1]))
            self.show()

    # Reading.

    def _on_second(self) -> None:
        if now_ms() // MINUTE_MS != self._minute:
            self.reload()

    def _on_changed(self, _changes: object) -> None:
        self.reload()

    def reload(self) -> None:
        project, run = self._place
        if project is None or self._desk.bridge.is_closed:
            return
        if self._reading:
            self._again = True
            return
        self._reading = True
        now = now_ms()
        self._minute = now // MINUTE_MS
        place = (project, run, self._desk.language, now)
        self._desk.bridge.fetch(wall_data, *place, then=self._take, failed=self._not_read)

    def _not_read(self, _error: Exception) -> None:
        self._reading = self._again = False

    def _take(self, found: WallData) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self.reload()
        self.data = found
        self._place = (found.night.project.id, found.night.run.id)
        mark = run_mark(found.night.run)
        self.setWindowTitle(
            " – ".join(part for part in (mark, found.night.project.name, _("Wallboard")) if part)
        )
        self.setAccessibleDescription(spoken(found, self._desk.language))
        self._place_tape()
        self.update()

    # Showing.

    def _dress(self) -> None:
        """The theme at the size of the wall: the same picture on every screen, from five metres."""
        share = min(self.width() / _SIZE[0], self.height() / _SIZE[1])
        scale = max(1.0, share)
        base = self._base
        self.theme = Theme(base.name, base.families, scale, base.language)
        if self.tape is not None:
            self.tape.deleteLater()
        self.tape = Tape(self.theme, 34, wall=True)
        self.tape.setParent(self)
        self.tape.show()
        self._place_tape()

    def _top(self) -> int:
        banded = self.data is not None and self.data.night.is_rehearsal
        return self.theme.px(_HEAD + (_BAND if banded else 0))

    def _place_tape(self) -> None:
        if self.tape is None:
            return
        top = self._top() + self.theme.px(_FIGURES + 10)
        pad = self.theme.px(_PAD)
        self.tape.setGeometry(pad, top, self.width() - 2 * pad, self.tape.height())
        if self.data is not None:
            self.tape.take(self.data.tape)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._dress()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.theme.color("canvas"))
        if self.data is None:
            return
        wall = Wall(painter, self.theme)
        self._paint_head(wall, self.data)
        self._paint_figures(wall, self.data)
        self._paint_lists(wall, self.data)
        self._paint_foot(wall, self.data)

    def _paint_head(self, wall: Wall, data: WallData) -> None:
        theme, found = self.theme, data.night
        high, pad = theme.px(_HEAD), theme.px(_PAD)
        wall.painter.fillRect(QRectF(0, 0, self.width(), high), theme.color("chrome"))
        side = theme.px(30)
        wall.painter.setPen(Qt.PenStyle.NoPen)
        wall.painter.setBrush(theme.color("accent"))
        wall.painter.drawRoundedRect(QRectF(pad, (high - side) / 2, side, side), 6, 6)
        wall.sign("mark", pad + side * 0.12, (high - side * 0.76) / 2, side * 0.76, "on_accent")
        day = theme.metrics("wall_word").horizontalAdvance(day_words(found)) + theme.px(30)
        left = pad + side + theme.px(16)
        room = QRectF(left, 0, self.width() - left - pad - day, high)
        mark = theme.metrics("wall_line").elidedText(
            run_mark(found.run), Qt.TextElideMode.ElideRight, self.width() * 0.35
        )
        if found.is_live:
            room.setWidth(room.width() - wall.pill_width(mark) - theme.px(20))
        name = found.project.name if found.is_live else f"{found.project.name} · {run_name(found.run)}"
        wide = wall.text(room, name, "wall_line", "text1")
        if found.is_live:
            wall.pill(room.left() + wide + theme.px(20), room, mark)
        wall.text(QRectF(0, 0, self.width() - pad, high), day_words(found), "wall_word", "text2", RIGHT)
        if found.is_rehearsal:
            band = QRectF(0, high, self.width(), theme.px(_BAND))
            ratio = self.devicePixelRatioF()
            paint_band(wall.painter, theme, band, found.run.kind, says(found.run), ratio, "wall_line")

    def _paint_figures(self, wall: Wall, data: WallData) -> None:
        theme, found = self.theme, data.night
        top, high, pad = self._top(), theme.px(_FIGURES), theme.px(_PAD)
        clock = local(found.timeline.now_ms, found.timeline.zone).strftime("%H:%M")
        wide = theme.metrics("wall").horizontalAdvance("00:00")
        wall.text(QRectF(pad - theme.px(4), top, wide + theme.px(8), high), clock, "wall", "text1", LEFT)
        left = pad + wide + theme.px(28)
        plan, end, back, live = readings(found, found.timeline.now_ms, self._desk.language)
        room = self.width() - left
        shown = [
            (plan._replace(below=f"{plan.below} · {end.figure}" if found.has_begun else plan.below), 0.36)
        ]
        done = _("{done} of {total} steps done").format(
            done=f"{found.counted():,}", total=f"{len(found.lines):,}"
        )
        shown += [(back, 0.33), (live._replace(below=done, sign="flag"), 0.31)]
        for reading, share in shown:
            wall.rule(left, top, left, top + high)
            inside = QRectF(left + theme.px(26), top + theme.px(22), room * share - theme.px(40), high)
            wall.reading(inside, reading)
            left += room * share
        wall.rule(0, top + high, self.width(), top + high)

    def _paint_lists(self, wall: Wall, data: WallData) -> None:
        theme, language = self.theme, self._desk.language
        top = self._top() + theme.px(_FIGURES + _TAPE)
        wall.rule(0, top, self.width(), top)
        pad, bottom = theme.px(_PAD), self.height() - theme.px(_FOOT)
        gap, head = theme.px(26), theme.px(16)
        widths = [self.width() * share for share in (0.355, 0.325, 0.32)]
        columns = [now_sections(data, language), next_sections(data, language)]
        left = 0.0
        for number, wide in enumerate(widths):
            if number:
                wall.rule(left, top, left, bottom)
            begin = left + (pad if not number else gap)
            end = left + wide - (pad if number == 2 else gap)
            box = QRectF(begin, top + head, end - begin, bottom - top - head)
            if number < 2:
                wall.sections(box, columns[number])
            else:
                self._paint_streams(wall, data, box)
            left += wide

    def _paint_streams(self, wall: Wall, data: WallData, box: QRectF) -> None:
        theme, groups = self.theme, data.night.streams
        heading = _("Streams") if data.night.by_streams else _("Stages")
        wall.text(QRectF(box.left(), box.top(), box.width(), theme.px(34)), heading, "wall_word", "text3")
        tall = len(groups) <= _TALL
        top, high = box.top() + theme.px(36), theme.px(_STREAM + (16 if tall else 0))
        for group in groups[:_STREAMS]:
            line = QRectF(box.left(), top, box.width(), high)
            name = group.name or _("without a stream")
            wall.stream(
                line,
                name,
                group.segments if tall else worst_of_few(group.segments, 10),
                stream_words(group),
                tall=tall,
            )
            top += high
        if len(groups) > _STREAMS:
            more = _("and {n} more").format(n=len(groups) - _STREAMS)
            wall.text(QRectF(box.left(), top, box.width(), theme.px(30)), more, "wall_word", "text3")
            top += theme.px(30)
        top += theme.px(12)
        wall.sections(QRectF(box.left(), top, box.width(), box.bottom() - top), register_sections(data))

    def _paint_foot(self, wall: Wall, data: WallData) -> None:
        theme, found = self.theme, data.night
        high, pad = theme.px(_FOOT), theme.px(_PAD)
        box = QRectF(0, self.height() - high, self.width(), high)
        wall.painter.fillRect(box, theme.color("chrome"))
        wall.rule(0, box.top(), self.width(), box.top())
        side = theme.px(20)
        wall.sign("tick", pad, box.center().y() - side / 2, side, "done")
        kept = _("Everything kept on this computer · entry {entry}").format(entry=f"{found.rev:,}")
        wall.text(box.adjusted(pad + side + theme.px(10), 0, 0, 0), kept, "wall_word", "text2")
        if data.decider:
            decides = _("{person} decides on turning back").format(person=data.decider)
            wall.text(box.adjusted(0, 0, -pad, 0), decides, "wall_word", "text2", RIGHT)

    # Closing.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.close()
        else:
            event.ignore()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tick.stop()
        self._desk.bridge.changed.disconnect(self._on_changed)
        super().closeEvent(event)
        self.closed.emit()
