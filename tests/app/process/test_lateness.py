"""How late a step is follows from its times alone."""

import pytest

from app.domain.words import Claim
from app.process.lateness import late_minutes, wall_ms

MINUTE = 60_000
HOUR = 60 * MINUTE
NOW = 1_772_834_400_000


def test_a_running_step_is_late_by_what_it_runs_over() -> None:
    """Planned for 30 minutes, started 45 minutes ago."""
    assert late_minutes(Claim.RUNNING, now_ms=NOW, minutes=30, started_at=NOW - 45 * MINUTE) == 15


def test_remaining_minutes_tell_lateness_before_it_happens() -> None:
    """Started 10 minutes ago with 40 to go, planned for 30: it will be 20 late."""
    late = late_minutes(Claim.RUNNING, now_ms=NOW, minutes=30, remaining=40, started_at=NOW - 10 * MINUTE)

    assert late == 20


def test_a_step_that_started_late_counts_from_its_planned_start() -> None:
    """Planned at -60 for 30 minutes, started at -20: it is already 30 late."""
    late = late_minutes(
        Claim.RUNNING, now_ms=NOW, minutes=30, started_at=NOW - 20 * MINUTE, start_ms=NOW - HOUR
    )

    assert late == 30


def test_a_step_to_do_is_late_once_its_start_has_passed() -> None:
    """Before its start it is not."""
    assert late_minutes(Claim.TODO, now_ms=NOW, start_ms=NOW - 5 * MINUTE) == 5
    assert late_minutes(Claim.TODO, now_ms=NOW, start_ms=NOW + 5 * MINUTE) == 0


@pytest.mark.parametrize("claim", [Claim.BLOCKED, Claim.WAITING, Claim.FAILED, Claim.RUNNING, Claim.TODO])
def test_whatever_is_open_is_late_once_it_is_due(claim: Claim) -> None:
    """A blocked or failed step does not stop the clock."""
    assert late_minutes(claim, now_ms=NOW, due_ms=NOW - 7 * MINUTE) == 7


@pytest.mark.parametrize("claim", [Claim.DONE, Claim.SKIPPED])
def test_what_is_over_is_not_late(claim: Claim) -> None:
    """However long ago it was due."""
    assert late_minutes(claim, now_ms=NOW, minutes=1, started_at=0, due_ms=0) == 0


def test_wall_times_are_resolved_in_the_projects_zone() -> None:
    """22:00 in Berlin in March is 21:00 UTC, in July 20:00; nonsense is no time."""
    assert wall_ms("2026-03-06T22:00", "Europe/Berlin") == wall_ms("2026-03-06T21:00", "UTC")
    assert wall_ms("2026-07-06T22:00", "Europe/Berlin") == wall_ms("2026-07-06T20:00", "UTC")
    assert wall_ms("someday", "UTC") is None
    assert wall_ms("2026-03-06T22:00", "Mars/Olympus") is None
    assert wall_ms(None, "UTC") is None
