"""The middle column: what runs, may start and comes next, and the streams or owners."""

from collections.abc import Callable, Sequence
from itertools import islice

from PySide6.QtWidgets import QHBoxLayout

from app.domain.durations import format_minutes
from app.domain.words import Status
from app.i18n import _
from app.queries.night import MINUTE_MS, Group, Line, Night
from ui.desktop.cockpit.lines import Column, GroupLine, StepLine
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Body
from ui.desktop.desk import Desk
from ui.desktop.moments import day_clock, local

_CARDS, _ROWS, _GROUPS = 6, 7, 20
Start = Callable[[bytes], object]


def head(body: Body, desk: Desk, title: str, number: int | None = None, hint: str = "") -> None:
    theme = desk.theme
    if body.column.count():
        body.column.addSpacing(theme.px(10))
    row = QHBoxLayout()
    row.setSpacing(theme.px(8))
    row.addWidget(label(theme, title, "section"))
    if number is not None:
        row.addWidget(label(theme, str(number), "body", "text3"))
    if hint:
        row.addWidget(label(theme, hint, "meta", "text3"))
    row.addStretch(1)
    body.add_layout(row)


def more(body: Body, desk: Desk, left_out: int) -> None:
    if left_out > 0:
        body.add(label(desk.theme, _("and {n} more").format(n=f"{left_out:,}"), "meta", "text3"))


def when_of(night: Night, moment: int) -> str:
    """The clock alone today and tonight, with its day further away."""
    found = local(moment, night.timeline.zone)
    near = abs(moment - night.timeline.now_ms) < 20 * 60 * MINUTE_MS
    return found.strftime("%H:%M") if near else day_clock(found)


def in_time(desk: Desk, night: Night, moment: int) -> str:
    ahead = (moment - night.timeline.now_ms) // MINUTE_MS
    if ahead <= 0 or not night.has_begun:
        return ""
    return _("in {time}").format(time=format_minutes(ahead, desk.theme.language))


