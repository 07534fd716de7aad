"""Tasks pasted into a plan that is there: under the task one stands on, and under headings in stages of their own."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from app.commands.people import contact
from app.commands.registry import command
from app.commands.tasks import NewTask, neighbours, new_task
from app.domain import verbs
from app.domain.draft import Draft, LinkDraft, ProjectDraft, Skipped, StageDraft, TaskDraft
from app.domain.project import Stage
from app.domain.ranks import rank_between, ranks_after
from app.domain.task import Check, Link
from app.errors import Invalid
from app.i18n import _
from app.queries.texts import pick
from app.storage.transaction import Transaction


class PasteReport(NamedTuple):
    """The new tasks, how many stages are new, and what did not come in, with the reason."""

    tasks: tuple[bytes, ...]
    stages: int
    skipped: tuple[Skipped, ...]


@command(verbs.PASTE_DRAFT)
def paste_draft(
    tx: Transaction,
    project: bytes,
    draft: Draft,
    *,
    stage: bytes | None = None,
    after: bytes | None = None,
    language: str = "en",
) -> PasteReport:
    """Adds the draft's tasks. A stage without a title means `stage`, behind `after`; one called like a stage is that stage."""
    if len(draft.projects) != 1:
        raise Invalid(_("Tasks are pasted into one project at a time."))
    return _Pasting(tx, project, language, list(draft.skipped)).run(draft.projects[0], stage, after)


class _Pasting:
    def __init__(self, tx: Transaction, project: bytes, language: str, skipped: list[Skipped]) -> None:
        self.tx, self.project, self.language, self.skipped = tx, project, language, skipped
        self.people: dict[str, bytes] = {}
        self.tasks: dict[str, bytes] = {}
        self.follows: dict[bytes, list[bytes]] = {}
        self.stages = 0

    def run(self, draft: ProjectDraft, stage: bytes | None, after: bytes | None) -> PasteReport:
        here = stage
        for one in draft.stages:
            if one.title:
                here, behind = self._stage(one, here), None
            else:
                here, behind = stage, after
            self._add(one.tasks, here, behind)
        for link in draft.links:
            self._link(link)
        made = tuple(self.tasks.values())
        self.tx.about(*made[:1])
        return PasteReport(made, self.stages, tuple(self.skipped))

    def _stage(self, draft: StageDraft, behind: bytes | None) -> bytes:
        """The stage of that title, else a new one behind the last one pasted into."""
        rows = self.tx.rows(
            "SELECT id, title, rank FROM stage WHERE log = ? AND alive ORDER BY rank, id", (self.project,)
        )
        for stage, title, _rank in rows:
            if pick(title, self.language).casefold() == draft.title.casefold():
                return bytes(stage)
        ids = [row[0] for row in rows]
        place = ids.index(behind) + 1 if behind in ids else len(ids)
        low = rows[place - 1][2] if place else None
        high = rows[place][2] if place < len(rows) else None
        values = {
            "rank": rank_between(low, high),
            "title": {self.language: draft.title},
            "owner_role": draft.owner_role,
            "entry_conditions": {self.language: draft.description},
        }
        self.stages += 1
        return self.tx.create(Stage, values, log=self.project)

    def _add(self, drafts: Iterable[TaskDraft], stage: bytes | None, after: bytes | None) -> None:
        low, high = neighbours(self.tx, self.project, stage, after)
        for draft in drafts:
            low = rank_between(low, high)
            row = NewTask(draft.title, self._values(draft))
            task = new_task(self.tx, self.project, row, stage, low, self.language)
            self.tasks[draft.key] = task
            for check, rank in zip(draft.checks, ranks_after(None, len(draft.checks)), strict=True):
                values: dict[str, Any] = {
                    "task": task,
                    "rank": rank,
                    "text": {self.language: check.text},
                    "kind": check.kind,
                }
                values |= {"target": check.target, "tolerance": check.tolerance, "unit": check.unit or ""}
                self.tx.create(Check, values, log=self.project)

    def _values(self, draft: TaskDraft) -> dict[str, Any]:
        return {
            "instruction": "\n".join(part for part in (draft.instruction, draft.note) if part),
            "owner": self._person(draft.owner),
            "accountable": self._person(draft.accountable),
            "deputy": self._person(draft.deputy),
            "role": draft.role,
            "minutes": draft.minutes,
            "start": draft.start,
            "due": draft.due,
            "priority": draft.priority,
            "stream": draft.stream,
            "rollback": draft.rollback,
            "rollback_minutes": draft.rollback_minutes,
            "requires": draft.requires,
        }

    def _person(self, name: str) -> bytes | None:
        """The person of that name; somebody nobody knows becomes a contact, as with an imported file."""
        wanted = " ".join(name.split())[:200]
        if not wanted:
            return None
        if wanted.casefold() not in self.people:
            self.people[wanted.casefold()] = contact(self.tx, wanted)
        return self.people[wanted.casefold()]

    def _link(self, draft: LinkDraft) -> None:
        before, after = self.tasks.get(draft.before), self.tasks.get(draft.after)
        if before is None or after is None or before == after or self._waits(before, after):
            self.skipped.append(Skipped(draft.line, _("A link would close a circle.")))
            return
        values = {"before": before, "after": after, "type": draft.type, "lag": draft.lag_minutes}
        self.tx.create(Link, values, log=self.project)
        self.follows.setdefault(before, []).append(after)

    def _waits(self, task: bytes, goal: bytes) -> bool:
        """Whether `task` waits for `goal` already, among what is pasted."""
        todo, seen = [goal], {goal}
        while todo:
            for later in self.follows.get(todo.pop(), ()):
                if later == task:
                    return True
                if later not in seen:
                    seen.add(later)
                    todo.append(later)
        return False
