"""What each value of a conflict would do to the end of a run, were it the one that counts."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.process.lateness import NO_CLOCK
from app.queries.timeline import timeline
from app.storage.engine import Reader

_MINUTE_MS = 60_000
MOVING_FIELDS = ("minutes", "start", "claim")


class Effect(NamedTuple):
    """`end_ms` in UTC ms; `spare_minutes` up to the end of the window, None without one."""

    end_ms: int
    spare_minutes: int | None


def effects(
    reader: Reader,
    project: bytes,
    run: bytes | None,
    task: bytes,
    field: str,
    values: Sequence[Any],
    now_ms: int = NO_CLOCK,
) -> tuple[Effect, ...]:
    """One effect a value, in their order; none where the field moves nothing in time."""
    if field not in MOVING_FIELDS:
        return ()
    found = []
    for value in values:
        times = timeline(reader, project, run, now_ms, {task: {field: value}})
        closes = times.window_end_ms
        spare = None if closes is None else (closes - times.end_ms) // _MINUTE_MS
        found.append(Effect(times.end_ms, spare))
    return tuple(found)
