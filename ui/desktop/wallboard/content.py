"""What the wallboard says, as plain words: what runs, may start and is stopped; what comes next; streams, decision, incidents."""

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.durations import format_minutes
from app.domain.words import Status
from app.i18n import _
from app.queries.incidents import IncidentRow, incidents
from app.queries.night import MINUTE_MS, Group, Line, Night, night
from app.queries.people import names
from app.storage.engine import Reader
from ui.desktop.checklist.words import STATUS_TONE
from ui.desktop.cockpit.columns import when_of
from ui.desktop.components.tape_data import TapeData, tape_data
from ui.desktop.moments import day_clock, local, long_day

_MOST = 12  # more than any wall shows


class WallData(NamedTuple):
    """Read in one snapshot; `incidents` are those still open."""

    night: Night
    incidents: tuple[IncidentRow, ...]
    decider: str
    tape: TapeData


class Item(NamedTuple):
    sign: str
    tone: str
    number: str
    title: str
    who: str  # gives way where there is no room for all; what is said after it never does
    below: str
    below_tone: str = "text2"


class Section(NamedTuple):
    """`total` counts those that do not fit, too."""

    title: str
    items: tuple[Item, ...]
    total: int


def wall_data(reader: Reader, project: bytes, run: bytes | None, language: str, now: int) -> WallData:
    found = night(reader, project, run, language, now)
    still_open = tuple(one for one in incidents(reader, found.run.id, language) if one.is_open)
    decider = found.project.decider
    person = names(reader).get(decider, "") if decider is not None else ""
    return WallData(found, still_open, person, tape_data(found.timeline))


def _section(title: str, lines: Sequence[Line], items: list[Item]) -> Section:
    return Section(title, tuple(items), len(lines))


def now_sections(data: WallData, language: str) -> list[Section]:
    """The left column: what is under way, what may start, what is stopped."""
    found = data.night
    running, ready = found.of(Status.RUNNING), found.of(Status.READY)
    stopped = (*found.of(Status.FAILED), *found.of(Status.BLOCKED), *found.of(Status.WAITING))
    sections = [
        _section(_("Running"), running, [_running(found, one) for one in running[:_MOST]]),
        _section(_("May start"), ready, [_ready(found, one, language) for one in ready[:_MOST]]),
        _section(_("Stopped"), stopped, [_stopped(one) for one in stopped[:_MOST]]),
    ]
    return [one for one in sections if one.total]


def next_sections(data: WallData, language: str) -> list[Section]:
    found = data.night
    ahead = found.next_ones()
    total = len(found.of(Status.TODO))
    return [Section(_("Next"), tuple(_next(found, one, language) for one in ahead[:_MOST]), total)]


def register_sections(data: WallData) -> list[Section]:
    """Below the streams: the next decision, and incidents that are open."""
    sections = []
    decision = data.night.decision
    if decision is not None:
        parts = [when_of(data.night, decision.when_ms)] if decision.when_ms is not None else []
        if decision.criteria:
            holding = _("{n} of {total} criteria hold")
            parts.append(holding.format(n=decision.holding, total=decision.criteria))
        item = Item("gate_closed", "text2", "", decision.name, "", " · ".join(parts))
        sections.append(Section(_("Decision ahead"), (item,), 1))
    if data.incidents:
        items = [
            Item(
                *("warning", "blocked" if one.severity in ("P1", "P2") else "late", one.severity, one.title),
                one.owner or one.raised_by,
                when_of(data.night, one.happened_at),
            )
            for one in data.incidents[:_MOST]
        ]
        sections.append(Section(_("Open incidents"), tuple(items), len(data.incidents)))
    return sections


def _who(line: Line) -> str:
    return line.task.holder or line.task.owner or _("nobody")


def _item(line: Line, below: str, tone: str = "text2") -> Item:
    status = line.task.status
    return Item(status.value, STATUS_TONE[status], line.task.number, line.task.title, _who(line), below, tone)


def _running(found: Night, line: Line) -> Item:
    ends, plan = when_of(found, line.bar.finish_ms), when_of(found, line.bar.planned_finish_ms)
    if line.late > 0:
        return _item(line, _("ends {time}, plan {plan}").format(time=ends, plan=plan), "late")
    return _item(line, _("ends {time}").format(time=ends))


def _ready(found: Night, line: Line, language: str) -> Item:
    if line.late > 0 and found.has_begun:
        return _item(line, _("{time} late").format(time=format_minutes(line.late, language)), "late")
    return _item(line, _("planned {time}").format(time=when_of(found, line.bar.planned_start_ms)))


def _stopped(line: Line) -> Item:
    tone = "late" if line.task.status is Status.WAITING else "blocked"
    return _item(line, line.task.reason or "–", tone)


def _next(found: Night, line: Line, language: str) -> Item:
    if line.is_held:
        return _item(line, _("after {number}, which is stopped").format(number=line.after), "blocked")
    when = when_of(found, line.bar.start_ms)
    ahead = (line.bar.start_ms - found.timeline.now_ms) // MINUTE_MS
    if 0 < ahead <= 120 and found.has_begun:
        soon = _("in {time}").format(time=format_minutes(ahead, language))
        when = f"{when}, {soon}"
    return _item(line, when)


def stream_words(group: Group) -> tuple[str, str]:
    """How late a stream is, in its tone; a stop says so in a word."""
    if group.count(Status.BLOCKED, Status.FAILED):
        return _("stopped"), "blocked"
    return (f"+{group.late}", "late") if group.late > 0 else ("", "text2")


def day_words(found: Night) -> str:
    zone = found.timeline.zone
    return f"{long_day(local(found.timeline.now_ms, zone))}, {zone.rsplit('/', 1)[-1].replace('_', ' ')}"


def spoken(data: WallData, language: str) -> str:
    """All of it for a screen reader, one sentence a line."""
    found = data.night
    said = [day_clock(local(found.timeline.now_ms, found.timeline.zone))]
    for section in (*now_sections(data, language), *next_sections(data, language), *register_sections(data)):
        said.append(section.title)
        said += [f"{one.number} {one.title}, {one.who}, {one.below}".strip() for one in section.items]
    return "\n".join(said)
