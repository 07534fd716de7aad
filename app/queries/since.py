"""What changed in signed content after a statement or a paper, by whom: read from the commits its author did not hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.domain.ids import criterion_result_id, step_id
from app.domain.registry import SPECS, EntitySpec, FieldSpec
from app.queries.people import names
from app.storage.engine import Reader
from app.storage.heads import heads_of
from app.storage.ops import LIFE, Create, Delete, Op, Put
from app.storage.plain import plain_text
from app.storage.registers import winner

Frontier = Mapping[tuple[bytes, bytes], int]
"""(log, device) -> the last dev_seq that was held."""

_NEVER = 1 << 62
_RESULTS = frozenset({"attempt", "check_result", "criterion_result"})  # made when something is first recorded
_PARTS = frozenset({"task", "check_item", "criterion", "gate_role", "gate_task"})


class SignedChange(NamedTuple):
    """One net change. `kind`: set, added or removed; `about`: the task, criterion or gate it belongs to."""

    kind: str
    table: str
    field: str
    object: bytes
    about: bytes
    before: Any
    after: Any
    person: str
    when_ms: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The objects signed content is made of, those no longer alive included, each with what it belongs to."""

    project: bytes
    about: dict[bytes, bytes] = field(default_factory=dict)
    stage: bytes | None = None  # tasks that were moved out of it are missed too


def steps_scope(reader: Reader, project: bytes, run: bytes, tasks: Iterable[bytes] | None = None) -> Scope:
    """The steps of these tasks in a run; of all tasks of the project by default."""
    scope = Scope(project)
    chosen = None if tasks is None else set(tasks)
    for (task,) in reader.rows("SELECT id FROM task WHERE log = ?", (project,)):
        if chosen is None or task in chosen:
            scope.about[task] = scope.about[step_id(run, task)] = task
    _add_parts(reader, scope)
    return scope


def gate_scope(reader: Reader, project: bytes, run: bytes, gate: bytes) -> Scope:
    """A gate with its rule, its criteria and the steps it covers or covered."""
    stage, whole = reader.row("SELECT stage, whole_project FROM gate WHERE id = ?", (gate,)) or (None, False)
    if whole:
        tasks = None
    elif stage is not None:
        tasks = [task for (task,) in reader.rows("SELECT id FROM task WHERE stage = ?", (stage,))]
    else:
        tasks = [task for (task,) in reader.rows("SELECT task FROM gate_task WHERE gate = ?", (gate,))]
    scope = steps_scope(reader, project, run, tasks)
    scope.about[gate] = gate
    for table in ("gate_role", "gate_task"):
        for (one,) in reader.rows(f"SELECT id FROM {table} WHERE gate = ?", (gate,)):
            scope.about[one] = gate
    for (criterion,) in reader.rows("SELECT id FROM criterion WHERE gate = ?", (gate,)):
        scope.about[criterion] = scope.about[criterion_result_id(run, criterion)] = criterion
    _add_parts(reader, scope)
    return Scope(project, scope.about, stage)


def _add_parts(reader: Reader, scope: Scope) -> None:
    for table, parent in (
        ("check_item", "task"),
        ("attempt", "step"),
        ("check_result", "step"),
        ("evidence", "subject"),
    ):
        rows = reader.rows(f"SELECT id, {parent} FROM {table} WHERE log = ?", (scope.project,))
        scope.about.update({one: scope.about[owner] for one, owner in rows if owner in scope.about})


def signed_changes(reader: Reader, scope: Scope, frontier: Frontier) -> list[SignedChange]:
    """The net changes after a frontier, oldest first: what was changed and changed back is none."""
    from app.storage.log import decode_body

    people = names(reader)
    found: dict[tuple[bytes, str, str], SignedChange] = {}
    for device, dev_seq, person, wall, rev, body in reader.rows(
        "SELECT device, dev_seq, person, wall, rev, body FROM entry WHERE log = ? ORDER BY rev",
        (scope.project,),
    ):
        if dev_seq <= frontier.get((scope.project, device), 0):
            continue
        for op in decode_body(body).ops:
            for change, language in _changes(reader, scope, op, rev):
                key = (change.object, change.field, language)
                first = found.pop(key, change)
                found[key] = change._replace(before=first.before, person=people.get(person, ""), when_ms=wall)
    return [change for change in found.values() if change.kind != "set" or change.before != change.after]


