"""What is known of a project's run, loaded in a few reads as plain values: the ground on which status and gates stand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.words import Claim, EvidenceKind, Meaning, RunKind, Status
from app.errors import NotFound
from app.i18n import _
from app.process.lateness import NO_CLOCK, minutes_left
from app.process.status import LinkFacts, StepFacts, check_passes, status_of, untouched, waits_for
from app.queries.disputes import ATTEMPT_PERFORMER, CHECK_RESULT, TASK_REQUIRES, disputed
from app.storage.engine import Reader

_FEW = 2_000  # up to so many tasks are asked for by id; for more, all are read


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """The latest attempt of a step."""

    step: bytes
    number: int
    claim: Claim
    started_at: int | None
    finished_at: int | None
    remaining: int | None
    reason: str
    performer: bytes | None
    others: frozenset[bytes] = frozenset()  # who else is said to have performed it
    paused_at: int | None = None


@dataclass
class RunFacts:
    """A run's facts by task. `steps` holds what each status is derived from."""

    project: bytes
    run: bytes
    now_ms: int
    zone: str = "UTC"
    run_is_timed: bool = (
        True  # a rehearsal runs at other times than the plan's: its wall times say nothing of lateness
    )
    stage_of: dict[bytes, bytes | None] = field(default_factory=dict)
    stage_order: dict[bytes, int] = field(default_factory=dict)
    requires: dict[bytes, frozenset[str]] = field(default_factory=dict)
    attempts: dict[bytes, AttemptFacts] = field(default_factory=dict)
    steps: dict[bytes, StepFacts] = field(default_factory=dict)
    links_into: dict[bytes, list[LinkFacts]] = field(default_factory=dict)
    only: tuple[bytes, ...] | None = None  # loaded for these tasks alone; None: for all
    closed_before: dict[bytes, list[bytes]] = field(default_factory=dict)  # stage -> gates that hold it back
    taken_by: dict[bytes, bytes] = field(default_factory=dict)  # task -> who took its step over last

    def step(self, task: bytes) -> StepFacts:
        return self.steps.get(task) or untouched(self.requires.get(task, frozenset()))

    def waits(self, task: bytes) -> list[LinkFacts]:
        """The links a task still waits for."""
        links = self.links_into.get(task)
        return waits_for(links, self.steps, self.now_ms) if links else []

    def closed_gates(self, task: bytes) -> list[bytes]:
        """The gates of earlier stages that hold a task back."""
        stage = self.stage_of.get(task) if self.closed_before else None
        return self.closed_before.get(stage, []) if stage is not None else []

    def may_start(self, task: bytes) -> bool:
        return not self.waits(task) and not self.closed_gates(task)

    def status(self, task: bytes) -> Status:
        step = self.step(task)
        return status_of(step, may_start=step.claim is Claim.TODO and self.may_start(task))

    def performers(self, tasks: set[bytes]) -> set[bytes]:
        """Who performed the finishes that count in these tasks."""
        return self._who(tasks, Claim.DONE)

    def skippers(self, task: bytes) -> set[bytes]:
        """Who skipped the step."""
        return self._who({task}, Claim.SKIPPED)

    def _who(self, tasks: set[bytes], claim: Claim) -> set[bytes]:
        return {
            one
            for task in tasks
            if (attempt := self.attempts.get(task)) is not None and attempt.claim is claim
            for one in (attempt.performer, *attempt.others)
            if one is not None
        }


def main_run(reader: Reader, project: bytes) -> bytes:
    """The project's main run; raises NotFound."""
    run = reader.value(
        "SELECT id FROM run WHERE log = ? AND kind = 'main' AND alive ORDER BY id LIMIT 1", (project,)
    )
    if run is None:
        raise NotFound(_("There is no project {id}.").format(id=project.hex()))
    return bytes(run)


def run_facts(
    reader: Reader,
    project: bytes,
    run: bytes | None,
    now_ms: int,
    *,
    gates: bool = True,
    only: tuple[bytes, ...] | None = None,
) -> RunFacts:
    """Everything that status needs, for all live tasks of a project in a run (the main one by default).

    With `only`, for those tasks at least: others count as untouched, and links from them are not seen.
    """
    if only is not None and len(only) > _FEW:
        only = None
    facts = RunFacts(project, run or main_run(reader, project), now_ms, only=only)
    facts.zone = reader.value("SELECT zone FROM project WHERE id = ?", (project,)) or "UTC"
    facts.run_is_timed = reader.value("SELECT kind FROM run WHERE id = ?", (facts.run,)) != RunKind.REHEARSAL
    facts.run_is_timed = facts.run_is_timed and now_ms != NO_CLOCK
    _load_tasks(reader, facts)
    _load_links(reader, facts)
    _load_attempts(reader, facts)
    _load_steps(reader, facts)
    if only is None:
        _load_hand_overs(reader, facts)
    if gates:
        _load_closed_gates(reader, facts)
    return facts


