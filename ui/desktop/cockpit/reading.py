"""What the cockpit shows, read in one snapshot off the window's thread: the night and its registers, and one step in full."""

from typing import NamedTuple

from app.domain.ids import attempt_id, step_id
from app.domain.words import Claim
from app.queries.decisions import DecisionRow, decisions
from app.queries.handovers import HandOverRow, hand_overs
from app.queries.incidents import IncidentRow, incidents
from app.queries.night import MINUTE_MS, Night, night
from app.queries.people import names
from app.queries.task_detail import TaskDetail, task_detail
from app.queries.typed import typed
from app.storage.engine import Reader
from ui.desktop.components.tape_data import TapeData, tape_data


class Seen(NamedTuple):
    night: Night
    incidents: tuple[IncidentRow, ...]
    decisions: tuple[DecisionRow, ...]
    hand_overs: tuple[HandOverRow, ...]
    tape: TapeData


class Told(NamedTuple):
    """Who typed it, and when, in UTC ms."""

    person: str
    when_ms: int


_STARTED, _FINISHED = 4, 5  # the fields of an attempt that say when


class Step(NamedTuple):
    """The chosen step in full, the minutes it took in the latest rehearsal, and who typed what of it when.

    `told` knows evidence by its id, and attempts by number and whether it is the start or the end.
    """

    detail: TaskDetail | None
    rehearsed: int | None
    told: dict[bytes | tuple[int, str], Told]


def seen(reader: Reader, project: bytes, run: bytes | None, language: str, now_ms: int) -> Seen:
    found = night(reader, project, run, language, now_ms)
    place = (reader, found.run.id, language)
    return Seen(found, incidents(*place), decisions(*place), hand_overs(*place), tape_data(found.timeline))


def step_in_full(reader: Reader, task: bytes, run: bytes, language: str) -> Step:
    detail = task_detail(reader, task, run, language)
    if detail is None:
        return Step(None, None, {})
    return Step(detail, _rehearsed(reader, detail.project, task, run), _told(reader, detail))


def _told(reader: Reader, detail: TaskDetail) -> dict[bytes | tuple[int, str], Told]:
    people, step = names(reader), step_id(detail.run, detail.id)
    found: dict[bytes | tuple[int, str], Told] = {}
    attempts = {attempt_id(step, one.number): one.number for one in detail.attempts}
    for thing, (person, when) in typed(reader, [*(one.id for one in detail.evidence), *attempts]).items():
        told = Told(people.get(person, "") if person is not None else "", when)
        found[(attempts[thing], "started") if thing in attempts else thing] = told
    for attempt, number in attempts.items():
        rows = reader.rows(
            "SELECT h.field, e.person, e.wall FROM head h JOIN entry e ON e.rev = h.came "
            "WHERE h.object = ? AND h.field IN (?, ?) AND h.gone IS NULL",
            (attempt, _STARTED, _FINISHED),
        )
        for number_of_field, person, when in rows:
            which = "started" if number_of_field == _STARTED else "finished"
            found[number, which] = Told(people.get(person, ""), when)
    return found


def _rehearsed(reader: Reader, project: bytes, task: bytes, run: bytes) -> int | None:
    rehearsals = reader.rows(
        "SELECT id FROM run WHERE log = ? AND kind = 'rehearsal' AND alive AND id <> ? ORDER BY started_at DESC, id",
        (project, run),
    )
    for (rehearsal,) in rehearsals:
        row = reader.row(
            "SELECT min(started_at), max(finished_at) FROM attempt WHERE step = ? AND alive AND claim = ?",
            (step_id(rehearsal, task), int(Claim.DONE)),
        )
        if row is not None and None not in row:
            return max(0, int(row[1] - row[0]) // MINUTE_MS)
    return None
