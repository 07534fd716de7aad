"""What stands against starting a rehearsal or the live run, and against ending a run: it asks for a reason, and forbids nothing.

A finding that *must* be answered makes the command ask for a reason; one that *should* be is only shown. In a rehearsal
everything may be tried, so nothing but a plan that cannot be run must be answered there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from app.domain.durations import format_minutes
from app.domain.words import Claim, GateState, RunKind, Severity, Status, VerdictWord, known
from app.i18n import N_, in_language
from app.queries.content import first_language
from app.queries.facts import RunFacts, run_facts
from app.queries.texts import pick
from app.queries.timeline import Timeline, timeline
from app.storage.engine import Reader

MUST, SHOULD = "must", "should"
_MINUTE_MS = 60_000
_NAMED = 3  # subjects named in a finding's detail; the others are counted


class Finding(NamedTuple):
    """`text` is a whole sentence, `detail` the first few names; `subjects` are ids of tasks, gates, people, incidents ..."""

    kind: str
    severity: str
    text: str
    detail: str
    subjects: tuple[bytes, ...]
    number: int

    @property
    def code(self) -> str:
        """What the log keeps of it: words and numbers, no free text."""
        return f"{self.kind}:{self.number}"


class _Found(NamedTuple):
    kind: str
    subjects: Sequence[bytes] = ()
    names: Sequence[str] = ()
    number: int | None = None


# kind -> severity at the live run, and the sentence for one and for several
_KINDS: Mapping[str, tuple[str, str, str]] = {
    "no-tasks": (MUST, N_("The plan has no task."), N_("The plan has no task.")),
    "circle": (
        MUST,
        N_("Links run in a circle: one task waits for itself in the end."),
        N_("Links run in a circle: {count} tasks wait for themselves in the end."),
    ),
    "no-t0": (MUST, N_("T-0 is not set."), N_("T-0 is not set.")),
    "no-window": (MUST, N_("The window is not set."), N_("The window is not set.")),
    "misfit": (
        MUST,
        N_("The plan ends {length} after the window."),
        N_("The plan ends {length} after the window."),
    ),
    "conflict": (
        MUST,
        N_("One field has two values, and nobody has chosen yet."),
        N_("{count} fields have two values, and nobody has chosen yet."),
    ),
    "no-rehearsal": (MUST, N_("No rehearsal was finished."), N_("No rehearsal was finished.")),
    "rehearsal-failed": (
        MUST,
        N_("One step had failed when the last rehearsal ended."),
        N_("{count} steps had failed when the last rehearsal ended."),
    ),
    "rehearsal-gate": (
        SHOULD,
        N_("One gate was not open when the last rehearsal ended."),
        N_("{count} gates were not open when the last rehearsal ended."),
    ),
    "earlier-incident": (
        SHOULD,
        N_("One incident of an earlier run is still open."),
        N_("{count} incidents of earlier runs are still open."),
    ),
    "no-go": (
        MUST,
        N_("No-go was decided at one gate, and no go since."),
        N_("No-go was decided at {count} gates, and no go since."),
    ),
    "role-unheld": (
        MUST,
        N_("One role that a gate requires is held by too few people."),
        N_("{count} roles that gates require are held by too few people."),
    ),
    "no-key": (
        SHOULD,
        N_("One person who is to sign has no key yet."),
        N_("{count} people who are to sign have no key yet."),
    ),
    "no-owner": (SHOULD, N_("One task has no owner."), N_("{count} tasks have no owner.")),
    "no-minutes": (SHOULD, N_("One task has no duration."), N_("{count} tasks have no duration.")),
    "no-return": (SHOULD, N_("The point of no return is not set."), N_("The point of no return is not set.")),
    "no-rollback": (
        SHOULD,
        N_("One task up to the point of no return says nothing of its rollback."),
        N_("{count} tasks up to the point of no return say nothing of their rollback."),
    ),
    "running": (MUST, N_("One step is still running."), N_("{count} steps are still running.")),
    "blocked": (
        MUST,
        N_("One step is blocked or waiting."),
        N_("{count} steps are blocked or waiting."),
    ),
    "failed": (MUST, N_("One step has failed."), N_("{count} steps have failed.")),
    "claimed": (
        MUST,
        N_("One step is reported finished, but evidence it requires is missing."),
        N_("{count} steps are reported finished, but evidence they require is missing."),
    ),
    "to-do": (MUST, N_("One step has not begun."), N_("{count} steps have not begun.")),
    "gate-closed": (MUST, N_("One gate is not open."), N_("{count} gates are not open.")),
    "incident": (
        MUST,
        N_("One grave incident (P1 or P2) is open."),
        N_("{count} grave incidents (P1 or P2) are open."),
    ),
    "small-incident": (SHOULD, N_("One incident is open."), N_("{count} incidents are open.")),
    "hand-over": (
        SHOULD,
        N_("One step was handed over and not taken."),
        N_("{count} steps were handed over and not taken."),
    ),
}
_ALWAYS = ("no-tasks", "circle")  # what cannot be run cannot be rehearsed either


def sentence(code: str, language: str) -> str:
    """The sentence of a finding's code, as it stands in the log; the code itself where a newer version wrote it."""
    kind, _colon, number = code.partition(":")
    if kind not in _KINDS or not number.isdigit():
        return code
    _severity, one, many = _KINDS[kind]
    message = one if number == "1" else many
    length = format_minutes(int(number), language)
    return in_language(message, language).format(count=f"{int(number):,}", length=length)


