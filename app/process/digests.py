"""Content digests: what a sign-off covers, as values of live objects in canonical bytes, the same after edit and undo."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.codec import CONTENT, pack, sha256

# Raised when a signed field is added; older signatures keep their revision and stay computable (SYNC 2.15).
DIGEST_REV: Final = 1


@dataclass(frozen=True, slots=True)
class CheckContent:
    """A check with its result. `note` is the salted hash of the note."""

    id: bytes
    text: str
    kind: str
    target: str | None
    tolerance: str | None
    unit: str
    outcome: str
    value: str | None
    other_value: str | None
    note: bytes | None


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """One piece of evidence: `fingerprint` is a file's SHA-256, or the salted hash of a text."""

    id: bytes
    kind: str
    fingerprint: bytes | None
    op: bytes  # which op brought it, to tell what a sign-off had seen


@dataclass(frozen=True, slots=True)
class StepContent:
    """What a sign-off of a step covers; owner, times, rank and comments are not in it."""

    task: bytes
    title: str
    instruction: str
    requires: str
    claim: int
    checks: tuple[CheckContent, ...]
    evidence: tuple[EvidenceContent, ...]


@dataclass(frozen=True, slots=True)
class CriterionContent:
    id: bytes
    text: str
    target: str | None
    holds: bool | None
    value: str | None
    note: bytes | None
    evidence: tuple[EvidenceContent, ...]


@dataclass(frozen=True, slots=True)
class GateContent:
    """What a sign-off of a gate covers: its rule, its criteria, and the steps of its mandatory tasks."""

    id: bytes
    name: str
    rule: tuple[Any, ...]
    roles: tuple[tuple[str, int], ...]
    criteria: tuple[CriterionContent, ...]
    steps: tuple[StepContent, ...]


def step_digest(step: StepContent) -> bytes:
    """32 bytes over a step's content."""
    return sha256(CONTENT + step_bytes(step))


def step_bytes(step: StepContent) -> bytes:
    """A step's content as it is digested."""
    return pack([DIGEST_REV, "step", *_step(step)])


def gate_digest(gate: GateContent) -> bytes:
    """32 bytes over a gate's content."""
    return sha256(CONTENT + gate_bytes(gate))


def gate_bytes(gate: GateContent) -> bytes:
    """A gate's content as it is digested; its steps stand in it by their digests."""
    criteria = [
        [one.id, one.text, one.target, one.holds, one.value, one.note, _evidence(one.evidence)]
        for one in sorted(gate.criteria, key=lambda one: one.id)
    ]
    steps = sorted([step.task, step_digest(step)] for step in gate.steps)
    body = [
        DIGEST_REV,
        "gate",
        gate.id,
        gate.name,
        list(gate.rule),
        sorted(map(list, gate.roles)),
        criteria,
        steps,
    ]
    return pack(body)


def checklist_digest(run: bytes, steps: Iterable[StepContent]) -> bytes:
    """32 bytes over the steps of a run: what a printed checklist is bound to, whatever order it prints them in."""
    digests = sorted([step.task, step_digest(step)] for step in steps)
    return sha256(CONTENT + pack([DIGEST_REV, "checklist", run, digests]))


def plan_digest(rows: Iterable[Sequence[Any]]) -> bytes:
    """32 bytes over a plan: its tasks, links, minutes, roles, rollbacks and window as sorted rows."""
    return sha256(CONTENT + pack([DIGEST_REV, "plan", sorted((list(row) for row in rows), key=pack)]))


def _step(step: StepContent) -> list[Any]:
    checks = [
        [one.id, one.text, one.kind, one.target, one.tolerance, one.unit]
        + [one.outcome, one.value, one.other_value, one.note]
        for one in sorted(step.checks, key=lambda one: one.id)
    ]
    return [
        step.task,
        step.title,
        step.instruction,
        step.requires,
        step.claim,
        checks,
        _evidence(step.evidence),
    ]


def _evidence(evidence: Iterable[EvidenceContent]) -> list[list[Any]]:
    return sorted([one.id, one.kind, one.fingerprint] for one in evidence)
