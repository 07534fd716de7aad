"""How the value of a field is written, wherever it stands: in a conflict, in the log."""

from typing import Any

from app.domain.durations import format_minutes
from app.domain.words import Claim, known
from app.i18n import N_, _
from ui.desktop.moments import instant, wall

_FIELD = {
    "title": N_("Title"),
    "name": N_("Name"),
    "text": N_("Text"),
    "owner": N_("Owner"),
    "accountable": N_("Accountable"),
    "deputy": N_("Deputy"),
    "performer": N_("Done by"),
    "minutes": N_("Duration"),
    "remaining": N_("Remaining"),
    "start": N_("Not before"),
    "due": N_("Due"),
    "priority": N_("Priority"),
    "stream": N_("Stream"),
    "instruction": N_("Instruction"),
    "requires": N_("Required proof"),
    "rollback": N_("Rollback"),
    "rollback_minutes": N_("Rollback time"),
    "role": N_("Role"),
    "stage": N_("Stage"),
    "rank": N_("Place"),
    "claim": N_("State"),
    "reason": N_("Reason"),
    "note": N_("Note"),
    "outcome": N_("Outcome"),
    "value": N_("Value"),
    "holds": N_("Holds"),
    "target": N_("Target"),
    "started_at": N_("Started"),
    "finished_at": N_("Finished"),
    "t0": N_("T-0, the go-live"),
    "zone": N_("Time zone"),
    "window_start": N_("The window opens"),
    "window_end": N_("The window closes"),
    "no_return": N_("Point of no return"),
    "lag": N_("Lag"),
    "type": N_("Kind of link"),
}
_CLAIM = {
    Claim.FAILED: N_("Failed"),
    Claim.BLOCKED: N_("Blocked"),
    Claim.WAITING: N_("Waiting"),
    Claim.RUNNING: N_("Running"),
    Claim.TODO: N_("To do"),
    Claim.SKIPPED: N_("Skipped"),
    Claim.DONE: N_("Said done"),
}
_MINUTES = ("minutes", "rollback_minutes", "remaining", "actual_minutes")
_WALLS = ("start", "due", "t0", "window_start", "window_end", "no_return")


def field_word(field: str) -> str:
    return _(_FIELD[field]) if field in _FIELD else field.replace("_", " ")


def value_words(field: str, value: Any, language: str, zone: str) -> str:
    """Nothing is said as nothing; a length has its unit, a moment its day."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field in _MINUTES:
        return format_minutes(int(value), language)
    if field == "lag":
        return f"{'−' if value < 0 else '+'}{format_minutes(abs(int(value)), language)}"
    if field in _WALLS:
        return wall(str(value))
    if field.endswith("_at"):
        return instant(int(value), zone)
    if field == "claim" and value in tuple(Claim):
        return _(_CLAIM[known(Claim, value)])
    return str(value)
