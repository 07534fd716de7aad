"""Laying out the sample's plan in one action: project, stages, tasks, checks, links and gates in both languages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.commands.projects import new_project
from app.commands.registry import command
from app.commands.tasks import PERSON_FIELDS, canonical_requires
from app.domain import verbs
from app.domain.project import Criterion, Gate, GateRole, Stage
from app.domain.ranks import ranks_after
from app.domain.task import Check, Link, Task
from app.storage.transaction import Transaction

Node = Mapping[
    str, Any
]  # a piece of resources/sample/cutover.json, whose shape tests/app/test_sample_file.py holds


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file's keys become values: people by handle, roles and streams in one language, minutes as wall times."""

    language: str
    people: Mapping[str, bytes]
    roles: Mapping[str, str]
    streams: Mapping[str, str]
    wall: Callable[[int], str]  # minutes from T-0 -> wall time in the project's zone


@dataclass(slots=True)
class Placed:
    """The ids of what was laid out, by the keys of the file."""

    project: bytes
    stages: dict[str, bytes] = field(default_factory=dict)
    tasks: dict[str, bytes] = field(default_factory=dict)
    checks: dict[tuple[str, str], bytes] = field(default_factory=dict)
    gates: dict[str, bytes] = field(default_factory=dict)
    criteria: dict[tuple[str, str], bytes] = field(default_factory=dict)


@command(verbs.CREATE_PROJECT)
def lay_out_sample(tx: Transaction, sample: Node, reading: Reading) -> Placed:
    """The whole plan as one commit: several hundred single edits would only fill the log and the time."""
    project = sample["project"]
    back = project["no_return"]
    placed = Placed(
        new_project(
            tx,
            project["name"],
            language=reading.language,
            description=project["description"],
            zone=project["zone"],
            window_start=reading.wall(project["window_start"]),
            window_end=reading.wall(project["window_end"]),
            t0=reading.wall(0),
            no_return=reading.wall(back["at"]),
            manager=reading.people[project["manager"]],
            decider=reading.people[back["decider"]],
        )
    )
    tx.about(placed.project)
    for rank, stage in _ranked(sample["stages"]):
        values = {"rank": rank, "title": stage["title"], "owner_role": reading.roles[stage["owner_role"]]}
        placed.stages[stage["key"]] = tx.create(Stage, values, log=placed.project)
        for place, task in _ranked(stage["tasks"]):
            _task(tx, placed, reading, stage["key"], place, task)
    for link in sample["links"]:
        ends = {"before": placed.tasks[link["before"]], "after": placed.tasks[link["after"]]}
        tx.create(Link, {**ends, "type": link["type"], "lag": link["lag"]}, log=placed.project)
    for rank, gate in _ranked(sample["gates"]):
        _gate(tx, placed, reading, rank, gate)
    return placed


def _ranked(nodes: Sequence[Node]) -> list[tuple[str, Node]]:
    return list(zip(ranks_after(None, len(nodes)), nodes, strict=True))


def _task(tx: Transaction, placed: Placed, reading: Reading, stage: str, rank: str, task: Node) -> None:
    people = {name: reading.people[task[name]] for name in PERSON_FIELDS if task[name] is not None}
    plain = {name: task[name] for name in ("minutes", "priority", "rollback_minutes")}
    texts = {name: task[name] or {} for name in ("title", "instruction", "rollback")}
    values = {
        "stage": placed.stages[stage],
        "rank": rank,
        "role": reading.roles[task["role"]] if task["role"] else "",
        "start": None if task["start"] is None else reading.wall(task["start"]),
        "stream": reading.streams[task["stream"]],
        "requires": canonical_requires(task["requires"]),
    }
    placed.tasks[task["key"]] = made = tx.create(
        Task, {**values, **plain, **texts, **people}, log=placed.project
    )
    for place, check in _ranked(task["checks"]):
        unit = check["unit"][reading.language] if check["unit"] else ""
        shared = {name: check[name] for name in ("text", "kind", "target", "tolerance")}
        placed.checks[task["key"], check["key"]] = tx.create(
            Check, {"task": made, "rank": place, "unit": unit, **shared}, log=placed.project
        )


def _gate(tx: Transaction, placed: Placed, reading: Reading, rank: str, gate: Node) -> None:
    values = {"rank": rank, "name": gate["name"], "stage": placed.stages[gate["stage"]]}
    placed.gates[gate["key"]] = made = tx.create(Gate, values, log=placed.project)
    for rule in gate["requires"]:
        role = {"gate": made, "role": reading.roles[rule["role"]], "count": rule["count"]}
        tx.create(GateRole, role, log=placed.project)
    for place, criterion in _ranked(gate["criteria"]):
        placed.criteria[gate["key"], criterion["key"]] = tx.create(
            Criterion, {"gate": made, "rank": place, "text": criterion["text"]}, log=placed.project
        )
