"""What the log asks for, in the thread for long work: pages of it, and the project as it stood.

What was read of the log and the past that was made belong to that thread alone.
"""

from collections.abc import Callable
from functools import partial

from app.queries.audit import Filter, LogIndex
from app.queries.moments import MomentShown, moment
from app.storage.engine import Reader
from app.storage.moments import Past
from ui.desktop.bridge import Work
from ui.desktop.desk import Desk
from ui.desktop.log.model import LogRow
from ui.desktop.log.reading import PageShown, page_shown

_SOON_BYTES = 2 << 20


def _extent(reader: Reader) -> tuple[int, int]:
    """How many bytes of commits there are, and the newest revision."""
    size = reader.value("SELECT coalesce(sum(length(body)), 0) FROM entry")
    return int(size), reader.rev


class Asking:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._index = LogIndex(None)
        self._past = Past()
        self._project: bytes | None = None

    def look_at(self, project: bytes | None) -> bool:
        """Whether it is another project than before."""
        if project == self._project:
            return False
        self._project, self._index = project, LogIndex(project)
        return True

    def page(
        self,
        wanted: Filter,
        limit: int,
        offset: int,
        last_day: str,
        then: Callable[[PageShown], object],
    ) -> None:
        place = (self._index, wanted, self._desk.language, self._desk.zone, limit, offset, last_day)
        self._desk.bridge.work(partial(self._page, place), then)

    def _page(self, place: tuple[object, ...], _work: Work) -> PageShown:
        found: PageShown = self._desk.bridge.workspace.read(page_shown, *place)
        return found

    def prepare(self) -> None:
        """Makes the past of a log that is not long before anybody asks for it: then a moment is there at once."""
        self._desk.bridge.work(self._prepared, lambda _done: None)

    def _prepared(self, work: Work) -> None:
        workspace = self._desk.bridge.workspace
        size, rev = workspace.read(_extent)
        if size < _SOON_BYTES:
            workspace.read(self._past.go, rev, work.told)

    def moment_of(self, row: LogRow) -> int:
        """When the entry was the newest one here: what came from another device counts from when it arrived."""
        act = row.line.act
        return act.when_ms if act.device == self._desk.bridge.workspace.device.id else act.arrived_ms

    def moment_job(self, row: LogRow, work: Work) -> MomentShown | None:
        """The project right after an entry, in the entry's run, else in the one looked at."""
        workspace = self._desk.bridge.workspace
        project, run = self._project, self._desk.run_id
        if project is None:
            return None
        then = workspace.read(self._past.go, row.line.act.last_rev, work.told)
        wanted = (*sorted(row.line.act.runs)[:1], *(() if run is None else (run,)))
        return moment(then, project, wanted, self._desk.language, self.moment_of(row))
