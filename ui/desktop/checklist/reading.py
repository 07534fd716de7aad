"""The selected task with its open conflicts, read in one snapshot."""

from typing import TYPE_CHECKING, NamedTuple

from app.domain.ids import attempt_id, step_id
from app.queries.checklist import TaskRow
from app.queries.task_detail import TaskDetail, task_detail
from app.storage.engine import Reader

if TYPE_CHECKING:
    from app.queries.conflicts import Conflict


class InFull(NamedTuple):
    detail: TaskDetail
    conflicts: "tuple[Conflict, ...]"


def in_full(reader: Reader, row: TaskRow, run: bytes | None, language: str) -> InFull | None:
    """None once the task is gone."""
    detail = task_detail(reader, row.id, run, language)
    if detail is None:
        return None
    if not row.conflicts:
        return InFull(detail, ())
    from app.queries.conflicts import conflicts  # with the registry, which brings sqlmodel

    step = step_id(detail.run, row.id)
    own = {row.id, *(attempt_id(step, attempt.number) for attempt in detail.attempts)}
    found = conflicts(reader, detail.project, language)
    return InFull(detail, tuple(one for one in found if one.object in own))
