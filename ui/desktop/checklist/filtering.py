"""Which tasks are wanted: a text, states, owners, streams, stages, and facts such as late or critical."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from app.domain.words import Status
from app.i18n import N_, _
from app.queries.checklist import StageRow, TaskRow
from app.queries.timeline import Bar
from ui.desktop.checklist.words import status_word

PROBLEMS = frozenset({Status.FAILED, Status.BLOCKED, Status.CLAIMED})
CLOSED = frozenset({Status.DONE, Status.SKIPPED})
SHOWS = (("all", N_("All")), ("open", N_("Open")), ("problems", N_("Needs attention")))
SHOWS_ALONE = (
    ("all", N_("Show all tasks")),
    ("open", N_("Show open tasks only")),
    ("problems", N_("Show what needs attention only")),
)
FACTS = (
    ("late", N_("Late")),
    ("critical", N_("On the critical path")),
    ("no_owner", N_("Without an owner")),
    ("no_minutes", N_("Without a duration")),
    ("missing", N_("Something missing")),
    ("mine", N_("Mine")),
    ("conflict", N_("With a conflict")),
)
_FACT = dict(FACTS)
_NOBODY: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the tasks besides their rows: their times, and who looks at them."""

    bars: Mapping[bytes, Bar] = field(default_factory=dict)
    me: bytes | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Values of one kind widen what is shown, kinds narrow each other; facts must all hold."""

    text: str = ""
    show: str = "all"
    statuses: frozenset[str] = _NOBODY
    owners: frozenset[str] = _NOBODY
    streams: frozenset[str] = _NOBODY
    stages: frozenset[bytes | None] = _NOBODY
    facts: frozenset[str] = _NOBODY

    def is_everything(self) -> bool:
        return self == _EVERYTHING

    def toggled(self, kind: str, value: Any) -> "Wanted":
        """With a value of a kind taken in, or out again."""
        if kind in ("text", "show"):
            return replace(self, **{kind: value})
        return replace(self, **{kind: getattr(self, kind) ^ {value}})

    def without(self, kind: str, value: Any) -> "Wanted":
        if kind == "text":
            return replace(self, text="")
        if kind == "show":
            return replace(self, show="all")
        return replace(self, **{kind: getattr(self, kind) - {value}})


_EVERYTHING = Wanted()


def is_missing(task: TaskRow) -> bool:
    """Something a plan cannot do without: who does it, how long it takes, how long the way back takes."""
    if task.status in CLOSED:
        return False
    return not task.owner or task.minutes is None or (task.has_rollback and task.rollback_minutes is None)


class Missing(NamedTuple):
    """How many open tasks lack something, and what."""

    tasks: int
    owners: int
    durations: int
    rollbacks: int


def missing_in(tasks: Collection[TaskRow]) -> Missing:
    lacking = [task for task in tasks if is_missing(task)]
    return Missing(
        len(lacking),
        sum(not task.owner for task in lacking),
        sum(task.minutes is None for task in lacking),
        sum(task.has_rollback and task.rollback_minutes is None for task in lacking),
    )


def _holds(fact: str, task: TaskRow, facts: Facts) -> bool:
    if fact == "late":
        bar = facts.bars.get(task.id)
        behind = bar is not None and bar.finish_ms - bar.planned_finish_ms >= 60_000
        return task.late_minutes > 0 or (behind and task.status not in CLOSED)
    if fact == "critical":
        bar = facts.bars.get(task.id)
        return bar is not None and bar.is_critical
    if fact == "no_owner":
        return not task.owner
    if fact == "no_minutes":
        return task.minutes is None
    if fact == "missing":
        return is_missing(task)
    if fact == "mine":
        return task.owner_id is not None and task.owner_id == facts.me
    return bool(task.conflicts)


def kept(tasks: Collection[TaskRow], wanted: Wanted, facts: Facts) -> Collection[TaskRow]:
    """The wanted tasks, in their order."""
    if wanted.is_everything():
        return tasks
    found: Iterator[TaskRow] = iter(tasks)
    if wanted.show == "open":
        found = (task for task in found if task.status not in CLOSED)
    elif wanted.show == "problems":
        found = (task for task in found if task.status in PROBLEMS or task.conflicts)
    if wanted.statuses:
        found = (task for task in found if task.status.value in wanted.statuses)
    if wanted.owners:
        found = (task for task in found if task.owner in wanted.owners)
    if wanted.streams:
        found = (task for task in found if task.stream in wanted.streams)
    if wanted.stages:
        found = (task for task in found if task.stage_id in wanted.stages)
    if wanted.facts:
        found = (task for task in found if all(_holds(fact, task, facts) for fact in wanted.facts))
    if wanted.text.strip():
        word = wanted.text.strip().casefold()
        found = (
            task
            for task in found
            if word in f"{task.number} {task.title}\n{task.owner}\n{task.stream}".casefold()
        )
    return list(found)


def chips(wanted: Wanted, stages: Collection[StageRow]) -> list[tuple[str, Any, str]]:
    """Each thing asked for with its words, to be taken away one by one; the text stands in its own field."""
    said: list[tuple[str, Any, str]] = []
    if wanted.show != "all":
        said.append(("show", wanted.show, _(dict(SHOWS)[wanted.show])))
    said += [("statuses", one, status_word(Status(one))) for one in sorted(wanted.statuses)]
    said += [("owners", one, one or _("Without an owner")) for one in sorted(wanted.owners)]
    said += [("streams", one, one or _("Without a stream")) for one in sorted(wanted.streams)]
    names = {stage.id: f"{stage.number} {stage.title or _('Without a stage')}" for stage in stages}
    said += [("stages", one, names.get(one, "?")) for one in wanted.stages]
    said += [("facts", one, _(words)) for one, words in FACTS if one in wanted.facts]
    return said
