"""What was decided in a run: an entry of its register. The go or no-go of a gate is a statement of its own (`signing`)."""

from collections.abc import Mapping
from typing import Any

from app.commands.incidents import task_of
from app.commands.moments import moment_of
from app.commands.registry import command
from app.domain import verbs
from app.domain.project import Gate
from app.domain.register import Decision, Incident
from app.domain.run import Run
from app.domain.words import DecisionKind
from app.errors import Invalid
from app.i18n import _
from app.storage.transaction import Transaction

_CHANGEABLE = (
    *("kind", "gate", "incident", "task", "question", "options", "decided", "reason"),
    *("decider", "decided_at"),
)


@command(verbs.RECORD_DECISION)
def record_decision(
    tx: Transaction,
    run: bytes,
    question: str,
    decided: str,
    *,
    kind: DecisionKind = DecisionKind.GENERAL,
    options: str = "",
    why: str = "",
    gate: bytes | None = None,
    incident: bytes | None = None,
    task: bytes | None = None,
    decider: bytes | None = None,
    at: int | None = None,
) -> bytes:
    """Who decided is the person it is typed for when nobody is named; `why` is the decision's own reason."""
    log = tx.get(Run, run).log
    values = {
        "run": run,
        "kind": DecisionKind(kind).value,
        "gate": _gate_of(tx, log, gate),
        "incident": _incident_of(tx, log, incident),
        "task": task_of(tx, log, task),
        "question": _needed("question", question),
        "options": options.strip(),
        "decided": _needed("decided", decided),
        "reason": (why or tx.reason).strip(),
        "decider": decider or tx.on_behalf_of or tx.author.person,
        "decided_at": moment_of(tx, log, at),
    }
    decision = tx.create(Decision, values, log=log)
    tx.about(decision)
    return decision


@command(verbs.SET_DECISION)
def set_decision(tx: Transaction, decision: bytes, values: Mapping[str, Any]) -> None:
    """Corrects the entry; the log keeps what it said before."""
    tx.about(decision)
    found = tx.get(Decision, decision)
    for name, value in values.items():
        if name not in _CHANGEABLE:
            raise Invalid(_("{field} of a decision cannot be changed.").format(field=name))
        good = value
        match name:
            case "question" | "decided":
                good = _needed(name, str(value or ""))
            case "gate":
                good = _gate_of(tx, found.log, value)
            case "incident":
                good = _incident_of(tx, found.log, value)
            case "task":
                good = task_of(tx, found.log, value)
            case "decided_at":
                good = moment_of(tx, found.log, value)
        tx.set(Decision, decision, name, good)


def _gate_of(tx: Transaction, log: bytes, gate: bytes | None) -> bytes | None:
    if gate is not None and tx.get(Gate, gate).log != log:
        raise Invalid(_("The gate belongs to another project."))
    return gate


def _incident_of(tx: Transaction, log: bytes, incident: bytes | None) -> bytes | None:
    if incident is not None and tx.get(Incident, incident).log != log:
        raise Invalid(_("The incident belongs to another project."))
    return incident


def _needed(name: str, text: str) -> str:
    if not text.strip():
        raise Invalid(_("Say what was asked.") if name == "question" else _("Say what was decided."))
    return text.strip()
