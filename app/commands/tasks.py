"""Tasks, their checks and links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.commands.projects import remove_task
from app.commands.registry import command
from app.domain import verbs
from app.domain.person import Person
from app.domain.ranks import rank_between
from app.domain.task import Check, Link, Task
from app.domain.words import LinkType, Requirement
from app.errors import Invalid, NotFound, Refused
from app.i18n import _
from app.storage.transaction import Transaction

PERSON_FIELDS = ("owner", "accountable", "deputy")


@command(verbs.ADD_TASK)
def add_task(
    tx: Transaction,
    project: bytes,
    title: str,
    *,
    stage: bytes | None = None,
    after: bytes | None = None,
    language: str = "en",
    values: Mapping[str, Any] | None = None,
) -> bytes:
    """A task at the end of a stage, or after another task. Returns its id."""
    rank = rank_between(*neighbours(tx, project, stage, after))
    task = new_task(tx, project, NewTask(title, values or {}), stage, rank, language)
    tx.about(task)
    return task


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be added: its title and what else is known of it."""

    title: str
    values: Mapping[str, Any] = field(default_factory=dict)


@command(verbs.ADD_TASKS)
def add_tasks(
    tx: Transaction,
    project: bytes,
    rows: Sequence[NewTask],
    *,
    stage: bytes | None = None,
    after: bytes | None = None,
    language: str = "en",
) -> list[bytes]:
    """Pasted rows, one below the other, as one action. Returns their ids."""
    low, high = neighbours(tx, project, stage, after)
    added = []
    for row in rows:
        low = rank_between(low, high)
        added.append(new_task(tx, project, row, stage, low, language))
    if added:
        tx.about(added[0])
    return added


def new_task(
    tx: Transaction, project: bytes, row: NewTask, stage: bytes | None, rank: str, language: str
) -> bytes:
    if not row.title.strip():
        raise Invalid(_("A task needs a title."))
    given = _texts(checked_values(tx, row.values), language)
    values = {"stage": stage, "rank": rank, "title": {language: row.title.strip()}, **given}
    return tx.create(Task, values, log=project)


