"""The checklist of a project's run: stages and tasks with their derived status, as plain rows."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from app.domain.words import Claim, GateState, Status
from app.errors import NotFound
from app.i18n import _
from app.process.lateness import NO_CLOCK, late_minutes, wall_ms
from app.process.status import StepFacts, status_of
from app.queries.baselines import baseline_of
from app.queries.facts import AttemptFacts, RunFacts, run_facts, start_facts
from app.queries.people import names
from app.queries.projects import ProjectRow, RunRow, project, runs
from app.queries.reasons import why_not_done, why_not_ready
from app.queries.texts import pick
from app.storage.engine import Reader, Row

_TASK_COLUMNS = "id, stage, title, owner, minutes, start, due, priority, role, stream, rollback_minutes, rollback <> '{}', requires"
_NO_CONFLICTS: frozenset[str] = frozenset()


class TaskRow(NamedTuple):
    """One task in a run. Wall times as text in the project's zone, instants in UTC ms."""

    id: bytes
    number: str
    stage_id: bytes | None
    title: str
    owner: str
    owner_id: bytes | None
    minutes: int | None
    start: str | None
    due: str | None
    priority: int | None
    role: str
    stream: str
    rollback_minutes: int | None
    has_rollback: bool
    requires: tuple[str, ...]
    after: str
    claim: Claim
    status: Status
    why_not: tuple[str, ...]
    checks_total: int
    checks_passed: int
    note_count: int
    file_count: int
    started_ms: int | None
    finished_ms: int | None
    remaining: int | None
    late_minutes: int
    reason: str
    attempt: int
    conflicts: frozenset[str]
    holder: str = ""  # who has the step in this run: who took it over, else the owner
    holder_id: bytes | None = None
    paused_ms: int | None = None  # since when it waits or is blocked

    @property
    def evidence_count(self) -> int:
        return self.note_count + self.file_count


class StageRow(NamedTuple):
    """A stage with the gate that closes it; tasks without a stage stand in one with id None.

    `signed` of the `needed` sign-offs of the gate count.
    """

    id: bytes | None
    number: str
    title: str
    owner_role: str
    task_count: int
    done_count: int
    minutes: int
    gate_id: bytes | None
    gate_state: GateState | None
    signed: int = 0
    needed: int = 0


class Checklist(NamedTuple):
    project: ProjectRow
    run: RunRow
    stages: tuple[StageRow, ...]
    tasks: tuple[TaskRow, ...]
    rev: int


def checklist(
    reader: Reader,
    project_id: bytes,
    run_id: bytes | None = None,
    language: str = "en",
    now_ms: int = NO_CLOCK,
) -> Checklist:
    """Everything the checklist shows; raises NotFound. `now_ms` decides whether lags have passed."""
    found = project(reader, project_id, language)
    if found is None:
        raise NotFound(_("There is no project {id}.").format(id=project_id.hex()))
    facts = run_facts(reader, project_id, run_id, now_ms)
    stages = _stages(reader, project_id)
    tasks = _tasks(reader, facts, stages, language, found.language)
    run = next((one for one in runs(reader, project_id) if one.id == facts.run), None)
    if run is None:
        raise NotFound(_("This run is no longer there. Choose another one above."))
    return Checklist(
        found, run, _stage_rows(reader, facts, stages, tasks, language, found.language), tasks, reader.rev
    )


def _stages(reader: Reader, project_id: bytes) -> list[tuple[bytes, str, str]]:
    rows = reader.rows(
        "SELECT id, title, owner_role FROM stage WHERE log = ? AND alive ORDER BY rank, id", (project_id,)
    )
    return [(stage, title, role) for stage, title, role in rows]


def _tasks(
    reader: Reader, facts: RunFacts, stages: list[tuple[bytes, str, str]], language: str, first: str
) -> tuple[TaskRow, ...]:
    places = {stage: number for number, (stage, _t, _r) in enumerate(stages, 1)}
    rows = reader.rows(
        f"SELECT {_TASK_COLUMNS} FROM task WHERE log = ? AND alive ORDER BY rank, id", (facts.project,)
    )
    rows.sort(key=lambda row: places.get(row[1], len(places) + 1))
    numbers = _numbers(rows, places)
    titles = {row[0]: pick(row[2], language, first) for row in rows}
    known = titles | _gate_names(reader, facts, language, first)
    people = names(reader)
    after = _after(facts, numbers)
    conflicts = _conflicts(reader, facts.project)
    frozen = _measures(reader, facts)
    return tuple(
        _task_row(reader, facts, row, numbers, known, people, after, conflicts, frozen) for row in rows
    )


