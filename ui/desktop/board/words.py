"""What the board says in words: when something is, in a tooltip, and to who cannot see it."""

from datetime import datetime

from app.domain.durations import format_minutes
from app.domain.words import Status
from app.i18n import _
from ui.desktop.board.arranging import Board
from ui.desktop.board.cards import MINUTE_MS, Card
from ui.desktop.checklist.words import status_word
from ui.desktop.gantt.words import percent
from ui.desktop.moments import day_clock, instant, local, month_name

_HOUR_MS = 60 * MINUTE_MS


def day_of(moment: datetime) -> str:
    return _("{day} {month}").format(day=moment.day, month=month_name(moment))


def near(ms: int, now_ms: int, zone: str, *, short: bool) -> str:
    """The clock alone for today and tonight where there is little room, with its day this week, the day alone beyond."""
    found = local(ms, zone)
    away = abs(ms - now_ms)
    if short and away < 20 * _HOUR_MS:
        return f"{found.hour:02}:{found.minute:02}"  # strftime takes as long as painting it
    return day_clock(found) if away < 6 * 24 * _HOUR_MS else day_of(found)


def moment(card: Card, board: Board, *, short: bool = True) -> str:
    return near(card.when_ms, board.times.now_ms, board.times.zone, short=short)


def when(card: Card, board: Board, *, short: bool = False) -> str:
    """The first line of a card; where there is little room the time alone."""
    status = card.task.status
    told = moment(card, board, short=short or status is not Status.TODO)
    if short:
        return told
    if status is Status.RUNNING:
        return _("ends {time}").format(time=told)
    if status is Status.READY:
        if card.when_ms <= board.times.now_ms and card.when_ms != card.bar.planned_start_ms:
            return _("ready since {time}").format(time=told)
        return _("planned {time}").format(time=told)
    if status in (Status.WAITING, Status.BLOCKED, Status.FAILED):
        return _("planned {time}").format(time=told)
    return told


def late_text(card: Card, language: str) -> str:
    if card.late < 100:
        return _("{n} min late").format(n=card.late)
    return _("{time} late").format(time=format_minutes(card.late, language))


def spoken(card: Card, board: Board) -> str:
    """All that signs say: “Running, 1.4, Load vendor master, 82 percent, 35 minutes late, critical”."""
    task = card.task
    parts = [status_word(task.status), task.number, task.title]
    if task.status is Status.RUNNING:
        parts.append(_("{n} percent").format(n=percent(card.bar, board.times.now_ms)))
    if card.late > 0:
        parts.append(_("{n} minutes late").format(n=card.late))
    if card.is_critical:
        parts.append(_("critical"))
    if card.task.conflicts:
        parts.append(_("two values stand against each other"))
    return ", ".join((*parts, *(one for one in (card.fact, card.follows, task.owner) if one)))


def tooltip(card: Card, board: Board) -> str:
    zone, bar, task = board.times.zone, card.bar, card.task
    kind = _("Took place") if bar.actual_finish_ms is not None else _("Forecast")
    lines = [
        f"{task.number} {task.title}",
        f"{kind}: {instant(bar.start_ms, zone)} → {instant(bar.finish_ms, zone)}",
        f"{_('Plan')}: {instant(bar.planned_start_ms, zone)} → {instant(bar.planned_finish_ms, zone)}",
    ]
    lines += [one for one in (task.owner, card.fact, card.follows) if one]
    return "\n".join(lines)
