"""Field values as people type them, turned into what the log holds."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from app.domain.durations import parse_minutes, parse_moment
from app.errors import Invalid
from app.i18n import _
from app.queries.find import find_person, find_stage, find_task
from app.storage.engine import Reader

Parser = Callable[[Reader, bytes, str], Any]


def _minutes(_reader: Reader, _project: bytes, text: str) -> int:
    minutes = parse_minutes(text)
    if minutes is None or minutes < 0:
        raise Invalid(_("{text} is no duration. Try 90, 1h30 or 1.5h.").format(text=text))
    return minutes


def _moment(reader: Reader, project: bytes, text: str) -> str:
    zone = reader.value("SELECT zone FROM project WHERE id = ?", (project,)) or "UTC"
    moment = parse_moment(text, zone=zone)
    if moment is None:
        raise Invalid(_("{text} is no date and time. Try 2026-03-06 22:00.").format(text=text))
    return moment


def _whole(_reader: Reader, _project: bytes, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Invalid(_("{text} is no whole number.").format(text=text)) from None


def _person(reader: Reader, _project: bytes, text: str) -> bytes:
    return find_person(reader, text)


_PARSERS: Mapping[str, Parser] = {
    "minutes": _minutes,
    "rollback_minutes": _minutes,
    "start": _moment,
    "due": _moment,
    "priority": _whole,
    "owner": _person,
    "accountable": _person,
    "deputy": _person,
    "rollback_task": lambda reader, project, text: find_task(reader, text, project)[0],
    "stage": find_stage,
}


def project_values(reader: Reader, zone: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """The values of project fields, from text; wall times are those of the zone given here or held already."""
    values: dict[str, Any] = dict(typed)
    here = values.get("zone", zone)
    if here not in available_timezones():
        raise Invalid(_("{text} is no time zone. Try Europe/Berlin or Asia/Shanghai.").format(text=here))
    for name in ("t0", "window_start", "window_end", "no_return"):
        if values.get(name):
            values[name] = parse_moment(values[name], zone=here)
            if values[name] is None:
                raise Invalid(_("{text} is no date and time. Try 2026-03-06 22:00.").format(text=typed[name]))
        elif name in values:
            values[name] = None
    for name in ("manager", "decider"):
        if name in values:
            values[name] = find_person(reader, values[name]) if values[name] else None
    return values


def task_values(reader: Reader, project: bytes, typed: Mapping[str, str]) -> dict[str, Any]:
    """The values of task fields, from text; an empty text clears a field. Raises Invalid or NotFound."""
    values: dict[str, Any] = {}
    for name, text in typed.items():
        if name == "rank":
            raise Invalid(_("The order of tasks is not typed. Move the task instead."))
        parser = _PARSERS.get(name)
        if parser is None:
            values[name] = text
        else:
            values[name] = parser(reader, project, text) if text.strip() else None
    return values