def _measures(reader: Reader, facts: RunFacts) -> Mapping[bytes, tuple[int, int]]:
    """What lateness is measured by: start and finish of each task as the run's baseline has them."""
    return baseline_of(reader, facts.run) if facts.now_ms != NO_CLOCK else {}


def task_row(
    reader: Reader, project_id: bytes, run_id: bytes, task: bytes, language: str, now_ms: int
) -> TaskRow | None:
    """One task as the checklist shows it, without reading all of the plan; None once it is gone."""
    row = reader.row(f"SELECT {_TASK_COLUMNS} FROM task WHERE id = ? AND alive", (task,))
    if row is None:
        return None
    facts = start_facts(reader, project_id, run_id, task, now_ms)
    first = reader.value("SELECT language FROM project WHERE id = ?", (project_id,)) or "en"
    numbers = task_numbers(reader, project_id)
    known = {task: pick(row[2], language, first)} | _gate_names(reader, facts, language, first)
    people, after, conflicts = names(reader), _after(facts, numbers), _conflicts(reader, project_id)
    frozen = _measures(reader, facts)
    return _task_row(reader, facts, row, numbers, known, people, after, conflicts, frozen)


def _gate_names(reader: Reader, facts: RunFacts, language: str, first: str) -> dict[bytes, str]:
    """Of the gates that hold tasks back: asked for once and not for every task."""
    if not facts.closed_before:
        return {}
    rows = reader.rows("SELECT id, name FROM gate WHERE log = ?", (facts.project,))
    return {gate: pick(name, language, first) for gate, name in rows}


def task_numbers(reader: Reader, project_id: bytes) -> dict[bytes, str]:
    """Task id -> its number as the checklist shows it."""
    places = {stage: number for number, (stage, _t, _r) in enumerate(_stages(reader, project_id), 1)}
    rows = reader.rows("SELECT id, stage FROM task WHERE log = ? AND alive ORDER BY rank, id", (project_id,))
    return _numbers(rows, places)


def _numbers(rows: list[Row], places: dict[bytes, int]) -> dict[bytes, str]:
    counters: dict[int, int] = defaultdict(int)
    numbers = {}
    for task, stage, *_rest in rows:
        place = places.get(stage, len(places) + 1)
        counters[place] += 1
        numbers[task] = f"{place}.{counters[place]}"
    return numbers


def _task_row(
    reader: Reader,
    facts: RunFacts,
    row: Row,
    numbers: dict[bytes, str],
    titles: dict[bytes, str],
    people: dict[bytes, str],
    after: dict[bytes, str],
    conflicts: dict[bytes, frozenset[str]],
    frozen: Mapping[bytes, tuple[int, int]],
) -> TaskRow:
    (
        task,
        stage,
        _title,
        owner,
        minutes,
        start,
        due,
        priority,
        role,
        stream,
        back_minutes,
        has_rollback,
        requires,
    ) = row
    step = facts.step(task)
    attempt = facts.attempts.get(task)
    why = why_not_ready(reader, facts, task, titles) if step.claim is Claim.TODO else ()
    status = status_of(step, may_start=not why)
    holder = facts.taken_by.get(task, owner)
    if status is Status.CLAIMED:
        why = why_not_done(step)
    return TaskRow(
        id=task,
        number=numbers[task],
        stage_id=stage,
        title=titles[task],
        owner=people.get(owner, "") if owner else "",
        owner_id=owner,
        minutes=minutes,
        start=start,
        due=due,
        priority=priority,
        role=role,
        stream=stream,
        rollback_minutes=back_minutes,
        has_rollback=bool(has_rollback),
        requires=tuple(requires.split(",")) if requires else (),
        after=after.get(task, ""),
        claim=step.claim,
        status=status,
        why_not=why,
        checks_total=step.checks_total,
        checks_passed=step.checks_passed,
        note_count=step.notes,
        file_count=step.files,
        started_ms=step.started_at,
        finished_ms=step.finished_at,
        remaining=attempt.remaining if attempt else None,
        late_minutes=_late(facts, step, minutes, attempt, start, due, frozen.get(task)),
        reason=attempt.reason if attempt else "",
        attempt=attempt.number if attempt else 0,
        conflicts=conflicts.get(task, _NO_CONFLICTS),
        holder=people.get(holder, "") if holder else "",
        holder_id=holder,
        paused_ms=attempt.paused_at if attempt else None,
    )


