"""The columns of the checklist as data: what they show, how wide, how they sort, and which field a typed text goes to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from app.domain.durations import format_minutes
from app.domain.words import Status
from app.i18n import N_, NC_, _
from app.queries.checklist import TaskRow
from app.queries.timeline import Bar
from ui.desktop.checklist.filtering import CLOSED
from ui.desktop.checklist.grouping import HeadRow, Span
from ui.desktop.checklist.sorting import natural
from ui.desktop.moments import day_clock, instant, local, wall

_DAY = timedelta(days=1)
_TIGHT_MINUTES, _MANY_MINUTES = 100 * 60, 1000 * 60


@dataclass(frozen=True, slots=True)
class Shown:
    """What the texts of a row are made of besides the row: how they are written here, and what is computed of the tasks."""

    language: str
    zone: str
    bars: Mapping[bytes, Bar] = field(default_factory=dict)
    rehearsed: Mapping[bytes, int] = field(
        default_factory=dict
    )  # minutes each task took in the latest rehearsal
    rehearsal: int = 0  # the number of that rehearsal
    spans: Mapping[bytes | None, Span] = field(default_factory=dict)


Text = Callable[[TaskRow, Shown], str]


@dataclass(frozen=True, slots=True)
class Column:
    """`width` at 100 % in English and in Chinese; 0 takes what is left. `kind` says who paints it.

    `edit` is what one begins to type over where that is not what is shown; `missing` a word for what must not be empty;
    `total` what a stage's row says.
    """

    id: str
    head: str
    width: tuple[int, int]
    show: Text
    kind: str = "text"
    right: bool = False
    field: str = ""
    drop: int = 0  # on a narrow screen the highest goes first; 0 always stays
    sort: Callable[[TaskRow, Shown], Any] | None = None
    edit: Text | None = None
    missing: Callable[[TaskRow], str] | None = None
    total: Callable[[HeadRow, Shown], str] | None = None
    offered: bool = False  # shown only once somebody chooses it

    def key(self, shown: Shown) -> Callable[[TaskRow], Any]:
        """What rows are sorted by in this column: None where it is empty."""
        sort = self.sort
        if sort is not None:
            return lambda row: sort(row, shown)
        return lambda row: natural(self.show(row, shown))

    def title(self, shown: Shown) -> str:
        if self.id == "rehearsal":
            return _("Reh. {n}").format(n=shown.rehearsal) if shown.rehearsal else _("Rehearsed")
        return _(self.head) if self.head else ""

    def name(self, shown: Shown) -> str:
        """As a menu calls it."""
        return {"state": _("State"), "rehearsal": _("Rehearsed")}.get(self.id) or self.title(shown)


def _length(minutes: int, shown: Shown) -> str:
    """A length as it fits a cell: hours before minutes by their short word in Chinese, and alone once there are many."""
    if minutes >= _MANY_MINUTES:
        minutes = round(minutes / 60) * 60
    text = format_minutes(minutes, shown.language)
    if minutes % 60:  # "1 时" alone would be one o'clock
        text = text.replace("小时", "时")
    return text.replace(" ", "") if shown.language == "zh" and minutes >= _TIGHT_MINUTES else text


def _minutes(row: TaskRow, shown: Shown) -> str:
    return "" if row.minutes is None else _length(row.minutes, shown)


def _typed_minutes(row: TaskRow, shown: Shown) -> str:
    return "" if row.minutes is None else format_minutes(row.minutes, shown.language)


def _checks(row: TaskRow, _shown: Shown) -> str:
    return f"{row.checks_passed}/{row.checks_total}" if row.checks_total else ""


def _finished(row: TaskRow, shown: Shown) -> str:
    """When it ended; while it runs, how long it still needs."""
    if row.status is Status.RUNNING and row.remaining is not None:
        return _("{length} left").format(length=format_minutes(row.remaining, shown.language))
    return instant(row.finished_ms, shown.zone)


def _why(row: TaskRow, shown: Shown) -> str:
    """What keeps it from starting or from counting; of a step under way, how late it is."""
    if row.why_not or row.late_minutes <= 0:
        return row.why_not[0] if row.why_not else ""
    return _("{length} late").format(length=format_minutes(row.late_minutes, shown.language))


# Times of the plan: as they happened, else as they will.


def _start(row: TaskRow, shown: Shown) -> str:
    bar = shown.bars.get(row.id)
    return wall(row.start) if bar is None else instant(bar.start_ms, shown.zone)


def _finish(row: TaskRow, shown: Shown) -> str:
    bar = shown.bars.get(row.id)
    return "" if bar is None else _until(bar.start_ms, bar.finish_ms, shown.zone)


def _until(start_ms: int, finish_ms: int, zone: str) -> str:
    """The clock alone where it can only mean the next time it shows that."""
    begun, ended = local(start_ms, zone), local(finish_ms, zone)
    return ended.strftime("%H:%M") if ended - begun < _DAY else day_clock(ended)


def _span_start(head: HeadRow, shown: Shown) -> str:
    span = shown.spans.get(head.id)
    return "" if span is None else instant(span.start_ms, shown.zone)


def _span_finish(head: HeadRow, shown: Shown) -> str:
    span = shown.spans.get(head.id)
    return "" if span is None else _until(span.start_ms, span.finish_ms, shown.zone)


def _bar_value(value: Callable[[Bar], int]) -> Callable[[TaskRow, Shown], int | None]:
    def key(row: TaskRow, shown: Shown) -> int | None:
        bar = shown.bars.get(row.id)
        return None if bar is None else value(bar)

    return key


def _slack(row: TaskRow, shown: Shown) -> str:
    """The thread stands in place of a slack of nothing."""
    bar = shown.bars.get(row.id)
    if bar is None or bar.is_critical or row.status in CLOSED:
        return ""
    minutes = bar.slack_minutes
    return _length(minutes if minutes < _TIGHT_MINUTES else minutes // 60 * 60, shown)


def rehearsal_difference(row: TaskRow, shown: Shown) -> int | None:
    """By how many minutes the latest rehearsal took longer than what is planned."""
    took = shown.rehearsed.get(row.id)
    return None if took is None or row.minutes is None else took - row.minutes


def _rehearsal(row: TaskRow, shown: Shown) -> str:
    by = rehearsal_difference(row, shown)
    return "" if by is None else _signed(by)


def plan_difference(row: TaskRow, shown: Shown) -> int | None:
    bar = shown.bars.get(row.id)
    return None if bar is None else round((bar.finish_ms - bar.planned_finish_ms) / 60_000)


def _against_plan(row: TaskRow, shown: Shown) -> str:
    by = plan_difference(row, shown)
    return "" if not by else _signed(by)


def _signed(minutes: int) -> str:
    return f"+{minutes}" if minutes > 0 else f"−{-minutes}" if minutes else "±0"


def _rollback(row: TaskRow, shown: Shown) -> str:
    if row.rollback_minutes is not None:
        return _length(row.rollback_minutes, shown)
    return "" if row.has_rollback else "–"


def _rollback_text(row: TaskRow, shown: Shown) -> str:
    return "" if row.rollback_minutes is None else format_minutes(row.rollback_minutes, shown.language)


def _none_where(is_missing: Callable[[TaskRow], bool]) -> Callable[[TaskRow], str]:
    return lambda row: _("none") if row.status not in CLOSED and is_missing(row) else ""


def _total_minutes(head: HeadRow, shown: Shown) -> str:
    return _length(head.minutes, shown) if head.minutes else ""


def _number(row: TaskRow, _shown: Shown) -> tuple[int, ...]:
    return tuple(int(part) for part in row.number.split("."))


_STATES = {status: place for place, status in enumerate(Status)}

NUMBER = Column(
    "number", N_("#"), (48, 48), lambda row, _shown: row.number, "number", right=True, sort=_number
)
STATE = Column(
    "state", "", (30, 30), lambda _row, _shown: "", "state", sort=lambda row, _shown: _STATES[row.status]
)
TITLE = Column("title", N_("Task"), (0, 0), lambda row, _shown: row.title, "title", field="title")
OWNER = Column("owner", N_("Owner"), (132, 128), lambda row, _shown: row.owner, "owner", field="owner")
DURATION = Column(
    "minutes", N_("Duration"), (72, 84), _minutes, right=True, field="minutes",
    sort=lambda row, _shown: row.minutes, missing=_none_where(lambda row: row.minutes is None),
    total=_total_minutes, edit=_typed_minutes,
)  # fmt: skip
START = Column(
    "start", N_("Start"), (80, 82), _start, field="start", drop=4,
    sort=_bar_value(lambda bar: bar.start_ms), edit=lambda row, _shown: wall(row.start), total=_span_start,
)  # fmt: skip
FINISH = Column(
    "finish", NC_("time", "Finish"), (80, 82), _finish, drop=3,
    sort=_bar_value(lambda bar: bar.finish_ms), total=_span_finish,
)  # fmt: skip
DUE = Column(
    "due", N_("Due"), (100, 106), lambda row, _shown: wall(row.due), "due", field="due", drop=5,
    sort=lambda row, _shown: row.due or None, offered=True,
)  # fmt: skip
STARTED = Column(
    "started", N_("Started"), (86, 92), lambda row, shown: instant(row.started_ms, shown.zone), drop=3,
    sort=lambda row, _shown: row.started_ms,
)  # fmt: skip
FINISHED = Column(
    "finished", N_("Finished"), (92, 104), _finished, drop=5, sort=lambda row, _shown: row.finished_ms
)
AFTER = Column("after", N_("After"), (66, 66), lambda row, _shown: row.after, "quiet", field="after", drop=5)
SLACK = Column(
    "slack", N_("Slack"), (66, 84), _slack, "slack", right=True, drop=3,
    sort=_bar_value(lambda bar: bar.slack_minutes),
)  # fmt: skip
REHEARSAL = Column(
    "rehearsal", N_("Rehearsed"), (54, 58), _rehearsal, "rehearsal", right=True, drop=6,
    sort=rehearsal_difference,
)  # fmt: skip
AGAINST_PLAN = Column(
    "against", N_("Against plan"), (92, 84), _against_plan, "against", right=True, drop=8,
    sort=plan_difference, offered=True,
)  # fmt: skip
ROLLBACK = Column(
    "rollback", N_("Rollback"), (68, 84), _rollback, "rollback", right=True, field="rollback_minutes", drop=7,
    sort=lambda row, _shown: row.rollback_minutes, edit=_rollback_text,
    missing=_none_where(lambda row: row.has_rollback and row.rollback_minutes is None),
)  # fmt: skip
STREAM = Column(
    "stream", N_("Stream"), (112, 92), lambda row, _shown: row.stream, "quiet", field="stream", drop=9,
    offered=True,
)  # fmt: skip
PRIORITY = Column(
    "priority", N_("Priority"), (62, 62),
    lambda row, _shown: "" if row.priority is None else str(row.priority), right=True, field="priority",
    drop=9, sort=lambda row, _shown: row.priority, offered=True,
)  # fmt: skip
CHECKS = Column(
    "checks", N_("Checks"), (62, 62), _checks, "checks", right=True, drop=2,
    sort=lambda row, _shown: (row.checks_passed / row.checks_total) if row.checks_total else None,
)  # fmt: skip
PROOF = Column(
    "proof", N_("Proof"), (84, 84), lambda _row, _shown: "", "proof", drop=7,
    sort=lambda row, _shown: row.evidence_count or None,
)  # fmt: skip
WHY = Column("why", N_("What it lacks"), (200, 180), _why, "why", drop=1)

PLAN_COLUMNS = (
    NUMBER, STATE, TITLE, replace(OWNER, missing=_none_where(lambda row: not row.owner)), DURATION, START, FINISH,
    AFTER, SLACK, REHEARSAL, ROLLBACK, DUE, AGAINST_PLAN, STREAM, PRIORITY, replace(CHECKS, offered=True), PROOF,
)  # fmt: skip
RUN_COLUMNS = (
    NUMBER, STATE, TITLE, replace(OWNER, width=(152, 140)), STARTED, FINISHED, WHY, AGAINST_PLAN, CHECKS, PROOF,
)  # fmt: skip
