"""The right column: what stops us with what follows from it, hand-offs and incidents, decisions, and the next one ahead."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.durations import format_minutes
from app.domain.words import Status
from app.i18n import _
from app.queries.night import Line, Night
from ui.desktop.cockpit.columns import head, more, when_of
from ui.desktop.cockpit.lines import Column, StepLine
from ui.desktop.cockpit.reading import Seen
from ui.desktop.cockpit.registers import RegisterLine, decision_line, hand_over_line, incident_line
from ui.desktop.components.labels import Sign, label
from ui.desktop.components.panel import Body
from ui.desktop.desk import Desk

_CARDS, _LINES = 6, 5


class Trouble(Column):
    """`picked` gives an incident or hand-over somebody presses: its row."""

    picked = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, _("What stops us, and what is ahead"))
        self._desk = desk

    def fill(self, seen: Seen, mine: Callable[[Line], bool]) -> None:
        night = seen.night
        stopped = night.of(Status.FAILED, Status.BLOCKED, Status.WAITING, Status.CLAIMED)
        registers = (seen.incidents, seen.decisions, seen.hand_overs, night.decision)
        if not self.is_news((night.run, mine, stopped[: 4 * _CARDS], len(stopped), registers)):
            return
        where = self.verticalScrollBar().value()
        body = self.begin()
        body.column.setSpacing(self._desk.theme.px(4))
        for status, title in (
            (Status.FAILED, _("Failed")),
            (Status.BLOCKED, _("Blocked")),
            (Status.WAITING, _("Waiting")),
            (Status.CLAIMED, _("Claimed, does not count yet")),
        ):
            found = [one for one in night.of(status) if mine(one)]
            if found:
                head(body, self._desk, title, len(found))
            for one in found[:_CARDS]:
                self._add(body, night, one)
            more(body, self._desk, len(found) - _CARDS)
        if not body.column.count():
            head(body, self._desk, _("Nothing is blocked"))
            body.signed(
                "done", "done", _("No step failed, waits or is claimed without counting."), text_tone="text2"
            )
        self._registers(body, seen)
        self._decision(body, seen)
        body.end()
        self.verticalScrollBar().setValue(where)

    def _add(self, body: Body, night: Night, line: Line) -> None:
        """What is stopped gets a card with its reason in full and what follows from it; the rest a line."""
        status = line.task.status
        if status not in (Status.FAILED, Status.BLOCKED):
            why = line.task.reason if status is not Status.CLAIMED else " ".join(line.task.why_not)
            tone = "late" if status is Status.CLAIMED else "text2"
            body.add(self._step(StepLine(self._desk.theme, line, why, tone=tone)))
            return
        theme = self._desk.theme
        card = QFrame()
        card.setProperty("card", "blocked")
        column = QVBoxLayout(card)
        column.setContentsMargins(*(theme.px(n) for n in (6, 6, 8, 8)))
        column.setSpacing(theme.px(4))
        late = _("planned {time}").format(time=when_of(night, line.bar.planned_finish_ms))
        column.addWidget(self._step(StepLine(theme, line, late)))
        if line.task.reason:
            column.addWidget(label(theme, line.task.reason, wrap=True))
        if says := consequence(self._desk, night, line):
            row = QHBoxLayout()
            row.setSpacing(theme.px(6))
            row.addWidget(Sign(theme, "warning", "blocked", 16), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(theme, says, "strong", "blocked", wrap=True), 1)
            column.addLayout(row)
        body.add(card)

    def _step(self, shown: StepLine) -> StepLine:
        shown.chosen.connect(self.chosen)
        return shown

    def _registers(self, body: Body, seen: Seen) -> None:
        """Offers and open incidents first, then what was taken and solved, the newest on top."""
        lines = [hand_over_line(one) for one in seen.hand_overs if one.withdrawn_at is None]
        lines += [incident_line(one) for one in seen.incidents]
        lines.sort(key=lambda one: (not one.is_open, -one.when_ms))
        if lines:
            head(body, self._desk, _("Hand-offs and incidents"))
        for one in lines[:_LINES]:
            self._register(body, seen.night, one)
        more(body, self._desk, len(lines) - _LINES)

    def _register(self, body: Body, night: Night, line: RegisterLine) -> None:
        shown = line.made(self._desk.theme, when_of(night, line.when_ms))
        shown.picked.connect(self.picked)
        body.add(shown)

    def _decision(self, body: Body, seen: Seen) -> None:
        night, found = seen.night, seen.night.decision
        if seen.decisions:
            head(body, self._desk, _("Decided"), len(seen.decisions))
            for one in tuple(reversed(seen.decisions))[:2]:
                self._register(body, night, decision_line(one))
        if found is None:
            return
        theme = self._desk.theme
        head(body, self._desk, _("Next decision"))
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(Sign(theme, "gate_closed", "text3", 16))
        row.addWidget(label(theme, found.name, "strong", wrap=True), 1)
        if found.when_ms is not None:
            row.addWidget(label(theme, when_of(night, found.when_ms), "strong"))
        body.add_layout(row)
        parts = []
        if found.criteria:
            parts.append(_("{n} of {total} criteria hold").format(n=found.holding, total=found.criteria))
        if found.missing:
            parts.append(found.missing[0])
            if len(found.missing) > 1:
                parts.append(_("and {n} more").format(n=len(found.missing) - 1))
        if parts:
            body.text(" · ".join(parts), "meta", "text3")


def consequence(desk: Desk, night: Night, line: Line) -> str:
    """What follows from a stop: which steps cannot start without it, and that the end is open."""
    numbers = night.waiting_for.get(line.task.id, ())
    if not numbers:
        return ""
    listed = ", ".join(numbers[:4]) + ("…" if len(numbers) > 4 else "")
    if line.is_critical:
        return _("{numbers} cannot start without it, and the end moves.").format(numbers=listed)
    slack = format_minutes(line.bar.slack_minutes, desk.theme.language)
    return _("{numbers} cannot start without it; it may take {time} before the end moves.").format(
        numbers=listed, time=slack
    )
