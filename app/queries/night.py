"""What the cockpit shows, derived in one snapshot off the UI thread: now, next, what stops us, and how late we are."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from app.domain.words import GateState, RunKind, Status
from app.queries.checklist import Checklist, StageRow, TaskRow, checklist
from app.queries.projects import ProjectRow, RunRow
from app.queries.timeline import Bar, LinkRow, Timeline, timeline
from app.storage.engine import Reader

MINUTE_MS = 60_000
_OVER = (Status.DONE, Status.SKIPPED)
_OPEN = (Status.RUNNING, Status.READY, Status.WAITING, Status.BLOCKED, Status.FAILED)
_RANK = {status: number for number, status in enumerate(Status)}  # the worst first
_SEGMENTS = 24
_NEXT = 60  # more than any screen shows


class Line(NamedTuple):
    """A step with its times; `late` in minutes against the plan, negative when early."""

    task: TaskRow
    bar: Bar
    late: int
    after: str  # the step it waits for in the end, by number
    is_held: bool = False  # that one is blocked or failed: nobody knows when it ends

    @property
    def is_critical(self) -> bool:
        return self.bar.is_critical and self.task.status not in _OVER


class _Grouped(NamedTuple):
    name: str
    lines: tuple[Line, ...]
    late: int


class Group(_Grouped):
    """A stream, stage or owner: its steps in order."""

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        return Counter(line.task.status for line in self.lines)

    def count(self, *states: Status) -> int:
        return sum(self.counts.get(status, 0) for status in states)

    @cached_property
    def segments(self) -> tuple[Status, ...]:
        """A state for each step; of many the worst of every few."""
        return worst_of_few([line.task.status for line in self.lines], _SEGMENTS)


def worst_of_few(states: Sequence[Status], most: int) -> tuple[Status, ...]:
    step = max(1, -(-len(states) // most))
    return tuple(min(states[n : n + step], key=_RANK.__getitem__) for n in range(0, len(states), step))


class Decision(NamedTuple):
    """The next gate: when the last of its steps is expected to end."""

    gate: bytes
    name: str
    when_ms: int | None
    missing: tuple[str, ...]
    criteria: int
    holding: int


class _Read(NamedTuple):
    project: ProjectRow
    run: RunRow
    timeline: Timeline
    rev: int
    lines: tuple[Line, ...]
    by_streams: bool  # or by stages, where nobody named a stream
    streams: tuple[Group, ...]
    owners: tuple[Group, ...]
    decision: Decision | None


class Night(_Read):
    """What was read, and the lists and figures screens make of it: worked out once, by whoever reads."""

    @cached_property
    def ordered(self) -> Mapping[Status, tuple[Line, ...]]:
        """Those in each state, in the order in which they begin."""
        found: dict[Status, list[Line]] = {}
        for one in sorted(self.lines, key=_by_start):
            found.setdefault(one.task.status, []).append(one)
        return {status: tuple(lines) for status, lines in found.items()}

    def of(self, *states: Status) -> tuple[Line, ...]:
        """Those in a state, or in one of several, in the order in which they begin."""
        lists = [self.ordered.get(status, ()) for status in states]
        return lists[0] if len(lists) == 1 else tuple(sorted(chain(*lists), key=_by_start))

    @cached_property
    def by_task(self) -> Mapping[bytes, Line]:
        return {one.task.id: one for one in self.lines}

    def line(self, task: bytes | None) -> Line | None:
        return self.by_task.get(task) if task is not None else None

    def next_ones(self) -> tuple[Line, ...]:
        return self.of(Status.TODO)[:_NEXT]

    def counted(self) -> int:
        return sum(len(self.of(status)) for status in _OVER)

    @cached_property
    def waiting_for(self) -> Mapping[bytes, tuple[str, ...]]:
        """Task -> numbers of the steps that wait for it directly."""
        found: dict[bytes, list[str]] = {}
        for link in self.timeline.links:
            after = self.by_task.get(link.after)
            if after is not None:
                found.setdefault(link.before, []).append(after.task.number)
        return {task: tuple(numbers) for task, numbers in found.items()}

    @property
    def is_live(self) -> bool:
        return self.run.kind == RunKind.LIVE

    @property
    def is_rehearsal(self) -> bool:
        return self.run.kind == RunKind.REHEARSAL

    @cached_property
    def begun_ms(self) -> int | None:
        """When the run began; the main run begins with its first step."""
        if self.run.kind != RunKind.MAIN:
            return self.run.started_at
        starts = (one.bar.actual_start_ms for one in self.lines)
        return min((moment for moment in starts if moment is not None), default=None)

    @property
    def has_begun(self) -> bool:
        return self.run.kind != RunKind.MAIN or self.begun_ms is not None

    def late_now(self) -> int:
        """Minutes by which what is under way or may start is behind; negative: ahead; what is over counts last."""
        return self._late_now

    @cached_property
    def _late_now(self) -> int:
        open_now = [one for status in _OPEN for one in self.of(status)]
        if open_now and self.has_begun:
            return max(one.late for one in open_now)
        over = [one for one in self.lines if one.bar.actual_finish_ms is not None]
        last = max(over, key=lambda one: one.bar.finish_ms, default=None)
        return last.late if last is not None else 0

    def late_at_end(self) -> int:
        return (self.timeline.end_ms - self.timeline.planned_end_ms) // MINUTE_MS

    def last_line(self) -> Line | None:
        """The open step on the critical path that is the first to hold the end."""
        critical = [one for one in self.of(Status.RUNNING, Status.BLOCKED, Status.WAITING) if one.is_critical]
        return critical[0] if critical else None

    def prepared(self) -> "Night":
        """With everything worked out: whoever shows it needs no time for that."""
        for name in ("ordered", "by_task", "waiting_for", "begun_ms", "_late_now"):
            getattr(self, name)
        for group in chain(self.streams, self.owners):
            _ = (group.counts, group.segments)
        return self


def _by_start(line: Line) -> tuple[int, int]:
    return (line.bar.start_ms, line.bar.finish_ms)


def night(reader: Reader, project_id: bytes, run_id: bytes | None, language: str, now_ms: int) -> Night:
    """Reads everything the cockpit shows but the one step in full."""
    sheet = checklist(reader, project_id, run_id, language, now_ms)
    times = timeline(reader, project_id, sheet.run.id, now_ms)
    lines = tuple(_lines(sheet, times))
    by_streams = any(line.task.stream for line in lines)
    stages = {stage.id: stage for stage in sheet.stages}
    key: Callable[[Line], str] = (
        (lambda line: line.task.stream) if by_streams else (lambda line: _stage_name(stages, line.task))
    )
    return Night(
        *(sheet.project, sheet.run, times, sheet.rev, lines, by_streams),
        streams=_groups(lines, key),
        owners=_groups(lines, lambda line: line.task.holder or line.task.owner),
        decision=_decision(reader, sheet, lines, language, now_ms),
    ).prepared()


def _stage_name(stages: dict[bytes | None, StageRow], task: TaskRow) -> str:
    stage = stages.get(task.stage_id)
    return f"{stage.number} {stage.title}".strip() if stage is not None else ""


def _lines(sheet: Checklist, times: Timeline) -> Iterable[Line]:
    into: dict[bytes, list[LinkRow]] = {}
    for link in times.links:
        into.setdefault(link.after, []).append(link)
    numbers = {task.id: task.number for task in sheet.tasks}
    over = {task.id for task in sheet.tasks if task.status in _OVER}
    held = {task.id for task in sheet.tasks if task.status in (Status.BLOCKED, Status.FAILED)}
    for task in sheet.tasks:
        bar = times.bars.get(task.id)
        if bar is None:
            continue
        shift = bar.finish_ms - bar.reference[1]
        if task.status is Status.READY:
            shift = bar.start_ms - bar.reference[0]
        waits = [link for link in into.get(task.id, ()) if link.before not in over]
        last = max(
            waits, key=lambda link: times.bars[link.before].finish_ms + link.lag * MINUTE_MS, default=None
        )
        stopped = next((link.before for link in waits if link.before in held), None)
        before = stopped if stopped is not None else last.before if last is not None else b""
        yield Line(task, bar, shift // MINUTE_MS, numbers.get(before, ""), is_held=stopped is not None)


def _groups(lines: tuple[Line, ...], key: Callable[[Line], str]) -> tuple[Group, ...]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(key(line), []).append(line)
    return tuple(
        Group(name, tuple(own), max((one.late for one in own if one.task.status not in _OVER), default=0))
        for name, own in found.items()
    )


def _decision(
    reader: Reader, sheet: Checklist, lines: tuple[Line, ...], language: str, now_ms: int
) -> Decision | None:
    """The first gate that is not open."""
    closed = [stage for stage in sheet.stages if stage.gate_id and stage.gate_state is GateState.CLOSED]
    if not closed or closed[0].gate_id is None:
        return None
    from app.queries.facts import run_facts
    from app.queries.gates import gate_view

    facts = run_facts(reader, sheet.project.id, sheet.run.id, now_ms)
    view = gate_view(reader, facts, closed[0].gate_id, language)
    covered = set(view.tasks)
    ends = [line.bar.finish_ms for line in lines if line.task.id in covered]
    holding = sum(one.holds is True for one in view.criteria)
    return Decision(view.id, view.name, max(ends, default=None), view.missing, len(view.criteria), holding)
