"""Tasks in groups: by stage as planned, by owner, state, stream, priority or day due, or all in one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from app.domain.words import Status
from app.i18n import N_, _
from app.queries.checklist import StageRow, TaskRow
from app.queries.timeline import Bar
from ui.desktop.checklist.filtering import CLOSED
from ui.desktop.checklist.sorting import natural
from ui.desktop.checklist.words import status_word
from ui.desktop.moments import long_day, wall_moment

GROUPS = (
    ("stage", N_("Stage")),
    ("owner", N_("Owner")),
    ("status", N_("State")),
    ("stream", N_("Stream")),
    ("priority", N_("Priority")),
    ("due", N_("Day due")),
    ("none", N_("Not at all")),
)


class GroupRow(NamedTuple):
    """Heads tasks that are grouped by anything but their stage."""

    id: bytes
    title: str
    task_count: int
    done_count: int
    minutes: int


HeadRow = StageRow | GroupRow
HEADS = (StageRow, GroupRow)


class Span(NamedTuple):
    """From the first start to the last finish of a group's tasks."""

    start_ms: int
    finish_ms: int


class Group(NamedTuple):
    head: HeadRow | None
    tasks: Sequence[TaskRow]
    span: Span | None


_STATES = {status: place for place, status in enumerate(Status)}


def _due_day(task: TaskRow) -> str:
    return (task.due or "")[:10]


def _day_words(day: str) -> str:
    moment = wall_moment(day)
    return _("Without a due time") if moment is None else long_day(moment)


# What tasks are put together by, the order of these values (None last), and how one is written.
_BY: Mapping[str, tuple[Callable[[TaskRow], Any], Callable[[Any], Any], Callable[[Any], str]]] = {
    "owner": (lambda task: task.owner, natural, lambda name: name or _("Without an owner")),
    "status": (lambda task: task.status, lambda one: _STATES[one], status_word),
    "stream": (lambda task: task.stream, natural, lambda name: name or _("Without a stream")),
    "priority": (
        lambda task: task.priority,
        lambda one: one,
        lambda one: _("Without a priority") if one is None else _("Priority {n}").format(n=one),
    ),
    "due": (_due_day, lambda day: day or None, _day_words),
}


def grouped(
    stages: Sequence[StageRow], tasks: Sequence[TaskRow], by: str, bars: Mapping[bytes, Bar]
) -> list[Group]:
    if by == "none":
        return [Group(None, tasks, None)]
    if by == "stage":
        return _by_stage(stages, tasks, bars)
    value_of, order, words = _BY[by]
    found: dict[Any, list[TaskRow]] = {}
    for task in tasks:
        found.setdefault(value_of(task), []).append(task)
    known = sorted((one for one in found if order(one) is not None), key=order)
    return [
        Group(_head(by, one, words(one), found[one]), found[one], _span(found[one], bars))
        for one in (*known, *(one for one in found if order(one) is None))
    ]


def _by_stage(stages: Sequence[StageRow], tasks: Sequence[TaskRow], bars: Mapping[bytes, Bar]) -> list[Group]:
    found: dict[bytes | None, list[TaskRow]] = {}
    for task in tasks:
        found.setdefault(task.stage_id, []).append(task)
    groups = []
    for stage in stages:
        own = found.pop(stage.id, [])
        groups.append(Group(stage, own, _span(own, bars)))
    # tasks of a stage that is gone come last, never vanish
    return groups + [Group(None, rest, None) for rest in found.values()]


def _head(by: str, value: Any, words: str, tasks: Sequence[TaskRow]) -> GroupRow:
    done = sum(1 for task in tasks if task.status in CLOSED)
    minutes = sum(task.minutes or 0 for task in tasks)
    return GroupRow(f"{by}:{value}".encode(), words, len(tasks), done, minutes)


def _span(tasks: Sequence[TaskRow], bars: Mapping[bytes, Bar]) -> Span | None:
    own = [bars[task.id] for task in tasks if task.id in bars]
    if not own:
        return None
    return Span(min(bar.start_ms for bar in own), max(bar.finish_ms for bar in own))
