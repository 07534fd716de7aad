"""The line above the plan: whether it fits the window, when it ends, what is spare, and what somebody should look at."""

from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.durations import format_minutes
from app.i18n import _, counted
from app.queries.timeline import Timeline
from ui.desktop.checklist.filtering import Missing
from ui.desktop.checklist.sheet import Sheet
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.components.tape import Tape
from ui.desktop.moments import instant
from ui.desktop.theme.theme import Theme

_MINUTE_MS = 60_000


class Fit(NamedTuple):
    """`sign` and `tone` say the same as `title`."""

    sign: str
    tone: str
    title: str
    second: str


def fit_of(times: Timeline, language: str) -> Fit:
    ends = instant(times.end_ms, times.zone)
    if times.window_end_ms is None:
        return Fit("todo", "waiting", _("No window is set"), _("ends {time}").format(time=ends))
    spare = (times.window_end_ms - times.end_ms) // _MINUTE_MS
    length = format_minutes(abs(spare), language)
    if spare < 0:
        words = _("ends {time} · {length} too late").format(time=ends, length=length)
        return Fit("blocked", "blocked", _("Does not fit the window"), words)
    words = _("ends {time} · {length} spare").format(time=ends, length=length)
    return Fit("done", "done", _("Fits the window"), words)


def missing_words(missing: Missing) -> str:
    """What the tasks lack that a plan needs."""
    said = []
    if n := missing.owners:
        said.append(counted("{n} without an owner", "{n} without an owner", n))
    if n := missing.durations:
        said.append(counted("{n} without a duration", "{n} without a duration", n))
    if n := missing.rollbacks:
        said.append(counted("{n} without a rollback time", "{n} without a rollback time", n))
    return _(", ").join(said)


class FitLine(QFrame):
    looked = Signal()  # at what is missing

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("layer", "canvas")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(theme.px(52))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        row.setSpacing(theme.px(10))
        self._sign = Sign(theme, "done", "done", 20)
        row.addWidget(self._sign)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.title = label(theme, "", "strong")
        self.second = label(theme, "", "meta", "text2")
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.second)
        words.addStretch(1)
        row.addLayout(words)
        row.addSpacing(theme.px(6))
        self.tape = Tape(theme, 14)
        row.addWidget(self.tape, 1)
        row.addSpacing(theme.px(4))
        self.missing = KeyButton(theme, "", kind="late", icon="warning")
        self.missing.clicked.connect(lambda _on=False: self.looked.emit())
        self.missing.hide()
        row.addWidget(self.missing)

    def take(self, sheet: Sheet) -> None:
        fit = fit_of(sheet.times, sheet.shown.language)
        self._sign.set_sign(fit.sign, fit.tone)
        self.title.setText(fit.title)
        self.second.setText(fit.second)
        self.setAccessibleName(f"{fit.title}, {fit.second}")
        self.tape.take(sheet.tape)
        count, words = sheet.missing.tasks, missing_words(sheet.missing)
        self.missing.setVisible(count > 0)
        self.missing.set_word(counted("{n} to look at", "{n} to look at", count))
        self.missing.setToolTip(words)
        self.missing.setAccessibleDescription(words)