def _changes(reader: Reader, scope: Scope, op: Op | None, rev: int) -> Iterator[tuple[SignedChange, str]]:
    if not isinstance(op, Create | Put | Delete) or op.entity not in SPECS:
        return
    spec = SPECS[op.entity]
    if isinstance(op, Put) and op.field != LIFE:
        known = spec.by_number.get(op.field)
        if known is not None:
            yield from _put(reader, scope, op, spec, known, rev)
        return
    if op.object not in scope.about:
        return
    alive = bool(reader.value(f'SELECT alive FROM "{spec.table}" WHERE id = ?', (op.object,)))
    about = scope.about[op.object]
    if isinstance(op, Delete) and not alive:
        name = _name(reader, spec.table, op.object)
        yield SignedChange("removed", spec.table, "", op.object, about, name, None, "", 0), ""
    elif isinstance(op, Create) and alive and spec.table in _PARTS:
        name = _name(reader, spec.table, op.object)
        yield SignedChange("added", spec.table, "", op.object, about, None, name, "", 0), ""
    elif isinstance(op, Create) and alive and spec.table in _RESULTS:
        for number, language, _value in op.values:
            known = spec.by_number.get(number)
            if known is not None and known.mark.signed:
                after = _shown(reader, op.object, known, language)
                if after not in (None, ""):
                    yield (
                        SignedChange("set", spec.table, known.name, op.object, about, None, after, "", 0),
                        language or "",
                    )


def _put(
    reader: Reader, scope: Scope, op: Put, spec: EntitySpec, known: FieldSpec, rev: int
) -> Iterator[tuple[SignedChange, str]]:
    about = scope.about.get(op.object)
    moved = spec.table == "task" and known.name == "stage" and scope.stage is not None
    if not (known.mark.signed and about is not None) and not moved:
        return
    before = _shown(reader, op.object, known, op.language, rev - 1)
    after = _shown(reader, op.object, known, op.language)
    if not moved:
        assert about is not None
        yield (
            SignedChange("set", spec.table, known.name, op.object, about, before, after, "", 0),
            op.language or "",
        )
        return
    into, out = after == scope.stage, before == scope.stage
    if into != out:
        name = _name(reader, "task", op.object)
        kind = "added" if into else "removed"
        yield SignedChange(kind, "task", "stage", op.object, op.object, name, name, "", 0), ""


def _shown(
    reader: Reader, thing: bytes, known: FieldSpec, language: str | None, seen: int | None = None
) -> Any:
    """A register's visible value, now or as it stood at a revision; the words of an erasable one."""
    heads = heads_of(reader, thing, known.mark.number, language, seen, _NEVER if seen is not None else 0)
    shown = winner(heads, least=known.mark.least)
    if shown is None:
        return None
    value = shown.value
    return plain_text(reader, value) if known.mark.erasable and isinstance(value, bytes) else value


_NAMES = {
    "task": "title",
    "check_item": "text",
    "criterion": "text",
    "gate_role": "role",
    "evidence": "coalesce(nullif(name, ''), text)",
}


def _name(reader: Reader, table: str, thing: bytes) -> str:
    """What a part is called, as stored."""
    column = _NAMES.get(table)
    if column is None:
        return ""
    return str(reader.value(f"SELECT {column} FROM {table} WHERE id = ?", (thing,)) or "")


def frontier_of(items: Iterable[tuple[bytes, bytes, int]]) -> Frontier:
    return {(log, device): upto for log, device, upto in items}


def covering(frontier: Frontier, log: bytes) -> Callable[[Any], bool]:
    """A filter for evidence: whether the op that brought it lies within the frontier."""

    def held(piece: Any) -> bool:
        op = piece.op
        return int.from_bytes(op[16:20], "big") <= frontier.get((log, op[:16]), 0)

    return held


def missing_commits(reader: Reader, frontier: Frontier) -> int:
    """How many commits within the frontier have not arrived here."""
    missing = 0
    for (log, device), upto in frontier.items():
        held = reader.value("SELECT max(dev_seq) FROM entry WHERE log = ? AND device = ?", (log, device)) or 0
        missing += max(0, upto - held)
    return missing
