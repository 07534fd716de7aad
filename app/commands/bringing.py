"""Objects of a draft on their way in: each becomes ops, with an origin that keeps what the source said of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, cast

from app.commands.import_registers import Registers
from app.commands.people import contact
from app.domain.draft import (
    CheckDraft,
    CriterionDraft,
    GateDraft,
    LinkDraft,
    ProjectDraft,
    Skipped,
    StageDraft,
    TaskDraft,
)
from app.domain.ids import attempt_id, check_result_id, criterion_result_id, step_id
from app.domain.person import Origin
from app.domain.project import Criterion, Gate, GateRole, Stage
from app.domain.ranks import ranks_after
from app.domain.run import Attempt, CheckResult, CriterionResult, Evidence, Step
from app.domain.task import Check, Link, Task
from app.domain.words import CheckOutcome, Claim, EvidenceKind
from app.i18n import _
from app.process.origins import Kind, Said, encode, said_of
from app.storage.transaction import Transaction

CLAIMS = {claim.name.lower(): claim for claim in Claim}
Told = Callable[
    [int], None
]  # how many objects are done; what it raises stops the import, and nothing of it stays
_TOLD_EVERY = 100


def tell_nobody(_count: int) -> None:
    """The default: nobody waits."""


@dataclass
class ImportReport:
    """What came in, and each line that did not, with the reason."""

    projects: list[bytes] = field(default_factory=list)
    stages: int = 0
    tasks: int = 0
    checks: int = 0
    links: int = 0
    gates: int = 0
    criteria: int = 0
    skipped: list[Skipped] = field(default_factory=list)


class Bringing:
    """Makes what one project of a draft says, thing by thing, in a project that is there. `ids` has them by place."""

    def __init__(
        self,
        tx: Transaction,
        project: bytes,
        source: str,
        draft: ProjectDraft,
        report: ImportReport,
        told: Told = tell_nobody,
        said: Sequence[Said] | None = None,
    ) -> None:
        self.tx, self.project, self.source, self.draft, self.report = tx, project, source, draft, report
        self.said = said if said is not None else said_of(draft)
        self.inside: defaultdict[int, list[int]] = defaultdict(list)
        for place, one in enumerate(self.said):
            self.inside[one.under].append(place)
        self.ids: dict[int, bytes] = {}
        self.main_run: bytes = tx.value("SELECT id FROM run WHERE log = ? AND kind = 'main'", (project,))
        self._people: dict[str, bytes] = {}
        self._told, self._count = told, 0

    # -- all of it -----------------------------------------------------------------------------------------------

    def everything(self, last_stage: str | None = None, last_gate: str | None = None) -> None:
        """All stages with their tasks, then links, then gates; behind what is there already."""
        self.ids[0] = self.project
        stages = self._places(Kind.STAGE)
        for place, rank in zip(stages, ranks_after(last_stage, len(stages)), strict=True):
            stage = self.stage(place, rank)
            tasks = self.inside[place]
            for task, task_rank in zip(tasks, ranks_after(None, len(tasks)), strict=True):
                self.task(task, stage, task_rank)
        self.links(self.draft.links)
        gates = self._places(Kind.GATE)
        for place, rank in zip(gates, ranks_after(last_gate, len(gates)), strict=True):
            self.gate(place, rank)
        made = {
            kind: {
                one.key: self.ids[n] for n, one in enumerate(self.said) if one.kind is kind and n in self.ids
            }
            for kind in (Kind.TASK, Kind.GATE)
        }
        registers = Registers(
            self.tx, self.project, self.main_run, made[Kind.TASK], made[Kind.GATE], self.person
        )
        registers.bring(self.draft)

    def _places(self, kind: Kind) -> list[int]:
        return [place for place in self.inside[-1] if self.said[place].kind is kind]

    # -- plan ----------------------------------------------------------------------------------------------------

    def stage(self, place: int, rank: str) -> bytes:
        language, draft = self.draft.language, cast("StageDraft", self.said[place].part)
        values = {"rank": rank, "title": {language: draft.title}, "owner_role": draft.owner_role}
        values["entry_conditions"] = {language: draft.description}
        self.report.stages += 1
        return self._made(place, self.tx.create(Stage, values, log=self.project))

    def task(self, place: int, stage: bytes | None, rank: str) -> bytes:
        language, said = self.draft.language, self.said[place]
        draft = cast("TaskDraft", said.part)
        values = {
            "stage": stage,
            "rank": rank,
            "title": {language: draft.title},
            "instruction": {language: draft.instruction},
            "owner": self.person(draft.owner),
            "accountable": self.person(draft.accountable),
            "deputy": self.person(draft.deputy),
            "role": draft.role,
            "minutes": draft.minutes,
            "start": draft.start,
            "due": draft.due,
            "priority": draft.priority,
            "stream": draft.stream,
            "rollback": {language: draft.rollback},
            "rollback_minutes": draft.rollback_minutes,
            "requires": said.values.get("requires") or "",
        }
        task = self._made(place, self.tx.create(Task, values, log=self.project))
        self.report.tasks += 1
        checks = self.inside[place]
        for check, check_rank in zip(checks, ranks_after(None, len(checks)), strict=True):
            self.check(check, task, check_rank)
        self._facts(draft, task, checks)
        return task

    def check(self, place: int, task: bytes, rank: str) -> bytes:
        draft = cast("CheckDraft", self.said[place].part)
        values = {
            "task": task,
            "rank": rank,
            "text": {self.draft.language: draft.text},
            "kind": draft.kind,
            "target": draft.target,
            "tolerance": draft.tolerance,
            "unit": draft.unit or "",
        }
        self.report.checks += 1
        return self._made(place, self.tx.create(Check, values, log=self.project))

    def gate(self, place: int, rank: str) -> bytes:
        language, draft = self.draft.language, cast("GateDraft", self.said[place].part)
        closes = next(
            (self.ids.get(n) for n in self._places(Kind.STAGE) if self.said[n].key == draft.stage), None
        )
        whole = draft.stage is None and not draft.criteria
        values = {"rank": rank, "name": {language: draft.name}, "stage": closes, "whole_project": whole}
        gate = self._made(place, self.tx.create(Gate, values, log=self.project))
        self.report.gates += 1
        self.roles(gate, draft.roles)
        criteria = self.inside[place]
        for one, one_rank in zip(criteria, ranks_after(None, len(criteria)), strict=True):
            self.criterion(one, gate, one_rank)
        return gate

    def roles(self, gate: bytes, roles: Sequence[str]) -> None:
        for role in dict.fromkeys(roles):
            self.tx.create(
                GateRole, {"gate": gate, "role": role, "count": roles.count(role)}, log=self.project
            )

    def criterion(self, place: int, gate: bytes, rank: str) -> bytes:
        draft = cast("CriterionDraft", self.said[place].part)
        values = {"gate": gate, "rank": rank, "text": {self.draft.language: draft.text}}
        criterion = self._made(place, self.tx.create(Criterion, values, log=self.project))
        self.report.criteria += 1
        if draft.holds is not None or draft.evidence:
            self._judged(criterion, draft)
        return criterion

    # -- links ---------------------------------------------------------------------------------------------------

    def links(self, drafts: Sequence[LinkDraft]) -> None:
        """Those of tasks that came in, without what would close a circle."""
        tasks = {one.key: place for place, one in enumerate(self.said) if one.kind is Kind.TASK}
        ends = (tuple(self.ids.get(tasks.get(key, -1)) for key in (one.before, one.after)) for one in drafts)
        self.link_all([(before, after, one) for (before, after), one in zip(ends, drafts, strict=True)])

    def link_all(self, wanted: Sequence[tuple[bytes | None, bytes | None, LinkDraft]]) -> None:
        rows = self.tx.rows("SELECT before, after FROM link WHERE log = ? AND alive", (self.project,))
        follows = _Follows(
            rows, [(one, two) for one, two, _draft in wanted if one is not None and two is not None]
        )
        for before, after, draft in wanted:
            if before is None or after is None:
                self.skip(draft.line, _("A link names a task that is not in the file."))
                continue
            if follows.closes_circle(before, after):
                self.skip(draft.line, _("A link would close a circle."))
                continue
            values = {"before": before, "after": after, "type": draft.type, "lag": draft.lag_minutes}
            self.tx.create(Link, values, log=self.project)
            follows.add(before, after)
            self.report.links += 1

    def skip(self, line: int | None, reason: str) -> None:
        self.report.skipped.append(Skipped(line, reason))

    # -- facts of the main run -----------------------------------------------------------------------------------

    def _facts(self, draft: TaskDraft, task: bytes, checks: Iterable[int]) -> None:
        """What the source says was done already: claims and ticks of the main run, and notes."""
        claim = CLAIMS.get(draft.claim or "", Claim.TODO)
        ticked = [self.ids[place] for place in checks if cast("CheckDraft", self.said[place].part).checked]
        if claim is Claim.TODO and not ticked and not draft.note:
            return
        step = step_id(self.main_run, task)
        self.tx.create(Step, {"run": self.main_run, "task": task}, log=self.project, id=step)
        if claim is not Claim.TODO:
            values = {"step": step, "number": 1, "claim": claim.value, "performer": self.person(draft.owner)}
            self.tx.create(Attempt, values, log=self.project, id=attempt_id(step, 1))
        for check in ticked:
            result = {"step": step, "item": check, "outcome": CheckOutcome.PASS.value}
            self.tx.create(CheckResult, result, log=self.project, id=check_result_id(step, check))
        if draft.note:
            values = {"subject": step, "kind": EvidenceKind.NOTE.value, "text": draft.note}
            self.tx.create(Evidence, values, log=self.project)

    def _judged(self, criterion: bytes, draft: CriterionDraft) -> None:
        result = criterion_result_id(self.main_run, criterion)
        performer = self.person(draft.judged_by)
        values: dict[str, Any] = {"run": self.main_run, "criterion": criterion, "holds": draft.holds}
        self.tx.create(CriterionResult, {**values, "performer": performer}, log=self.project, id=result)
        if draft.evidence:
            note = {"subject": result, "kind": EvidenceKind.NOTE.value, "text": draft.evidence}
            self.tx.create(Evidence, {**note, "performer": performer}, log=self.project)

    # -- people and origins --------------------------------------------------------------------------------------

    def person(self, name: str) -> bytes | None:
        wanted = " ".join(name.split())[:200]
        if not wanted:
            return None
        key = wanted.casefold()
        if key not in self._people:
            self._people[key] = contact(self.tx, wanted)
        return self._people[key]

    def _made(self, place: int, thing: bytes) -> bytes:
        self.ids[place] = thing
        self.origin(thing, self.said[place])
        self._count += 1
        if self._count % _TOLD_EVERY == 0:
            self._told(self._count)
        return thing

    def origin(self, thing: bytes, said: Said, marks: Mapping[str, object] | None = None) -> None:
        """Keeps where a thing came from, and what was said of it."""
        base = encode(said.values, marks)
        origin = {"object": thing, "source": self.source[:400], "key": said.key, "base": base}
        self.tx.create(Origin, origin, log=self.project)


class _Follows:
    """Which task follows which. Only a plan with a circle pays for finding the links that close it."""

    def __init__(self, present: Iterable[tuple[bytes, bytes]], wanted: Iterable[tuple[bytes, bytes]]) -> None:
        present, wanted = list(present), list(wanted)
        self._follows: defaultdict[bytes, list[bytes]] = defaultdict(list)
        for before, after in present:
            self.add(before, after)
        self._has_circle = _has_circle([*present, *wanted])

    def add(self, before: bytes, after: bytes) -> None:
        self._follows[before].append(after)

    def closes_circle(self, before: bytes, after: bytes) -> bool:
        if before == after:
            return True
        if not self._has_circle:
            return False
        todo, seen = [after], {after}
        while todo:
            for task in self._follows.get(todo.pop(), ()):
                if task == before:
                    return True
                if task not in seen:
                    seen.add(task)
                    todo.append(task)
        return False


def _has_circle(links: Iterable[tuple[bytes, bytes]]) -> bool:
    order: TopologicalSorter[bytes] = TopologicalSorter()
    for before, after in links:
        order.add(after, before)
    try:
        order.prepare()
    except CycleError:
        return True
    return False
