"""Moments as people type them on the night: `02:10`, `-15`, `yesterday 23:50`, `昨天 23:50`, `Sat 06:00`."""

import re
import unicodedata
from datetime import datetime, timedelta

from app.domain.durations import parse_minutes
from app.i18n import _
from ui.desktop.moments import day_clock, local, parse_wall

MINUTE_MS = 60_000
_NOW = ("", "now", "现在", "此刻")
_DAYS = (("today", 0), ("今天", 0), ("今日", 0), ("yesterday", -1), ("昨天", -1), ("昨日", -1), ("昨晚", -1))
_AHEAD = (("tomorrow", 1), ("明天", 1), ("明日", 1))
_CLOCK = re.compile(r"(\d{1,2})[:.点时](\d{2})?分?$")
_BARE = re.compile(r"([01]\d|2[0-3])([0-5]\d)$")  # 0210
_AGO = re.compile(r"(?:-|−|–)\s*(.+)$|(.+?)\s*(?:ago|前|之前)$")


def parse_moment(text: str, now_ms: int, zone: str, *, ahead: bool = False) -> int | None:
    """UTC ms, or None when it cannot be read. A clock alone is the latest one that has passed; with `ahead` the nearest."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain in _NOW:
        return now_ms
    if found := _AGO.match(plain):
        minutes = parse_minutes(found[1] or found[2])
        return None if minutes is None else now_ms - minutes * MINUTE_MS
    here = local(now_ms, zone)
    words = (*_DAYS, *_AHEAD) if ahead else _DAYS
    named = next(((word, turn) for word, turn in words if plain.startswith(word)), None)
    rest = plain.removeprefix(named[0]).strip(" ,，") if named is not None else plain
    clock = _clock(rest)
    if clock is None:
        return None if named is not None else _written(text.strip(), here)
    if named is not None:
        return _instant(here, named[1], clock)
    turns = (-1, 0, 1) if ahead else (-1, 0)
    found_ms = [_instant(here, turn, clock) for turn in turns]
    if ahead:
        return min(found_ms, key=lambda moment: abs(moment - now_ms))
    return max((moment for moment in found_ms if moment <= now_ms), default=found_ms[0])


def _clock(text: str) -> tuple[int, int] | None:
    found = _BARE.match(text) or _CLOCK.match(text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def _instant(here: datetime, turn: int, clock: tuple[int, int]) -> int:
    day = (here + timedelta(days=turn)).replace(hour=clock[0], minute=clock[1], second=0, microsecond=0)
    return round(day.timestamp() * 1000)


def _written(text: str, here: datetime) -> int | None:
    """A weekday with a clock, or a date in full."""
    wall = parse_wall(text, here.replace(tzinfo=None).isoformat())
    if wall is None:
        return None
    return round(datetime.fromisoformat(wall).replace(tzinfo=here.tzinfo).timestamp() * 1000)


def said_moment(moment: int, now_ms: int, zone: str) -> str:
    """`02:10`, with its day when that is another one."""
    then, here = local(moment, zone), local(now_ms, zone)
    if then.date() == here.date():
        return then.strftime("%H:%M")
    if then.date() == (here - timedelta(days=1)).date():
        return _("yesterday {time}").format(time=then.strftime("%H:%M"))
    if abs(moment - now_ms) > 6 * 24 * 60 * MINUTE_MS:
        return then.strftime("%Y-%m-%d %H:%M")
    return day_clock(then)
