"""What a Gantt says in words: beside a bar, in its tooltip, and to who cannot see it."""

from app.domain.durations import format_minutes
from app.domain.words import Status
from app.i18n import N_, _
from app.queries.checklist import StageRow, TaskRow
from app.queries.timeline import Bar
from ui.desktop.gantt.reading import GanttData, difference
from ui.desktop.moments import instant

_MINUTE_MS = 60_000
STATES = {
    Status.TODO: N_("To do"),
    Status.READY: N_("May start"),
    Status.RUNNING: N_("Running"),
    Status.WAITING: N_("Waiting"),
    Status.BLOCKED: N_("Blocked"),
    Status.FAILED: N_("Failed"),
    Status.CLAIMED: N_("Claimed"),
    Status.DONE: N_("Done"),
    Status.SKIPPED: N_("Skipped"),
}


def signed(minutes: int) -> str:
    """`+35`, `−11`; nothing where nothing differs; far away in hours or days."""
    if not minutes:
        return ""
    sign, size = ("+" if minutes > 0 else "−"), abs(minutes)
    if size < 1000:
        return f"{sign}{size}"
    if size < 100 * 60:
        return _("{sign}{n} h").format(sign=sign, n=round(size / 60))
    return _("{sign}{n} d").format(sign=sign, n=round(size / 1440))


def percent(bar: Bar, now_ms: int) -> int:
    """How much of its time a running task has had."""
    whole = bar.finish_ms - bar.start_ms
    return max(0, min(99, round(100 * (now_ms - bar.start_ms) / whole))) if whole > 0 else 0


def lateness(minutes: int, language: str) -> str:
    """`+35 min`; from 100 minutes on in hours or days too."""
    return f"+{format_minutes(minutes, language)}" if minutes >= 100 else _("+{n} min").format(n=minutes)


def beside(row: TaskRow, bar: Bar, data: GanttData, language: str) -> tuple[str, str]:
    """The words right of a bar and their colour; none where the bar says it all."""
    late = lateness(row.late_minutes, language) if row.late_minutes > 0 else ""
    if row.status in (Status.BLOCKED, Status.FAILED):
        word = _(STATES[row.status])
        return (
            _("{state}: {reason}").format(state=word, reason=row.reason) if row.reason else word
        ), "blocked"
    if row.status is Status.RUNNING:
        part = _("{n} %").format(n=percent(bar, data.times.now_ms))
        return (f"{part} · {late}", "late") if late else (part, "text2")
    if row.status is Status.CLAIMED:
        return (row.why_not[0] if row.why_not else _(STATES[row.status])), "late"
    if late:
        return late, "late"
    if row.status in (Status.DONE, Status.SKIPPED):
        return "", "text3"
    if bar.is_critical and bar.finish_ms == data.times.end_ms:
        return _ends(bar, data, language)
    return (row.owner, "text3") if bar.is_critical else ("", "text3")


def _ends(bar: Bar, data: GanttData, language: str) -> tuple[str, str]:
    times = data.times
    ends = _("ends {time}").format(time=instant(bar.finish_ms, times.zone))
    if times.window_end_ms is None:
        return ends, "text1"
    spare = (times.window_end_ms - bar.finish_ms) // _MINUTE_MS
    length = format_minutes(abs(spare), language)
    if spare < 0:
        return _("{ends}, {length} after the window").format(ends=ends, length=length), "blocked"
    return _("{ends}, {length} to spare").format(ends=ends, length=length), "text1"


def spoken(row: TaskRow | StageRow, data: GanttData) -> str:
    """All that signs say: “Running, 1.4, Load vendor master, 82 percent, 35 minutes late, critical”."""
    if isinstance(row, StageRow):
        return _("Stage {number}, {title}, {done} of {total} done").format(
            number=row.number, title=row.title, done=row.done_count, total=row.task_count
        )
    parts = [_(STATES[row.status]), row.number, row.title]
    bar = data.times.bars.get(row.id)
    if bar is not None:
        if row.status is Status.RUNNING:
            parts.append(_("{n} percent").format(n=percent(bar, data.times.now_ms)))
        if row.late_minutes > 0:
            parts.append(_("{n} minutes late").format(n=row.late_minutes))
        if bar.is_critical:
            parts.append(_("critical"))
    return ", ".join(parts)


def tooltip(row: TaskRow, data: GanttData, language: str) -> str:
    bar = data.times.bars.get(row.id)
    if bar is None:
        return row.title
    zone = data.times.zone

    def span(start: int, finish: int) -> str:
        return f"{instant(start, zone)} → {instant(finish, zone)}"

    lines = [f"{row.number} {row.title}"]
    kind = _("Took place") if bar.actual_finish_ms is not None else _("Forecast")
    lines.append(f"{kind}: {span(bar.start_ms, bar.finish_ms)}")
    lines.append(f"{_('Plan')}: {span(bar.planned_start_ms, bar.planned_finish_ms)}")
    if bar.baseline_start_ms is not None and bar.baseline_finish_ms is not None:
        lines.append(f"{_('Baseline')}: {span(bar.baseline_start_ms, bar.baseline_finish_ms)}")
    if bar.is_critical:
        lines.append(_("On the critical path"))
    else:
        lines.append(_("Slack: {length}").format(length=format_minutes(bar.slack_minutes, language)))
    late = difference(bar)
    if late:
        lines.append(_("{n} min against the plan").format(n=f"{late:+d}"))
    lines.extend(row.why_not[:2])
    return "\n".join(lines)