def ready_to_start(
    reader: Reader,
    project_id: bytes,
    kind: RunKind,
    now_ms: int,
    language: str = "en",
    *,
    plan: Timeline | None = None,
) -> tuple[Finding, ...]:
    """What is not ready for a rehearsal or for the live run of a project; those that must be answered first.

    `plan` is the timeline of its main run, where the caller has it already.
    """
    first = first_language(reader, project_id)
    times = plan or timeline(reader, project_id, None, now_ms)
    found = [*_of_times(times), *_of_tasks(reader, times, language, first)]
    found += [*_of_conflicts(reader, project_id), *_of_signers(reader, project_id)]
    if kind is RunKind.LIVE:
        found += [*_of_rehearsal(reader, project_id, now_ms, language, first)]
        found += [*_of_main_run(reader, project_id, language, first)]
    return _graded(found, kind, language)


def ready_to_finish(reader: Reader, run_id: bytes, now_ms: int, language: str = "en") -> tuple[Finding, ...]:
    """What is not finished in a run; those that must be answered first."""
    project, kind = reader.row("SELECT log, kind FROM run WHERE id = ?", (run_id,)) or (b"", RunKind.MAIN)
    first = first_language(reader, project)
    facts = run_facts(reader, project, run_id, now_ms)
    found = [*_of_steps(reader, facts, language, first), *_of_gates(reader, facts, language, first)]
    found += [*_of_incidents(reader, run_id), *_of_hand_overs(reader, run_id, language, first)]
    return _graded(found, known(RunKind, kind), language)


def _graded(found: Iterable[_Found], kind: RunKind, language: str) -> tuple[Finding, ...]:
    findings = []
    for one in found:
        count = len(one.subjects) if one.number is None else int(one.number)
        if not count:
            continue
        is_must = _KINDS[one.kind][0] == MUST and (kind is RunKind.LIVE or one.kind in _ALWAYS)
        names = [name for name in one.names if name]
        detail = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
        text = sentence(f"{one.kind}:{count}", language)
        severity = MUST if is_must else SHOULD
        findings.append(Finding(one.kind, severity, text, detail, tuple(one.subjects), count))
    return tuple(sorted(findings, key=lambda one: one.severity))


# -- the plan ------------------------------------------------------------------------------------------------------


