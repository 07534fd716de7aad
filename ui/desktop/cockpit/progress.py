"""Parts of the step one is in: its time as a bar, its checks with their keys, and what happened to it."""

from typing import Any, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.domain.durations import format_minutes
from app.domain.words import Claim, known
from app.i18n import _
from app.queries.night import MINUTE_MS, Line
from app.queries.task_detail import CheckRow
from ui.desktop.cockpit.reading import Step, Told
from ui.desktop.components.keycap import KeyCap
from ui.desktop.components.labels import ElidedLabel, Sign, label
from ui.desktop.runs.clock_words import said_moment
from ui.desktop.theme.theme import Theme

_CHECK_SIGN = {
    "": ("todo", "waiting"),
    "pass": ("done", "done"),
    "fail": ("failed", "blocked"),
    "na": ("na", "waiting"),
}


class Spent(NamedTuple):
    """Minutes of a step: run so far, planned, expected in all, and what the rehearsal took."""

    run: int
    planned: int
    expected: int
    rehearsed: int | None


class Progress(QWidget):
    """The step's time as a bar: solid what has run, outlined what is expected, a mark where the plan ended it."""

    def __init__(self, theme: Theme, spent: Spent, *, over: bool) -> None:
        super().__init__()
        self._theme, self._spent, self._over = theme, spent, over
        self.setFixedHeight(theme.px(34))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        text = _("{run} of {planned} min planned")
        self.setAccessibleName(text.format(run=spent.run, planned=spent.planned))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self._theme.px(34))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, spent = self._theme, self._spent
        painter = QPainter(self)
        whole = max(spent.expected, spent.planned, spent.run, 1)
        top, height, width = theme.px(3), theme.px(13), self.width() - 1.0
        painter.setPen(theme.color("running"))
        painter.setBrush(theme.color("running_soft"))
        painter.drawRect(QRectF(0.5, top + 0.5, width, height - 1))
        done = width * min(spent.run, whole) / whole
        painter.fillRect(
            QRectF(1, top + 1, done, height - 2), theme.color("done" if self._over else "running")
        )
        painter.setFont(theme.font("meta"))
        foot = QRectF(0, top + height + theme.px(1), self.width(), theme.px(16))
        share = _("{n} %").format(n=round(100 * spent.run / max(spent.expected, 1)))
        shown: list[tuple[float, str, str]] = []
        if spent.planned and spent.planned < whole:
            x = round(width * spent.planned / whole) + 0.5
            painter.setPen(QPen(theme.color("text1"), 2))
            painter.drawLine(round(x), 0, round(x), top + height + theme.px(3))
            shown.append(
                (x, _("planned {time}").format(time=format_minutes(spent.planned, theme.language)), "text3")
            )
        if not self._over and spent.expected:
            shown.append((done, share, "running"))
        taken = -1.0
        for x, text, tone in sorted(shown):
            wide = theme.metrics("meta").horizontalAdvance(text)
            left = min(max(x - wide / 2, taken), self.width() - wide)
            painter.setPen(theme.color(tone))
            painter.drawText(
                QRectF(left, foot.top(), wide + 2, foot.height()), int(Qt.AlignmentFlag.AlignVCenter), text
            )
            taken = left + wide + theme.px(10)


class CheckBar(QFrame):
    """One check; the one that is next to answer shows its keys."""

    picked = Signal(object)

    def __init__(self, theme: Theme, check: CheckRow, *, current: bool) -> None:
        super().__init__()
        self.check = check
        sign, tone = _CHECK_SIGN.get(check.outcome or "", _CHECK_SIGN[""])
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(6), 0, theme.px(6), 0)
        row.setSpacing(theme.px(8))
        row.addWidget(Sign(theme, sign, tone, 16))
        row.addWidget(ElidedLabel(theme, check.text), 1)
        if check.value:
            row.addWidget(label(theme, f"{check.value} {check.unit}".strip(), "meta", "text2"))
        if current:
            for key, word in (("1", _("pass")), ("2", _("fail"))):
                row.addWidget(KeyCap(theme, key))
                row.addWidget(label(theme, word, "meta", "text2"))
            self.setProperty("box", "chosen")
        self.setFixedHeight(theme.px(28))
        self.setAccessibleName(check.text)

    def mousePressEvent(self, _event: Any) -> None:
        self.picked.emit(self.check.id)


def spent_on(line: Line, now_ms: int, rehearsed: int | None) -> Spent:
    bar, planned = line.bar, line.task.minutes or 0
    if bar.actual_start_ms is None:
        return Spent(0, planned, planned, rehearsed)
    until = bar.actual_finish_ms if bar.actual_finish_ms is not None else now_ms
    run = max(0, (until - bar.actual_start_ms) // MINUTE_MS)
    expected = max(run, (bar.finish_ms - bar.actual_start_ms) // MINUTE_MS)
    return Spent(run, planned, expected, rehearsed)


class Happening(NamedTuple):
    """`typed` is said where it was typed by somebody else or at another time than it happened."""

    when_ms: int
    text: str
    who: str
    typed: str


def happenings(step: Step, zone: str) -> list[Happening]:
    """Notes and attempts, the latest first."""
    detail = step.detail
    if detail is None:
        return []
    said: list[Happening] = []
    words = {Claim.FAILED: _("Failed"), Claim.DONE: _("Finished"), Claim.SKIPPED: _("Skipped")}
    for attempt in detail.attempts:
        if attempt.started_at is not None:
            again = _("Started again, attempt {n}").format(n=attempt.number)
            text = _("Started") if attempt.number == 1 else again
            told = step.told.get((attempt.number, "started"))
            said.append(_happened(attempt.started_at, text, attempt.performer, told, zone))
        if attempt.finished_at is not None:
            word = words.get(known(Claim, attempt.claim), _("Ended"))
            text = f"{word}: {attempt.reason}" if attempt.reason else word
            told = step.told.get((attempt.number, "finished"))
            said.append(_happened(attempt.finished_at, text, attempt.performer, told, zone))
    for one in detail.evidence:
        told = step.told.get(one.id)
        moment = one.happened_at if one.happened_at is not None else told.when_ms if told is not None else 0
        said.append(_happened(moment, one.text or one.name, one.performer, told, zone))
    return sorted(said, key=lambda one: one.when_ms, reverse=True)


def _happened(when: int, text: str, who: str, told: Told | None, zone: str) -> Happening:
    if told is None:
        return Happening(when, text, who, "")
    later, other = abs(told.when_ms - when) >= MINUTE_MS, bool(told.person) and told.person != who
    clock = said_moment(told.when_ms, when, zone)
    if other and later:
        typed = _("typed {time} by {person}").format(time=clock, person=told.person)
    elif other:
        typed = _("typed by {person}").format(person=told.person)
    else:
        typed = _("typed {time}").format(time=clock) if later else ""
    return Happening(when, text, who, typed)
