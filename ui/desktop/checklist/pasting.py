"""Rows pasted from a spreadsheet: what their cells mean, and how they become tasks in the writer thread."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.domain.durations import parse_minutes
from app.queries.people import names
from ui.desktop.actions import load


class PastedRow(NamedTuple):
    """`rest` are cells that nothing here understands; they are kept as the task's instruction."""

    title: str
    owner: str
    minutes: int | None
    rest: tuple[str, ...]


def read_cells(cells: list[str]) -> PastedRow:
    """The first cell is the title; a duration is known by its form, the first other word is the owner."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    title, others = filled[0], filled[1:]
    minutes, owner, rest = None, "", []
    for cell in others:
        found = parse_minutes(cell)
        if found is not None and minutes is None:
            minutes = found
        elif not owner and found is None:
            owner = cell
        else:
            rest.append(cell)
    return PastedRow(title, owner, minutes, tuple(rest))


def new_tasks(rows: list[PastedRow], known: Mapping[str, bytes]) -> list[Any]:
    """The rows as the command takes them; `known` are people by name. An owner nobody knows stays as text."""
    make = load("app.commands.tasks:NewTask")
    found = []
    for row in rows:
        values: dict[str, Any] = {} if row.minutes is None else {"minutes": row.minutes}
        rest = list(row.rest)
        if row.owner.casefold() in known:
            values["owner"] = known[row.owner.casefold()]
        elif row.owner:
            rest.insert(0, row.owner)
        if rest:
            values["instruction"] = "\n".join(rest)
        found.append(make(row.title, values))
    return found


def paste_rows(
    workspace: Any,
    rows: list[PastedRow],
    project: bytes,
    stage: bytes | None,
    after: bytes | None,
    language: str,
) -> int:
    """Adds the rows one below the other, as one action; runs in the writer thread."""
    known = {name.casefold(): person for person, name in workspace.read(names).items()}
    place = {"stage": stage, "after": after, "language": language}
    workspace.run(load("app.commands.tasks:add_tasks"), project, new_tasks(rows, known), **place)
    return len(rows)
