"""One step as a line or a card, one group as segments, and the column that moves a cursor over its lines."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from app.domain.durations import format_minutes
from app.domain.words import Status
from app.i18n import _
from app.queries.night import Group, Line
from ui.desktop.checklist.words import STATUS_TONE, status_word
from ui.desktop.components.avatar import paint_avatar
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.hatch import hatch
from ui.desktop.components.panel import Panel
from ui.desktop.theme.theme import Theme


class StepLine(QWidget):
    """Sign, number, title; below what matters of it; right when, and who. As a card it has an edge in its tone."""

    chosen = Signal(object)  # the task

    def __init__(
        self,
        theme: Theme,
        line: Line,
        below: str,
        *,
        tone: str = "text3",
        when: str = "",
        whence: str = "",
        card: bool = False,
        button: KeyButton | None = None,
    ) -> None:
        super().__init__()
        self._theme, self.line, self._below, self._tone = theme, line, below, tone
        self._when, self._whence, self._card = when, whence, card
        self._current = False
        self.button = button
        task = line.task
        state = status_word(task.status)
        self._who = task.holder or task.owner
        said = [f"{state}, {task.number}, {task.title}", self._who, when, whence, below]
        if line.is_critical:
            said.append(_("critical"))
        self.setAccessibleName(", ".join(part for part in said if part))
        self.setToolTip(task.title)
        self.setFixedHeight(theme.px(50 if card else 42))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if button is not None:
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, theme.px(44), 0)
            row.addStretch(1)
            row.addWidget(button)

    def set_current(self, *, current: bool) -> None:
        if current != self._current:
            self._current = current
            self.update()

    def is_current(self) -> bool:
        return self._current

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.chosen.emit(self.line.task.id)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(240), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, task = self._theme, self.line.task
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        self._paint_ground(painter, box)
        pad = float(theme.px(10 if self._card else 4))
        side = theme.px(16)
        first = QRectF(pad, theme.px(5 if self._card else 2), self.width(), theme.px(20))
        sign = QRectF(pad, first.top() + theme.px(2), side, side)
        theme.icons.paint(painter, task.status.value, sign, theme.color(STATUS_TONE[task.status]))
        left = pad + side + theme.px(8)
        number = max(theme.metrics("body").horizontalAdvance(task.number), theme.px(24))
        place = QRectF(left, first.top(), number + 1, first.height())
        theme.words.paint(painter, place, task.number, "body", theme.color("text3"))
        left += number + theme.px(8)
        right = self._paint_right(painter, first)
        second = QRectF(left, first.bottom() - theme.px(1), right - left, theme.px(17))
        if self.line.is_critical:
            small = theme.px(14)
            at = QRectF(left, first.top() + theme.px(3), small, small)
            theme.icons.paint(painter, "critical", at, theme.color("critical"))
            left += small + theme.px(5)
        role = "strong" if self._card or self._current else "body"
        title = QRectF(left, first.top(), right - left, first.height())
        theme.words.paint(painter, title, task.title, role, theme.color("text1"))
        theme.words.paint(painter, second, self._below, "meta", theme.color(self._tone))

    def _paint_ground(self, painter: QPainter, box: QRectF) -> None:
        theme = self._theme
        ground = theme.color("selected") if self._current else theme.color("canvas")
        if self._card:
            painter.setPen(QPen(theme.color(STATUS_TONE[self.line.task.status]), 1))
            painter.setBrush(ground)
            painter.drawRoundedRect(box, theme.px(7), theme.px(7))
            return
        if self._current:
            painter.fillRect(box, ground)
        painter.setPen(theme.color("hair"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())

    def _paint_right(self, painter: QPainter, first: QRectF) -> float:
        """Who and when; returns where the title has to end."""
        theme = self._theme
        side = theme.px(22)
        right = float(self.width() - theme.px(10 if self._card else 4))
        if self._who:
            box = QRectF(right - side, (self.height() - side) / 2, side, side)
            paint_avatar(painter, theme, box, self._who)
        right -= side + theme.px(8)
        if self.button is not None:
            return right - self.button.sizeHint().width() - theme.px(8)
        wide = max(
            theme.metrics("strong").horizontalAdvance(self._when),
            theme.metrics("meta").horizontalAdvance(self._whence),
        )
        if wide:
            over = QRectF(right - wide - 1, first.top(), wide + 1, first.height())
            theme.words.paint(painter, over, self._when, "strong", theme.color("text1"), right=True)
            under = QRectF(right - wide - 1, first.bottom() - theme.px(1), wide + 1, theme.px(17))
            theme.words.paint(painter, under, self._whence, "meta", theme.color("text3"), right=True)
            right -= wide + theme.px(10)
        return right


_FILLED = {Status.DONE: "done", Status.RUNNING: "running"}


class GroupLine(QWidget):
    """A stream or an owner: name, a segment a step, how many count, how late."""

    def __init__(self, theme: Theme, group: Group, name: str) -> None:
        super().__init__()
        self._theme, self._name = theme, name
        self._shown = group.segments
        done = group.count(Status.DONE, Status.SKIPPED)
        self._count = f"{done:,}/{len(group.lines):,}"
        stopped = group.count(Status.BLOCKED, Status.FAILED)
        self._late = "?" if stopped else f"+{group.late}" if group.late > 0 else ""
        self._tone = "blocked" if stopped else "late"
        said = [name, _("{done} of {total}").format(done=f"{done:,}", total=f"{len(group.lines):,}")]
        if stopped:
            said.append(_("{n} blocked or failed").format(n=f"{stopped:,}"))
        elif group.late > 0:
            said.append(_("{time} late").format(time=format_minutes(group.late, theme.language)))
        self.setAccessibleName(", ".join(said))
        self.setToolTip(", ".join(said))
        self.setFixedHeight(theme.px(25))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        words, high = theme.words, self.height()
        late, count = theme.px(44), theme.px(44)
        name = self.width() * 0.4
        words.paint(painter, QRectF(0, 0, name - theme.px(8), high), self._name, "body", theme.color("text1"))
        box = QRectF(self.width() - late - count, 0, count, high)
        words.paint(painter, box, self._count, "meta", theme.color("text3"), right=True)
        box = QRectF(self.width() - late, 0, late, high)
        words.paint(painter, box, self._late, "strong", theme.color(self._tone), right=True)
        self._paint_segments(painter, name, self.width() - late - count)

    def _paint_segments(self, painter: QPainter, left: float, right: float) -> None:
        high = self._theme.px(8)
        box = QRectF(left, (self.height() - high) / 2, right - left, high)
        paint_segments(painter, self._theme, box, self._shown, self.devicePixelRatioF())


def paint_segments(
    painter: QPainter, theme: Theme, box: QRectF, shown: Sequence[Status], ratio: float, gap: float = 3.0
) -> None:
    space = theme.px(gap)
    wide = (box.width() - space * (len(shown) - 1)) / max(1, len(shown))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, status in enumerate(shown):
        left = box.left() + number * (wide + space)
        part = QRectF(left + 0.5, box.top() + 0.5, wide - 1, box.height() - 1)
        paint_segment(painter, theme, part, status, ratio)


def paint_segment(painter: QPainter, theme: Theme, box: QRectF, status: Status, ratio: float) -> None:
    """Done solid, running solid, claimed dashed, blocked hatched, what may start with a thick edge, the rest empty."""
    pen = QPen(theme.color(STATUS_TONE[status]), 1)
    painter.setBrush(theme.color("canvas"))
    if status in _FILLED:
        painter.setBrush(theme.color(_FILLED[status]))
        if status is Status.RUNNING:
            painter.setPen(pen)
            painter.setBrush(theme.color("running_soft"))
            painter.drawRoundedRect(box, 1.5, 1.5)
            painter.fillRect(box.adjusted(0, 0, -box.width() * 0.35, 0), theme.color("running"))
            return
    elif status in (Status.BLOCKED, Status.FAILED):
        painter.setBrush(
            hatch(
                theme.color("blocked"),
                theme.color("blocked_soft"),
                ratio,
                step=4,
                rising=status is Status.BLOCKED,
            )
        )
    elif status is Status.CLAIMED:
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setBrush(theme.color("late_soft"))
    elif status is Status.READY:
        pen.setWidthF(2)
    elif status is Status.SKIPPED:
        painter.setBrush(theme.color("waiting_soft"))
    painter.setPen(pen)
    painter.drawRoundedRect(box, 1.5, 1.5)


class Column(Panel):
    """Headings and lines one below the other; the arrows move over the lines, Tab goes to the next column."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, name: str, layer: str = "panel") -> None:
        super().__init__(theme, layer=layer)
        self._name = name
        self._facts_shown: object = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QScrollArea.SizeAdjustPolicy.AdjustIgnored)

    def is_news(self, facts: object) -> bool:
        """Whether what is to be shown differs from what stands here."""
        if facts == self._facts_shown:
            return False
        self._facts_shown = facts
        return True

    def lines(self) -> list[StepLine]:
        return self.body.findChildren(StepLine)

    def set_current(self, task: bytes | None) -> None:
        for one in self.lines():
            one.set_current(current=one.line.task.id == task)
            if one.is_current():
                self.setAccessibleName(f"{self._name}: {one.accessibleName()}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        lines = self.lines()
        if turn is None or not lines:
            event.ignore()
            return
        here = next((n for n, one in enumerate(lines) if one.is_current()), None)
        at = 0 if here is None else max(0, min(len(lines) - 1, here + turn))
        self.chosen.emit(lines[at].line.task.id)
        self.ensureWidgetVisible(lines[at], 0, self._theme.px(40))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()
        lines = self.lines()
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and lines and not any(one.is_current() for one in lines):
            self.chosen.emit(lines[0].line.task.id)
