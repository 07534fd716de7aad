"""What went wrong in a run: raised, changed, solved and opened again."""

from collections.abc import Mapping
from typing import Any

from app.commands.moments import check_order, end_of, moment_of
from app.commands.registry import command
from app.domain import verbs
from app.domain.register import Incident
from app.domain.run import Evidence, Run
from app.domain.task import Task
from app.domain.words import EvidenceKind, Severity
from app.errors import Invalid, Refused
from app.i18n import _
from app.storage.transaction import Transaction

_CHANGEABLE = ("task", "severity", "title", "description", "happened_at", "owner", "solution", "minutes_lost")


@command(verbs.RAISE_INCIDENT)
def raise_incident(
    tx: Transaction,
    run: bytes,
    title: str,
    *,
    severity: Severity = Severity.P3,
    task: bytes | None = None,
    description: str = "",
    owner: bytes | None = None,
    at: int | None = None,
) -> bytes:
    """Something went wrong, in the run or at one of its tasks; `at` says when it happened."""
    log = tx.get(Run, run).log
    values = {
        "run": run,
        "task": task_of(tx, log, task),
        "severity": Severity(severity).value,
        "title": _needed(title),
        "description": description.strip(),
        "performer": tx.on_behalf_of or tx.author.person,
        "happened_at": moment_of(tx, log, at),
        "owner": owner,
    }
    incident = tx.create(Incident, values, log=log)
    tx.about(incident)
    return incident


@command(verbs.SET_INCIDENT)
def set_incident(tx: Transaction, incident: bytes, values: Mapping[str, Any]) -> None:
    """Changes what is said of it; solving and opening again have commands of their own."""
    tx.about(incident)
    found = tx.get(Incident, incident)
    for name, value in values.items():
        if name not in _CHANGEABLE:
            raise Invalid(_("{field} of an incident cannot be changed.").format(field=name))
        good = value
        if name == "title":
            good = _needed(str(value or ""))
        elif name == "task":
            good = task_of(tx, found.log, value)
        elif name == "happened_at":
            good = moment_of(tx, found.log, value)
            if found.solved_at is not None:
                check_order(tx, found.log, good, found.solved_at)
        tx.set(Incident, incident, name, good)


@command(verbs.SOLVE_INCIDENT)
def solve_incident(
    tx: Transaction,
    incident: bytes,
    solution: str = "",
    *,
    minutes_lost: int | None = None,
    at: int | None = None,
) -> None:
    """It is over: how it was solved, when, and what it cost."""
    tx.about(incident)
    found = tx.get(Incident, incident)
    if found.solved_at is not None:
        raise Refused(_("This incident is solved already."))
    if not (solution or tx.reason).strip():
        raise Refused(_("Say how it was solved."))
    solved = end_of(tx, found.log, found.happened_at, at)
    tx.set(Incident, incident, "solved_at", solved)
    tx.set(Incident, incident, "solution", (solution or tx.reason).strip())
    if minutes_lost is not None:
        tx.set(Incident, incident, "minutes_lost", minutes_lost)


@command(verbs.REOPEN_INCIDENT)
def reopen_incident(tx: Transaction, incident: bytes) -> None:
    """It was not over. What was said of the solution stays until a new one is said."""
    tx.about(incident)
    if tx.get(Incident, incident).solved_at is None:
        raise Refused(_("This incident is open already."))
    tx.set(Incident, incident, "solved_at", None)


@command(verbs.ATTACH_FILE)
def attach_to_incident(
    tx: Transaction, incident: bytes, sha256: bytes, size: int, name: str, *, at: int | None = None
) -> bytes:
    """A file in the store that shows what went wrong."""
    found = tx.get(Incident, incident)
    tx.about(incident)
    values = {
        "subject": incident,
        "kind": EvidenceKind.FILE.value,
        "name": name[:400],
        "sha256": sha256,
        "size": size,
        "performer": tx.on_behalf_of or tx.author.person,
        "happened_at": None if at is None else moment_of(tx, found.log, at),
    }
    return tx.create(Evidence, values, log=found.log)


def task_of(tx: Transaction, log: bytes, task: bytes | None) -> bytes | None:
    """The task, where one is named; raises Invalid for one of another project."""
    if task is not None and tx.get(Task, task).log != log:
        raise Invalid(_("The task belongs to another project."))
    return task


def _needed(title: str) -> str:
    if not title.strip():
        raise Invalid(_("Say in a few words what happened."))
    return title.strip()
