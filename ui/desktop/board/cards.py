"""A task as the board shows it: which state it stands in, when it happens, how late it is, and the one fact that matters."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from app.domain.words import Status
from app.i18n import _
from app.queries.checklist import Checklist, TaskRow
from app.queries.timeline import Bar, LinkRow, Timeline
from ui.desktop.board.ruler import Ruler

MINUTE_MS = 60_000
SOON_MS = 2 * 60 * MINUTE_MS
OVER = (Status.DONE, Status.SKIPPED)
_LISTED = 4  # numbers named before it says "and more"
_STATE = {
    Status.READY: "ready",
    Status.RUNNING: "running",
    Status.WAITING: "waiting",
    Status.BLOCKED: "blocked",
    Status.FAILED: "failed",
    Status.CLAIMED: "done",
    Status.SKIPPED: "done",
    Status.DONE: "done",
}


class Card(NamedTuple):
    """`state` is the column it stands in by state; `when_ms` what its first line says; `late` in minutes."""

    task: TaskRow
    bar: Bar
    state: str
    when_ms: int
    late: int
    fact: str
    follows: str  # what comes of it, where it is stopped
    title_width: float
    fact_width: float
    follows_width: float

    @property
    def is_critical(self) -> bool:
        return self.bar.is_critical and self.task.status not in OVER

    @property
    def is_line(self) -> bool:
        """What is far away or over: one line says it all."""
        return self.state == "later" or self.task.status in OVER


class _Neighbours(NamedTuple):
    """Numbers of the tasks that still hold one back, and of those it holds back; when the last one before it ended."""

    before: Mapping[bytes, list[str]]
    after: Mapping[bytes, list[str]]
    since: Mapping[bytes, int]


def cards(listed: Checklist, times: Timeline, ruler: Ruler) -> list[Card]:
    near = _neighbours(listed, times)
    found = []
    for task in listed.tasks:
        bar = times.bars.get(task.id)
        if bar is not None:
            found.append(_card(task, bar, times.now_ms, near, ruler))
    return found


def _card(task: TaskRow, bar: Bar, now_ms: int, near: _Neighbours, ruler: Ruler) -> Card:
    state = _STATE.get(task.status) or ("soon" if bar.start_ms <= now_ms + SOON_MS else "later")
    is_line = state == "later" or task.status in OVER
    fact = "" if is_line else _fact(task, near)
    follows = _follows(task, near)
    return Card(
        *(task, bar, state, _when(task, bar, near), _late(task, bar), fact, follows),
        title_width=0.0 if is_line else ruler.width(task.title),
        fact_width=ruler.width(fact) if fact else 0.0,
        follows_width=ruler.width(follows) if follows else 0.0,
    )


def _when(task: TaskRow, bar: Bar, near: _Neighbours) -> int:
    if task.status is Status.READY:
        return near.since.get(task.id, bar.planned_start_ms)
    if task.status in (Status.RUNNING, Status.CLAIMED, Status.DONE, Status.SKIPPED):
        return bar.finish_ms
    if task.status in (Status.WAITING, Status.BLOCKED, Status.FAILED):
        return bar.planned_finish_ms
    return bar.start_ms


def _late(task: TaskRow, bar: Bar) -> int:
    """Against the plan: of what has not begun its start, of what has its finish."""
    if task.status in OVER:
        return 0
    if task.status in (Status.TODO, Status.READY):
        return round((bar.start_ms - bar.planned_start_ms) / MINUTE_MS)
    return round((bar.finish_ms - bar.planned_finish_ms) / MINUTE_MS)


def _fact(task: TaskRow, near: _Neighbours) -> str:
    if task.status in (Status.BLOCKED, Status.FAILED, Status.WAITING):
        return task.reason
    if task.status is Status.CLAIMED:
        return " ".join(task.why_not)
    if task.status is Status.TODO:
        before = near.before.get(task.id)
        return _("after {number}").format(number=_listing(before)) if before else "".join(task.why_not[:1])
    return ""


def _follows(task: TaskRow, near: _Neighbours) -> str:
    held = near.after.get(task.id) if task.status in (Status.BLOCKED, Status.FAILED) else None
    return _("{numbers} cannot start without it.").format(numbers=_listing(held)) if held else ""


def _listing(numbers: list[str]) -> str:
    return ", ".join(numbers[:_LISTED]) + ("…" if len(numbers) > _LISTED else "")


def _neighbours(listed: Checklist, times: Timeline) -> _Neighbours:
    rows = {task.id: task for task in listed.tasks}
    before: dict[bytes, list[str]] = defaultdict(list)
    after: dict[bytes, list[str]] = defaultdict(list)
    since: dict[bytes, int] = {}
    for link in times.links:
        first, second = rows.get(link.before), rows.get(link.after)
        if first is None or second is None:
            continue
        if _lets_start(link, first):
            ended = times.bars[link.before].finish_ms + link.lag * MINUTE_MS
            since[link.after] = max(since.get(link.after, 0), ended)
        elif second.status in (Status.TODO, Status.READY) and link.type in ("FS", "SS"):
            before[link.after].append(first.number)
            after[link.before].append(second.number)
    return _Neighbours(before, after, since)


def _lets_start(link: LinkRow, first: TaskRow) -> bool:
    if link.type == "SS":
        return first.status not in (Status.TODO, Status.READY)
    return link.type == "FS" and first.status in OVER
