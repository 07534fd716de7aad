"""How often somebody may ask: so many at once, and so many a second for ever. Who asks more is told when to come again."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

MOST_KEPT = 20_000  # askers that are remembered; one that has rested is as good as a new one


@dataclass
class Limit:
    """For each asker on its own. `now` gives seconds that never go back."""

    at_once: int
    a_second: float
    now: Callable[[], float] = time.monotonic
    # asker -> how many, at what time; who asked last stands at the end
    _left: dict[Hashable, tuple[float, float]] = field(default_factory=dict, init=False)

    def wait_s(self, asker: Hashable) -> float:
        """0 where the asker may ask now, and that was counted; else after how many seconds."""
        now = self.now()
        left, at = self._left.pop(asker, (float(self.at_once), now))
        left = min(self.at_once, left + (now - at) * self.a_second)
        wait = max(0.0, (1 - left) / self.a_second)
        self._left[asker] = (left if wait else left - 1, now)
        if len(self._left) > MOST_KEPT:
            del self._left[next(iter(self._left))]
        return wait
