"""The bench runs in its quick form and records honest figures; how fast anything is, no test says."""

import json
import math
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.measure import Figure, Sample, interleaved


def test_acts_take_turns_and_what_prepares_them_is_not_measured() -> None:
    order: list[str] = []
    taken = interleaved(
        2, {"a": lambda: order.append("a"), "b": lambda: order.append("b")}, lambda: order.append("-")
    )
    assert order == ["-", "a", "b", "-", "a", "b"]
    assert {name: len(sample.values) for name, sample in taken.items()} == {"a": 2, "b": 2}


@pytest.mark.parametrize(
    ("goal_ratio", "goal_p99", "misses"),
    [(None, None, False), (2.0, 9.0, False), (1.9, None, True), (None, 8.9, True)],
)
def test_a_figure_misses_the_goal_it_does_not_reach(
    goal_ratio: float | None, goal_p99: float | None, misses: bool
) -> None:
    sample, against = Sample([1.0, 4.0, 9.0]), Sample([2.0])
    assert Figure("t", "w", 1, "ms", sample, "b", against, goal_ratio, goal_p99).misses is misses


def test_the_quick_form_gives_positive_ratios_and_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "TRIES", tmp_path / "proof")
    assert bench.main(["--quick", "edit"]) == 0
    (path,) = (tmp_path / "proof").glob("bench-quick-*.json")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert len(kept["commit"]) == 40
    assert {one["what"] for one in kept["figures"]} == {"set_task", "start_step", "sign a gate"}
    assert all(one["ratio"] > 0 and math.isfinite(one["ratio"]) for one in kept["figures"])
    assert "start_step" in capsys.readouterr().out