def _late(
    facts: RunFacts,
    step: StepFacts,
    minutes: int | None,
    attempt: AttemptFacts | None,
    start: str | None,
    due: str | None,
    frozen: tuple[int, int] | None,
) -> int:
    """By the baseline where the run has one: a plan that is changed in the night hides nothing."""
    if facts.now_ms == NO_CLOCK:
        return 0
    begin = wall_ms(start, facts.zone) if facts.run_is_timed else None
    if frozen is not None:
        begin, minutes = frozen[0], (frozen[1] - frozen[0]) // 60_000 or None
    return late_minutes(
        step.claim,
        now_ms=facts.now_ms,
        minutes=minutes,
        remaining=attempt.remaining if attempt else None,
        started_at=step.started_at,
        start_ms=begin,
        due_ms=wall_ms(due, facts.zone) if facts.run_is_timed else None,
    )


def _after(facts: RunFacts, numbers: dict[bytes, str]) -> dict[bytes, str]:
    found: dict[bytes, list[str]] = defaultdict(list)
    for task, links in facts.links_into.items():
        for link in links:
            kind = "" if link.type == "FS" else link.type
            lag = f"{link.lag_minutes:+d}" if link.lag_minutes else ""
            found[task].append(f"{numbers.get(link.before, '?')}{kind}{lag}")
    return {task: ", ".join(sorted(parts)) for task, parts in found.items()}


# Field names by number, as far as a conflict can stand on a row of a task, its attempt or its links; the registry brings sqlmodel.
_TASK_FIELDS = {
    1: "stage",
    2: "rank",
    3: "title",
    4: "instruction",
    5: "owner",
    6: "accountable",
    7: "deputy",
    8: "role",
    9: "minutes",
    10: "start",
    11: "due",
    12: "priority",
    13: "stream",
    14: "rollback",
    15: "rollback_minutes",
    16: "rollback_task",
    17: "requires",
}


def _conflicts(reader: Reader, project_id: bytes) -> dict[bytes, frozenset[str]]:
    found: dict[bytes, set[str]] = defaultdict(set)
    for thing, number, entity in reader.rows(
        "SELECT object, field, entity FROM conflict WHERE log = ?", (project_id,)
    ):
        if entity == 7:
            found[thing].add(_TASK_FIELDS.get(number, str(number)))
        elif entity == 12:
            task = reader.value(
                "SELECT s.task FROM attempt a JOIN step s ON s.id = a.step WHERE a.id = ?", (thing,)
            )
            if task is not None and number == 3:
                found[task].add("claim")
        elif entity == 9:  # a link stands at the task that waits
            task = reader.value("SELECT after FROM link WHERE id = ? AND alive", (thing,))
            if task is not None:
                found[task].add("after")
    return {thing: frozenset(fields) for thing, fields in found.items()}


def _stage_rows(
    reader: Reader,
    facts: RunFacts,
    stages: list[tuple[bytes, str, str]],
    tasks: tuple[TaskRow, ...],
    language: str,
    first: str,
) -> tuple[StageRow, ...]:
    by_stage: dict[bytes | None, list[TaskRow]] = defaultdict(list)
    known = {stage for stage, _t, _r in stages}
    for task in tasks:
        by_stage[task.stage_id if task.stage_id in known else None].append(task)
    gates = {
        stage: gate
        for gate, stage in reader.rows(
            "SELECT id, stage FROM gate WHERE log = ? AND alive AND stage IS NOT NULL ORDER BY rank DESC",
            (facts.project,),
        )
    }
    closed = {gate for listed in facts.closed_before.values() for gate in listed}
    listed: list[tuple[bytes | None, str, str]] = list(stages)
    if by_stage[None]:
        listed.append((None, "{}", ""))
    return tuple(
        StageRow(
            *(stage, str(number), pick(title, language, first), role, len(by_stage[stage])),
            sum(1 for task in by_stage[stage] if task.status in (Status.DONE, Status.SKIPPED)),
            sum(task.minutes or 0 for task in by_stage[stage]),
            gates.get(stage),
            *_gate(reader, facts, gates.get(stage), closed),
        )
        for number, (stage, title, role) in enumerate(listed, 1)
    )


def _gate(
    reader: Reader, facts: RunFacts, gate: bytes | None, closed: set[bytes]
) -> tuple[GateState | None, int, int]:
    """The state of a gate, how many of its sign-offs count, and how many it needs; a gate nobody signed is not judged."""
    if gate is None:
        return None, 0, 0
    needed = reader.value("SELECT sum(count) FROM gate_role WHERE gate = ? AND alive", (gate,)) or 0
    is_signed = reader.value("SELECT 1 FROM statement WHERE subject = ? LIMIT 1", (gate,)) is not None
    if gate in closed and not is_signed:
        return GateState.CLOSED, 0, int(needed)
    from app.queries.gate_facts import judge

    judgement = judge(reader, facts, gate)
    state = GateState.CLOSED if gate in closed else judgement.state
    return state, len(judgement.counting), int(needed)
