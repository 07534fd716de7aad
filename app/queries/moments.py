"""The project as it stood at a moment: how late, how long one could still turn back, and the steps around it.

Asked of a reader that sees no later entry (`app.storage.moments`): the same queries as now, with the clock of then.
"""

from collections.abc import Iterable
from typing import NamedTuple

from app.domain.words import GateState, RunKind, Status
from app.queries.checklist import Checklist, TaskRow, checklist
from app.queries.projects import RunRow, runs
from app.queries.timeline import Bar, Timeline, timeline
from app.storage.engine import Reader

_MINUTE_MS = 60_000
_OVER = (Status.DONE, Status.SKIPPED)
_HELD = (Status.WAITING, Status.BLOCKED, Status.FAILED)


class StepThen(NamedTuple):
    """A step at that moment; `when_ms` is its finish where it is over, else when it was expected to start or end."""

    task: TaskRow
    bar: Bar
    when_ms: int

    @property
    def place_ms(self) -> int:
        """Where it belongs in time: what nobody has begun where it was planned, not where it is pushed to."""
        begun = self.bar.actual_start_ms is not None or self.bar.actual_finish_ms is not None
        return self.when_ms if begun else self.bar.planned_start_ms

    @property
    def is_over(self) -> bool:
        return self.task.status in _OVER


class MomentShown(NamedTuple):
    """`late` in minutes, negative when early; `back_minutes` until the point of no return, None where there is none."""

    rev: int
    now_ms: int
    sheet: Checklist
    timeline: Timeline
    steps: tuple[StepThen, ...]
    late: int
    back_minutes: int | None
    gates_open: int
    gates: int

    @property
    def done(self) -> int:
        return sum(one.is_over for one in self.steps)

    def around(self, tasks: frozenset[bytes], most: int) -> tuple[StepThen, ...]:
        """The steps nearest to the moment, those of the entry among them, in the order of the plan."""
        near = sorted(self.steps, key=lambda one: (one.task.id not in tasks, abs(one.when_ms - self.now_ms)))
        chosen = {one.task.id for one in near[:most]}
        return tuple(one for one in self.steps if one.task.id in chosen)


def moment(
    reader: Reader,
    project_id: bytes,
    wanted: Iterable[bytes],
    language: str,
    now_ms: int,
) -> MomentShown | None:
    """In the first of the wanted runs there was then, else where things happened; None before there was a project."""
    run = _run_then(runs(reader, project_id), wanted)
    if run is None or reader.value("SELECT alive FROM project WHERE id = ?", (project_id,)) != 1:
        return None
    sheet = checklist(reader, project_id, run.id, language, now_ms)
    times = timeline(reader, project_id, run.id, now_ms)
    steps = tuple(
        StepThen(task, times.bars[task.id], _when(times.bars[task.id]))
        for task in sheet.tasks
        if task.id in times.bars
    )
    back = None
    if times.no_return_ms is not None:
        back = (times.no_return_ms - now_ms) // _MINUTE_MS
    states = [stage.gate_state for stage in sheet.stages if stage.gate_state is not None]
    return MomentShown(
        *(reader.rev, now_ms, sheet, times, steps, _late(run, steps), back),
        sum(state is not GateState.CLOSED for state in states),
        len(states),
    )


def _run_then(there: list[RunRow], wanted: Iterable[bytes]) -> RunRow | None:
    by_id = {run.id: run for run in there}
    for one in wanted:
        if one in by_id:
            return by_id[one]
    is_open = [run for run in there if run.kind != RunKind.MAIN and run.finished_at is None]
    live = [run for run in is_open if run.kind == RunKind.LIVE]
    return next(iter((*live, *reversed(is_open), *there)), None)


def _when(bar: Bar) -> int:
    if bar.actual_finish_ms is not None:
        return bar.actual_finish_ms
    return bar.start_ms if bar.actual_start_ms is None else bar.actual_start_ms


def _late(run: RunRow, steps: tuple[StepThen, ...]) -> int:
    """By which what was under way or could start was behind; where nothing was, by which the last one ended late."""
    begun = run.kind != RunKind.MAIN or any(one.bar.actual_start_ms is not None for one in steps)
    if not begun:
        return 0
    found = [
        one.bar.start_ms - one.bar.planned_start_ms
        if one.task.status is Status.READY
        else one.bar.finish_ms - one.bar.planned_finish_ms
        for one in steps
        if one.task.status in (Status.RUNNING, Status.READY, *_HELD)
    ]
    if not found:
        over = [one.bar for one in steps if one.bar.actual_finish_ms is not None]
        last = max(over, key=lambda bar: bar.finish_ms, default=None)
        found = [last.finish_ms - last.planned_finish_ms] if last is not None else [0]
    return max(found) // _MINUTE_MS
