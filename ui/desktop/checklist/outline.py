"""The flat list behind the grid: which rows show, in which order, after grouping, filtering, sorting, folding and typing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.queries.checklist import Checklist, StageRow, TaskRow
from ui.desktop.checklist.filtering import Facts, Wanted, kept
from ui.desktop.checklist.grouping import Group, GroupRow, Span, grouped
from ui.desktop.checklist.sorting import by_key


class DraftRow(NamedTuple):
    """A task that is being typed and does not exist yet."""

    stage_id: bytes | None
    after_task: bytes | None
    id: bytes = b"draft"


Row = StageRow | GroupRow | TaskRow | DraftRow
Key = Callable[[TaskRow], Any]


class Order(NamedTuple):
    """`column` empty is the order of the plan, in which alone rows can be moved."""

    column: str = ""
    descending: bool = False


AS_PLANNED = Order()
EVERYTHING = Wanted()


@dataclass
class Outline:
    """Pure state; the model asks it for rows and tells Qt what changed."""

    stages: tuple[StageRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    facts: Facts = field(default_factory=Facts)
    group: str = "stage"
    order: Order = AS_PLANNED
    wanted: Wanted = EVERYTHING
    keys: Mapping[str, Key] = field(default_factory=dict)  # column -> what it is sorted by
    folded: set[bytes | None] = field(default_factory=set)
    draft: DraftRow | None = None
    hidden: int = 0  # tasks the filter leaves out
    _groups: list[Group] = field(default_factory=list)
    _shown: list[Group] = field(default_factory=list)

    def take(self, listed: Checklist, facts: Facts | None = None) -> None:
        self.stages, self.tasks = listed.stages, listed.tasks
        self.facts = facts if facts is not None else self.facts
        self.regroup()

    def regroup(self) -> None:
        self._groups = grouped(self.stages, self.tasks, self.group, self.facts.bars)
        self.arrange()

    def arrange(self) -> None:
        """Filters and sorts anew; folding and typing do without."""
        key = self.keys.get(self.order.column)
        filtered = not self.wanted.is_everything()
        shown, count = [], 0
        for group in self._groups:
            tasks: Sequence[TaskRow] = list(kept(group.tasks, self.wanted, self.facts))
            if filtered and not tasks:
                continue
            count += len(tasks)
            if key is not None:
                tasks = by_key(tasks, key, descending=self.order.descending)
            shown.append(group._replace(tasks=tasks))
        self._shown, self.hidden = shown, len(self.tasks) - count

    def conflict_below(self, here: bytes | None) -> bytes | None:
        """The next task with a conflict, round the end; None where there is none."""
        order = [task.id for task in self.tasks]
        marked = [task.id for task in self.tasks if task.conflicts]
        place = order.index(here) if here is not None and here in order else -1
        after = [task for task in marked if order.index(task) > place]
        return next(iter((*after, *marked)), None)

    def spans(self) -> dict[bytes | None, Span]:
        """When the tasks under each head begin and end."""
        return {
            group.head.id: group.span
            for group in self._groups
            if group.head is not None and group.span is not None
        }

    def rows(self) -> list[Row]:
        filtered = not self.wanted.is_everything()
        rows: list[Row] = []
        for head, tasks, _span in self._shown:
            if head is not None:
                rows.append(head)
                if head.id in self.folded and not filtered:
                    continue
            rows.extend(self._with_draft(head.id if head is not None else None, tasks))
        if self.draft is not None and self.draft not in rows:
            rows.append(self.draft)
        return rows

    def _with_draft(self, head: bytes | None, tasks: Sequence[TaskRow]) -> Iterable[Row]:
        draft = self.draft
        if draft is None:
            return tasks  # thousands of rows, and as good as always this way
        if draft.after_task is None:
            return (draft, *tasks) if head == draft.stage_id else tasks
        return self._behind(draft, tasks)

    def _behind(self, draft: DraftRow, tasks: Sequence[TaskRow]) -> Iterator[Row]:
        for task in tasks:
            yield task
            if draft.after_task == task.id:
                yield draft