class Middle(Column):
    """`start` is asked for by a card's button."""

    def __init__(self, desk: Desk, start: Start) -> None:
        super().__init__(desk.theme, _("May start now, next, and streams"))
        self._desk, self._start = desk, start

    def fill(self, night: Night, mine: Callable[[Line], bool], group_by: str) -> None:
        if not self.is_news(self._facts(night, mine, group_by)):
            return
        where = self.verticalScrollBar().value()
        body = self.begin()
        body.column.setSpacing(self._desk.theme.px(4))
        groups = night.owners if group_by == "owner" else night.streams
        if group_by in ("owner", "stream"):
            self._fill_groups(body, night, [one for one in groups if any(map(mine, one.lines))])
        else:
            self._fill_running(body, night, mine)
            self._fill_ready(body, night, mine)
            self._fill_next(body, night, mine)
            self._fill_streams(body, night)
        body.end()
        self.verticalScrollBar().setValue(where)

    def _facts(self, night: Night, mine: Callable[[Line], bool], group_by: str) -> object:
        """All that is shown here: as long as it is the same, so is what stands here."""
        if group_by in ("owner", "stream"):
            return object()  # a reading more is a filling more: nobody stays here for long
        counts = tuple((one.name, one.late, tuple(one.counts.items())) for one in night.streams[:_GROUPS])
        states = (Status.RUNNING, Status.READY, Status.TODO)
        lines = tuple(tuple(islice(filter(mine, night.of(state)), _ROWS)) for state in states)
        minute = night.timeline.now_ms // MINUTE_MS
        return (night.run, minute, group_by, counts, lines, self._desk.task_id)

    def _add(self, body: Body, line: StepLine) -> None:
        line.chosen.connect(self.chosen)
        body.add(line)

    def _fill_running(self, body: Body, night: Night, mine: Callable[[Line], bool]) -> None:
        found = [one for one in night.of(Status.RUNNING) if mine(one)]
        if len(found) < 2:
            return  # the one that runs stands in the left column
        head(body, self._desk, _("Running"), len(found))
        for one in found[:_CARDS]:
            self._add(body, self._line(night, one))
        more(body, self._desk, len(found) - _CARDS)

    def _fill_ready(self, body: Body, night: Night, mine: Callable[[Line], bool]) -> None:
        found = [one for one in night.of(Status.READY) if mine(one)]
        head(body, self._desk, _("May start now"), len(found))
        if not found:
            body.add(label(self._desk.theme, _("Nothing may start now."), "body", "text3"))
        for one in found[:_CARDS]:
            self._add(body, self._card(night, one))
        more(body, self._desk, len(found) - _CARDS)

    def _card(self, night: Night, line: Line) -> StepLine:
        button: KeyButton | None = None
        if night.run.finished_at is None:
            chosen = line.task.id == self._desk.task_id
            button = KeyButton(
                self._desk.theme, _("Start"), kind="primary" if chosen else "", key="S" if chosen else ""
            )
            button.clicked.connect(lambda _on=False, task=line.task.id: self._start(task))
        planned = when_of(night, line.bar.planned_start_ms)
        below, tone = _("planned {time}").format(time=planned), "text3"
        if line.late > 0 and night.has_begun:
            late = _("{time} late").format(time=format_minutes(line.late, self._desk.theme.language))
            below, tone = f"{below} · {late}", "late"
        return StepLine(self._desk.theme, line, below, tone=tone, card=True, button=button)

    def _fill_next(self, body: Body, night: Night, mine: Callable[[Line], bool]) -> None:
        found = [one for one in night.next_ones() if mine(one)]
        if found:
            head(body, self._desk, _("Next"), None, _("when what they wait for ends"))
        for one in found[:_ROWS]:
            self._add(body, self._line(night, one))
        total = sum(map(mine, night.of(Status.TODO)))
        more(body, self._desk, total - min(len(found), _ROWS))

    def _line(self, night: Night, line: Line) -> StepLine:
        desk = self._desk
        if line.task.status is Status.TODO:
            below = (
                _("after {number}").format(number=line.after)
                if line.after
                else "".join(line.task.why_not[:1])
            )
            moment = line.bar.start_ms
        else:
            moment = line.bar.finish_ms
            plan = when_of(night, line.bar.planned_finish_ms)
            below = _("ends {time}, plan {plan}").format(time=when_of(night, moment), plan=plan)
        tone = "late" if line.task.status is not Status.TODO and line.late > 0 else "text3"
        when, whence = when_of(night, moment), in_time(desk, night, moment)
        if line.is_held and line.task.status is Status.TODO:
            below = _("after {number}, which is stopped").format(number=line.after)
            when, whence, tone = "?", "", "blocked"
        return StepLine(desk.theme, line, below, tone=tone, when=when, whence=whence)

    def _fill_streams(self, body: Body, night: Night) -> None:
        if not night.streams:
            return
        head(body, self._desk, _("Streams") if night.by_streams else _("Stages"))
        for group in night.streams[:_GROUPS]:
            body.add(GroupLine(self._desk.theme, group, group.name or _("without a stream")))
        more(body, self._desk, len(night.streams) - _GROUPS)

    def _fill_groups(self, body: Body, night: Night, groups: Sequence[Group]) -> None:
        """Per stream or owner: how far, and now, next, what waits and what is blocked."""
        for group in groups[:_GROUPS]:
            body.add(GroupLine(self._desk.theme, group, group.name or _("nobody")))
            shown: list[Line] = []
            for states in (
                (Status.RUNNING,),
                (Status.READY,),
                (Status.BLOCKED, Status.FAILED),
                (Status.WAITING,),
            ):
                shown += [one for one in group.lines if one.task.status in states][:2]
            ahead = sorted(
                (one for one in group.lines if one.task.status is Status.TODO),
                key=lambda one: one.bar.start_ms,
            )
            for one in (*shown, *ahead[:1]):
                card = one.task.status is Status.READY
                self._add(body, self._card(night, one) if card else self._line(night, one))
            body.column.addSpacing(self._desk.theme.px(8))
        more(body, self._desk, len(groups) - _GROUPS)