def _of_times(times: Timeline) -> Iterator[_Found]:
    yield _Found("no-tasks", number=not times.bars)
    yield _Found("circle", times.circle)
    yield _Found("no-t0", number=times.t0_ms is None)
    yield _Found("no-window", number=times.window_start_ms is None or times.window_end_ms is None)
    if times.window_end_ms is not None and times.bars:
        over = -((times.window_end_ms - times.planned_end_ms) // _MINUTE_MS)
        yield _Found("misfit", number=max(0, over))
    yield _Found("no-return", number=times.no_return_ms is None)


def _of_tasks(reader: Reader, times: Timeline, language: str, first: str) -> Iterator[_Found]:
    rows = reader.rows(
        "SELECT t.id, t.title, t.owner, t.minutes, t.rollback = '{}' AND t.rollback_minutes IS NULL AND "
        "t.rollback_task IS NULL FROM task t LEFT JOIN stage s ON s.id = t.stage AND s.alive "
        "WHERE t.log = ? AND t.alive ORDER BY s.rank IS NULL, s.rank, t.rank, t.id",
        (times.project,),
    )

    def those(kind: str, test: Callable[[Sequence[object]], bool]) -> _Found:
        bad = [row for row in rows if test(row)]
        return _Found(
            kind, [row[0] for row in bad], [pick(row[1], language, first) for row in bad[: _NAMED + 1]]
        )

    yield those("no-owner", lambda row: row[2] is None)
    yield those("no-minutes", lambda row: row[3] is None)
    limit = times.no_return_ms
    if limit is not None:
        early = {task for task, bar in times.bars.items() if bar.planned_start_ms <= limit}
        yield those("no-rollback", lambda row: bool(row[4]) and row[0] in early)


def _of_conflicts(reader: Reader, project: bytes) -> Iterator[_Found]:
    rows = reader.rows("SELECT object FROM conflict WHERE log = ? ORDER BY object", (project,))
    yield _Found("conflict", [thing for (thing,) in rows])


def _of_signers(reader: Reader, project: bytes) -> Iterator[_Found]:
    wanted: dict[str, int] = {}
    for role, count in reader.rows(
        "SELECT r.role, r.count FROM gate_role r JOIN gate g ON g.id = r.gate AND g.alive WHERE r.log = ? AND r.alive",
        (project,),
    ):
        wanted[role] = max(wanted.get(role, 0), count)
    if not wanted:
        return
    from app.queries.people import people

    everybody = people(reader)
    holders = {role: [one for one in everybody if role in one.roles] for role in wanted}
    unheld = [role for role, count in wanted.items() if len(holders[role]) < count]
    yield _Found("role-unheld", names=unheld, number=len(unheld))
    keyless = {
        one.id: one.name or one.handle for listed in holders.values() for one in listed if not one.has_key
    }
    yield _Found("no-key", list(keyless), list(keyless.values()))


def _of_rehearsal(reader: Reader, project: bytes, now_ms: int, language: str, first: str) -> Iterator[_Found]:
    last = reader.value(
        "SELECT id FROM run WHERE log = ? AND kind = 'rehearsal' AND finished_at IS NOT NULL AND alive "
        "ORDER BY finished_at DESC, id DESC LIMIT 1",
        (project,),
    )
    if last is None:
        yield _Found("no-rehearsal", number=1)
        return
    facts = run_facts(reader, project, last, now_ms)
    failed = [
        task for task, one in facts.attempts.items() if one.claim is Claim.FAILED and task in facts.stage_of
    ]
    yield _Found("rehearsal-failed", failed, _titles(reader, failed, language, first))
    for one in _of_gates(reader, facts, language, first):
        yield one._replace(kind="rehearsal-gate")


def _of_main_run(reader: Reader, project: bytes, language: str, first: str) -> Iterator[_Found]:
    from app.queries.facts import main_run
    from app.queries.signatures import verdict_in_force

    run = main_run(reader, project)
    against = [
        (gate, name)
        for gate, name in reader.rows(
            "SELECT id, name FROM gate WHERE log = ? AND alive ORDER BY rank, id", (project,)
        )
        if verdict_in_force(reader, gate, run) == VerdictWord.NO_GO
    ]
    yield _Found(
        "no-go", [gate for gate, _name in against], [pick(name, language, first) for _gate, name in against]
    )
    rows = reader.rows(
        "SELECT i.id, i.title FROM incident i JOIN run r ON r.id = i.run AND r.alive "
        "WHERE i.log = ? AND i.alive AND i.solved_at IS NULL ORDER BY i.severity, i.id",
        (project,),
    )
    yield _Found("earlier-incident", [one for one, _title in rows], [title for _one, title in rows])


# -- the run -------------------------------------------------------------------------------------------------------

_UNFINISHED: Mapping[str, tuple[Status, ...]] = {
    "running": (Status.RUNNING,),
    "blocked": (Status.BLOCKED, Status.WAITING),
    "failed": (Status.FAILED,),
    "claimed": (Status.CLAIMED,),
    "to-do": (Status.TODO, Status.READY),
}


def _of_steps(reader: Reader, facts: RunFacts, language: str, first: str) -> Iterator[_Found]:
    states = {task: facts.status(task) for task in facts.stage_of}
    for kind, wanted in _UNFINISHED.items():
        tasks = [task for task, state in states.items() if state in wanted]
        yield _Found(kind, tasks, _titles(reader, tasks, language, first))


def _of_gates(reader: Reader, facts: RunFacts, language: str, first: str) -> Iterator[_Found]:
    from app.queries.gate_facts import judge, verdict_of

    closed = []
    for gate, name in reader.rows(
        "SELECT id, name FROM gate WHERE log = ? AND alive ORDER BY rank, id", (facts.project,)
    ):
        is_go = verdict_of(reader, facts, gate) == VerdictWord.GO
        if not is_go and judge(reader, facts, gate).state is GateState.CLOSED:
            closed.append((gate, pick(name, language, first)))
    yield _Found("gate-closed", [gate for gate, _name in closed], [name for _gate, name in closed])


def _of_incidents(reader: Reader, run: bytes) -> Iterator[_Found]:
    rows = reader.rows(
        "SELECT id, title, severity FROM incident WHERE run = ? AND alive AND solved_at IS NULL ORDER BY severity, id",
        (run,),
    )
    for kind, is_grave in (("incident", True), ("small-incident", False)):
        own = [row for row in rows if (row[2] in (Severity.P1, Severity.P2)) is is_grave]
        yield _Found(kind, [one for one, _t, _s in own], [title for _o, title, _s in own])


def _of_hand_overs(reader: Reader, run: bytes, language: str, first: str) -> Iterator[_Found]:
    rows = reader.rows(
        "SELECT s.task FROM hand_over h JOIN step s ON s.id = h.step WHERE s.run = ? AND s.alive AND h.alive "
        "AND h.taken_at IS NULL AND h.withdrawn_at IS NULL ORDER BY h.given_at",
        (run,),
    )
    tasks = [task for (task,) in rows]
    yield _Found("hand-over", tasks, _titles(reader, tasks, language, first))


def _titles(reader: Reader, tasks: Sequence[bytes], language: str, first: str) -> list[str]:
    named = tasks[: _NAMED + 1]
    return [
        pick(reader.value("SELECT title FROM task WHERE id = ?", (task,)), language, first) for task in named
    ]
