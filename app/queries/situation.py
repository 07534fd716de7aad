"""How a run stands at one moment: everything the situation report says, whoever reads it and in whatever language."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from app.domain.words import GateState, Status
from app.queries.decisions import DecisionRow, decisions
from app.queries.facts import run_facts
from app.queries.handovers import HandOverRow, hand_overs
from app.queries.incidents import IncidentRow, incidents
from app.queries.night import Line, Night, night
from app.queries.people import names
from app.queries.projects import is_sample
from app.storage.engine import Reader

NEXT_MS = 2 * 60 * 60_000


class GateLine(NamedTuple):
    """`verdict`: go, no-go or empty."""

    id: bytes
    state: GateState
    verdict: str


class _Known(NamedTuple):
    night: Night
    now_ms: int
    is_sample: bool
    decider: str
    gates: tuple[GateLine, ...]
    incidents: tuple[IncidentRow, ...]
    decisions: tuple[DecisionRow, ...]
    hand_overs: tuple[HandOverRow, ...]


class Situation(_Known):
    """What is known, and the lists a report makes of it."""

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        return Counter(line.task.status for line in self.night.lines)

    def late_to_start(self) -> tuple[Line, ...]:
        """What may start and has not, though the plan says so; the latest first."""
        late = [one for one in self.night.of(Status.READY) if one.task.late_minutes > 0 or one.late > 0]
        return tuple(sorted(late, key=lambda one: -max(one.late, one.task.late_minutes)))

    def next_ones(self) -> tuple[Line, ...]:
        """What is to start within two hours, as the forecast has it."""
        soon = self.night.of(Status.READY, Status.TODO)
        return tuple(one for one in soon if one.bar.start_ms <= self.now_ms + NEXT_MS)

    def open_incidents(self) -> tuple[IncidentRow, ...]:
        return tuple(one for one in self.incidents if one.is_open)

    def open_hand_overs(self) -> tuple[HandOverRow, ...]:
        return tuple(one for one in self.hand_overs if one.is_open)


def situation(
    reader: Reader, project_id: bytes, run_id: bytes | None, language: str, now_ms: int
) -> Situation:
    """At `now_ms`, or when the run ended. Raises NotFound for a project or run that is not there."""
    ended = reader.value("SELECT finished_at FROM run WHERE id = ?", (run_id,))
    now_ms = now_ms if ended is None else min(now_ms, ended)
    shown = night(reader, project_id, run_id, language, now_ms)
    run, decider = shown.run.id, shown.project.decider
    return Situation(
        *(shown, now_ms, is_sample(reader), names(reader).get(decider, "") if decider else ""),
        _gates(reader, project_id, run, now_ms),
        *(incidents(reader, run, language), decisions(reader, run, language)),
        hand_overs(reader, run, language),
    )


def _gates(reader: Reader, project: bytes, run: bytes, now_ms: int) -> tuple[GateLine, ...]:
    rows = reader.rows(
        "SELECT g.id FROM gate g LEFT JOIN stage s ON s.id = g.stage WHERE g.log = ? AND g.alive "
        "ORDER BY s.rank IS NULL, s.rank, g.rank, g.id",
        (project,),
    )
    if not rows:
        return ()
    from app.queries.gate_facts import judge, verdict_of

    facts = run_facts(reader, project, run, now_ms)
    return tuple(
        GateLine(gate, judge(reader, facts, gate).state, verdict_of(reader, facts, gate)) for (gate,) in rows
    )
