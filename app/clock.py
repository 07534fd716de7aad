"""Time as a value that is passed in: wall clock in UTC milliseconds, hybrid logical clock, UUIDv7."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

COUNTER_BITS = 16
MAX_WALL_MS = 1 << 47


@dataclass(frozen=True, slots=True)
class Clock:
    """`now_ms` gives UTC milliseconds, `random_bytes(n)` n bytes; tests and replays pass their own.

    `offset_ms` is what `now_ms` adds to the device's own clock, so that a room full of laptops has one time.
    """

    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    random_bytes: Callable[[int], bytes] = os.urandom
    offset_ms: Callable[[], int] = lambda: 0

    def wall_ms(self) -> int:
        """What the device's own clock says."""
        return self.now_ms() - self.offset_ms()

    def corrected(self, offset_ms: Callable[[], int]) -> "Clock":
        """This clock with an offset that was measured, in milliseconds."""
        return Clock(lambda: self.now_ms() + offset_ms(), self.random_bytes, offset_ms)

    def new_id(self) -> bytes:
        """A UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then random bits; 16 bytes."""
        stamp = max(0, min(self.now_ms(), (1 << 48) - 1)).to_bytes(6, "big")
        tail = bytearray(self.random_bytes(10))
        tail[0] = 0x70 | tail[0] & 0x0F
        tail[2] = 0x80 | tail[2] & 0x3F
        return stamp + bytes(tail)


def next_hlc(last: int, now_ms: int) -> int:
    """Hybrid logical clock (Kulkarni et al. 2014) in one integer: milliseconds << 16 | counter, above `last`."""
    return max(last + 1, clamp_hlc(now_ms << COUNTER_BITS))


def hlc_ms(hlc: int) -> int:
    return hlc >> COUNTER_BITS


def clamp_hlc(hlc: int, received_ms: int = MAX_WALL_MS) -> int:
    """A clock that runs ahead counts no later than the moment somebody else received it."""
    return max(0, min(hlc, (min(received_ms, MAX_WALL_MS) + 1 << COUNTER_BITS) - 1))


def to_iso(ms: int) -> str:
    """UTC milliseconds as `2026-03-06T22:00:00Z`."""
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return f"{ms} ms"


def from_iso(text: str) -> int:
    """UTC milliseconds of an ISO date-time; one without an offset is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
