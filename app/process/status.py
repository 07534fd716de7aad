"""What a step counts as: derived from the claim and from what its task requires, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.domain.words import CheckKind, CheckOutcome, Claim, LinkType, Requirement, Status


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step as far as its status needs it; times in UTC ms. An absent step is one to do with nothing there."""

    claim: Claim = Claim.TODO
    requires: frozenset[str] = frozenset()
    notes: int = 0
    files: int = 0
    checks_total: int = 0
    checks_passed: int = 0
    seconded: bool = False
    started_at: int | None = None
    finished_at: int | None = None


@dataclass(frozen=True, slots=True)
class LinkFacts:
    before: bytes
    type: str
    lag_minutes: int


def check_passes(
    kind: str, target: str | None, tolerance: str | None, outcome: str, value: str | None, other: str | None
) -> bool:
    """Whether a check's result holds: what was ticked, and for values also what was measured against the target."""
    if outcome == CheckOutcome.NA:
        return True
    if outcome != CheckOutcome.PASS:
        return False
    if kind == CheckKind.VALUE and target is not None:
        return _within(value, target, tolerance)
    if kind == CheckKind.PAIR:
        return _within(value, other, tolerance)
    return True


def _within(value: str | None, target: str | None, tolerance: str | None) -> bool:
    if value is None or target is None:
        return False
    try:
        return abs(Decimal(value) - Decimal(target)) <= Decimal(tolerance or "0")
    except InvalidOperation:
        return value.strip() == target.strip()


def missing_of(step: StepFacts) -> tuple[Requirement, ...]:
    """What the task requires and the step does not have yet, in a fixed order."""
    lacks = {
        Requirement.COMMENT: step.notes == 0,
        Requirement.FILE: step.files == 0,
        Requirement.CHECKS: step.checks_passed < step.checks_total,
        Requirement.SECOND: not step.seconded,
    }
    return tuple(one for one, lacking in lacks.items() if lacking and one in step.requires)


_PLAIN = {
    Claim.FAILED: Status.FAILED,
    Claim.BLOCKED: Status.BLOCKED,
    Claim.WAITING: Status.WAITING,
    Claim.RUNNING: Status.RUNNING,
    Claim.SKIPPED: Status.SKIPPED,
}


def status_of(step: StepFacts, *, may_start: bool = False) -> Status:
    """The status: a finish counts only while everything required is there."""
    if step.claim is Claim.DONE:
        return Status.CLAIMED if missing_of(step) else Status.DONE
    if step.claim is Claim.TODO:
        return Status.READY if may_start else Status.TODO
    return _PLAIN[step.claim]


def waits_for(links: Sequence[LinkFacts], steps: Mapping[bytes, StepFacts], now_ms: int) -> list[LinkFacts]:
    """The links that keep a task from starting: FS not finished with its lag, SS not started with its lag."""
    return [link for link in links if not _lets_start(link, steps.get(link.before, StepFacts()), now_ms)]


def _lets_start(link: LinkFacts, before: StepFacts, now_ms: int) -> bool:
    lag_ms = link.lag_minutes * 60_000
    if link.type == LinkType.FS:
        done = status_of(before) in (Status.DONE, Status.SKIPPED)
        return done and (lag_ms <= 0 or before.finished_at is None or before.finished_at + lag_ms <= now_ms)
    if link.type == LinkType.SS:
        started = before.claim is not Claim.TODO
        return started and (lag_ms <= 0 or before.started_at is None or before.started_at + lag_ms <= now_ms)
    return True  # FF and SF say when a task may finish, not when it may start
