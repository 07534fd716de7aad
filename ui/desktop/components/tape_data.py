"""What a tape shows, worked out of a timeline in the reader's thread: the window and what leaves it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

_HOUR_MS = 3_600_000
_NEAR_MS = 14 * 24 * _HOUR_MS  # a window further away than this from the work is no scale for it


class TapeData(NamedTuple):
    """Instants in UTC ms. The strip spans `start_ms` to `end_ms`: the window, widened where the work leaves it."""

    start_ms: int
    end_ms: int
    window_start_ms: int | None
    window_end_ms: int | None
    now_ms: int | None
    begun_ms: int  # where the work begins
    done_until_ms: int  # solid up to here
    forecast_end_ms: int
    planned_end_ms: int
    no_return_ms: int | None
    t0_ms: int | None
    zone: str


class _Bar(Protocol):
    @property
    def actual_start_ms(self) -> int | None: ...
    @property
    def actual_finish_ms(self) -> int | None: ...


class Spans(Protocol):
    """What the tape needs of a timeline."""

    @property
    def now_ms(self) -> int: ...
    @property
    def zone(self) -> str: ...
    @property
    def bars(self) -> Mapping[bytes, _Bar]: ...
    @property
    def window_start_ms(self) -> int | None: ...
    @property
    def window_end_ms(self) -> int | None: ...
    @property
    def t0_ms(self) -> int | None: ...
    @property
    def no_return_ms(self) -> int | None: ...
    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...
    @property
    def planned_end_ms(self) -> int: ...


def _done_until(bars: Iterable[_Bar], begun: int, now: int, end: int) -> int:
    """Solid up to now while something is open, up to the last finish when all is over, nothing before the first start."""
    facts = [(bar.actual_start_ms, bar.actual_finish_ms) for bar in bars]
    if not any(start is not None or finish is not None for start, finish in facts):
        return begun
    if all(finish is not None for _start, finish in facts):
        return max(finish for _start, finish in facts if finish is not None)
    return min(max(now, begun), end)


def tape_data(timeline: Spans) -> TapeData:
    """The window and what leaves it; a rehearsal weeks away from the window has its own span and no window on it."""
    begun, end = timeline.start_ms, max(timeline.end_ms, timeline.planned_end_ms)
    opens, closes = timeline.window_start_ms, timeline.window_end_ms
    far = opens is not None and closes is not None and (end < opens - _NEAR_MS or begun > closes + _NEAR_MS)
    if far:
        opens = closes = None
    first = min(one for one in (begun, opens) if one is not None)
    last = max(one for one in (end, closes, first + _HOUR_MS) if one is not None)

    def inside(moment: int | None) -> int | None:
        return moment if moment is not None and first <= moment <= last else None

    return TapeData(
        first,
        last,
        opens,
        closes,
        inside(timeline.now_ms),
        begun,
        _done_until(timeline.bars.values(), begun, timeline.now_ms, timeline.end_ms),
        timeline.end_ms,
        timeline.planned_end_ms,
        inside(timeline.no_return_ms),
        inside(timeline.t0_ms),
        timeline.zone,
    )
