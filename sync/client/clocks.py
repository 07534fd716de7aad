"""What people are told about a clock that is wrong."""

from app.domain.durations import format_minutes
from app.i18n import _, language

WARNED_MS = 60_000


def warning(offset_ms: int) -> str:
    """A sentence where this device's clock is off by a minute or more, else nothing; `offset_ms` is what it lacks."""
    if abs(offset_ms) < WARNED_MS:
        return ""
    away = format_minutes(abs(offset_ms) // 60_000, language())
    told = (
        _("This device's clock is {time} slow.")
        if offset_ms > 0
        else _("This device's clock is {time} fast.")
    )
    return told.format(time=away) + " " + _("What is typed as “now” is corrected by that; set the clock.")
