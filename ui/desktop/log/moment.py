"""The project as it stood right after an entry, beside the list: the tape of then, three figures, the steps around."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from app.domain.durations import format_minutes
from app.domain.words import Status
from app.i18n import _
from app.queries.moments import MomentShown, StepThen
from ui.desktop.checklist.words import STATUS_TONE, status_word
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import ElidedLabel, Sign, label, line
from ui.desktop.components.panel import Body
from ui.desktop.components.tape import Tape
from ui.desktop.components.tape_data import tape_data
from ui.desktop.desk import Desk
from ui.desktop.moments import day_name, local
from ui.desktop.runs.kinds import run_name

_AROUND = 8
_JUST_MS = 60_000


class MomentActs(NamedTuple):
    """What the buttons do."""

    earlier: Callable[[], object]
    later: Callable[[], object]
    back: Callable[[], object]
    everything: Callable[[], object]


def fill_moment(
    body: Body, desk: Desk, found: MomentShown, tasks: frozenset[bytes], acts: MomentActs
) -> None:
    theme = desk.theme
    body.add(_badge(desk, found))
    tape = Tape(theme)
    tape.take(tape_data(found.timeline))
    body.add(tape)
    body.add_layout(_figures(desk, found))
    body.column.addSpacing(theme.px(2))
    for step in found.around(tasks, _AROUND):
        body.add(_step(desk, found, step, strong=step.task.id in tasks))
    body.add_layout(_ways(desk, acts))
    body.add(line())


def _badge(desk: Desk, found: MomentShown) -> QFrame:
    theme = desk.theme
    frame = QFrame()
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    pill = QFrame()
    pill.setProperty("box", "late")
    inside = QHBoxLayout(pill)
    inside.setContentsMargins(theme.px(10), theme.px(3), theme.px(12), theme.px(3))
    inside.setSpacing(theme.px(6))
    moment = local(found.now_ms, desk.zone)
    text = _("You look at {day} {time}").format(day=day_name(moment), time=moment.strftime("%H:%M:%S"))
    inside.addWidget(Sign(theme, "eye", "late", 16))
    inside.addWidget(label(theme, text, "strong", "late"))
    where = ElidedLabel(theme, _("{run} · read only").format(run=run_name(found.sheet.run)), "meta", "text3")
    where.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.setSpacing(theme.px(8))
    row.addWidget(pill)
    row.addWidget(where, 1)
    frame.setAccessibleName(_("{moment}, read only").format(moment=text))
    return frame


def _figures(desk: Desk, found: MomentShown) -> QGridLayout:
    """How late, how long one could still turn back, how many were done."""
    language = desk.language
    late = format_minutes(abs(found.late), language)
    if found.late > 0:
        first = (_("{length} late").format(length=late), "late")
    elif found.late < 0:
        first = (_("{length} early").format(length=late), "text1")
    else:
        first = (_("on time"), "text1")
    if found.back_minutes is None:
        second = (_("no limit set"), "text3")
    elif found.back_minutes <= 0:
        second = (_("no longer"), "blocked")
    else:
        second = (format_minutes(found.back_minutes, language), "blocked")
    third = (_("{done} of {total}").format(done=f"{found.done:,}", total=f"{len(found.steps):,}"), "text1")
    grid = QGridLayout()
    grid.setHorizontalSpacing(desk.theme.px(16))
    grid.setVerticalSpacing(0)
    heads = (_("then"), _("roll back for"), _("done"))
    for column, (head, (text, tone)) in enumerate(zip(heads, (first, second, third), strict=True)):
        grid.addWidget(label(desk.theme, head, "meta", "text3"), 0, column)
        grid.addWidget(label(desk.theme, text, "title", tone), 1, column)
        grid.setColumnStretch(column, 1)
    return grid


def _step(desk: Desk, found: MomentShown, step: StepThen, *, strong: bool) -> QFrame:
    theme = desk.theme
    frame = QFrame()
    frame.setProperty("edge", "bottom")
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, theme.px(2), 0, theme.px(2))
    row.setSpacing(theme.px(8))
    status = step.task.status
    row.addWidget(Sign(theme, status.value, STATUS_TONE[status], 15, spoken=status_word(status)))
    number = label(theme, step.task.number, "meta", "text3")
    number.setFixedWidth(theme.px(30))
    row.addWidget(number)
    row.addWidget(ElidedLabel(theme, step.task.title, "strong" if strong else "body"), 1)
    text, tone = when_words(found, step, desk.zone)
    row.addWidget(label(theme, text, "meta", tone))
    frame.setAccessibleName(f"{status_word(status)}, {step.task.number} {step.task.title}, {text}")
    return frame


def when_words(found: MomentShown, step: StepThen, zone: str) -> tuple[str, str]:
    """What one wants to know of a step then, and its tone."""
    status, bar = step.task.status, step.bar
    clock = local(step.when_ms, zone).strftime("%H:%M")
    if status in (Status.BLOCKED, Status.FAILED):
        return status_word(status).lower(), "blocked"
    if status is Status.CLAIMED:
        return _("{time}, did not count").format(time=clock), "late"
    if step.is_over:
        return clock, "text3"
    if status in (Status.RUNNING, Status.WAITING):
        if bar.actual_start_ms is not None and found.now_ms - bar.actual_start_ms < _JUST_MS:
            return _("just started"), "running"
        return _("since {time}").format(time=clock), "running"
    if status is Status.READY:
        return _("may start"), "running"
    return clock, "text3"


def _ways(desk: Desk, acts: MomentActs) -> QVBoxLayout:
    theme = desk.theme
    column = QVBoxLayout()
    column.setContentsMargins(0, theme.px(8), 0, theme.px(6))
    column.setSpacing(theme.px(6))
    row = QHBoxLayout()
    row.setSpacing(theme.px(8))
    for text, key, act, kind in (
        (_("Earlier"), "←", acts.earlier, ""),
        (_("Later"), "→", acts.later, ""),
        (_("Back to now"), "Esc", acts.back, "primary"),
    ):
        if kind:
            row.addStretch(1)
        button = KeyButton(theme, text, kind=kind, key=key)
        button.clicked.connect(lambda _on=False, act=act: act())
        row.addWidget(button)
    column.addLayout(row)
    whole = KeyButton(theme, _("Everything as it stood"), icon="plan", key="A")
    whole.clicked.connect(lambda _on=False: acts.everything())
    column.addWidget(whole, 0, Qt.AlignmentFlag.AlignLeft)
    return column
