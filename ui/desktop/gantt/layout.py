"""Where things are in a Gantt: time to x, the ticks of the axis, which rows there are and which links cross them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from app.i18n import _
from app.queries.checklist import StageRow, TaskRow
from app.queries.timeline import LinkRow
from ui.desktop.moments import local, long_day, month_name, zone_of

HOUR_MS = 3_600_000
_MINUTE_MS = 60_000
_DAY_MS = 24 * HOUR_MS
LEAST_PX_PER_HOUR, MOST_PX_PER_HOUR = 0.02, 2400.0  # months in a window, and 40 px a minute


@dataclass(frozen=True, slots=True)
class Scale:
    """`origin_ms` stands at x 0."""

    origin_ms: int
    px_per_hour: float

    def x(self, moment: int) -> float:
        return (moment - self.origin_ms) * self.px_per_hour / HOUR_MS

    def moment(self, x: float) -> int:
        return self.origin_ms + round(x * HOUR_MS / self.px_per_hour)

    def zoomed(self, factor: float, x: float) -> "Scale":
        """What stands at x stays there."""
        wanted = min(MOST_PX_PER_HOUR, max(LEAST_PX_PER_HOUR, self.px_per_hour * factor))
        return Scale(self.moment(x) - round(x * HOUR_MS / wanted), wanted)


class Tick(NamedTuple):
    """`is_strong` ticks begin something larger."""

    ms: int
    text: str
    is_strong: bool


class Axis(NamedTuple):
    upper: tuple[Tick, ...]
    lower: tuple[Tick, ...]
    step_ms: int  # what moving by one step of the grid means


# (minutes between ticks, least px between them): hours need two digits, minutes five letters.
_CLOCKS = tuple(
    (minutes, 30 if minutes >= 60 else 46) for minutes in (1, 5, 10, 15, 30, 60, 120, 180, 360, 720)
)


@lru_cache(maxsize=16)
def axis(scale: Scale, width: int, zone: str, language: str, stretch: float = 1.0) -> Axis:
    """Two levels of ticks for the time between x 0 and `width`; `language` only tells the cache apart."""
    del language
    first, last = scale.moment(0), scale.moment(width)
    px_per_minute = scale.px_per_hour / 60
    for minutes, least in _CLOCKS:
        if minutes * px_per_minute >= least * stretch:
            return Axis(
                tuple(Tick(ms, long_day(at), True) for ms, at in _days(first, last, zone)),
                tuple(_clock_ticks(first, last, zone, minutes)),
                minutes * _MINUTE_MS,
            )
    per_day = scale.px_per_hour * 24
    months = tuple(Tick(ms, _month_of(at), True) for ms, at in _months(first, last, zone))
    for days in (1, 7):
        if days * per_day >= 26 * stretch:
            lower = tuple(
                Tick(ms, str(at.day), at.weekday() == 0)
                for ms, at in _days(first, last, zone)
                if days == 1 or at.weekday() == 0
            )
            return Axis(months, lower, days * _DAY_MS)
    years = tuple(
        Tick(ms, str(at.year), True)
        for number, (ms, at) in enumerate(_months(first, last, zone))
        if at.month == 1 or not number
    )
    return Axis(years, tuple(Tick(one.ms, one.text.split(" ")[0], False) for one in months), 7 * _DAY_MS)


def _month_of(at: datetime) -> str:
    return _("{month} {year}").format(month=month_name(at), year=at.year)


def _utc(wall: datetime, zone: str) -> int:
    return int(wall.replace(tzinfo=zone_of(zone)).timestamp() * 1000)


def _days(first: int, last: int, zone: str) -> Iterator[tuple[int, datetime]]:
    day = local(first, zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    while (ms := _utc(day, zone)) <= last:
        yield ms, day
        day += timedelta(days=1)


def _months(first: int, last: int, zone: str) -> Iterator[tuple[int, datetime]]:
    day = local(first, zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    while (ms := _utc(day, zone)) <= last:
        yield ms, day
        day = (day + timedelta(days=32)).replace(day=1)


def _clock_ticks(first: int, last: int, zone: str, minutes: int) -> Iterator[Tick]:
    strong = 360 if minutes >= 60 else 60
    for _ms, day in _days(first, last, zone):
        for minute in range(0, 24 * 60, minutes):
            ms = _utc(day + timedelta(minutes=minute), zone)
            if first <= ms <= last:
                text = f"{minute // 60:02}" if minutes >= 60 else f"{minute // 60:02}:{minute % 60:02}"
                yield Tick(ms, text, minute % strong == 0)


def snapped(moment: int, step_ms: int) -> int:
    """To the grid, in whole minutes at least."""
    step = max(_MINUTE_MS, min(step_ms, HOUR_MS) // 4)
    return round(moment / step) * step


def wall_text(moment: int, zone: str) -> str:
    """As a plan keeps a start: "2026-03-06T22:00"."""
    return datetime.fromtimestamp(moment / 1000, UTC).astimezone(zone_of(zone)).strftime("%Y-%m-%dT%H:%M")


# Rows.

Row = StageRow | TaskRow


class Outline(NamedTuple):
    """The rows shown, and where each task stands among them."""

    rows: Sequence[Row]
    places: Mapping[bytes, int]


def outline(
    stages: Iterable[StageRow], tasks: Iterable[TaskRow], folded: frozenset[bytes | None], wanted: str = ""
) -> Outline:
    """Stages with their tasks; `wanted` leaves out tasks that hold it in neither title, owner nor number."""
    word = wanted.casefold().strip()
    by_stage: dict[bytes | None, list[TaskRow]] = {}
    for task in tasks:
        if not word or word in f"{task.number} {task.title} {task.owner}".casefold():
            by_stage.setdefault(task.stage_id, []).append(task)
    rows: list[Row] = []
    known: set[bytes | None] = set()
    for stage in stages:
        known.add(stage.id)
        own = by_stage.get(stage.id, [])
        if word and not own:
            continue
        rows.append(stage)
        if stage.id not in folded:
            rows.extend(own)
    for stage_id, own in by_stage.items():
        if stage_id not in known and None not in folded:
            rows.extend(own)
    places = {row.id: place for place, row in enumerate(rows) if isinstance(row, TaskRow)}
    return Outline(rows, places)


class LinkIndex:
    """Links by how far they reach: those through a range of rows are found without looking at the others."""

    def __init__(self, links: Iterable[LinkRow], places: Mapping[bytes, int]) -> None:
        self._levels: dict[int, dict[int, list[tuple[int, int, LinkRow]]]] = {}
        for link in links:
            before, after = places.get(link.before), places.get(link.after)
            if before is None or after is None:
                continue
            top, bottom = (before, after) if before < after else (after, before)
            level = (bottom - top).bit_length()
            self._levels.setdefault(level, {}).setdefault(top >> level, []).append((top, bottom, link))

    def through(self, first: int, last: int) -> Iterator[LinkRow]:
        """Those that touch or cross the rows from `first` to `last`."""
        for level, buckets in self._levels.items():
            for bucket in range((first >> level) - 1, (last >> level) + 1):
                for top, bottom, link in buckets.get(bucket, ()):
                    if top <= last and bottom >= first:
                        yield link
