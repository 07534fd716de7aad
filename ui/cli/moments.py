"""Moments as they are typed on the command line."""

from app.clock import from_iso
from app.errors import Invalid
from app.i18n import _


def moment_of(text: str | None) -> int | None:
    """UTC milliseconds of what was typed; raises Invalid."""
    if text is None:
        return None
    try:
        return from_iso(text)
    except ValueError:
        raise Invalid(
            _("{text} is no ISO date and time. Try 2026-03-06T22:00+01:00.").format(text=text)
        ) from None
