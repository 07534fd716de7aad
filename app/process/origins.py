"""What a source says of a plan, object by object, in the words an origin keeps of it: the base of the next comparison."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from app.domain.draft import CheckDraft, CriterionDraft, GateDraft, ProjectDraft, StageDraft, TaskDraft
from app.domain.words import Requirement

Value = str | int | tuple[Any, ...] | None
Values = Mapping[str, Value]
Part = ProjectDraft | StageDraft | TaskDraft | CheckDraft | GateDraft | CriterionDraft

LONGEST_KEY = 1000
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Kind(StrEnum):
    """What of a plan has an origin; links stand in the task that waits, roles in their gate."""

    PROJECT = "project"
    STAGE = "stage"
    TASK = "task"
    CHECK = "check"
    GATE = "gate"
    CRITERION = "criterion"


# What is compared of each, in the order it is shown. A project's name, zone and language are its owner's choice, whatever
# the file is called this week; what was done belongs to the run.
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PROJECT: (*("window_start", "window_end", "t0", "no_return", "manager", "decider", "description"),),
    Kind.STAGE: ("title", "owner_role", "description"),
    Kind.TASK: (
        *("title", "stage", "owner", "minutes", "after", "start", "due", "role", "accountable", "deputy"),
        *("priority", "stream", "requires", "instruction", "rollback", "rollback_minutes"),
    ),
    Kind.CHECK: ("text", "kind", "target", "tolerance", "unit"),
    Kind.GATE: ("name", "roles"),
    Kind.CRITERION: ("text",),
}
PERSONS = frozenset({"owner", "accountable", "deputy", "manager", "decider"})
TEXTS = frozenset({"title", "instruction", "rollback", "description", "text", "name"})  # one per language


class Said(NamedTuple):
    """One object as the source has it now. `under` is the place of what it stands in, -1 without such."""

    kind: Kind
    key: str
    under: int
    values: Values
    line: int | None
    part: Part

    @property
    def title(self) -> str:
        return title_of(self.values)


class Known(NamedTuple):
    """An object of the project with what the source said of it last time (`base`) and what stands there now (`ours`).

    `id` is empty for what the source had and nobody wanted. `gone`: the source has it no more, and it was kept. `place`
    is its rank among its siblings.
    """

    kind: Kind
    id: bytes
    origin: bytes
    key: str
    under: bytes | None
    alive: bool
    gone: bool
    base: Values
    ours: Values
    place: str = ""

    @property
    def title(self) -> str:
        return title_of(self.base) or title_of(self.ours)


def title_of(values: Values) -> str:
    return next((str(values[name]) for name in ("title", "text", "name") if values.get(name)), "")


def plain(value: Any) -> Value:
    """One form for what means the same: no empty texts, composed letters, tuples all the way down."""
    if type(value) is str:
        return (value if value.isascii() else unicodedata.normalize("NFC", value)) or None
    if isinstance(value, list | tuple):
        return tuple(plain(one) for one in value) or None
    return value if isinstance(value, int) else None


def requirements(words: tuple[str, ...]) -> str:
    return ",".join(one.value for one in Requirement if one.value in words)


def said_of(draft: ProjectDraft) -> list[Said]:
    """Every object of a draft, what holds it before it."""
    found = [_said(Kind.PROJECT, draft.key, -1, draft, draft.said or draft)]
    after = defaultdict(list)
    tasks = {task.key for stage in draft.stages for task in stage.tasks}
    for link in draft.links:
        if link.before in tasks and link.before != link.after:
            after[link.after].append((link.before, link.type, link.lag_minutes))
    for stage in draft.stages:
        stage_place = len(found)
        found.append(_said(Kind.STAGE, stage.key, -1, stage, stage))
        for task in stage.tasks:
            place = len(found)
            more = {"stage": stage.key, "after": tuple(sorted(set(after[task.key])))}
            more |= {"requires": requirements(task.requires)}
            found.append(_said(Kind.TASK, task.key, stage_place, task, task, more))
            found += [_said(Kind.CHECK, check.key, place, check, check) for check in task.checks]
    for gate in draft.gates:
        place = len(found)
        more = {"roles": tuple(sorted(gate.roles))}
        found.append(_said(Kind.GATE, gate.key, -1, gate, gate, more))
        found += [_said(Kind.CRITERION, one.key, place, one, one) for one in gate.criteria]
    return found


def _said(
    kind: Kind, key: str, under: int, part: Part, values: object, more: Mapping[str, Any] | None = None
) -> Said:
    return Said(
        kind, key[:LONGEST_KEY], under, dict(_values(kind, values, more or {})), part_line(part), part
    )


def _values(kind: Kind, part: object, more: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for name in FIELDS[kind]:
        given = more[name] if name in more else getattr(part, name, None)
        if given is None or given in ("", ()):  # most fields of most tasks
            continue
        value = plain(given)
        if value is not None:
            yield name, value


def part_line(part: Part) -> int | None:
    return None if isinstance(part, ProjectDraft) else part.line


# -- what an origin keeps ------------------------------------------------------------------------------------------


def encode(values: Values, marks: Mapping[str, object] | None = None) -> str:
    """`marks` say how the object stands to its source; no field is called like them."""
    return _JSON.encode({**values, **(marks or {})})


class Later(Mapping[str, Value]):
    """Values that are worked out when somebody asks: where the source changed nothing, nobody does."""

    def __init__(self, make: Callable[[], Values]) -> None:
        self._make = make

    @cached_property
    def _values(self) -> Values:
        return self._make()

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def decode(base: str) -> dict[str, Any]:
    """What an origin holds; a text nobody understands counts as nothing said."""
    try:
        found = json.loads(base or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
