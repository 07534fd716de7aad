"""The flat list behind the grid: which rows show, in which order, after folding, filtering and a row being typed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.words import Status
from app.queries.checklist import Checklist, StageRow, TaskRow

_PROBLEMS = frozenset({Status.FAILED, Status.BLOCKED, Status.CLAIMED})
_CLOSED = frozenset({Status.DONE, Status.SKIPPED})


class DraftRow(NamedTuple):
    """A task that is being typed and does not exist yet."""

    stage_id: bytes | None
    after_task: bytes | None
    id: bytes = b"draft"


Row = StageRow | TaskRow | DraftRow


@dataclass
class Outline:
    """Pure state; the model asks it for rows and tells Qt what changed."""

    stages: tuple[StageRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    folded: set[bytes | None] = field(default_factory=set)
    text: str = ""
    show: str = "all"  # all | open | problems
    draft: DraftRow | None = None

    def take(self, checklist: Checklist) -> None:
        self.stages, self.tasks = checklist.stages, checklist.tasks

    def rows(self) -> list[Row]:
        by_stage: dict[bytes | None, list[TaskRow]] = {}
        filtered = bool(self.text) or self.show != "all"
        for task in self.tasks:
            if not filtered or self._matches(task):
                by_stage.setdefault(task.stage_id, []).append(task)
        rows: list[Row] = []
        for stage in self.stages:
            tasks = by_stage.pop(stage.id, [])
            if filtered and not tasks:
                continue
            rows.append(stage)
            if stage.id not in self.folded or filtered:
                rows.extend(self._with_draft(stage.id, tasks))
        for stage_id, tasks in by_stage.items():  # tasks of a stage that is gone come last, never vanish
            rows.extend(self._with_draft(stage_id, tasks))
        if self.draft is not None and self.draft not in rows:
            rows.append(self.draft)
        return rows

    def _matches(self, task: TaskRow) -> bool:
        if self.show == "open" and task.status in _CLOSED:
            return False
        if self.show == "problems" and task.status not in _PROBLEMS and not task.conflicts:
            return False
        if not self.text:
            return True
        wanted = self.text.casefold()
        return wanted in f"{task.number} {task.title}\n{task.owner}\n{task.stream}".casefold()

    def _with_draft(self, stage_id: bytes | None, tasks: list[TaskRow]) -> Iterable[Row]:
        if self.draft is None or self.draft.stage_id != stage_id:
            return tasks  # thousands of rows, and as good as always this way
        return self._around_draft(self.draft, tasks)

    def _around_draft(self, draft: DraftRow, tasks: list[TaskRow]) -> Iterator[Row]:
        if draft.after_task is None:
            yield draft
        for task in tasks:
            yield task
            if draft.after_task == task.id:
                yield draft
