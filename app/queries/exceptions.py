"""What must be answered: signed content changed after go, evidence missing, signatures that went stale, conflicts."""

from typing import NamedTuple

from app.domain.words import Status
from app.i18n import _, language
from app.queries.facts import RunFacts, run_facts
from app.queries.gate_facts import is_closed, verdict_of
from app.queries.reasons import why_not_done
from app.queries.signatures import sign_offs_of_gate
from app.queries.texts import pick
from app.storage.engine import Reader


class ExceptionRow(NamedTuple):
    """`kind`: changed after go | evidence missing | stale signature | conflict. `subject` is a gate or task."""

    kind: str
    subject: bytes
    title: str
    text: str


def exceptions(reader: Reader, project_id: bytes, run_id: bytes | None, now_ms: int) -> list[ExceptionRow]:
    """All open exceptions of a project's run, gates first."""
    facts = run_facts(reader, project_id, run_id, now_ms)
    found: list[ExceptionRow] = []
    gates = reader.rows("SELECT id, name FROM gate WHERE log = ? AND alive ORDER BY rank, id", (project_id,))
    for gate, name in gates:
        found += _of_gate(reader, facts, gate, pick(name, language()))
    for task in facts.attempts:
        if task in facts.stage_of and facts.status(task) is Status.CLAIMED:
            title = pick(reader.value("SELECT title FROM task WHERE id = ?", (task,)), language())
            found.append(
                ExceptionRow("evidence missing", task, title, " ".join(why_not_done(facts.steps[task])))
            )
    return found + _conflicts(reader, project_id)


def _of_gate(reader: Reader, facts: RunFacts, gate: bytes, name: str) -> list[ExceptionRow]:
    found = []
    if verdict_of(reader, facts, gate) == "go" and is_closed(reader, facts, gate):
        text = _("Go was given, and the gate would be closed now.")
        found.append(ExceptionRow("changed after go", gate, name, text))
    stale = [
        one
        for one in sign_offs_of_gate(reader, facts.project, facts.run, gate)
        if one.stale and not one.withdrawn
    ]
    if stale:
        roles = ", ".join(sorted({one.role for one in stale}))
        text = _("What {roles} signed has changed since. Sign again, or undo the change.").format(roles=roles)
        found.append(ExceptionRow("stale signature", gate, name, text))
    return found


def _conflicts(reader: Reader, project_id: bytes) -> list[ExceptionRow]:
    rows = reader.rows(
        "SELECT DISTINCT t.id, t.title FROM conflict c JOIN task t ON t.id = c.object WHERE c.log = ? ORDER BY t.id",
        (project_id,),
    )
    text = _("Two values stand against each other. Choose one.")
    return [ExceptionRow("conflict", task, pick(title, language()), text) for task, title in rows]
