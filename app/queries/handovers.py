"""The hand-overs of a run: what is offered to whom and not taken yet, and what changed hands."""

from typing import NamedTuple

from app.queries.checklist import task_numbers
from app.queries.content import first_language
from app.queries.people import names
from app.queries.texts import pick
from app.queries.typed import typed
from app.storage.engine import Reader


class HandOverRow(NamedTuple):
    """Instants in UTC ms. It counts once `taken_at` stands; until then the step is still the giver's."""

    id: bytes
    run: bytes
    task: bytes
    task_number: str
    task_title: str
    giver: str
    giver_id: bytes | None
    receiver: str
    receiver_id: bytes | None
    note: str
    given_at: int
    typed_by: str
    typed_at: int
    taken_at: int | None
    withdrawn_at: int | None

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.withdrawn_at is None


def hand_overs(reader: Reader, run_id: bytes, language: str = "en") -> tuple[HandOverRow, ...]:
    """Open ones first, the oldest on top; then those taken or taken back, the newest first."""
    rows = reader.rows(
        "SELECT h.id, h.log, s.task, t.title, h.giver, h.receiver, h.note, h.given_at, h.taken_at, h.withdrawn_at "
        "FROM hand_over h JOIN step s ON s.id = h.step JOIN task t ON t.id = s.task "
        "WHERE s.run = ? AND h.alive AND s.alive AND t.alive",
        (run_id,),
    )
    if not rows:
        return ()
    project = rows[0][1]
    first, people, numbers = first_language(reader, project), names(reader), task_numbers(reader, project)
    told = typed(reader, (row[0] for row in rows))
    found = []
    for one, _log, task, title, giver, receiver, note, given, taken, withdrawn in rows:
        by, when = told[one]
        found.append(
            HandOverRow(
                *(one, run_id, task, numbers.get(task, ""), pick(title, language, first)),
                *(people.get(giver, ""), giver, people.get(receiver, ""), receiver, note),
                *(given if given is not None else when, people.get(by, "") if by else "", when),
                *(taken, withdrawn),
            )
        )
    return tuple(sorted(found, key=_order))


def _order(one: HandOverRow) -> tuple[bool, int]:
    last = one.taken_at or one.withdrawn_at or one.given_at
    return (not one.is_open, one.given_at if one.is_open else -last)
