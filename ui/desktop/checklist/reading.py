"""The selected task with its open conflicts and what each of their values would do, read in one snapshot."""

from typing import TYPE_CHECKING, NamedTuple

from app.domain.ids import attempt_id, step_id
from app.process.lateness import NO_CLOCK
from app.queries.checklist import TaskRow
from app.queries.effects import Effect, effects
from app.queries.task_detail import TaskDetail, task_detail
from app.storage.engine import Reader

if TYPE_CHECKING:
    from app.queries.conflicts import Conflict


class Torn(NamedTuple):
    """A conflict, and the effect of each of its values where the field moves anything in time."""

    conflict: "Conflict"
    effects: tuple[Effect, ...]


class InFull(NamedTuple):
    detail: TaskDetail
    conflicts: tuple[Torn, ...]


def in_full(
    reader: Reader, row: TaskRow, run: bytes | None, language: str, now_ms: int = NO_CLOCK
) -> InFull | None:
    """None once the task is gone."""
    detail = task_detail(reader, row.id, run, language)
    if detail is None:
        return None
    if not row.conflicts:
        return InFull(detail, ())
    from app.queries.conflicts import conflicts  # with the registry, which brings sqlmodel

    step = step_id(detail.run, row.id)
    links = reader.rows("SELECT id FROM link WHERE after = ? AND alive", (row.id,))
    own = {row.id, *(attempt_id(step, attempt.number) for attempt in detail.attempts)}
    own |= {link for (link,) in links}
    found = []
    for one in conflicts(reader, detail.project, language):
        if one.object in own:
            values = [value.value for value in one.values]
            place = (detail.project, detail.run, row.id)
            found.append(Torn(one, effects(reader, *place, one.field, values, now_ms)))
    return InFull(detail, tuple(found))
