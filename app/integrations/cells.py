"""Table cells: any value a sheet can hold as text, and text that no spreadsheet will run as a formula."""

import re
from datetime import date, datetime, time, timedelta

from app.integrations.texts import clean

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_STARTS_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_QUOTED_FORMULA = re.compile(r"''*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
# Sheets know wall times only. Excel counts a 29 February 1900 that never was, so its zero shifts there by a day.
_EXCEL_ZERO = datetime.fromisoformat("1899-12-30")
_EXCEL_DAY_ZERO = datetime.fromisoformat("1899-12-31")
_EXCEL_FALSE_LEAP_DAY = datetime.fromisoformat("1900-03-01")


def neutralise(text: str) -> str:
    """The text with an apostrophe before anything a spreadsheet would evaluate; plain numbers stay numbers.

    `restore` takes exactly that apostrophe away again, so a file that went out comes in unchanged.
    """
    return "'" + text if _STARTS_FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restore(text: str) -> str:
    return text[1:] if _QUOTED_FORMULA.match(text) else text


def cell_text(cell: Cell) -> str:
    """What the cell shows. Formulas in text stay text: nothing here evaluates."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return restore(clean(cell))
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return str(cell)


def cell_minutes(cell: Cell) -> int | None:
    """Minutes of a time-formatted cell, None for every other kind; 36 hours may come as a moment of 1900."""
    if isinstance(cell, timedelta):
        length = cell
    elif isinstance(cell, time):
        length = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    elif isinstance(cell, date):
        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        if moment.year > 1901:
            return None
        length = moment - (_EXCEL_DAY_ZERO if moment < _EXCEL_FALSE_LEAP_DAY else _EXCEL_ZERO)
    else:
        return None
    return None if length < timedelta() else int(length.total_seconds() / 60 + 0.5)


def serial_moment(cell: Cell) -> str | None:
    """A moment that lost its date format and shows as a number such as 46087.9167."""
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not 20_000 < cell < 80_000:
        return None
    moment = _EXCEL_ZERO + timedelta(minutes=round(cell * 24 * 60))
    return moment.isoformat(sep=" ", timespec="minutes")
