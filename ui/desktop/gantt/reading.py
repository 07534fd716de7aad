"""What a Gantt shows, read in one snapshot and prepared in the reader thread: rows, times, links and stages' spans."""

from functools import cached_property
from typing import NamedTuple

from app.process.lateness import NO_CLOCK, wall_ms
from app.queries.checklist import Checklist, TaskRow, checklist
from app.queries.timeline import Bar, Timeline, timeline
from app.scheduling.network import Network, forward, network
from app.storage.engine import Reader
from ui.desktop.components.tape_data import TapeData, tape_data
from ui.desktop.gantt.layout import LinkIndex, Outline, outline

_MINUTE_MS = 60_000


class Span(NamedTuple):
    """From the first start to the last finish of a stage's tasks."""

    start_ms: int
    finish_ms: int
    planned_ms: int


class GanttData(NamedTuple):
    listed: Checklist
    times: Timeline
    spans: dict[bytes | None, Span]
    shown: Outline
    links: LinkIndex
    forecast: "Forecast"
    tape: TapeData


class _Known(NamedTuple):
    """A task is its place. `not_before`, `started`, `finished` in UTC ms, `lengths` in ms."""

    places: dict[bytes, int]
    net: Network
    lengths: list[int]
    not_before: list[int]
    started: list[int | None]
    finished: list[int | None]


class Forecast:
    """The network as it goes on from now, to ask what a change would do.

    Sorting a large one takes longer than everything that is painted: it is done when somebody asks, or by `prepare`.
    """

    def __init__(self, listed: Checklist, times: Timeline) -> None:
        self._listed, self._times = listed, times

    @cached_property
    def _known(self) -> _Known:
        return _known(self._listed, self._times)

    def prepare(self, _work: object = None) -> None:
        """To be said in a thread where it may take its time."""
        _ = self._known

    def moved(
        self, task: bytes, start_ms: int | None = None, length_ms: int | None = None
    ) -> tuple[int, int, int]:
        """Start and finish of the task, and the end of all, if it began no earlier or took another time."""
        known = self._known
        place = known.places[task]
        lengths, held = list(known.lengths), list(known.not_before)
        if start_ms is not None:
            held[place] = start_ms
        if length_ms is not None:
            lengths[place] = length_ms
        starts, finishes = forward(known.net, lengths, held, known.started, known.finished)
        return starts[place], finishes[place], max(finishes)

    def reaches(self, start: bytes, goal: bytes) -> bool:
        """Whether `goal` waits for `start`, however many tasks stand between."""
        places, out = self._known.places, self._known.net.out
        todo, seen, wanted = [places[start]], {places[start]}, places[goal]
        while todo:
            for after, _kind, _lag in out[todo.pop()]:
                if after == wanted:
                    return True
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
        return False


def gantt(
    reader: Reader,
    project_id: bytes,
    run_id: bytes | None = None,
    language: str = "en",
    now_ms: int = NO_CLOCK,
    folded: frozenset[bytes | None] = frozenset(),
    wanted: str = "",
) -> GanttData:
    listed = checklist(reader, project_id, run_id, language, now_ms)
    return joined(listed, timeline(reader, project_id, run_id, now_ms), folded, wanted)


def joined(
    listed: Checklist, times: Timeline, folded: frozenset[bytes | None] = frozenset(), wanted: str = ""
) -> GanttData:
    shown = outline(listed.stages, listed.tasks, folded, wanted)
    return GanttData(
        *(listed, times, _spans(listed.tasks, times), shown),
        *(LinkIndex(times.links, shown.places), Forecast(listed, times), tape_data(times)),
    )


def reference(bar: Bar) -> tuple[int, int]:
    """What a task is measured by: the baseline where there is one, else the plan alone."""
    if bar.baseline_start_ms is not None and bar.baseline_finish_ms is not None:
        return bar.baseline_start_ms, bar.baseline_finish_ms
    return bar.planned_start_ms, bar.planned_finish_ms


def difference(bar: Bar) -> int:
    """Minutes by which a task ends after what was planned."""
    return round((bar.finish_ms - reference(bar)[1]) / _MINUTE_MS)


def shift_of(listed: Checklist, times: Timeline) -> int:
    """By how much a rehearsal's times stand apart from the plan's."""
    for wall, moment in (
        (listed.project.window_start, times.window_start_ms),
        (listed.project.t0, times.t0_ms),
    ):
        plain = wall_ms(wall, times.zone)
        if plain is not None and moment is not None:
            return moment - plain
    return 0


def _spans(tasks: tuple[TaskRow, ...], times: Timeline) -> dict[bytes | None, Span]:
    found: dict[bytes | None, list[int]] = {}
    for task in tasks:
        bar = times.bars.get(task.id)
        if bar is None:
            continue
        planned, span = reference(bar)[1], found.get(task.stage_id)
        if span is None:
            found[task.stage_id] = [bar.start_ms, bar.finish_ms, planned]
            continue
        span[0] = min(span[0], bar.start_ms)
        span[1] = max(span[1], bar.finish_ms)
        span[2] = max(span[2], planned)
    return {stage: Span(*span) for stage, span in found.items()}


def _known(listed: Checklist, times: Timeline) -> _Known:
    """A task without a start of its own may begin when all does, or now where the run is on."""
    tasks = [task for task in listed.tasks if task.id in times.bars]
    places = {task.id: place for place, task in enumerate(tasks)}
    bars = [times.bars[task.id] for task in tasks]
    edges = [
        (places[one.before], places[one.after], one.type, one.lag * _MINUTE_MS)
        for one in times.links
        if one.before in places and one.after in places
    ]
    is_on = any(bar.actual_start_ms is not None for bar in bars)
    begin = times.now_ms if is_on and times.now_ms != NO_CLOCK else times.start_ms
    shift = shift_of(listed, times)
    held = []
    for task, bar in zip(tasks, bars, strict=True):
        own = wall_ms(task.start, times.zone)
        held.append(
            min(bar.start_ms, begin if own is None else max(own + shift, begin if is_on else own + shift))
        )
    return _Known(
        *(places, network(len(tasks), edges), [bar.finish_ms - bar.start_ms for bar in bars], held),
        [bar.actual_start_ms for bar in bars],
        [bar.actual_finish_ms for bar in bars],
    )
