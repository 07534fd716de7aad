"""All a checklist shows, read in one snapshot and arranged in the reader thread: rows, times, the latest rehearsal."""

from typing import NamedTuple

from app.process.lateness import NO_CLOCK
from app.queries.checklist import Checklist, checklist
from app.queries.rehearsals import Rehearsal, latest_rehearsal
from app.queries.timeline import Timeline, timeline
from app.storage.engine import Reader
from ui.desktop.checklist.columns import Column, Shown
from ui.desktop.checklist.filtering import Facts, Missing, Wanted, missing_in
from ui.desktop.checklist.outline import Order, Outline
from ui.desktop.checklist.sorting import natural
from ui.desktop.components.tape import TapeData, tape_data


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
) -> Sheet:
    listed = checklist(reader, project_id, run_id, language, now_ms)
    times = timeline(reader, project_id, run_id, now_ms)
    return joined(listed, times, latest_rehearsal(reader, project_id), language, columns, arrangement, me)


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
