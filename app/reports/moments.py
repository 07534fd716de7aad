"""Moments, lengths and sizes as a paper writes them, in English and Chinese, whatever the locale of the machine."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.errors import Invalid

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
EPOCH = datetime.fromtimestamp(0, UTC)
_UNITS = ("B", "KB", "MB", "GB", "TB")


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid(f"There is no time zone {name!r}; nothing was printed.") from error


def local(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is None:
        raise Invalid("A moment on paper needs a time zone; nothing was printed.")
    return moment.astimezone(_zone(zone))


def instant(ms: int) -> datetime | None:
    """UTC milliseconds as a moment; None where no calendar reaches."""
    try:
        return datetime.fromtimestamp(ms / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def exact(moment: datetime, language: str) -> str:
    """`6 March 2026 22:00:05 UTC`: the moment of a signature, to the second and in no zone but this."""
    at = local(moment, "UTC")
    day = (
        f"{at.year}年{at.month}月{at.day}日"
        if language == "zh"
        else f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
    )
    return f"{day} {at:%H:%M:%S} UTC"


def full(moment: datetime, zone: str, language: str, *, seconds: bool = False) -> str:
    """`Fri 6 March 2026 22:00`, in Chinese `2026年3月6日 周五 22:00`."""
    at = local(moment, zone)
    clock = at.strftime("%H:%M:%S" if seconds else "%H:%M")
    if language == "zh":
        return f"{at.year}年{at.month}月{at.day}日 {_DAYS_ZH[at.weekday()]} {clock}"
    return f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year} {clock}"


def period(start: datetime, end: datetime, zone: str, language: str) -> str:
    """`Fri 6 March 22:00 → Sun 8 March 2026 06:00`: the year once where it is one."""
    first, last = full(start, zone, language), full(end, zone, language)
    if local(start, zone).year == local(end, zone).year:
        year = local(end, zone).year
        if language == "zh":
            last = last.removeprefix(f"{year}年")
        else:
            first = first.replace(f" {year} ", " ")
    return f"{first} → {last}"


def short(moment: datetime, zone: str, language: str) -> str:
    """`Fri 22:00`, never broken, for a column whose sheet says the week."""
    at = local(moment, zone)
    day = (_DAYS_ZH if language == "zh" else _DAYS)[at.weekday()]
    return f"{day}\u00a0{at:%H:%M}"


def span(start: datetime, end: datetime, zone: str, language: str) -> str:
    """`Fri 22:00 → 22:15`; the second day is named when it is another one."""
    first, last = local(start, zone), local(end, zone)
    if first.date() == last.date():
        return f"{short(start, zone, language)} → {last:%H:%M}"
    return f"{short(start, zone, language)} → {short(end, zone, language)}"


def zone_text(moment: datetime, zone: str) -> str:
    """`Europe/Berlin, UTC+01:00`, at the offset of that moment."""
    at = local(moment, zone)
    if zone == "UTC":
        return zone
    offset = at.strftime("%z")
    return f"{zone}, UTC{offset[:3]}:{offset[3:5]}"


def length(minutes: int, language: str) -> str:
    """`45 min`, `1 h 30`, in Chinese `45 分` and `1 时 30 分`: a length has a unit, a time has a colon."""
    hours, rest = divmod(minutes, 60)
    if language == "zh":
        return (
            (f"{hours} 时" if hours else "")
            + (" " if hours and rest else "")
            + (f"{rest} 分" if rest or not hours else "")
        )
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def size(count: int) -> str:
    """Bytes with a decimal unit, `1.2 MB`."""
    amount = float(count)
    for unit in _UNITS:
        if amount < 1000 or unit == _UNITS[-1]:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError
