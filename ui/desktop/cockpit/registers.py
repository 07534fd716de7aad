"""Lines of the registers: when, what sign, who and what, and how it stands; pressing one opens what can be done with it."""

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.durations import format_minutes
from app.i18n import _
from app.queries.decisions import DecisionRow
from app.queries.handovers import HandOverRow
from app.queries.incidents import IncidentRow
from ui.desktop.components.labels import ElidedLabel, Sign, label
from ui.desktop.moments import day_clock, local
from ui.desktop.theme.theme import Theme

Row = HandOverRow | IncidentRow | DecisionRow
_LONG = 400


class RegisterLine(NamedTuple):
    """`head` stands strong before `text`; `state` says in its tone how it stands."""

    row: Row
    when_ms: int
    sign: str
    tone: str
    head: str
    text: str
    state: str
    state_tone: str
    is_open: bool

    def made(self, theme: Theme, when: str) -> "RegisterWidget":
        return RegisterWidget(theme, self, when)


class RegisterWidget(QFrame):
    picked = Signal(object)  # the row

    def __init__(self, theme: Theme, line: RegisterLine, when: str) -> None:
        super().__init__()
        self._theme, self.line = theme, line
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.px(4), 0, theme.px(5))
        row.setSpacing(theme.px(8))
        top = Qt.AlignmentFlag.AlignTop
        clock = label(theme, when, "body", "text3")
        clock.setFixedWidth(theme.px(44 if len(when) < 6 else 72))
        row.addWidget(clock, 0, top)
        row.addWidget(Sign(theme, line.sign, line.tone, 16), 0, top)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(theme, line.head, "strong", wrap=True))
        if line.text and isinstance(
            line.row, HandOverRow
        ):  # what the next one has to know is never cut short
            words.addWidget(label(theme, line.text[:_LONG], wrap=True))
        elif line.text:
            words.addWidget(ElidedLabel(theme, line.text, "body", "text2"))
        if line.state:
            words.addWidget(label(theme, line.state, "meta", line.state_tone, wrap=True))
        row.addLayout(words, 1)
        self.setAccessibleName(f"{when} {line.head} {line.text} {line.state}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.picked.emit(self.line.row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.line.row)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self._theme.color("soft"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


def hand_over_line(one: HandOverRow) -> RegisterLine:
    giver = one.giver or _("nobody")
    people = f"{giver} → {one.receiver}"
    state, tone = _("not taken yet"), "late"
    if one.taken_at is not None:
        state, tone = _("taken"), "text3"
    text = f"{one.task_number} {one.note or one.task_title}"
    return RegisterLine(one, one.given_at, "people", "text2", people, text, state, tone, one.is_open)


def incident_line(one: IncidentRow, zone: str = "") -> RegisterLine:
    grave = one.severity in ("P1", "P2")
    about = f"{one.task_number} {one.task_title}".strip()
    if one.solved_at is None:
        state = _("open, with {person}").format(person=one.owner) if one.owner else _("open, with nobody")
        tone = "blocked" if grave else "late"
        return RegisterLine(
            *(
                one,
                one.happened_at,
                "warning",
                tone,
                f"{one.severity} · {one.title}",
                about,
                state,
                tone,
                True,
            )
        )
    state = _("solved")
    if zone:
        state = _("solved {time}").format(time=day_clock(local(one.solved_at, zone)))
    if one.minutes_lost:
        state = _("{state}, cost {time}").format(state=state, time=format_minutes(one.minutes_lost))
    title = f"{one.severity} · {one.title}"
    return RegisterLine(one, one.happened_at, "warning", "text3", title, one.solution, state, "text3", False)


def decision_line(one: DecisionRow) -> RegisterLine:
    about = one.gate_name or f"{one.task_number} {one.task_title}".strip()
    state = " · ".join(part for part in (one.decider, about) if part)
    return RegisterLine(
        one, one.decided_at, "flag", "text2", one.decided, one.question, state, "text3", False
    )
