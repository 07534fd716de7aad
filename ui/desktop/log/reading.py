"""From the log query to the lines of the table, with a row for each day."""

from datetime import date

from app.queries.log import log_lines
from app.storage.engine import Reader
from ui.desktop.log.model import DayRow, LogRow
from ui.desktop.moments import local, long_day


def log_shown(
    reader: Reader, project: bytes | None, language: str, zone: str, limit: int
) -> list[LogRow | DayRow]:
    """The newest lines first."""
    rows: list[LogRow | DayRow] = []
    day: date | None = None
    for line in log_lines(reader, project, language=language, limit=limit):
        moment = local(line.when_ms, zone)
        if moment.date() != day:
            day = moment.date()
            rows.append(DayRow(long_day(moment)))
        who = f"{line.person} ({line.on_behalf_of})" if line.on_behalf_of else line.person
        rows.append(
            LogRow(
                entry=line.seq if line.seq is not None else line.rev,
                action=line.action,
                when_ms=line.when_ms,
                time=moment.strftime("%H:%M:%S"),
                who=who or line.device,
                did=line.sentence,
                why=line.reason,
                undoable=line.undoable,
                final=line.seq is not None,
                device=line.device,
                code=line.hash.hex(),
                ops=line.ops,
                commits=line.commits,
                rev=line.rev,
            )
        )
    return rows
