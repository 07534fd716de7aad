"""All a checklist shows, read in one snapshot and arranged in the reader thread: rows, times, the latest rehearsal."""

from typing import NamedTuple, TypeVar

from app.process.lateness import NO_CLOCK
from app.queries.checklist import Checklist, TaskRow, checklist
from app.queries.rehearsals import Rehearsal, latest_rehearsal
from app.queries.timeline import Bar, LinkRow, Timeline, timeline
from app.storage.engine import Reader
from ui.desktop.checklist.columns import Column, Shown
from ui.desktop.checklist.filtering import Facts, Missing, Wanted, missing_in
from ui.desktop.checklist.outline import Order, Outline
from ui.desktop.checklist.sorting import natural
from ui.desktop.components.tape_data import TapeData, tape_data

_Row = TypeVar("_Row", TaskRow, Bar, LinkRow)


class Arrangement(NamedTuple):
    """How the rows are wanted."""

    group: str = "stage"
    order: Order = Order()
    wanted: Wanted = Wanted()


AS_PLANNED = Arrangement()


class Sheet(NamedTuple):
    listed: Checklist
    times: Timeline
    rehearsal: Rehearsal | None
    tape: TapeData
    shown: Shown
    outline: Outline
    arrangement: Arrangement
    missing: Missing
    people: tuple[str, ...]  # who owns something
    conflicts: int  # tasks with one


def sheet(
    reader: Reader,
    project_id: bytes,
    run_id: bytes | None,
    language: str,
    now_ms: int = NO_CLOCK,
    columns: tuple[Column, ...] = (),
    arrangement: Arrangement = AS_PLANNED,
    me: bytes | None = None,
    before: Sheet | None = None,
) -> Sheet:
    """`before` is what is shown: rows that are as they were stay the same objects, and need not be thrown away."""
    listed = checklist(reader, project_id, run_id, language, now_ms)
    times = timeline(reader, project_id, run_id, now_ms)
    if before is not None:
        tasks = {task.id: task for task in before.listed.tasks}
        listed = listed._replace(tasks=tuple(_kept(tasks.get(task.id), task) for task in listed.tasks))
        bars, links = before.times.bars, {link.id: link for link in before.times.links}
        times = times._replace(
            bars={task: _kept(bars.get(task), bar) for task, bar in times.bars.items()},
            links=tuple(_kept(links.get(link.id), link) for link in times.links),
        )
    return joined(listed, times, latest_rehearsal(reader, project_id), language, columns, arrangement, me)


def _kept(known: _Row | None, read: _Row) -> _Row:
    return known if known is not None and known == read else read


def joined(
    listed: Checklist,
    times: Timeline,
    rehearsal: Rehearsal | None = None,
    language: str = "en",
    columns: tuple[Column, ...] = (),
    arrangement: Arrangement = AS_PLANNED,
    me: bytes | None = None,
) -> Sheet:
    minutes = rehearsal.minutes if rehearsal is not None else {}
    number = rehearsal.number if rehearsal is not None else 0
    shown = Shown(language, listed.project.zone, times.bars, minutes, number)
    outline = Outline(
        group=arrangement.group,
        order=arrangement.order,
        wanted=arrangement.wanted,
        keys={column.id: column.key(shown) for column in columns},
    )
    outline.take(listed, Facts(times.bars, me))
    for task in listed.tasks:
        natural(task.title)  # kept: a first sorting by it should not have to make ten thousand
    people = tuple(sorted({task.owner for task in listed.tasks if task.owner}))
    return Sheet(
        *(listed, times, rehearsal, tape_data(times), shown, outline, arrangement),
        *(missing_in(listed.tasks), people, sum(bool(task.conflicts) for task in listed.tasks)),
    )
