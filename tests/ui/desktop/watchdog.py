"""How long the window's own thread computes at one go, and where: what lasts longer than a blink is felt."""

import signal
import time
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any, NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

LIMIT_MS = 50.0
_SAMPLE_S = 0.004
_DEEP = 14
_HAS_TIMER = hasattr(signal, "setitimer")  # elsewhere it is told how long, not where
_WORK_MS = 4.9  # what `_work` takes on the machine the limit is meant for


class Stretch(NamedTuple):
    """One turn of the event loop, or one act: what this thread computed, and where most of it went.

    `slowness`: how fast the machine was just then; that differs by as much as two times from one moment to another.
    """

    ms: float
    name: str
    where: str
    slowness: float = 1.0


class Watchdog:
    """Counts what the thread itself computed: a machine busy with other work slows the clock, not this."""

    def __init__(self) -> None:
        self.stretches: list[Stretch] = []
        self._stacks: Counter[str] = Counter()
        self._before: Any = None
        self._is_sampling = False
        self._before_act = 1.0

    def __enter__(self) -> "Watchdog":  # noqa: PYI034 - is never inherited from
        _work()  # fonts are loaded by the first one
        if _HAS_TIMER:
            self._before = signal.signal(signal.SIGPROF, self._sample)
            signal.setitimer(signal.ITIMER_PROF, _SAMPLE_S, _SAMPLE_S)
        return self

    def __exit__(self, *_error: object) -> None:
        if _HAS_TIMER:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._before)

    def _sample(self, _number: int, frame: FrameType | None) -> None:
        """Runs in the thread it looks at: frames of a running thread seen from another one end in a crash."""
        if (
            frame is not None and not self._is_sampling
        ):  # the next signal may come before this one is answered
            self._is_sampling = True
            self._stacks[_told(frame)] += 1
            self._is_sampling = False

    def act(self, name: str, work: Callable[[], object]) -> None:
        """Something a person does."""
        self._before_act = slowness()
        self._measured(name, work)

    def turn(self, name: str) -> None:
        """The event loop once round: what one waits for before the next key is heard."""
        self._measured(f"{name}, then", QApplication.processEvents)

    def _measured(self, name: str, work: Callable[[], object]) -> None:
        self._stacks.clear()
        begun = time.thread_time()
        work()
        ms = (time.thread_time() - begun) * 1000
        found = list(self._stacks.items())  # at once: a sample may come while one goes through them
        where = max(found, key=lambda one: one[1])[0] if found and ms > LIMIT_MS / 5 else ""
        slow = max(self._before_act, slowness()) if ms > LIMIT_MS else 1.0
        self.stretches.append(Stretch(ms, name, where, slow))

    def longest(self, count: int = 5) -> list[Stretch]:
        return sorted(self.stretches, reverse=True)[:count]

    def too_long(self) -> dict[str, str]:
        """What was done -> how long it took, with the place where most of its time went."""
        return {
            one.name: f"{one.ms:.0f} ms (at {one.slowness:.1f} times the time): {one.name}\n{one.where}"
            for one in reversed(self.longest(50))
            if one.ms > LIMIT_MS * one.slowness
        }


def _told(frame: FrameType) -> str:
    """Read from the frames alone: looking into files takes longer than until the next sample."""
    lines: list[str] = []
    here: FrameType | None = frame
    while here is not None and len(lines) < _DEEP:
        name = here.f_code.co_filename.rpartition("/")[2]
        lines.insert(0, f"    {name}:{here.f_lineno} {here.f_code.co_name}")
        here = here.f_back
    return "\n".join(lines)


def slowness() -> float:
    """How many times slower this machine computes now than the one the limit is meant for; never below one."""
    return max(1.0, min(_work(), _work()) / _WORK_MS)


def _work() -> float:
    """Some milliseconds of what a window does: objects, sorting, painted texts."""
    begun = time.thread_time()
    rows = [(f"{number} step", number) for number in range(6000)]
    rows.sort()
    pixmap = QPixmap(800, 600)
    painter = QPainter(pixmap)
    for text, number in rows[:150]:
        painter.drawText(QRectF(10, number % 600, 300, 20), 0, text)
    painter.end()
    return (time.thread_time() - begun) * 1000
