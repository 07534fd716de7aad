"""What a step counts as: derived from the claim and from what its task requires, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

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


@lru_cache(maxsize=64)
def untouched(requires: frozenset[str] = frozenset()) -> StepFacts:
    """A step nobody did anything to: most steps of a plan, so one object stands for all that require the same."""
    return StepFacts(requires=requires)


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
    if not step.requires:
        return ()
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


def is_over(step: StepFacts) -> bool:
    """Whether nothing is left to do: done with everything required there, or skipped."""
    return step.claim is Claim.SKIPPED or (step.claim is Claim.DONE and not missing_of(step))


def waits_for(links: Sequence[LinkFacts], steps: Mapping[bytes, StepFacts], now_ms: int) -> list[LinkFacts]:
    """The links that keep a task from starting: FS not finished with its lag, SS not started with its lag."""
    return [link for link in links if not _lets_start(link, steps.get(link.before) or untouched(), now_ms)]


def _lets_start(link: LinkFacts, before: StepFacts, now_ms: int) -> bool:
    if link.type == LinkType.FS:
        return is_over(before) and _lag_passed(link, before.finished_at, now_ms)
    if link.type == LinkType.SS:
        return before.claim is not Claim.TODO and _lag_passed(link, before.started_at, now_ms)
    return True  # FF and SF say when a task may finish, not when it may start


def _lag_passed(link: LinkFacts, since_ms: int | None, now_ms: int) -> bool:
    return link.lag_minutes <= 0 or since_ms is None or since_ms + link.lag_minutes * 60_000 <= now_ms
