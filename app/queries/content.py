"""The signed content of steps and gates, read for their digests: the values of the fields the registry marks as signed.

`evidence_for` limits evidence to what a statement's author held, so that evidence added later is not covered and does
not make the signature stale.
"""

from collections.abc import Callable

from app.domain.ids import criterion_result_id, step_id
from app.process.digests import CheckContent, CriterionContent, EvidenceContent, GateContent, StepContent
from app.queries.disputes import TASK_STAGE, disputed
from app.queries.texts import pick
from app.storage.engine import Reader, Row

EvidenceFilter = Callable[[EvidenceContent], bool]


def first_language(reader: Reader, project: bytes) -> str:
    return str(reader.value("SELECT language FROM project WHERE id = ?", (project,)) or "en")


def everything(_one: EvidenceContent) -> bool:
    return True


def step_content(
    reader: Reader, run: bytes, task: bytes, language: str, evidence_for: EvidenceFilter = everything
) -> StepContent:
    """A step's content; texts in the given language, else the project's first."""
    row = reader.row("SELECT title, instruction, requires, log FROM task WHERE id = ?", (task,))
    title, instruction, requires, project = row or ("{}", "{}", "", b"")
    first = first_language(reader, project)
    step = step_id(run, task)
    claim = reader.value(
        "SELECT claim FROM attempt WHERE step = ? AND alive ORDER BY number DESC LIMIT 1", (step,)
    )
    checks = tuple(
        CheckContent(check, pick(text, language, first), *rest)
        for check, text, *rest in reader.rows(
            "SELECT c.id, c.text, c.kind, c.target, c.tolerance, c.unit, coalesce(r.outcome, ''), r.value, "
            "r.other_value, r.note_hash FROM check_item c LEFT JOIN check_result r ON r.item = c.id AND r.step = ? "
            "AND r.alive WHERE c.task = ? AND c.alive",
            (step, task),
        )
    )
    return StepContent(
        *(task, pick(title, language, first), pick(instruction, language, first), requires),
        *(4 if claim is None else int(claim), checks, evidence_of(reader, step, evidence_for)),
    )


def evidence_of(
    reader: Reader, subject: bytes, evidence_for: EvidenceFilter = everything
) -> tuple[EvidenceContent, ...]:
    """The live evidence of a subject, with the op that brought each."""
    rows = reader.rows(
        "SELECT e.id, e.kind, coalesce(e.sha256, e.text_hash), min(c.op) FROM evidence e "
        "JOIN creation c ON c.object = e.id WHERE e.subject = ? AND e.alive GROUP BY e.id",
        (subject,),
    )
    return tuple(one for one in (EvidenceContent(*row) for row in rows) if evidence_for(one))


def mandatory_tasks(reader: Reader, gate: bytes) -> list[bytes]:
    """The live tasks a gate covers: its stage's, its listed ones, or all of the project's."""
    row = reader.row("SELECT log, stage, whole_project FROM gate WHERE id = ?", (gate,))
    if row is None:
        return []
    project, stage, whole = row
    if whole:
        rows = reader.rows("SELECT id FROM task WHERE log = ? AND alive", (project,))
    elif stage is not None:
        rows = reader.rows("SELECT id FROM task WHERE stage = ? AND alive", (stage,))
        rows += _torn(reader, project, stage, rows)
    else:
        rows = reader.rows(
            "SELECT DISTINCT t.id FROM gate_task g JOIN task t ON t.id = g.task WHERE g.gate = ? AND g.alive AND t.alive",
            (gate,),
        )
    return [task for (task,) in rows]


def gates_over(reader: Reader, task: bytes) -> list[bytes]:
    """The live gates for which a task is mandatory."""
    project = reader.value("SELECT log FROM task WHERE id = ?", (task,))
    gates = reader.rows("SELECT id FROM gate WHERE log = ? AND alive ORDER BY rank, id", (project,))
    return [gate for (gate,) in gates if task in mandatory_tasks(reader, gate)]


def _torn(reader: Reader, project: bytes, stage: bytes, known: list[Row]) -> list[Row]:
    """Tasks that somebody moved away while somebody else moved them in: they stay mandatory until that is settled."""
    return [
        (task,)
        for task, stages in disputed(reader, project, TASK_STAGE).items()
        if stage in stages
        and (task,) not in known
        and reader.row("SELECT 1 FROM task WHERE id = ? AND alive", (task,))
    ]


RULE_FIELDS = ("different_persons", "author_may_sign", "least_level", "scripts_allowed", "different_devices")


def gate_roles(reader: Reader, gate: bytes) -> tuple[tuple[str, int], ...]:
    rows = reader.rows(
        "SELECT role, sum(count) FROM gate_role WHERE gate = ? AND alive GROUP BY role ORDER BY role", (gate,)
    )
    return tuple((role, int(count)) for role, count in rows)


def gate_content(
    reader: Reader, run: bytes, gate: bytes, language: str, evidence_for: EvidenceFilter = everything
) -> GateContent:
    """A gate's content in a run: its rule, criteria and the steps of its mandatory tasks."""
    columns = ", ".join(RULE_FIELDS)
    row = reader.row(
        f"SELECT log, name, stage, whole_project, {columns} FROM gate WHERE id = ?",
        (gate,),
    )
    project, name, stage, whole, *rule = row or (b"", "{}", None, False)
    first = first_language(reader, project)
    criteria = [
        _criterion(reader, run, one, first, language, evidence_for)
        for one in reader.rows("SELECT id, text, target FROM criterion WHERE gate = ? AND alive", (gate,))
    ]
    steps = [
        step_content(reader, run, task, language, evidence_for) for task in mandatory_tasks(reader, gate)
    ]
    return GateContent(
        *(gate, pick(name, language, first), (stage, bool(whole), *(int(value) for value in rule))),
        *(gate_roles(reader, gate), tuple(criteria), tuple(steps)),
    )


def _criterion(
    reader: Reader, run: bytes, row: Row, first: str, language: str, evidence_for: EvidenceFilter
) -> CriterionContent:
    criterion, text, target = row
    result = criterion_result_id(run, criterion)
    holds, value, note = reader.row(
        "SELECT holds, value, note_hash FROM criterion_result WHERE id = ? AND alive", (result,)
    ) or (None, None, None)
    return CriterionContent(
        id=criterion,
        text=pick(text, language, first),
        target=target,
        holds=None if holds is None else bool(holds),
        value=value,
        note=note,
        evidence=evidence_of(reader, result, evidence_for),
    )


def files_of(reader: Reader, run: bytes, subject: bytes) -> list[bytes]:
    """SHA-256 of every file that a gate's or task's content rests on."""
    is_gate = reader.row("SELECT 1 FROM gate WHERE id = ?", (subject,)) is not None
    tasks = mandatory_tasks(reader, subject) if is_gate else [subject]
    pieces = [piece for task in tasks for piece in evidence_of(reader, step_id(run, task))]
    for (criterion,) in reader.rows("SELECT id FROM criterion WHERE gate = ? AND alive", (subject,)):
        pieces += evidence_of(reader, criterion_result_id(run, criterion))
    return [piece.fingerprint for piece in pieces if piece.kind == "file" and piece.fingerprint]
