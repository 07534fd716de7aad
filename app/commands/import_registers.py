"""Incidents, decisions and hand-overs that an export of this program carries, brought into the new main run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.draft import DecisionDraft, HandOverDraft, IncidentDraft, ProjectDraft
from app.domain.ids import step_id
from app.domain.register import Decision, Incident
from app.domain.run import HandOver, Step
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Registers:
    """Where they go: the project's main run, and what the keys of the file became. `person` finds or makes somebody."""

    tx: Transaction
    project: bytes
    run: bytes
    tasks: Mapping[str, bytes]
    gates: Mapping[str, bytes]
    person: Callable[[str], bytes | None]

    def bring(self, draft: ProjectDraft) -> None:
        made = {one.key: self._incident(one) for one in draft.incidents}
        for decision in draft.decisions:
            self._decision(decision, made)
        for offer in draft.hand_overs:
            if offer.task in self.tasks:
                self._hand_over(offer, self.tasks[offer.task])

    def _incident(self, one: IncidentDraft) -> bytes:
        values = {
            "run": self.run,
            "task": self.tasks.get(one.task),
            "severity": one.severity,
            "title": one.title,
            "description": one.description,
            "performer": self.person(one.raised_by),
            "happened_at": one.happened_at,
            "owner": self.person(one.owner),
            "solved_at": one.solved_at,
            "solution": one.solution,
            "minutes_lost": one.minutes_lost,
        }
        return self.tx.create(Incident, values, log=self.project)

    def _decision(self, one: DecisionDraft, incidents: Mapping[str, bytes]) -> None:
        values = {
            "run": self.run,
            "kind": one.kind,
            "gate": self.gates.get(one.gate),
            "incident": incidents.get(one.incident),
            "task": self.tasks.get(one.task),
            "question": one.question,
            "options": one.options,
            "decided": one.decided,
            "reason": one.reason,
            "decider": self.person(one.decider),
            "decided_at": one.decided_at,
        }
        self.tx.create(Decision, values, log=self.project)

    def _hand_over(self, one: HandOverDraft, task: bytes) -> None:
        step = step_id(self.run, task)
        if self.tx.find(Step, step) is None:
            self.tx.create(Step, {"run": self.run, "task": task}, log=self.project, id=step)
        values = {
            "step": step,
            "giver": self.person(one.giver),
            "receiver": self.person(one.receiver),
            "note": one.note,
            "given_at": one.given_at,
            "taken_at": one.taken_at,
            "withdrawn_at": one.withdrawn_at,
        }
        self.tx.create(HandOver, values, log=self.project)
