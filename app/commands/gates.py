"""Gates: their rule, their criteria, and what was judged of a criterion in a run."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.commands.moments import moment_of
from app.commands.projects import remove_gate
from app.commands.registry import command
from app.domain import verbs
from app.domain.ids import criterion_result_id
from app.domain.project import Criterion, Gate, GateRole, GateTask
from app.domain.ranks import rank_between
from app.domain.run import CriterionResult, Evidence, Run
from app.domain.task import Task
from app.domain.words import EvidenceKind
from app.errors import Invalid
from app.i18n import _
from app.storage.transaction import Transaction


@command(verbs.ADD_GATE)
def add_gate(
    tx: Transaction,
    project: bytes,
    name: str,
    *,
    stage: bytes | None = None,
    tasks: Sequence[bytes] = (),
    roles: Sequence[str] = (),
    whole_project: bool = False,
    language: str = "en",
    **rule: Any,
) -> bytes:
    """A gate over a stage, some tasks or the whole project; a role named twice needs two persons."""
    if not name.strip():
        raise Invalid(_("A gate needs a name."))
    rank = rank_between(tx.value("SELECT max(rank) FROM gate WHERE log = ? AND alive", (project,)), None)
    values = {
        "rank": rank,
        "name": {language: name.strip()},
        "stage": stage,
        "whole_project": whole_project,
        **rule,
    }
    gate = tx.create(Gate, values, log=project)
    tx.about(gate)
    for task in dict.fromkeys(tasks):
        tx.get(Task, task)
        tx.create(GateTask, {"gate": gate, "task": task}, log=project)
    for role in dict.fromkeys(roles):
        tx.create(GateRole, {"gate": gate, "role": role, "count": list(roles).count(role)}, log=project)
    return gate


@command(verbs.SET_GATE)
def set_gate(tx: Transaction, gate: bytes, values: Mapping[str, Any], *, language: str = "en") -> None:
    tx.about(gate)
    tx.get(Gate, gate)
    if "name" in values and not str(values["name"] or "").strip():
        raise Invalid(_("A gate needs a name."))
    for name, value in values.items():
        tx.set(Gate, gate, name, value, language)


@command(verbs.DELETE_GATE)
def delete_gate(tx: Transaction, gate: bytes) -> None:
    tx.about(gate)
    tx.get(Gate, gate)
    remove_gate(tx, gate)


@command(verbs.REQUIRE_ROLE)
def require_role(tx: Transaction, gate: bytes, role: str, count: int = 1) -> bytes:
    found = tx.get(Gate, gate)
    tx.about(gate, role)
    return tx.create(GateRole, {"gate": gate, "role": role, "count": count}, log=found.log)


@command(verbs.ADD_CRITERION)
def add_criterion(
    tx: Transaction, gate: bytes, text: str, *, language: str = "en", target: str | None = None
) -> bytes:
    """One more condition of a gate."""
    if not text.strip():
        raise Invalid(_("A criterion needs a text."))
    found = tx.get(Gate, gate)
    rank = rank_between(tx.value("SELECT max(rank) FROM criterion WHERE gate = ? AND alive", (gate,)), None)
    values = {"gate": gate, "rank": rank, "text": {language: text.strip()}, "target": target}
    criterion = tx.create(Criterion, values, log=found.log)
    tx.about(criterion)
    return criterion


@command(verbs.JUDGE_CRITERION)
def judge_criterion(
    tx: Transaction,
    run: bytes,
    criterion: bytes,
    *,
    holds: bool | None = None,
    value: str | None = None,
    note: str = "",
    evidence: str = "",
    performer: bytes | None = None,
    at: int | None = None,
) -> bytes:
    """What was found of a criterion in a run; `holds` None leaves it open."""
    tx.about(criterion)
    log = tx.get(Criterion, criterion).log
    tx.get(Run, run)
    result = criterion_result_id(run, criterion)
    who = performer or tx.on_behalf_of or tx.author.person
    happened = None if at is None else moment_of(tx, log, at)
    values = {"holds": holds, "value": value, "note": note, "performer": who, "happened_at": happened}
    if tx.find(CriterionResult, result) is None:
        tx.create(CriterionResult, {"run": run, "criterion": criterion, **values}, log=log, id=result)
    else:
        for name, new in values.items():
            if new not in (None, "") or name in ("holds", "happened_at"):
                tx.set(CriterionResult, result, name, new)
    if evidence:
        told = {"text": evidence, "performer": who, "happened_at": happened}
        tx.create(Evidence, {"subject": result, "kind": EvidenceKind.NOTE.value, **told}, log=log)
    return result


@command(verbs.SET_CRITERION)
def set_criterion(
    tx: Transaction, criterion: bytes, values: Mapping[str, Any], *, language: str = "en"
) -> None:
    tx.about(criterion)
    tx.get(Criterion, criterion)
    if "text" in values and not str(values["text"] or "").strip():
        raise Invalid(_("A criterion needs a text."))
    for name, value in values.items():
        tx.set(Criterion, criterion, name, value, language)
