"""A gate judged in a run: the facts of its steps, criteria and statements put before the pure rule."""

from collections.abc import Iterable

from app.domain.ids import criterion_result_id, step_id
from app.domain.words import GateState, Status, VerdictWord
from app.process.gates import Judgement, Rule, SignOff, judge_gate, waives
from app.queries.content import RULE_FIELDS, gate_roles, mandatory_tasks
from app.queries.disputes import CRITERION_HOLDS, disputed
from app.queries.facts import RunFacts
from app.queries.signatures import (
    ground_is_sequenced,
    sign_offs_of_gate,
    verdict_in_force,
    waivers,
)
from app.storage.engine import Reader


def rule_of(reader: Reader, gate: bytes) -> Rule:
    columns = ", ".join(RULE_FIELDS)
    row = reader.row(f"SELECT {columns} FROM gate WHERE id = ?", (gate,)) or (True, False, 0, True, False)
    persons, author, level, scripts, devices = row
    return Rule(gate_roles(reader, gate), bool(persons), bool(author), level, bool(scripts), bool(devices))


def criteria_hold(reader: Reader, gate: bytes, run: bytes) -> dict[bytes, bool]:
    """Criterion -> whether it holds in the run; one with a conflict does not."""
    project = reader.value("SELECT log FROM gate WHERE id = ?", (gate,))
    torn = disputed(reader, project, CRITERION_HOLDS)
    found = {}
    for (criterion,) in reader.rows(
        "SELECT id FROM criterion WHERE gate = ? AND alive ORDER BY rank, id", (gate,)
    ):
        result = criterion_result_id(run, criterion)
        holds = reader.value("SELECT holds FROM criterion_result WHERE id = ? AND alive", (result,))
        found[criterion] = bool(holds) and result not in torn
    return found


def signed_conflicts(reader: Reader, project: bytes, things: set[bytes]) -> list[bytes]:
    """The objects among these with an open conflict on a signed field, or on where they belong."""
    rows = reader.rows("SELECT object, field, entity FROM conflict WHERE log = ?", (project,))
    mine = [row for row in rows if row[0] in things]
    if not mine:
        return []
    from app.domain.registry import SPECS  # brings sqlmodel: a project without conflicts opens without it

    marks = [(thing, SPECS[entity].by_number[number].mark) for thing, number, entity in mine]
    return sorted({thing for thing, mark in marks if mark.signed or mark.parent})


def judge(reader: Reader, facts: RunFacts, gate: bytes) -> Judgement:
    """The gate's state and obstacles in the facts' run."""
    tasks, rule = mandatory_tasks(reader, gate), rule_of(reader, gate)
    passed = {task: given for task in tasks if (given := waivers_in_force(reader, facts, rule, task))}
    return judge_gate(
        rule,
        criteria=criteria_hold(reader, gate, facts.run),
        steps={task: facts.status(task) for task in tasks},
        conflicts=signed_conflicts(reader, facts.project, _covered(reader, facts, gate, set(tasks))),
        waived=passed,
        sign_offs=sign_offs_of_gate(reader, facts.project, facts.run, gate),
        authors=facts.performers(set(tasks)),
        ground_sequenced=ground_is_sequenced(reader) and _have_receipts(passed.values()),
    )


def waivers_in_force(reader: Reader, facts: RunFacts, rule: Rule, task: bytes) -> list[SignOff]:
    """What lets a skipped step pass under a gate's rule; nothing for a step that is not skipped."""
    if facts.status(task) is not Status.SKIPPED:
        return []
    skippers = facts.skippers(task)
    return [one for one in waivers(reader, facts.project, facts.run, task) if waives(rule, one, skippers)]


def _have_receipts(waivers: Iterable[list[SignOff]]) -> bool:
    return all(any(one.sequenced for one in given) for given in waivers)


def is_closed(reader: Reader, facts: RunFacts, gate: bytes) -> bool:
    """Whether the gate is closed; signatures are looked at only when steps and criteria leave the question open."""
    done = (Status.DONE, Status.SKIPPED)
    if any(facts.status(task) not in done for task in mandatory_tasks(reader, gate)):
        return True
    if not all(criteria_hold(reader, gate, facts.run).values()):
        return True
    return judge(reader, facts, gate).state is GateState.CLOSED


def verdict_of(reader: Reader, facts: RunFacts, gate: bytes) -> str:
    """The verdict in force at the gate in the run, empty before the first."""
    return verdict_in_force(reader, gate, facts.run) or ""


def holds_back(reader: Reader, facts: RunFacts, gate: bytes) -> bool:
    """Whether later stages wait for the gate: after go never, after no-go always, else while it is closed."""
    verdict = verdict_of(reader, facts, gate)
    if verdict:
        return verdict != VerdictWord.GO
    return is_closed(reader, facts, gate)


def _covered(reader: Reader, facts: RunFacts, gate: bytes, tasks: set[bytes]) -> set[bytes]:
    """Every object whose signed fields the gate's digest covers."""
    things = {gate, *tasks}
    for table in ("criterion", "gate_role", "gate_task"):
        things |= {one for (one,) in reader.rows(f"SELECT id FROM {table} WHERE gate = ?", (gate,))}
    things |= {criterion_result_id(facts.run, one) for one in set(things)}
    for task in tasks:
        step = step_id(facts.run, task)
        things |= {one for (one,) in reader.rows("SELECT id FROM attempt WHERE step = ?", (step,))}
        things |= {one for (one,) in reader.rows("SELECT id FROM check_result WHERE step = ?", (step,))}
        things |= {one for (one,) in reader.rows("SELECT id FROM check_item WHERE task = ?", (task,))}
    return things
