"""When each task of a run takes place: as planned, as it happened, and as it will go on from now."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from app.domain.words import Claim, RunKind
from app.errors import NotFound
from app.i18n import _
from app.process.lateness import NO_CLOCK, minutes_left, wall_ms
from app.queries.baselines import baseline_of
from app.queries.facts import main_run
from app.scheduling.network import Network, backward, forward, network
from app.storage.engine import Reader, Row

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
Supposed = Mapping[
    bytes, Mapping[str, Any]
]  # task -> field -> value as if it stood there: minutes, start, claim
_AS_IT_IS: Supposed = MappingProxyType({})


class Bar(NamedTuple):
    """One task of a run; instants in UTC ms. `start_ms` and `finish_ms` are actual where it happened, else forecast.

    `planned` is the plan as it stands now, `baseline` as it stood when the run began.
    """

    task: bytes
    start_ms: int
    finish_ms: int
    planned_start_ms: int
    planned_finish_ms: int
    baseline_start_ms: int | None
    baseline_finish_ms: int | None
    actual_start_ms: int | None
    actual_finish_ms: int | None
    slack_minutes: int
    is_critical: bool

    @property
    def reference(self) -> tuple[int, int]:
        """What lateness is measured by: the baseline, so that changing the plan hides nothing; else the plan."""
        if self.baseline_start_ms is not None and self.baseline_finish_ms is not None:
            return self.baseline_start_ms, self.baseline_finish_ms
        return self.planned_start_ms, self.planned_finish_ms


class LinkRow(NamedTuple):
    """`lag` in minutes."""

    id: bytes
    before: bytes
    after: bytes
    type: str
    lag: int


class Timeline(NamedTuple):
    """Instants in UTC ms. A rehearsal's plan, window and T-0 are moved to where the rehearsal began.

    `planned_end_ms` is the end the run is measured by: its baseline's where it has one, else the plan's.
    """

    project: bytes
    run: bytes
    rev: int
    now_ms: int
    zone: str
    bars: dict[bytes, Bar]
    links: tuple[LinkRow, ...]
    window_start_ms: int | None
    window_end_ms: int | None
    t0_ms: int | None
    no_return_ms: int | None
    start_ms: int
    end_ms: int
    planned_end_ms: int
    circle: tuple[bytes, ...] = ()  # tasks whose links close a loop, so that one of them is left out


class _Plan(NamedTuple):
    """The columns of the plan, one place a task; times in ms."""

    tasks: list[bytes]
    lengths: list[int]
    not_before: list[int]
    links: tuple[LinkRow, ...]
    net: Network


class _Run(NamedTuple):
    id: bytes
    kind: str
    started_at: int | None
    finished_at: int | None


def timeline(
    reader: Reader,
    project_id: bytes,
    run_id: bytes | None = None,
    now_ms: int = NO_CLOCK,
    suppose: Supposed = _AS_IT_IS,
) -> Timeline:
    """The times of every live task in a run (the main one by default), or what they would be; raises NotFound."""
    found = reader.row(
        "SELECT zone, window_start, window_end, t0, no_return FROM project WHERE id = ? AND alive",
        (project_id,),
    )
    if found is None:
        raise NotFound(_("There is no project {id}.").format(id=project_id.hex()))
    zone = found[0] or "UTC"
    marks = [wall_ms(one, zone) for one in found[1:]]
    run = _run(reader, project_id, run_id)
    begin = marks[0] if marks[0] is not None else marks[2]
    plan = _plan(reader, project_id, zone, begin, now_ms, suppose)
    starts, finishes = forward(plan.net, plan.lengths, plan.not_before)
    shift = _shift(run, starts)
    planned = ([one + shift for one in starts], [one + shift for one in finishes])
    plan = plan._replace(not_before=[one + shift for one in plan.not_before])
    moved = [one + shift if one is not None else None for one in marks]
    baseline = baseline_of(reader, run.id)
    bars = _bars(reader, run, plan, planned, baseline, now_ms, suppose)
    first = min((bar.start_ms for bar in bars.values()), default=moved[0] or moved[2] or 0)
    return Timeline(
        project=project_id,
        run=run.id,
        rev=reader.rev,
        now_ms=now_ms,
        zone=zone,
        bars=bars,
        links=plan.links,
        window_start_ms=moved[0],
        window_end_ms=moved[1],
        t0_ms=moved[2],
        no_return_ms=moved[3],
        start_ms=first,
        end_ms=max((bar.finish_ms for bar in bars.values()), default=first),
        planned_end_ms=max(
            (finish for _start, finish in baseline.values()), default=max(planned[1], default=first)
        ),
        circle=tuple(plan.tasks[after] for _before, after in plan.net.cut),
    )


def _run(reader: Reader, project_id: bytes, run_id: bytes | None) -> _Run:
    wanted = run_id or main_run(reader, project_id)
    row = reader.row("SELECT id, kind, started_at, finished_at FROM run WHERE id = ?", (wanted,))
    if row is None:
        raise NotFound(_("There is no run {id}.").format(id=wanted.hex()))
    return _Run(*row)


def _plan(
    reader: Reader, project_id: bytes, zone: str, begin: int | None, now_ms: int, suppose: Supposed
) -> _Plan:
    rows = reader.rows(
        "SELECT id, minutes, start FROM task WHERE log = ? AND alive ORDER BY rank, id", (project_id,)
    )
    if suppose:
        rows = [_supposed(row, suppose.get(row[0], {})) for row in rows]
    places = {task: place for place, (task, _minutes, _start) in enumerate(rows)}
    links = tuple(
        LinkRow(*row)
        for row in reader.rows(
            "SELECT id, before, after, type, lag FROM link WHERE log = ? AND alive ORDER BY id", (project_id,)
        )
        if row[1] in places and row[2] in places
    )
    edges = ((places[one.before], places[one.after], one.type, one.lag * _MINUTE_MS) for one in links)
    return _Plan(
        tasks=list(places),
        lengths=[(minutes or 0) * _MINUTE_MS for _task, minutes, _start in rows],
        not_before=_not_before(rows, zone, begin, now_ms),
        links=links,
        net=network(len(rows), edges),
    )


def _supposed(row: Row, values: Mapping[str, Any]) -> Row:
    task, minutes, start = row
    return task, values.get("minutes", minutes), values.get("start", start)


def _not_before(rows: Sequence[Row], zone: str, begin: int | None, now_ms: int) -> list[int]:
    """A task's own start holds it back; one without begins with the window, T-0 or the first start there is."""
    moments: dict[str, int | None] = {}
    for _task, _minutes, start in rows:
        if start is not None and start not in moments:
            moments[start] = wall_ms(start, zone)
    if begin is None:
        known = [moment for moment in moments.values() if moment is not None]
        begin = min(known) if known else 0 if now_ms == NO_CLOCK else now_ms // _HOUR_MS * _HOUR_MS
    found = []
    for _task, _minutes, start in rows:
        moment = moments[start] if start is not None else None
        found.append(begin if moment is None else moment)
    return found


