"""One task in full, for the inspector: texts, checks with results, evidence, links and attempts."""

from typing import NamedTuple

from app.domain.ids import step_id
from app.process.status import check_passes
from app.queries.content import first_language
from app.queries.facts import main_run
from app.queries.happenings import Happening, happenings
from app.queries.newer import is_newer
from app.queries.people import names
from app.queries.texts import pick
from app.storage.engine import Reader


class CheckRow(NamedTuple):
    """A check with its result in the run; `passes` also judges the value against its target."""

    id: bytes
    text: str
    kind: str
    target: str | None
    tolerance: str | None
    unit: str
    outcome: str
    value: str | None
    other_value: str | None
    note: str
    passes: bool
    result: bytes = b""


class EvidenceRow(NamedTuple):
    id: bytes
    kind: str
    text: str
    name: str
    sha256: bytes | None
    size: int | None
    performer: str
    happened_at: int | None


class AttemptRow(NamedTuple):
    number: int
    claim: int
    started_at: int | None
    finished_at: int | None
    remaining: int | None
    reason: str
    performer: str
    paused_at: int | None = None
    id: bytes = b""


class LinkRow(NamedTuple):
    """`other` is the task at the link's other end."""

    id: bytes
    other: bytes
    title: str
    type: str
    lag: int
    into: bool


class TaskDetail(NamedTuple):
    id: bytes
    project: bytes
    run: bytes
    title: str
    instruction: str
    rollback: str
    accountable: str
    deputy: str
    checks: tuple[CheckRow, ...]
    evidence: tuple[EvidenceRow, ...]
    links: tuple[LinkRow, ...]
    attempts: tuple[AttemptRow, ...]
    happened: tuple[Happening, ...] = ()
    newer: bool = False  # a later version wrote more about it


def task_detail(
    reader: Reader, task_id: bytes, run_id: bytes | None = None, language: str = "en"
) -> TaskDetail | None:
    """The task with its facts in a run (main by default); None once it is gone."""
    row = reader.row(
        "SELECT log, title, instruction, rollback, accountable, deputy FROM task WHERE id = ? AND alive",
        (task_id,),
    )
    if row is None:
        return None
    project, title, instruction, rollback, accountable, deputy = row
    first = first_language(reader, project)
    run = run_id or main_run(reader, project)
    step = step_id(run, task_id)
    people = names(reader)
    return TaskDetail(
        *(task_id, project, run, pick(title, language, first), pick(instruction, language, first)),
        *(pick(rollback, language, first), people.get(accountable, ""), people.get(deputy, "")),
        *(_checks(reader, task_id, step, language, first), evidence_rows(reader, step, people)),
        *(_links(reader, task_id, language, first), _attempts(reader, step, people)),
        happened=happenings(reader, project, run, language, task=task_id),
        newer=is_newer(reader, task_id),
    )


def _checks(reader: Reader, task: bytes, step: bytes, language: str, first: str) -> tuple[CheckRow, ...]:
    rows = reader.rows(
        "SELECT c.id, c.text, c.kind, c.target, c.tolerance, c.unit, coalesce(r.outcome, ''), r.value, r.other_value, "
        "coalesce(r.note, ''), r.id FROM check_item c LEFT JOIN check_result r ON r.item = c.id AND r.step = ? AND r.alive "
        "WHERE c.task = ? AND c.alive ORDER BY c.rank, c.id",
        (step, task),
    )
    return tuple(
        CheckRow(
            *(check, pick(text, language, first), kind, target, tolerance, unit, outcome, value, other, note),
            check_passes(kind, target, tolerance, outcome, value, other),
            result or b"",
        )
        for check, text, kind, target, tolerance, unit, outcome, value, other, note, result in rows
    )


def evidence_rows(reader: Reader, subject: bytes, people: dict[bytes, str]) -> tuple[EvidenceRow, ...]:
    """What supports a step, a criterion's result or an incident."""
    rows = reader.rows(
        "SELECT id, kind, text, name, sha256, size, performer, happened_at FROM evidence WHERE subject = ? AND alive "
        "ORDER BY id",
        (subject,),
    )
    return tuple(
        EvidenceRow(piece, kind, text, name, sha256, size, people.get(performer, ""), at)
        for piece, kind, text, name, sha256, size, performer, at in rows
    )


def _links(reader: Reader, task: bytes, language: str, first: str) -> tuple[LinkRow, ...]:
    found = []
    for into, ours, theirs in ((True, "after", "before"), (False, "before", "after")):
        rows = reader.rows(
            f"SELECT l.id, l.{theirs}, t.title, l.type, l.lag FROM link l JOIN task t ON t.id = l.{theirs} "
            f"WHERE l.{ours} = ? AND l.alive AND t.alive ORDER BY l.id",
            (task,),
        )
        found += [
            LinkRow(link, other, pick(title, language, first), kind, lag, into)
            for link, other, title, kind, lag in rows
        ]
    return tuple(found)


def _attempts(reader: Reader, step: bytes, people: dict[bytes, str]) -> tuple[AttemptRow, ...]:
    rows = reader.rows(
        "SELECT number, claim, started_at, finished_at, remaining, reason, performer, paused_at, id FROM attempt WHERE step = ? "
        "AND alive ORDER BY number",
        (step,),
    )
    return tuple(
        AttemptRow(
            number, claim, started, finished, remaining, reason, people.get(performer, ""), paused, attempt
        )
        for number, claim, started, finished, remaining, reason, performer, paused, attempt in rows
    )
