"""How points in time and lengths are written: times have a colon, lengths have a unit."""

import re
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.i18n import N_, _

_DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


_corrected_by_ms = 0


def correct_now(offset_ms: int) -> None:
    """What this machine's clock lacks, as the open workspace knows it: every "now" on the screen follows."""
    global _corrected_by_ms  # noqa: PLW0603 - one machine, one clock
    _corrected_by_ms = offset_ms


def now_ms() -> int:
    """The present moment in UTC milliseconds, as a room full of laptops agrees on it."""
    return int(time.time() * 1000) + _corrected_by_ms


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local(ms: int, zone: str) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone_of(zone))


def day_name(moment: datetime) -> str:
    return _(_DAYS[moment.weekday()])


def month_name(moment: datetime) -> str:
    return _(_MONTHS[moment.month - 1])


def day_clock(moment: datetime) -> str:
    """`Sat 00:30`."""
    return _("{day} {time}").format(day=day_name(moment), time=f"{moment.hour:02}:{moment.minute:02}")


def long_day(moment: datetime) -> str:
    """`Sat 7 March`."""
    return _("{weekday} {day} {month}").format(
        weekday=day_name(moment), day=moment.day, month=_(_MONTHS[moment.month - 1])
    )


def instant(ms: int | None, zone: str) -> str:
    return "" if ms is None else day_clock(local(ms, zone))


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def with_clock_times(text: str, zone: str) -> str:
    """A sentence of the core in which instants stand in UTC, with the clock's time here in their place."""

    def here(found: re.Match[str]) -> str:
        moment = datetime.fromisoformat(found[0]).astimezone(zone_of(zone))
        return moment.strftime("%H:%M:%S")

    return _INSTANT.sub(here, text)


def wall(text: str | None) -> str:
    """A wall time of the plan, "2026-03-06T22:00", as `Fri 22:00`."""
    moment = wall_moment(text)
    return (text or "") if moment is None else day_clock(moment)


def wall_moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


_CLOCK = re.compile(r"(\d{1,2})[:：.](\d{2})$")


def parse_wall(text: str, near: str | None) -> str | None:
    """Reads `2026-03-06 22:00`, `Fri 22:00` or `22:00` (on the day of `near`); None when it cannot be read."""
    text = text.strip()
    full = wall_moment(text.replace(" ", "T", 1) if re.match(r"\d{4}-", text) else None)
    if full is not None:
        return full.strftime("%Y-%m-%dT%H:%M")
    match = _CLOCK.search(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    base = wall_moment(near) or datetime.now(UTC).replace(tzinfo=None)
    day = base.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    word = text[: match.start()].strip().casefold()
    if word:
        named = [index for index, name in enumerate(_DAYS) if word in (name.casefold(), _(name).casefold())]
        if not named:
            return None
        ahead = (named[0] - day.weekday() + 3) % 7 - 3  # the nearest such day, before or after
        day += timedelta(days=ahead)
    return day.strftime("%Y-%m-%dT%H:%M")


def countdown(until: datetime, now: datetime) -> str:
    """`T−51:19` within four days, `T−9 d 13:40` before; `T+` after."""
    minutes = int((until - now).total_seconds() // 60)
    sign = "−" if minutes >= 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    if hours >= 96:
        return _("T{sign}{days} d {time}").format(
            sign=sign, days=hours // 24, time=f"{hours % 24:02}:{rest:02}"
        )
    return f"T{sign}{hours:02}:{rest:02}"