def start_facts(reader: Reader, project: bytes, run: bytes, task: bytes, now_ms: int) -> RunFacts:
    """Just what decides whether one task may start: its predecessors, and what the gates of earlier stages cover."""
    before = reader.rows("SELECT before FROM link WHERE after = ? AND alive", (task,))
    stage = reader.value("SELECT stage FROM task WHERE id = ?", (task,))
    gates = _gates_before(reader, project, stage)
    needed = {task, *(one for (one,) in before)}
    if gates:
        from app.queries.content import mandatory_tasks

        needed.update(one for gate in gates for one in mandatory_tasks(reader, gate))
    facts = run_facts(reader, project, run, now_ms, gates=False, only=tuple(needed))
    if gates and (closed := _holding_back(reader, facts, gates)):
        facts.closed_before[stage] = closed
    return facts


def _gates_before(reader: Reader, project: bytes, stage: bytes | None) -> list[bytes]:
    """The gates over the stages before a stage, in the order of the stages."""
    rows = reader.rows(
        "SELECT s.id, g.id FROM stage s LEFT JOIN gate g ON g.stage = s.id AND g.log = s.log AND g.alive "
        "WHERE s.log = ? AND s.alive ORDER BY s.rank, s.id, g.id",
        (project,),
    )
    places = [one for one, _gate in rows]
    earlier = rows[: places.index(stage)] if stage in places else []
    return [gate for _stage, gate in earlier if gate is not None]


def _holding_back(reader: Reader, facts: RunFacts, gates: Iterable[bytes]) -> list[bytes]:
    from app.queries.gate_facts import holds_back

    return [gate for gate in gates if holds_back(reader, facts, gate)]


def _where(owner: str, value: bytes, task: str, facts: RunFacts) -> tuple[str, tuple[bytes, ...]]:
    """The condition for what belongs to a project or run, and to the tasks asked for; and its parameters.

    The plus keeps SQLite from going through all that the owner has when some tasks are asked for.
    """
    if facts.only is None:
        return f"{owner} = ?", (value,)
    return f"+{owner} = ? AND {task} IN ({','.join('?' * len(facts.only))})", (value, *facts.only)


def _load_tasks(reader: Reader, facts: RunFacts) -> None:
    stages = reader.rows("SELECT id FROM stage WHERE log = ? AND alive ORDER BY rank, id", (facts.project,))
    facts.stage_order = {stage: place for place, (stage,) in enumerate(stages)}
    where, values = _where("log", facts.project, "id", facts)
    for task, stage, requires in reader.rows(
        f"SELECT id, stage, requires FROM task WHERE alive AND {where}", values
    ):
        facts.stage_of[task] = stage
        facts.requires[task] = frozenset(requires.split(",")) if requires else frozenset()
    for task, stated in disputed(reader, facts.project, TASK_REQUIRES).items():
        if task in facts.requires:
            facts.requires[task] = frozenset(",".join(str(one) for one in stated).split(",")) - {""}


def _load_links(reader: Reader, facts: RunFacts) -> None:
    where, values = _where("log", facts.project, "after", facts)
    for before, after, kind, lag in reader.rows(
        f"SELECT before, after, type, lag FROM link WHERE alive AND {where}", values
    ):
        if before in facts.stage_of and after in facts.stage_of:
            facts.links_into.setdefault(after, []).append(LinkFacts(before, kind, lag))


def _load_attempts(reader: Reader, facts: RunFacts) -> None:
    where, values = _where("s.run", facts.run, "s.task", facts)
    torn = disputed(reader, facts.project, ATTEMPT_PERFORMER)
    for (
        task,
        step,
        number,
        claim,
        started,
        finished,
        left,
        said_at,
        reason,
        performer,
        paused,
        attempt,
    ) in reader.rows(
        "SELECT s.task, s.id, a.number, a.claim, a.started_at, a.finished_at, a.remaining, a.remaining_at, a.reason, "
        "a.performer, a.paused_at, a.id "
        f"FROM step s JOIN attempt a ON a.step = s.id WHERE a.alive AND s.alive AND {where} ORDER BY a.number",
        values,
    ):
        known = Claim(claim) if 0 <= claim <= Claim.DONE else Claim.FAILED
        facts.attempts[task] = AttemptFacts(
            *(
                step,
                number,
                known,
                started,
                finished,
                minutes_left(left, said_at, facts.now_ms),
                reason,
                performer,
            ),
            others=frozenset(one for one in torn.get(attempt, ()) if isinstance(one, bytes)),
            paused_at=paused,
        )


