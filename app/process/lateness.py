"""How late a step is: against its own length, its planned start and its due time. Derived, never stored."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.words import Claim

# "Whenever": lags count as passed and nothing is late. For readers that do not show time.
NO_CLOCK = 1 << 46
_MINUTE_MS = 60_000
_OPEN = (Claim.TODO, Claim.RUNNING, Claim.WAITING, Claim.BLOCKED, Claim.FAILED)


def wall_ms(wall: str | None, zone: str) -> int | None:
    """UTC ms of a wall time "2026-03-06T22:00" in an IANA zone; None when there is none or it cannot be."""
    if not wall:
        return None
    try:
        moment = datetime.fromisoformat(wall)
        return int(moment.replace(tzinfo=moment.tzinfo or ZoneInfo(zone)).timestamp() * 1000)
    except (ValueError, ZoneInfoNotFoundError, OverflowError, OSError):
        return None


def minutes_left(remaining: int | None, said_at: int | None, now_ms: int) -> int | None:
    """What is left of the minutes a step was said to need, as time goes by; never below 0."""
    if remaining is None or said_at is None or now_ms <= said_at or now_ms >= NO_CLOCK:
        return remaining
    return max(0, remaining - (now_ms - said_at) // _MINUTE_MS)


def late_minutes(
    claim: Claim,
    *,
    now_ms: int,
    minutes: int | None = None,
    remaining: int | None = None,
    started_at: int | None = None,
    start_ms: int | None = None,
    due_ms: int | None = None,
) -> int:
    """Whole minutes by which an open step is late, 0 when it is not; the largest of what its times say.

    A running step is late once it runs longer than planned, or by what its remaining minutes exceed the plan; one to do
    once its planned start has passed; any open step once it is due.
    """
    if claim not in _OPEN:
        return 0
    found = [0]
    if due_ms is not None:
        found.append((now_ms - due_ms) // _MINUTE_MS)
    if claim is Claim.TODO:
        if start_ms is not None:
            found.append((now_ms - start_ms) // _MINUTE_MS)
    elif started_at is not None and minutes is not None:
        ends = now_ms + (remaining or 0) * _MINUTE_MS
        begin = min(started_at, start_ms) if start_ms is not None else started_at
        found.append((ends - begin) // _MINUTE_MS - minutes)
    return max(found)
