"""Is the proof complete: what each step of a run requires, what is there, what is missing, and the sums of every run."""

from collections.abc import Iterable
from typing import NamedTuple

from app.domain.words import Claim, Requirement, RunKind
from app.process.status import StepFacts, missing_of
from app.queries.checklist import task_numbers
from app.queries.content import first_language
from app.queries.facts import RunFacts, run_facts
from app.queries.people import names
from app.queries.projects import RunRow, runs
from app.queries.texts import pick
from app.storage.engine import Reader

_NAMED = 4  # so many steps a run names of those that lack something


class StepProof(NamedTuple):
    """A task's proof in a run. `performer` is who did it; `missing` is in a fixed order."""

    task: bytes
    number: str
    title: str
    stage_id: bytes | None
    owner: str
    owner_id: bytes | None
    role: str
    performer: str
    claim: Claim
    requires: frozenset[str]
    notes: int
    files: int
    checks_passed: int
    checks_total: int
    seconded: bool
    missing: tuple[Requirement, ...]

    @property
    def lacks(self) -> bool:
        """Said done, and it does not count for want of proof."""
        return self.claim is Claim.DONE and bool(self.missing)

    @property
    def asks(self) -> bool:
        """Whether there is anything to prove."""
        return bool(self.requires) or self.checks_total > 0

    def bringer(self, requirement: Requirement) -> str:
        """Who has to bring it: who did the step, else its owner or role; a second person is anybody else."""
        if requirement is Requirement.SECOND:
            return ""
        return self.performer or self.owner or self.role


class StageName(NamedTuple):
    """`id` None holds the tasks without a stage."""

    id: bytes | None
    number: str
    title: str


class Completeness(NamedTuple):
    run: bytes
    stages: tuple[StageName, ...]
    steps: tuple[StepProof, ...]


class Share(NamedTuple):
    """So many of so many."""

    there: int
    wanted: int

    @property
    def is_whole(self) -> bool:
        return self.there >= self.wanted


class RunProof(NamedTuple):
    """The sums of a run. `lacking` are steps said done that lack something: number and what; `more` counts the others."""

    run: RunRow
    has_begun: bool
    evidence: Share
    checks: Share
    second: Share
    sign_offs: Share
    lacking: tuple[tuple[str, tuple[Requirement, ...]], ...]
    more: int


def completeness(
    reader: Reader, project_id: bytes, run_id: bytes | None, language: str = "en"
) -> Completeness:
    """Every live task with its proof in a run, in the order of the plan."""
    facts = run_facts(reader, project_id, run_id, 0, gates=False)
    first = first_language(reader, project_id)
    stages = _stages(reader, project_id, language, first)
    places = {stage.id: place for place, stage in enumerate(stages)}
    numbers, people = task_numbers(reader, project_id), names(reader)
    rows = reader.rows(
        "SELECT id, stage, title, owner, role FROM task WHERE log = ? AND alive ORDER BY rank, id",
        (project_id,),
    )
    rows.sort(key=lambda row: places.get(row[1], len(places)))
    steps = []
    for task, stage, title, owner, role in rows:
        step = facts.step(task)
        attempt = facts.attempts.get(task)
        performer = people.get(attempt.performer, "") if attempt is not None and attempt.performer else ""
        steps.append(
            StepProof(
                task=task,
                number=numbers[task],
                title=pick(title, language, first),
                stage_id=stage if stage in places else None,
                owner=people.get(owner, "") if owner else "",
                owner_id=owner,
                role=role,
                performer=performer,
                claim=step.claim,
                requires=step.requires,
                notes=step.notes,
                files=step.files,
                checks_passed=step.checks_passed,
                checks_total=step.checks_total,
                seconded=step.seconded,
                missing=missing_of(step),
            )
        )
    if any(step.stage_id is None for step in steps):
        stages = (*stages, StageName(None, str(len(stages) + 1), ""))
    return Completeness(facts.run, stages, tuple(steps))


def _stages(reader: Reader, project_id: bytes, language: str, first: str) -> tuple[StageName, ...]:
    rows = reader.rows("SELECT id, title FROM stage WHERE log = ? AND alive ORDER BY rank, id", (project_id,))
    return tuple(
        StageName(stage, str(number), pick(title, language, first))
        for number, (stage, title) in enumerate(rows, 1)
    )


# -- the sums ------------------------------------------------------------------------------------------------------


def proof_of_runs(reader: Reader, project_id: bytes) -> tuple[RunProof, ...]:
    """Rehearsals and live runs by start; the main run where something happened in it, or where it is the only one."""
    listed = runs(reader, project_id)
    checks: dict[bytes, int] = dict(
        reader.rows(
            "SELECT task, count(*) FROM check_item WHERE log = ? AND alive GROUP BY task", (project_id,)
        )
    )
    numbers = task_numbers(reader, project_id)
    found = [_proof(reader, project_id, run, numbers, checks) for run in listed]
    return tuple(one for one in found if one.run.kind != RunKind.MAIN or one.has_begun or len(found) == 1)


def _proof(
    reader: Reader, project_id: bytes, run: RunRow, numbers: dict[bytes, str], checks: dict[bytes, int]
) -> RunProof:
    facts = run_facts(reader, project_id, run.id, 0, gates=False)
    steps = [(task, facts.step(task)) for task in facts.stage_of]
    lacking = sorted(
        ((task, missing_of(step)) for task, step in steps if step.claim is Claim.DONE and missing_of(step)),
        key=lambda one: _order(numbers.get(one[0], "")),
    )
    return RunProof(
        run,
        run.kind != RunKind.MAIN or any(one.claim is not Claim.TODO for one in facts.attempts.values()),
        _evidence(step for _task, step in steps),
        Share(
            sum(step.checks_passed for _task, step in steps),
            sum(checks.get(task, 0) for task, _step in steps),
        ),
        _second(step for _task, step in steps),
        _sign_offs(reader, facts),
        tuple((numbers.get(task, "?"), missing) for task, missing in lacking[:_NAMED]),
        max(0, len(lacking) - _NAMED),
    )


def _order(number: str) -> list[int]:
    return [int(part) for part in number.split(".") if part.isdigit()]


def _evidence(steps: Iterable[StepFacts]) -> Share:
    """Notes and files that are asked for; two files where one is asked for count once."""
    there = wanted = 0
    for step in steps:
        for requirement, count in ((Requirement.COMMENT, step.notes), (Requirement.FILE, step.files)):
            if requirement in step.requires:
                wanted += 1
                there += count > 0
    return Share(there, wanted)


def _second(steps: Iterable[StepFacts]) -> Share:
    asked = [step for step in steps if Requirement.SECOND in step.requires]
    return Share(sum(step.seconded for step in asked), len(asked))


def _sign_offs(reader: Reader, facts: RunFacts) -> Share:
    """The signatures gates ask for, and those given that hold a gate's place; content decides, not whether it is open."""
    from app.process.gates import judge_gate
    from app.queries.gate_facts import rule_of
    from app.queries.signatures import sign_offs_of_gate

    there = wanted = 0
    for (gate,) in reader.rows("SELECT id FROM gate WHERE log = ? AND alive", (facts.project,)):
        rule = rule_of(reader, gate)
        wanted += sum(needed for _role, needed in rule.needs)
        given = sign_offs_of_gate(reader, facts.project, facts.run, gate)
        if given:
            from app.queries.content import mandatory_tasks

            authors = facts.performers(set(mandatory_tasks(reader, gate)))
            judged = judge_gate(rule, criteria={}, steps={}, sign_offs=given, authors=authors)
            there += len(judged.counting)
    return Share(there, wanted)