def _load_hand_overs(reader: Reader, facts: RunFacts) -> None:
    facts.taken_by = dict(
        reader.rows(
            "SELECT s.task, h.receiver FROM step s JOIN hand_over h ON h.step = s.id WHERE s.run = ? AND s.alive "
            "AND h.alive AND h.taken_at IS NOT NULL AND h.receiver IS NOT NULL ORDER BY h.taken_at, h.id",
            (facts.run,),
        )
    )


def _load_steps(reader: Reader, facts: RunFacts) -> None:
    totals, passed = _checks(reader, facts)
    notes, files = _evidence(reader, facts)
    seconded = _seconded(reader, facts)
    for task in {*facts.attempts, *passed, *notes, *files, *totals, *seconded}:
        attempt = facts.attempts.get(task)
        facts.steps[task] = StepFacts(
            claim=attempt.claim if attempt else Claim.TODO,
            requires=facts.requires.get(task, frozenset()),
            notes=notes.get(task, 0),
            files=files.get(task, 0),
            checks_total=totals.get(task, 0),
            checks_passed=passed.get(task, 0),
            seconded=task in seconded,
            started_at=attempt.started_at if attempt else None,
            finished_at=attempt.finished_at if attempt else None,
        )


def _checks(reader: Reader, facts: RunFacts) -> tuple[dict[bytes, int], dict[bytes, int]]:
    totals: dict[bytes, int] = defaultdict(int)
    passed: dict[bytes, int] = defaultdict(int)
    where, values = _where("log", facts.project, "task", facts)
    for (task,) in reader.rows(f"SELECT task FROM check_item WHERE alive AND {where}", values):
        totals[task] += 1
    where, values = _where("s.run", facts.run, "s.task", facts)
    torn = disputed(reader, facts.project, *CHECK_RESULT)
    for task, one, *result in reader.rows(
        "SELECT c.task, r.id, c.kind, c.target, c.tolerance, r.outcome, r.value, r.other_value FROM step s "
        "JOIN check_result r ON r.step = s.id AND r.alive JOIN check_item c ON c.id = r.item AND c.alive "
        f"WHERE {where}",
        values,
    ):
        if one not in torn and check_passes(*result):
            passed[task] += 1
    return totals, passed


def _evidence(reader: Reader, facts: RunFacts) -> tuple[dict[bytes, int], dict[bytes, int]]:
    counts: tuple[dict[bytes, int], dict[bytes, int]] = {}, {}
    where, values = _where("s.run", facts.run, "s.task", facts)
    for task, kind, number in reader.rows(
        "SELECT s.task, e.kind, count(*) FROM step s JOIN evidence e ON e.subject = s.id "
        f"WHERE e.alive AND {where} GROUP BY s.task, e.kind",
        values,
    ):
        if kind in (EvidenceKind.NOTE, EvidenceKind.FILE):
            counts[kind == EvidenceKind.FILE][task] = number
    return counts


def _seconded(reader: Reader, facts: RunFacts) -> set[bytes]:
    """Tasks whose step a second person confirmed: reviewed or approved by somebody other than the performer."""
    where, values = _where("s.run", facts.run, "s.task", facts)
    rows = reader.rows(
        f"SELECT s.task, s.id FROM step s WHERE {where} AND s.id IN (SELECT subject FROM statement WHERE log = ?)",
        (*values, facts.project),
    )
    if not rows:
        return set()
    from app.queries.signatures import sign_offs_of_step

    found = set()
    for task, step in rows:
        attempt = facts.attempts.get(task)
        performer = attempt.performer if attempt else None
        for one in sign_offs_of_step(reader, facts.project, facts.run, task, step):
            good = one.meaning in (Meaning.REVIEWED, Meaning.APPROVED) and one.person != performer
            if good and one.verifies and not one.withdrawn and not one.stale:
                found.add(task)
    return found


def _load_closed_gates(reader: Reader, facts: RunFacts) -> None:
    gates = reader.rows(
        "SELECT id, stage FROM gate WHERE log = ? AND alive AND stage IS NOT NULL", (facts.project,)
    )
    stages: dict[bytes, bytes] = dict(gates)
    closed = {stages[gate]: gate for gate in _holding_back(reader, facts, stages)} if stages else {}
    earlier: list[bytes] = []
    for stage in facts.stage_order:
        if earlier:
            facts.closed_before[stage] = list(earlier)
        if stage in closed:
            earlier.append(closed[stage])
