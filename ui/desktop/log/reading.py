"""From the log query to the lines of the table, with a row for each day."""

from collections.abc import Iterable
from typing import NamedTuple

from app.i18n import _
from app.queries.audit import AuditLine, AuditPage, Facets, Filter, LogIndex, audit
from app.storage.engine import Reader
from ui.desktop.log.model import DayRow, LogRow, Row
from ui.desktop.moments import local, long_day


class PageShown(NamedTuple):
    rows: list[Row]
    offset: int
    found: int
    total: int
    facets: Facets


def page_shown(
    reader: Reader,
    index: LogIndex,
    wanted: Filter,
    language: str,
    zone: str,
    limit: int,
    offset: int = 0,
    last_day: str = "",
) -> PageShown:
    """The newest lines first; `last_day` is the day of the line before this page."""
    page: AuditPage = audit(reader, index, wanted, language, limit, offset)
    rows = list(_with_days(page.lines, zone, last_day))
    return PageShown(rows, offset, page.found, page.total, page.facets)


def _with_days(lines: Iterable[AuditLine], zone: str, day: str) -> Iterable[Row]:
    for line in lines:
        moment = local(line.act.when_ms, zone)
        here = long_day(moment)
        if here != day:
            day = here
            yield DayRow(day)
        who = (
            _("{person} for {other}").format(person=line.who, other=line.behalf) if line.behalf else line.who
        )
        number = line.seq if line.seq is not None else line.act.rev
        yield LogRow(line, number, moment.strftime("%H:%M:%S"), day, who)
