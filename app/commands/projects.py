"""Projects and their stages."""

from collections.abc import Mapping
from typing import Any

from app.commands.registry import command
from app.domain import verbs
from app.domain.project import Criterion, Gate, GateRole, GateTask, Project, Stage
from app.domain.ranks import rank_between
from app.domain.run import Run
from app.domain.task import Check, Task
from app.domain.words import RunKind
from app.errors import Invalid
from app.i18n import _
from app.storage.transaction import PROJECT_LOG, Transaction


@command(verbs.CREATE_PROJECT)
def create_project(
    tx: Transaction, name: str | Mapping[str, str], *, language: str = "en", **values: Any
) -> bytes:
    """A project with its own log and its main run. Returns its id."""
    project = new_project(
        tx, {language: name} if isinstance(name, str) else name, language=language, **values
    )
    tx.about(project)
    return project


def new_project(tx: Transaction, name: Mapping[str, str], *, language: str, **values: Any) -> bytes:
    """The ops of a new project; an import calls it within its own action."""
    if not any(text.strip() for text in name.values()):
        raise Invalid(_("A project needs a name."))
    project = tx.clock.new_id()
    tx.found(project, PROJECT_LOG)
    given = {key: value for key, value in values.items() if value is not None}
    tx.create(Project, {"name": name, "language": language, **given}, log=project, id=project)
    tx.create(Run, {"kind": RunKind.MAIN.value}, log=project)
    return project


@command(verbs.SET_PROJECT)
def set_project(tx: Transaction, project: bytes, values: Mapping[str, Any], *, language: str = "en") -> None:
    """Name, window, T-0, zone, manager ... of a project."""
    tx.about(project)
    if "name" in values and not str(values["name"] or "").strip():
        raise Invalid(_("A project needs a name."))
    for name, value in values.items():
        tx.set(Project, project, name, value, language)


@command(verbs.ADD_STAGE)
def add_stage(
    tx: Transaction,
    project: bytes,
    title: str,
    *,
    language: str = "en",
    after: bytes | None = None,
    **values: Any,
) -> bytes:
    """A stage at the end, or after another one."""
    if not title.strip():
        raise Invalid(_("A stage needs a title."))
    low, high = _neighbours(tx, "stage", project, after)
    rank = rank_between(low, high)
    stage = tx.create(Stage, {"rank": rank, "title": {language: title.strip()}, **values}, log=project)
    tx.about(stage)
    return stage


def _neighbours(
    tx: Transaction, table: str, project: bytes, after: bytes | None
) -> tuple[str | None, str | None]:
    ranks = tx.rows(f"SELECT id, rank FROM {table} WHERE log = ? AND alive ORDER BY rank, id", (project,))
    if after is None:
        return (ranks[-1][1] if ranks else None), None
    place = next((at for at, (one, _rank) in enumerate(ranks) if one == after), len(ranks) - 1)
    return ranks[place][1], (ranks[place + 1][1] if place + 1 < len(ranks) else None)


@command(verbs.SET_STAGE)
def set_stage(tx: Transaction, stage: bytes, values: Mapping[str, Any], *, language: str = "en") -> None:
    tx.about(stage)
    if "title" in values and not str(values["title"] or "").strip():
        raise Invalid(_("A stage needs a title."))
    for name, value in values.items():
        tx.set(Stage, stage, name, value, language)


@command(verbs.DELETE_STAGE)
def delete_stage(tx: Transaction, stage: bytes) -> None:
    """Deletes a stage with its tasks, their checks, and its gate."""
    tx.about(stage)
    for (gate,) in tx.rows("SELECT id FROM gate WHERE stage = ? AND alive", (stage,)):
        remove_gate(tx, gate)
    for (task,) in tx.rows("SELECT id FROM task WHERE stage = ? AND alive", (stage,)):
        remove_task(tx, task)
    tx.delete(Stage, stage)


def remove_task(tx: Transaction, task: bytes) -> None:
    """The ops that delete a task and its checks."""
    for (check,) in tx.rows("SELECT id FROM check_item WHERE task = ? AND alive", (task,)):
        tx.delete(Check, check)
    tx.delete(Task, task)


def remove_gate(tx: Transaction, gate: bytes) -> None:
    """The ops that delete a gate with its rule and criteria."""
    for model, table in ((GateRole, "gate_role"), (GateTask, "gate_task"), (Criterion, "criterion")):
        for (one,) in tx.rows(f"SELECT id FROM {table} WHERE gate = ? AND alive", (gate,)):
            tx.delete(model, one)
    tx.delete(Gate, gate)
