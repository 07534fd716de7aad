"""What opens in the cockpit, in the room of the lists: a sheet to start or end a run, an incident, a decision, a hand-over."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.words import RunKind, Status
from app.i18n import _
from app.queries.decisions import DecisionRow
from app.queries.handovers import HandOverRow
from app.queries.incidents import IncidentRow
from ui.desktop.desk import Desk
from ui.desktop.runs.sheet import Sheet

if TYPE_CHECKING:
    from ui.desktop.cockpit.view import CockpitView

_OVER = (Status.DONE, Status.SKIPPED)


class Opening(QObject):
    """Sheets are made when wished for: their modules are loaded with them."""

    def __init__(self, desk: Desk, view: "CockpitView") -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self._makers: dict[str, Callable[[], Sheet | None]] = {
            "rehearsal": lambda: self._start(RunKind.REHEARSAL),
            "live": lambda: self._start(RunKind.LIVE),
            "end": self._end,
            "incident": self._incident,
            "decision": self._decision,
            "hand-over": self._hand_over,
            "situation": self._situation,
        }

    def open(self, wish: str) -> None:
        maker = self._makers.get(wish)
        sheet = maker() if maker is not None else None
        if sheet is not None:
            self._view.show_sheet(sheet)

    def _start(self, kind: RunKind) -> Sheet | None:
        from ui.desktop.runs.readiness import StartSheet

        project = self._desk.project_id
        return StartSheet(self._desk, project, kind) if project is not None else None

    def _end(self) -> Sheet | None:
        from ui.desktop.runs.readiness import EndSheet

        seen = self._view.seen
        if seen is None or seen.night.run.kind == RunKind.MAIN or seen.night.run.finished_at is not None:
            self._desk.say(_("No rehearsal and no live run is on here."), "late")
            return None
        return EndSheet(self._desk, seen.night.run, self._view.printing.print_protocol)

    def _is_over(self) -> bool:
        seen = self._view.seen
        if seen is None:
            return True
        if seen.night.run.finished_at is not None:
            self._desk.say(_("This run is finished. Nothing more can happen in it."), "late")
            return True
        return False

    def _incident(self) -> Sheet | None:
        from ui.desktop.runs.incident import IncidentSheet

        seen, line = self._view.seen, self._view.line()
        if seen is None or self._is_over():
            return None
        return IncidentSheet(self._desk, seen.night.run.id, line.task if line is not None else None)

    def _decision(self) -> Sheet | None:
        from ui.desktop.runs.decision import DecisionSheet

        seen, line = self._view.seen, self._view.line()
        if seen is None or self._is_over():
            return None
        task = line.task if line is not None else None
        return DecisionSheet(self._desk, seen.night.run.id, seen.night.decision, task)

    def _hand_over(self) -> Sheet | None:
        from ui.desktop.runs.handing import HandOverSheet

        seen, line = self._view.seen, self._view.line()
        if seen is None or line is None or self._is_over():
            return None
        if line.task.status in _OVER:
            self._desk.say(_("This step is over. There is nothing to hand over."), "late")
            return None
        return HandOverSheet(self._desk, seen.night.run.id, line.task)

    def _situation(self) -> Sheet | None:
        from ui.desktop.runs.situation import SituationSheet

        seen = self._view.seen
        if seen is None:
            return None
        found = seen.night
        return SituationSheet(self._desk, found.project.id, found.run.id, self._view.printing)

    def open_row(self, row: object) -> None:
        """A line of the registers was pressed: an open incident can be solved, a hand-over leads to its step."""
        if isinstance(row, IncidentRow) and row.is_open and not self._is_over():
            from ui.desktop.runs.incident import SolveSheet

            self._view.show_sheet(SolveSheet(self._desk, row))
        elif isinstance(row, IncidentRow | DecisionRow | HandOverRow) and row.task is not None:
            self._view.show_task(row.task)
