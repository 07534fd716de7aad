"""Durations and moments as people type them: "1h30", "2 d", "1 小时 30 分", "6 Mar 2026 22:00", "2026年3月6日"."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR = 60
DAY = 24 * HOUR  # elapsed: what "2 d" means unless something says working days
WORKING_DAY = 8 * HOUR
LONGEST = 20 * 366 * DAY  # longer than any go-live: whoever typed it meant something else
_LONGEST_TEXT = 80

_UNITS = {
    "week": r"weeks?|wks?|w|个?星期|个?周|個?星期|個?週",
    "working": r"working\s*days?|work\s*days?|wd|个?工作日|個?工作日|个?工作天",
    "elapsed": r"elapsed\s*days?|edays?|ed",
    "day": r"days?|d|天|日",
    "hour": r"elapsed\s*hours?|ehrs?|eh|hours?|hrs?|h|个?小时|個?小時|个?钟头|时",
    "minute": r"elapsed\s*minutes?|emins?|em|minutes?|mins?|m|分钟|分鐘|分",
    "second": r"seconds?|secs?|s|秒钟|秒",
}
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
_PART = re.compile(
    rf"\s*(?P<number>\d+(?:\.\d+)?|\.\d+)?\s*(?P<half>个?半|個半)?\s*"
    rf"(?:(?:{_UNIT})(?![a-z])(?P<and_half>半)?)?(?:\s*(?:,|、|\band\b|又))?\s*"
)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")
_ISO = re.compile(
    r"p(?:(\d+(?:\.\d+)?)w)?(?:(\d+(?:\.\d+)?)d)?"
    r"(?:t(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?)?"
)
_NUMERALS = dict(
    zip(
        "一二两兩三四五六七八九十", ["1", "2", "2", "2", "3", "4", "5", "6", "7", "8", "9", "10"], strict=True
    )
)
_NUMERAL = re.compile(rf"(?<![\d.])[{''.join(_NUMERALS)}](?=[个個]?半?(?:小|星|周|週|天|日|工|分|秒|钟|时))")


@lru_cache(maxsize=2048)  # a sheet says "30 min" a thousand times
def parse_minutes(text: str, *, bare: int = 1, day: int = DAY) -> int | None:
    """Whole minutes, or None when the text is no duration.

    A bare number counts `bare` minutes each; one after hours is minutes ("1h30"). "1:30" is hours and minutes. A day is
    24 hours elapsed and a week seven of them, unless `day` says otherwise (WORKING_DAY; a week is then five); the words
    "working days", "wd" and 工作日 always mean eight hours, "ed" always 24.
    """
    plain = _plain(text)
    if not plain or len(plain) > _LONGEST_TEXT:
        return None
    if clock := _CLOCK.fullmatch(plain):
        return _whole(Fraction(int(clock[1]) * HOUR + int(clock[2])) + Fraction(int(clock[3] or 0), 60))
    if plain.startswith("p") and len(plain) > 2 and (iso := _ISO.fullmatch(plain)):
        return _iso_minutes(iso, day)
    return _spoken_minutes(_NUMERAL.sub(lambda found: _NUMERALS[found[0]], plain), bare, day)


def format_minutes(minutes: int, language: str = "en") -> str:
    """Short enough for a cell ("2 h 41", "45 min", "2 小时 41 分"), and `parse_minutes` reads it back."""
    sign = "-" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), HOUR)
    if language == "zh":
        if not hours:
            return f"{sign}{rest} 分钟"
        return f"{sign}{hours} 小时 {rest} 分" if rest else f"{sign}{hours} 小时"
    if not hours:
        return f"{sign}{rest} min"
    return f"{sign}{hours} h {rest:02d}" if rest else f"{sign}{hours} h"


def parse_moment(
    text: str, *, zone: str = "UTC", day_first: bool = False, end_of_day: bool = False
) -> str | None:
    """A wall time "2026-03-06T22:00" in `zone`, or None when the text is no date.

    A date with an offset is converted; one without is taken as the wall time of the zone. "3/6/2026" is month first
    unless `day_first`; "6.3.2026" is always day first. A date alone means its first minute, or its last: a task due on
    Friday is not late on Friday morning.
    """
    plain = _WEEKDAY.sub(" ", _plain(text)).strip(" ,")
    if not plain or len(plain) > _LONGEST_TEXT:
        return None
    found = _find_date(plain, day_first=day_first)
    if found is None:
        return None
    day, rest = found
    rest = rest.strip(" ,t")
    if not rest:
        return _wall(datetime.combine(day, time(23, 59) if end_of_day else time()))
    moment = _with_time(day, rest, zone)
    return None if moment is None else _wall(moment)


def slash_order(text: str) -> str | None:
    """What comes first in a date written with slashes: "day", "month" or "either"; None for any other text."""
    found = _SLASHES.search(_plain(text))
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    if first > 12:
        return "day"
    return "month" if second > 12 else "either"


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text[: 2 * _LONGEST_TEXT]).casefold().split())


def _whole(minutes: Fraction) -> int | None:
    """Rounded half up, since half a minute of work is not no work."""
    return int(minutes + Fraction(1, 2)) if minutes <= LONGEST else None


def _iso_minutes(found: re.Match[str], day: int) -> int | None:
    sizes = (_week(day), Fraction(day), Fraction(HOUR), Fraction(1), Fraction(1, 60))
    if not any(found.groups()):
        return None
    return _whole(
        sum((Fraction(n) * size for n, size in zip(found.groups(), sizes, strict=True) if n), Fraction())
    )


def _week(day: int) -> Fraction:
    return Fraction(day) * (5 if day == WORKING_DAY else 7)


def _spoken_minutes(plain: str, bare: int, day: int) -> int | None:
    sizes = {
        "week": _week(day),
        "working": Fraction(WORKING_DAY),
        "elapsed": Fraction(DAY),
        "day": Fraction(day),
        "hour": Fraction(HOUR),
        "minute": Fraction(1),
        "second": Fraction(1, 60),
    }
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)  # 1,440
    plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)  # 1,5 h
    total, seen, position = Fraction(), [""], 0
    while position < len(plain):
        part = _PART.match(plain, position)
        if part is None or part.end() == position:
            return None
        position = part.end()
        unit = next((name for name in sizes if part[name]), "")
        amount = Fraction(part["number"] or 0) + (Fraction(1, 2) if part["half"] or part["and_half"] else 0)
        if not (part["number"] or part["half"]) or (unit and unit in seen):
            return None
        if unit:
            size = sizes[unit]
        elif seen == [""] and position == len(plain):
            size = Fraction(bare)
        elif seen[-1] == "hour" and position == len(plain):
            size = Fraction(1)
        else:
            return None
        total += amount * size
        seen.append(unit or "bare")
    return _whole(total)


_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = re.compile(
    r"\(?\b(?:mon|tue|wed|thu|fri|sat|sun)(?:s|r|rs|nes|ur)?(?:day)?\b\.?\)?,?|\(?(?:星期|周|週)[一二三四五六日天]\)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日|(?=\D|$))")
_DOTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?=\D|$)")
_SLASHES = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?=\D|$)")
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH}[\s,-]+(\d{{4}}|\d{{2}})(?=\D|$)"
)
_MONTH_DAY = re.compile(rf"{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?=\D|$)")
_TIME = re.compile(
    r"(?P<before>上午|下午|晚上|凌晨|am|pm)?\s*(?P<hour>\d{1,2})(?:[:点點时時h](?P<minute>[0-5]\d)?分?)?"
    r"(?::(?P<second>[0-5]\d)(?:\.\d+)?)?\s*(?P<after>am|pm|a\.m\.|p\.m\.)?\s*"
    r"(?P<offset>z|utc|gmt|[+-]\d{2}:?\d{2})?"
)


def _find_date(plain: str, *, day_first: bool) -> tuple[date, str] | None:
    """The date at the start of the text and what follows it; a time standing first is moved behind."""
    patterns = (
        (_YEAR_FIRST, (0, 1, 2)),
        (_DOTS, (2, 1, 0)),
        (_SLASHES, (2, 1, 0) if day_first else (2, 0, 1)),
        (_DAY_MONTH, (2, 1, 0)),
        (_MONTH_DAY, (2, 0, 1)),
    )
    for pattern, order in patterns:
        if found := pattern.search(plain):
            year, month, day = (found.groups()[index] for index in order)
            number = int(year) + (2000 if len(year) == 2 else 0)
            try:
                parsed = date(number, _MONTHS.get(month) or int(month), int(day))
            except ValueError:
                return None
            return parsed, f"{plain[found.end() :]} {plain[: found.start()]}"
    return None


def _with_time(day: date, text: str, zone: str) -> datetime | None:
    found = _TIME.fullmatch(text)
    if found is None or not (found["minute"] or found["before"] or found["after"] or not text.isdigit()):
        return None
    hour = int(found["hour"])
    half = (found["before"] or "") + (found["after"] or "").replace(".", "")
    if half in {"pm", "下午", "晚上"} and hour < 12:
        hour += 12
    elif half in {"am", "上午", "凌晨"} and hour == 12:
        hour = 0
    if hour > 24 or (hour == 24 and found["minute"] not in {None, "00"}):
        return None
    try:
        moment = datetime.combine(day, time()) + timedelta(hours=hour, minutes=int(found["minute"] or 0))
    except OverflowError:  # the last midnight of the calendar
        return None
    if not found["offset"]:
        return moment
    return _shifted(moment, found["offset"], zone)


def _shifted(moment: datetime, offset: str, zone: str) -> datetime | None:
    try:
        if offset[0] in "+-":
            away = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
            source = timezone(-away if offset[0] == "-" else away)
        else:
            source = UTC
        return moment.replace(tzinfo=source).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ValueError, OverflowError, KeyError, OSError):
        return None


def _wall(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M") if moment.year >= 1000 else moment.isoformat(timespec="minutes")
