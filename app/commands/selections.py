"""What is done to several tasks at once, as people select them in a list: each of these is one action."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.commands.registry import command
from app.commands.tasks import Predecessor, checked_values, neighbours, new_link
from app.domain import verbs
from app.domain.ranks import rank_between
from app.domain.task import Check, Task
from app.errors import Invalid, Refused
from app.i18n import _
from app.storage.transaction import Transaction

# All that makes up a task or a check but its place.
_TASK_FIELDS = (
    "title", "instruction", "owner", "accountable", "deputy", "role", "minutes", "start", "due", "priority", "stream",
    "rollback", "rollback_minutes", "rollback_task", "requires",
)  # fmt: skip
_CHECK_FIELDS = ("rank", "text", "kind", "target", "tolerance", "unit")


@command(verbs.SET_TASKS)
def set_tasks(
    tx: Transaction, tasks: Sequence[bytes], values: Mapping[str, Any], *, language: str = "en"
) -> None:
    """The same values in several tasks; per-language texts in the given language."""
    good = checked_values(tx, values)
    if "title" in good and not str(good["title"] or "").strip():
        raise Invalid(_("A task needs a title."))
    tx.about(*tasks[:1])
    for task in tasks:
        tx.get(Task, task)
        for name, value in good.items():
            tx.set(Task, task, name, value, language)


@command(verbs.MOVE_TASKS)
def move_tasks(
    tx: Transaction,
    tasks: Sequence[bytes],
    stage: bytes | None,
    after: bytes | None = None,
    *,
    first: bool = False,
) -> None:
    """Puts tasks, in the order given, behind another one of a stage, or first; without either at its end."""
    tx.about(*tasks[:1])
    found = [tx.get(Task, task) for task in tasks]
    if not found:
        return
    if len({one.log for one in found}) > 1:
        raise Refused(_("Tasks of several projects cannot be moved together."))
    rows = tx.rows(
        "SELECT id, rank FROM task WHERE log = ? AND stage IS ? AND alive ORDER BY rank, id",
        (found[0].log, stage),
    )
    moving = set(tasks)
    others = [row for row in rows if row[0] not in moving]
    place = next((at for at, (one, _rank) in enumerate(others, 1) if one == after), len(others))
    place = 0 if first else place
    low = others[place - 1][1] if place else None
    high = others[place][1] if place < len(others) else None
    for task in tasks:
        low = rank_between(low, high)
        tx.set(Task, task, "stage", stage)
        tx.set(Task, task, "rank", low)


@command(verbs.COPY_TASKS)
def copy_tasks(
    tx: Transaction,
    tasks: Sequence[bytes],
    project: bytes,
    *,
    stage: bytes | None = None,
    after: bytes | None = None,
) -> list[bytes]:
    """The same tasks once more, with their checks and the links among them. Returns their ids."""
    low, high = neighbours(tx, project, stage, after)
    made: dict[bytes, bytes] = {}
    for task in tasks:
        found = tx.get(Task, task)
        if found.log != project:
            raise Refused(_("Tasks are copied within one project."))
        low = rank_between(low, high)
        values = {name: getattr(found, name) for name in _TASK_FIELDS}
        made[task] = tx.create(Task, {**values, "stage": stage, "rank": low}, log=project)
        for (check,) in tx.rows("SELECT id FROM check_item WHERE task = ? AND alive ORDER BY id", (task,)):
            line = tx.get(Check, check)
            same = {name: getattr(line, name) for name in _CHECK_FIELDS}
            tx.create(Check, {**same, "task": made[task]}, log=project)
    links = "SELECT before, after, type, lag FROM link WHERE log = ? AND alive ORDER BY id"
    for before, behind, kind, lag in tx.rows(links, (project,)):
        if before in made and behind in made:
            new_link(tx, made[behind], Predecessor(made[before], kind, lag))
    tx.about(*list(made.values())[:1])
    return list(made.values())


@command(verbs.ADD_PREDECESSORS)
def add_predecessors(tx: Transaction, tasks: Sequence[bytes], wanted: Sequence[Predecessor]) -> int:
    """Lets each of the tasks also wait for others; a link that is there already stays. Returns how many are new."""
    tx.about(*tasks[:1])
    count = 0
    for task in tasks:
        tx.get(Task, task)
        rows = tx.rows("SELECT before, type FROM link WHERE after = ? AND alive", (task,))
        present = {(before, kind) for before, kind in rows}
        for one in wanted:
            if (one.task, one.type) not in present:
                new_link(tx, task, one)
                count += 1
    return count
