"""The decisions of a run, in the order in which they were made."""

from typing import NamedTuple

from app.queries.checklist import task_numbers
from app.queries.content import first_language
from app.queries.people import names
from app.queries.texts import pick
from app.queries.typed import typed
from app.storage.engine import Reader


class DecisionRow(NamedTuple):
    """Instants in UTC ms. `decider` decided, `typed_by` typed it at `typed_at`. Gate, incident and task where it is about one."""

    id: bytes
    run: bytes
    kind: str
    question: str
    options: str
    decided: str
    reason: str
    decider: str
    decider_id: bytes | None
    decided_at: int
    typed_by: str
    typed_by_id: bytes | None
    typed_at: int
    gate: bytes | None
    gate_name: str
    incident: bytes | None
    incident_title: str
    task: bytes | None
    task_number: str
    task_title: str


def decisions(reader: Reader, run_id: bytes, language: str = "en") -> tuple[DecisionRow, ...]:
    rows = reader.rows(
        "SELECT d.id, d.log, d.kind, d.question, d.options, d.decided, d.reason, d.decider, d.decided_at, d.gate, "
        "d.incident, d.task, coalesce(g.name, '{}'), coalesce(i.title, ''), coalesce(t.title, '{}') FROM decision d "
        "LEFT JOIN gate g ON g.id = d.gate LEFT JOIN incident i ON i.id = d.incident LEFT JOIN task t ON t.id = d.task "
        "WHERE d.run = ? AND d.alive",
        (run_id,),
    )
    if not rows:
        return ()
    project = rows[0][1]
    first, people, numbers = first_language(reader, project), names(reader), task_numbers(reader, project)
    told = typed(reader, (row[0] for row in rows))
    found = []
    for row in rows:
        one, _log, kind, question, options, decided, reason, decider, at, gate, incident, task, *named = row
        by, when = told[one]
        found.append(
            DecisionRow(
                id=one,
                run=run_id,
                kind=kind,
                question=question,
                options=options,
                decided=decided,
                reason=reason,
                decider=people.get(decider, ""),
                decider_id=decider,
                decided_at=when if at is None else at,
                typed_by=people.get(by, "") if by else "",
                typed_by_id=by,
                typed_at=when,
                gate=gate,
                gate_name=pick(named[0], language, first),
                incident=incident,
                incident_title=named[1],
                task=task,
                task_number=numbers.get(task, ""),
                task_title=pick(named[2], language, first),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.decided_at, one.id)))
