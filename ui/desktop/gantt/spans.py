"""Which part of the time to look at, and which task of the critical path comes next: pure, from what a Gantt shows."""

from app.process.lateness import NO_CLOCK
from app.queries.timeline import Timeline
from ui.desktop.gantt.layout import HOUR_MS
from ui.desktop.gantt.reading import GanttData

Span = tuple[int, int]
"""First and last moment, in UTC ms."""

_READABLE = 30 * HOUR_MS  # what fits beside the grid with bars one can tell apart


def content_span(times: Timeline) -> Span:
    """From the first to the last moment that something stands at, with some room beside."""
    known = (times.start_ms, times.end_ms, times.planned_end_ms, times.window_start_ms, times.window_end_ms)
    marks = [one for one in known if one is not None]
    first, last = min(marks), max(marks)
    room = max(HOUR_MS, (last - first) // 10)
    return first - room, last + room


def plan_span(times: Timeline) -> Span:
    """The whole plan, with room for words right of the last bar."""
    first, last = times.start_ms, max(times.end_ms, times.planned_end_ms, times.start_ms + HOUR_MS)
    room = (last - first) // 40
    return first - room, last + room * 10


def first_look(data: GanttData, rows: int) -> Span:
    """The whole plan where it is short; of a long one the time of the first rows, and now once it is under way.

    A plan of 52 hours whose first rows take three would open on bars of a few pixels.
    """
    times = data.times
    whole = plan_span(times)
    bars = [times.bars[row.id] for row in data.shown.rows[:rows] if row.id in times.bars]
    if whole[1] - whole[0] <= _READABLE or not bars:
        return whole
    first, last = min(bar.start_ms for bar in bars), max(bar.finish_ms for bar in bars)
    if times.now_ms != NO_CLOCK and times.start_ms <= times.now_ms <= times.end_ms:
        first = max(first, times.now_ms - _READABLE // 4)
        last = max(last, times.now_ms)
    length = min(_READABLE, max(2 * (last - first), 8 * HOUR_MS))
    return max(whole[0], first - length // 40), min(whole[1], first + length)


def next_on_thread(data: GanttData, current: bytes | None) -> tuple[int, bytes] | None:
    """Row and id of the next task of the critical path by time; after the last the first."""
    bars, shown = data.times.bars, data.shown.places
    critical = sorted(
        (bar.start_ms, shown[task], task) for task, bar in bars.items() if bar.is_critical and task in shown
    )
    if not critical:
        return None
    bar = bars.get(current) if current is not None else None
    here = (bar.start_ms, shown[bar.task], bar.task) if bar is not None else (-1, -1, b"")
    _start, place, task = next((one for one in critical if one > here), critical[0])
    return place, task