def _shift(run: _Run, starts: Sequence[int]) -> int:
    """A rehearsal takes place at another time than the plan's: its plan begins when it began."""
    if run.kind != RunKind.REHEARSAL or run.started_at is None or not starts:
        return 0
    return run.started_at - min(starts)


class _Happened(NamedTuple):
    """What is known of each place in a run; times in ms."""

    started: list[int | None]
    finished: list[int | None]
    lengths: list[int]
    not_before: list[int]


def _bars(
    reader: Reader,
    run: _Run,
    plan: _Plan,
    planned: tuple[list[int], list[int]],
    baseline: Mapping[bytes, tuple[int, int]],
    now_ms: int,
    suppose: Supposed,
) -> dict[bytes, Bar]:
    happened = _happened(reader, run, plan, now_ms, suppose)
    starts, finishes = forward(
        plan.net, happened.lengths, happened.not_before, happened.started, happened.finished
    )
    slacks = backward(plan.net, starts, finishes)
    planned_slacks = backward(plan.net, *planned)
    bars = {}
    for place, task in enumerate(plan.tasks):
        over = happened.finished[place] is not None
        slack = planned_slacks[place] if over else slacks[place]
        frozen = baseline.get(task, (None, None))
        bars[task] = Bar(
            *(task, starts[place], finishes[place], planned[0][place], planned[1][place]),
            baseline_start_ms=frozen[0],
            baseline_finish_ms=frozen[1],
            actual_start_ms=happened.started[place],
            actual_finish_ms=happened.finished[place],
            slack_minutes=max(0, slack // _MINUTE_MS),
            is_critical=slack < _MINUTE_MS,
        )
    return bars


def _happened(reader: Reader, run: _Run, plan: _Plan, now_ms: int, suppose: Supposed) -> _Happened:
    """Facts of the run. What has not begun cannot begin before now, once the run is on."""
    attempts = {
        task: rest
        for task, *rest in reader.rows(
            "SELECT s.task, a.claim, a.started_at, a.finished_at, a.remaining, a.remaining_at FROM step s "
            "JOIN attempt a ON a.step = s.id AND a.alive WHERE s.run = ? AND s.alive ORDER BY a.number",
            (run.id,),
        )
    }
    for task, values in suppose.items():
        if task in attempts and "claim" in values:
            attempts[task][0] = values["claim"]
    count = len(plan.tasks)
    is_on = now_ms != NO_CLOCK and (run.kind != RunKind.MAIN or bool(attempts))
    now = min(now_ms, run.finished_at) if run.finished_at is not None else now_ms
    held = [max(one, now) for one in plan.not_before] if is_on else plan.not_before
    happened = _Happened([None] * count, [None] * count, list(plan.lengths), held)
    for place, task in enumerate(plan.tasks):
        if task in attempts:
            _take_attempt(happened, place, attempts[task], now, is_on=is_on)
    return happened


def _take_attempt(
    happened: _Happened, place: int, attempt: Sequence[int | None], now: int, *, is_on: bool
) -> None:
    claim, started, finished, remaining, said_at = attempt
    length = happened.lengths[place]
    if claim in (Claim.DONE, Claim.SKIPPED) and finished is not None:
        happened.started[place] = started
        happened.finished[place] = finished
        if started is None and claim == Claim.SKIPPED:
            happened.lengths[place] = 0
        return
    if claim == Claim.TODO or started is None:
        return
    happened.started[place] = started
    ends = started + length
    if is_on:
        again = length if claim == Claim.FAILED else (minutes_left(remaining, said_at, now) or 0) * _MINUTE_MS
        ends = now + again if claim == Claim.FAILED or remaining is not None else max(ends, now)
    happened.lengths[place] = max(0, ends - started)