def _texts(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    per_language = ("instruction", "rollback")
    return {name: {language: value} if name in per_language else value for name, value in values.items()}


def neighbours(
    tx: Transaction, project: bytes, stage: bytes | None, after: bytes | None
) -> tuple[str | None, str | None]:
    """The ranks between which a task comes to stand behind `after`, or at the end of its stage."""
    ranks = tx.rows(
        "SELECT id, rank FROM task WHERE log = ? AND stage IS ? AND alive ORDER BY rank, id", (project, stage)
    )
    if after is None or not ranks:  # what it should follow may have gone meanwhile
        return (ranks[-1][1] if ranks else None), None
    place = next((at for at, (one, _rank) in enumerate(ranks) if one == after), len(ranks) - 1)
    return ranks[place][1], (ranks[place + 1][1] if place + 1 < len(ranks) else None)


def checked_values(tx: Transaction, values: Mapping[str, Any]) -> dict[str, Any]:
    """Field values in their canonical form: requirements sorted, persons that exist."""
    good = dict(values)
    if "requires" in good:
        good["requires"] = canonical_requires(good["requires"])
    for name in PERSON_FIELDS:
        person = good.get(name)
        if person is not None and tx.find(Person, person) is None:
            raise NotFound(_("There is no person {id}.").format(id=person.hex()))
    return good


def canonical_requires(value: str | Sequence[str] | None) -> str:
    """Requirements as one text in a fixed order; raises Invalid for an unknown one."""
    if not value:
        return ""
    words = value.replace(" ", "").split(",") if isinstance(value, str) else list(value)
    wanted = {word for word in words if word}
    unknown = wanted - {one.value for one in Requirement}
    if unknown:
        raise Invalid(
            _("A task can require comment, file, checks and second, not {unknown}.").format(
                unknown=", ".join(sorted(unknown))
            )
        )
    return ",".join(one.value for one in Requirement if one.value in wanted)


@command(verbs.SET_TASK)
def set_task(tx: Transaction, task: bytes, values: Mapping[str, Any], *, language: str = "en") -> None:
    """Replaces fields of a task; per-language texts in the given language."""
    tx.about(task)
    tx.get(Task, task)
    for name, value in checked_values(tx, values).items():
        if name == "title" and not str(value).strip():
            raise Invalid(_("A task needs a title."))
        tx.set(Task, task, name, value, language)


@command(verbs.MOVE_TASK)
def move_task(
    tx: Transaction, task: bytes, stage: bytes | None, after: bytes | None = None, *, first: bool = False
) -> None:
    """Puts a task behind another one of a stage, or first; without either at its end."""
    tx.about(task)
    found = tx.get(Task, task)
    low, high = neighbours(tx, found.log, stage, after)
    if first:
        low, high = (
            None,
            tx.value("SELECT min(rank) FROM task WHERE log = ? AND stage IS ? AND alive", (found.log, stage)),
        )
    tx.set(Task, task, "stage", stage)
    tx.set(Task, task, "rank", rank_between(low, high))


@command(verbs.DELETE_TASK)
def delete_task(tx: Transaction, task: bytes) -> None:
    """Deletes a task with its checks; links to it rest until it comes back."""
    tx.about(task)
    tx.get(Task, task)
    remove_task(tx, task)


@command(verbs.DELETE_TASKS)
def delete_tasks(tx: Transaction, tasks: Sequence[bytes]) -> None:
    tx.about(*tasks[:1])
    for task in tasks:
        tx.get(Task, task)
        remove_task(tx, task)


@command(verbs.ADD_CHECK)
def add_check(tx: Transaction, task: bytes, text: str, *, language: str = "en", **values: Any) -> bytes:
    """One line to tick, measure or compare."""
    if not text.strip():
        raise Invalid(_("A check needs a text."))
    found = tx.get(Task, task)
    last = tx.value("SELECT max(rank) FROM check_item WHERE task = ? AND alive", (task,))
    check = tx.create(
        Check,
        {"task": task, "rank": rank_between(last, None), "text": {language: text.strip()}, **values},
        log=found.log,
    )
    tx.about(check)
    return check


@command(verbs.SET_CHECK)
def set_check(tx: Transaction, check: bytes, values: Mapping[str, Any], *, language: str = "en") -> None:
    tx.about(check)
    tx.get(Check, check)
    if "text" in values and not str(values["text"] or "").strip():
        raise Invalid(_("A check needs a text."))
    for name, value in values.items():
        tx.set(Check, check, name, value, language)


@command(verbs.DELETE_CHECK)
def delete_check(tx: Transaction, check: bytes) -> None:
    tx.about(check)
    tx.get(Check, check)
    tx.delete(Check, check)


class Predecessor(NamedTuple):
    """A task that another one waits for, how, and with which lag in minutes."""

    task: bytes
    type: str = "FS"
    lag: int = 0


@command(verbs.LINK_TASKS)
def link_tasks(tx: Transaction, before: bytes, after: bytes, *, type: str = "FS", lag: int = 0) -> bytes:
    """`after` depends on `before`; raises Refused for a circle, a loop, or a link that is there already."""
    if tx.row(
        "SELECT 1 FROM link WHERE before = ? AND after = ? AND type = ? AND alive", (before, after, type)
    ):
        raise Refused(_("This link is there already."))
    link = new_link(tx, after, Predecessor(before, type, lag))
    tx.about(before, after)
    return link


def new_link(tx: Transaction, after: bytes, one: Predecessor) -> bytes:
    first, second = tx.get(Task, one.task), tx.get(Task, after)
    if first.log != second.log:
        raise Refused(_("Both tasks of a link belong to one project."))
    if one.type not in {kind.value for kind in LinkType}:
        raise Invalid(_("A link is FS, SS, FF or SF."))
    if one.task == after or _reaches(tx, first.log, after, one.task):
        raise Refused(_("This link would close a circle: the tasks would wait for each other."))
    values = {"before": one.task, "after": after, "type": one.type, "lag": one.lag}
    return tx.create(Link, values, log=first.log)


@command(verbs.SET_PREDECESSORS)
def set_predecessors(tx: Transaction, task: bytes, wanted: Iterable[Predecessor]) -> None:
    """All that a task waits for, as one action; only what differs is changed."""
    tx.about(task)
    tx.get(Task, task)
    rows = tx.rows("SELECT before, type, id, lag FROM link WHERE after = ? AND alive", (task,))
    present = {(before, kind): (link, lag) for before, kind, link, lag in rows}
    for one in wanted:
        link, lag = present.pop((one.task, one.type), (None, 0))
        if link is None:
            new_link(tx, task, one)
        elif lag != one.lag:
            tx.set(Link, link, "lag", one.lag)
    for link, _lag in present.values():
        tx.delete(Link, link)


def _reaches(tx: Transaction, project: bytes, start: bytes, goal: bytes) -> bool:
    follows: dict[bytes, list[bytes]] = {}
    for before, after in tx.rows("SELECT before, after FROM link WHERE log = ? AND alive", (project,)):
        follows.setdefault(before, []).append(after)
    todo, seen = [start], {start}
    while todo:
        for task in follows.get(todo.pop(), ()):
            if task == goal:
                return True
            if task not in seen:
                seen.add(task)
                todo.append(task)
    return False


@command(verbs.UNLINK)
def unlink(tx: Transaction, link: bytes) -> None:
    found = tx.get(Link, link)
    tx.about(found.before, found.after)
    tx.delete(Link, link)


@command(verbs.SET_LINK)
def set_link(tx: Transaction, link: bytes, values: Mapping[str, Any]) -> None:
    found = tx.get(Link, link)
    tx.about(found.before, found.after)
    for name, value in values.items():
        tx.set(Link, link, name, value)
