"""What a step counts as, when a check passes, and what lets a task start: pure functions on plain facts."""

import pytest

from app.domain.words import Claim, Requirement, Status
from app.process.status import LinkFacts, StepFacts, check_passes, missing_of, status_of, waits_for

BEFORE, MINUTE = b"before", 60_000
EVERYTHING = frozenset(one.value for one in Requirement)


@pytest.mark.parametrize(
    ("kind", "target", "tolerance", "outcome", "value", "other", "passes"),
    [
        ("tick", None, None, "pass", None, None, True),
        ("tick", None, None, "fail", None, None, False),
        ("tick", None, None, "", None, None, False),
        ("value", "10", "0.5", "pass", "10.5", None, True),
        ("value", "10", "0.5", "pass", "10.51", None, False),
        ("value", "10", None, "pass", "10.0", None, True),
        ("value", "10", "1", "pass", None, None, False),
        ("value", "10", "1", "fail", "10", None, False),
        ("value", None, None, "pass", None, None, True),
        ("value", "green", None, "pass", " green ", None, True),
        ("value", "green", None, "pass", "amber", None, False),
        ("value", "NaN", None, "pass", "10", None, False),
        ("pair", None, "0.01", "pass", "99.99", "100.00", True),
        ("pair", None, None, "pass", "99.99", "100.00", False),
        ("pair", None, None, "pass", "100", None, False),
        ("pair", None, None, "na", None, None, True),
    ],
)
def test_a_check_passes_when_said_so_and_measured_so(
    kind: str,
    target: str | None,
    tolerance: str | None,
    outcome: str,
    value: str | None,
    other: str | None,
    passes: bool,
) -> None:
    assert check_passes(kind, target, tolerance, outcome, value, other) is passes


def test_a_finish_counts_only_without_anything_missing() -> None:
    bare = StepFacts(claim=Claim.DONE, requires=EVERYTHING, checks_total=2, checks_passed=1)
    whole = StepFacts(
        *(Claim.DONE, EVERYTHING), notes=1, files=1, checks_total=2, checks_passed=2, seconded=True
    )

    assert missing_of(bare) == tuple(Requirement)
    assert status_of(bare) is Status.CLAIMED
    assert (missing_of(whole), status_of(whole)) == ((), Status.DONE)


def test_every_other_claim_counts_as_what_it_says() -> None:
    counted = {claim: status_of(StepFacts(claim=claim), may_start=True) for claim in Claim}

    assert counted == {
        Claim.FAILED: Status.FAILED,
        Claim.BLOCKED: Status.BLOCKED,
        Claim.WAITING: Status.WAITING,
        Claim.RUNNING: Status.RUNNING,
        Claim.TODO: Status.READY,
        Claim.SKIPPED: Status.SKIPPED,
        Claim.DONE: Status.DONE,
    }
    assert status_of(StepFacts()) is Status.TODO


@pytest.mark.parametrize(
    ("type", "lag", "before", "now", "starts"),
    [
        ("FS", 0, StepFacts(), 0, False),
        ("FS", 0, StepFacts(claim=Claim.RUNNING), 0, False),
        ("FS", 0, StepFacts(claim=Claim.DONE), 0, True),
        ("FS", 0, StepFacts(claim=Claim.SKIPPED), 0, True),
        ("FS", 0, StepFacts(claim=Claim.DONE, requires=frozenset({"file"})), 0, False),
        ("FS", 10, StepFacts(claim=Claim.DONE, finished_at=0), 10 * MINUTE - 1, False),
        ("FS", 10, StepFacts(claim=Claim.DONE, finished_at=0), 10 * MINUTE, True),
        ("FS", -10, StepFacts(claim=Claim.DONE, finished_at=0), 0, True),
        ("SS", 0, StepFacts(), 0, False),
        ("SS", 0, StepFacts(claim=Claim.RUNNING, started_at=0), 0, True),
        ("SS", 5, StepFacts(claim=Claim.RUNNING, started_at=0), 5 * MINUTE - 1, False),
        ("SS", 5, StepFacts(claim=Claim.RUNNING, started_at=0), 5 * MINUTE, True),
        ("FF", 0, StepFacts(), 0, True),
        ("SF", 0, StepFacts(), 0, True),
    ],
)
def test_a_link_lets_a_task_start(type: str, lag: int, before: StepFacts, now: int, starts: bool) -> None:
    link = LinkFacts(BEFORE, type, lag)

    assert waits_for([link], {BEFORE: before}, now) == ([] if starts else [link])


def test_a_step_nobody_touched_is_one_to_do() -> None:
    link = LinkFacts(b"absent", "FS", 0)

    assert waits_for([link], {}, 0) == [link]
