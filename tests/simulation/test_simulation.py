"""Replicas that were apart, lost messages, were attacked and kept wrong time agree in the end, and lose nothing."""

import pytest

from tests.simulation.simulation import SOMETIMES, simulate, simulate_many

QUICK_SEEDS = 40
SEEDS = 280
CHUNK = 20


def test_a_few_runs_hold_and_each_seed_repeats_itself() -> None:
    """Part of every check: the first seeds, and one of them twice with the same trace."""
    counts = simulate_many(range(QUICK_SEEDS))

    assert counts["gate final"] > QUICK_SEEDS / 4
    assert simulate(3).trace == simulate(3).trace


@pytest.mark.slow
def test_everything_that_should_sometimes_happen_does() -> None:
    """An oracle that is never put to the test proves nothing: every kind of event is there within these seeds."""
    counts = simulate_many(range(1000, 1000 + 2 * CHUNK))

    assert [name for name in SOMETIMES if not counts[name]] == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(QUICK_SEEDS, SEEDS, CHUNK))
def test_no_run_diverges_loses_or_opens_a_gate_wrongly(first: int) -> None:
    simulate_many(range(first, first + CHUNK))
