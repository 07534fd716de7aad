"""The incidents of a run, those still open first."""

from typing import NamedTuple

from app.queries.checklist import task_numbers
from app.queries.content import first_language
from app.queries.people import names
from app.queries.task_detail import EvidenceRow, evidence_rows
from app.queries.texts import pick
from app.queries.typed import typed
from app.storage.engine import Reader


class IncidentRow(NamedTuple):
    """Instants in UTC ms. `raised_by` is who says so, `typed_by` who typed it for them at `typed_at`."""

    id: bytes
    run: bytes
    severity: str
    title: str
    description: str
    task: bytes | None
    task_number: str
    task_title: str
    raised_by: str
    raised_by_id: bytes | None
    typed_by: str
    typed_by_id: bytes | None
    happened_at: int
    typed_at: int
    owner: str
    owner_id: bytes | None
    solved_at: int | None
    solution: str
    minutes_lost: int | None
    evidence: tuple[EvidenceRow, ...]

    @property
    def is_open(self) -> bool:
        return self.solved_at is None

    @property
    def is_on_behalf(self) -> bool:
        return self.raised_by_id != self.typed_by_id


def incidents(reader: Reader, run_id: bytes, language: str = "en") -> tuple[IncidentRow, ...]:
    """Open ones first, the worst of them on top; then those solved, the newest first."""
    rows = reader.rows(
        "SELECT id, log, severity, title, description, task, performer, happened_at, owner, solved_at, solution, "
        "minutes_lost FROM incident WHERE run = ? AND alive",
        (run_id,),
    )
    if not rows:
        return ()
    project = rows[0][1]
    first, people, numbers = first_language(reader, project), names(reader), task_numbers(reader, project)
    told = typed(reader, (row[0] for row in rows))
    found = []
    for one, _log, severity, title, text, task, performer, happened, owner, solved, solution, lost in rows:
        by, when = told[one]
        stored = reader.value("SELECT title FROM task WHERE id = ?", (task,)) if task else None
        found.append(
            IncidentRow(
                id=one,
                run=run_id,
                severity=severity,
                title=title,
                description=text,
                task=task,
                task_number=numbers.get(task, ""),
                task_title=pick(stored, language, first),
                raised_by=people.get(performer, ""),
                raised_by_id=performer,
                typed_by=people.get(by, "") if by else "",
                typed_by_id=by,
                happened_at=when if happened is None else happened,
                typed_at=when,
                owner=people.get(owner, ""),
                owner_id=owner,
                solved_at=solved,
                solution=solution,
                minutes_lost=lost,
                evidence=evidence_rows(reader, one, people),
            )
        )
    return tuple(sorted(found, key=_order))


def _order(one: IncidentRow) -> tuple[bool, str, int]:
    return (
        not one.is_open,
        one.severity if one.is_open else "",
        one.happened_at if one.is_open else -one.happened_at,
    )
