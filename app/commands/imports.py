"""Turning a draft (what an outside file says) into ops: one action, however many lines, with every origin kept."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from graphlib import CycleError, TopologicalSorter

from app.commands.import_registers import Registers
from app.commands.people import contact
from app.commands.projects import new_project
from app.commands.registry import command
from app.commands.tasks import canonical_requires
from app.domain import verbs
from app.domain.draft import (
    CheckDraft,
    Draft,
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
from app.storage.transaction import Transaction

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_CLAIMS = {claim.name.lower(): claim for claim in Claim}


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


@command(verbs.IMPORT_DRAFT)
def import_draft(tx: Transaction, draft: Draft) -> ImportReport:
    """Makes the draft's projects. All of it comes in, or, when something is refused, none."""
    report = ImportReport(skipped=list(draft.skipped))
    for project in draft.projects:
        _Importer(tx, draft.source, project, report).run()
    if report.projects:
        tx.about(report.projects[0])
    return report


class _Importer:
    """One project on its way in."""

    def __init__(self, tx: Transaction, source: str, draft: ProjectDraft, report: ImportReport) -> None:
        self.tx, self.source, self.draft, self.report = tx, source, draft, report
        self.people: dict[str, bytes] = {}
        self.tasks: dict[str, bytes] = {}
        self.stages: dict[str, bytes] = {}
        self.gates: dict[str, bytes] = {}
        self.follows: dict[bytes, list[bytes]] = {}
        self.project = b""
        self.main_run = b""

    def run(self) -> None:
        draft = self.draft
        self.project = new_project(
            self.tx,
            {draft.language: draft.name[:400]},
            language=draft.language,
            zone=draft.zone,
            window_start=draft.window_start,
            window_end=draft.window_end,
            t0=draft.t0,
            no_return=draft.no_return,
            description={draft.language: draft.description},
            manager=self._person(draft.manager),
            decider=self._person(draft.decider),
        )
        self.main_run = self.tx.value("SELECT id FROM run WHERE log = ? AND kind = 'main'", (self.project,))
        self.report.projects.append(self.project)
        self._origin(self.project, draft.key, {"name": draft.name})
        for stage, rank in zip(draft.stages, ranks_after(None, len(draft.stages)), strict=True):
            self._stage(stage, rank)
        circular = _has_circle(draft.links)
        for link in draft.links:
            self._link(link, circular=circular)
        for gate, rank in zip(draft.gates, ranks_after(None, len(draft.gates)), strict=True):
            self._gate(gate, rank)
        Registers(self.tx, self.project, self.main_run, self.tasks, self.gates, self._person).bring(draft)

    # -- plan ----------------------------------------------------------------------------------------------------

    def _stage(self, draft: StageDraft, rank: str) -> None:
        language = self.draft.language
        stage = self.tx.create(
            Stage,
            {"rank": rank, "title": {language: draft.title}, "owner_role": draft.owner_role}
            | {"entry_conditions": {language: draft.description}},
            log=self.project,
        )
        self.stages[draft.key] = stage
        self.report.stages += 1
        self._origin(stage, draft.key, {"title": draft.title})
        for task, task_rank in zip(draft.tasks, ranks_after(None, len(draft.tasks)), strict=True):
            self._task(task, stage, task_rank)

    def _task(self, draft: TaskDraft, stage: bytes, rank: str) -> None:
        language = self.draft.language
        values = {
            "stage": stage,
            "rank": rank,
            "title": {language: draft.title},
            "instruction": {language: draft.instruction},
            "owner": self._person(draft.owner),
            "accountable": self._person(draft.accountable),
            "deputy": self._person(draft.deputy),
            "role": draft.role,
            "minutes": draft.minutes,
            "start": draft.start,
            "due": draft.due,
            "priority": draft.priority,
            "stream": draft.stream,
            "rollback": {language: draft.rollback},
            "rollback_minutes": draft.rollback_minutes,
            "requires": canonical_requires(draft.requires),
        }
        task = self.tx.create(Task, values, log=self.project)
        self.tasks[draft.key] = task
        self.report.tasks += 1
        self._origin(task, draft.key, _plan_values(draft))
        checks = [
            (self._check(check, task, check_rank), check)
            for check, check_rank in zip(draft.checks, ranks_after(None, len(draft.checks)), strict=True)
        ]
        self._facts(draft, task, checks)

    def _check(self, draft: CheckDraft, task: bytes, rank: str) -> bytes:
        values = {
            "task": task,
            "rank": rank,
            "text": {self.draft.language: draft.text},
            "kind": draft.kind,
            "target": draft.target,
            "tolerance": draft.tolerance,
            "unit": draft.unit or "",
        }
        check = self.tx.create(Check, values, log=self.project)
        self.report.checks += 1
        self._origin(check, draft.key, {"text": draft.text})
        return check

    def _link(self, draft: LinkDraft, *, circular: bool) -> None:
        before, after = self.tasks.get(draft.before), self.tasks.get(draft.after)
        if before is None or after is None:
            self.report.skipped.append(Skipped(draft.line, _("A link names a task that is not in the file.")))
            return
        if before == after or (circular and self._closes_circle(before, after)):
            self.report.skipped.append(Skipped(draft.line, _("A link would close a circle.")))
            return
        values = {"before": before, "after": after, "type": draft.type, "lag": draft.lag_minutes}
        self.tx.create(Link, values, log=self.project)
        self.follows.setdefault(before, []).append(after)
        self.report.links += 1

    def _closes_circle(self, before: bytes, after: bytes) -> bool:
        todo, seen = [after], {after}
        while todo:
            for task in self.follows.get(todo.pop(), ()):
                if task == before:
                    return True
                if task not in seen:
                    seen.add(task)
                    todo.append(task)
        return False

    def _gate(self, draft: GateDraft, rank: str) -> None:
        language = self.draft.language
        whole = draft.stage is None and not draft.criteria
        gate = self.tx.create(
            Gate,
            {"rank": rank, "name": {language: draft.name}, "stage": self.stages.get(draft.stage or "")}
            | {"whole_project": whole},
            log=self.project,
        )
        self.gates[draft.key] = gate
        self.report.gates += 1
        self._origin(gate, draft.key, {"name": draft.name})
        for role in dict.fromkeys(draft.roles):
            self.tx.create(
                GateRole, {"gate": gate, "role": role, "count": draft.roles.count(role)}, log=self.project
            )
        for one, one_rank in zip(draft.criteria, ranks_after(None, len(draft.criteria)), strict=True):
            values = {"gate": gate, "rank": one_rank, "text": {language: one.text}}
            criterion = self.tx.create(Criterion, values, log=self.project)
            self.report.criteria += 1
            self._origin(criterion, one.key, {"text": one.text})
            if one.holds is not None or one.evidence:
                self._judged(criterion, holds=one.holds, evidence=one.evidence, judged_by=one.judged_by)

    # -- facts of the main run -----------------------------------------------------------------------------------

    def _facts(self, draft: TaskDraft, task: bytes, checks: Iterable[tuple[bytes, CheckDraft]]) -> None:
        """What the source says was done already: claims and ticks of the main run, and notes."""
        claim = _CLAIMS.get(draft.claim or "", Claim.TODO)
        ticked = [check for check, one in checks if one.checked]
        if claim is Claim.TODO and not ticked and not draft.note:
            return
        step = step_id(self.main_run, task)
        self.tx.create(Step, {"run": self.main_run, "task": task}, log=self.project, id=step)
        if claim is not Claim.TODO:
            values = {"step": step, "number": 1, "claim": claim.value, "performer": self._person(draft.owner)}
            self.tx.create(Attempt, values, log=self.project, id=attempt_id(step, 1))
        for check in ticked:
            result = {"step": step, "item": check, "outcome": CheckOutcome.PASS.value}
            self.tx.create(CheckResult, result, log=self.project, id=check_result_id(step, check))
        if draft.note:
            values = {"subject": step, "kind": EvidenceKind.NOTE.value, "text": draft.note}
            self.tx.create(Evidence, values, log=self.project)

    def _judged(self, criterion: bytes, *, holds: bool | None, evidence: str, judged_by: str) -> None:
        result = criterion_result_id(self.main_run, criterion)
        performer = self._person(judged_by)
        values = {"run": self.main_run, "criterion": criterion, "holds": holds, "performer": performer}
        self.tx.create(CriterionResult, values, log=self.project, id=result)
        if evidence:
            note = {
                "subject": result,
                "kind": EvidenceKind.NOTE.value,
                "text": evidence,
                "performer": performer,
            }
            self.tx.create(Evidence, note, log=self.project)

    # -- people and origins --------------------------------------------------------------------------------------

    def _person(self, name: str) -> bytes | None:
        wanted = " ".join(name.split())[:200]
        if not wanted:
            return None
        key = wanted.casefold()
        if key not in self.people:
            self.people[key] = contact(self.tx, wanted)
        return self.people[key]

    def _origin(self, thing: bytes, key: str, values: dict[str, object]) -> None:
        origin = {
            "object": thing,
            "source": self.source[:400],
            "key": key[:1000],
            "base": _JSON.encode(values),
        }
        self.tx.create(Origin, origin, log=self.project)


def _has_circle(links: Iterable[LinkDraft]) -> bool:
    """Asked once of all links: only a plan with a circle pays for finding the links that close it."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for link in links:
        order.add(link.after, link.before)
    try:
        order.prepare()
    except CycleError:
        return True
    return False


_FACTS = {"key", "checks", "note", "claim", "line"}
_PLAN = tuple(one.name for one in fields(TaskDraft) if one.name not in _FACTS)


def _plan_values(draft: TaskDraft) -> dict[str, object]:
    """What the source says of a task's plan: the base a second import is compared with."""
    values = ((name, getattr(draft, name)) for name in _PLAN)
    return {name: value for name, value in values if value not in ("", None, ())}
