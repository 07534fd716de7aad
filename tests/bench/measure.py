"""Measuring in one run: acts take turns, so that what disturbs the machine disturbs the product and its baseline alike."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Act = Callable[[], object]
Times = Mapping[str, "Sample"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Measured values of one act, in one unit; `cpu` is what of it this process computed, where that was measured."""

    values: Sequence[float]
    cpu: Sequence[float] = ()

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def quantile(self, part: float) -> float:
        """The value that `part` of all values do not exceed."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: a value of the product beside its baseline, and what it ought to be."""

    topic: str
    what: str
    size: int  # tasks in the plan; 0 where the plan's size says nothing
    unit: str
    sample: Sample
    baseline: str
    against: Sample
    goal_ratio: float | None = None
    goal_p99: float | None = None

    @property
    def ratio(self) -> float:
        return self.sample.median / self.against.median

    @property
    def cpu_ratio(self) -> float | None:
        """The ratio of what both computed: it says more than the clock where others use the machine."""
        if not self.sample.cpu or not self.against.cpu:
            return None
        return statistics.median(self.sample.cpu) / statistics.median(self.against.cpu)

    @property
    def misses(self) -> bool:
        too_slow = self.goal_p99 is not None and self.sample.quantile(0.99) > self.goal_p99
        return too_slow or (self.goal_ratio is not None and self.ratio > self.goal_ratio)


def milliseconds(act: Act) -> tuple[float, float]:
    """By the clock, and computed by this process."""
    begun, used = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000


def interleaved(rounds: int, acts: Mapping[str, Act], prepare: Act | None = None) -> dict[str, Sample]:
    """Milliseconds of each act; `prepare` runs before each round and is not measured."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in acts}
    for _ in range(rounds):
        if prepare is not None:
            prepare()
        for name, act in acts.items():
            taken[name].append(milliseconds(act))
    return {name: Sample(*zip(*pairs, strict=True)) for name, pairs in taken.items()}
