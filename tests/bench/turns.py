"""How long the window's own thread computes at one go at ten thousand tasks, face by face, beside an empty window's repaint."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground, copied_workspace
from tests.factories import PASSPHRASE

_EMPTY = "empty QMainWindow repaint"
_BLINK_MS = 50.0


class _Bot:
    """What a test's window asks of pytest-qt, without pytest."""

    def addWidget(self, _widget: object) -> None: ...

    def waitUntil(self, is_done: Callable[[], bool], timeout: int) -> None:
        end = time.monotonic() + timeout / 1000
        while not is_done():
            assert time.monotonic() < end


def turns(ground: Ground) -> list[Figure]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.ui.desktop.test_window_thread import Watched, places, use
    from tests.ui.desktop.watchdog import Stretch
    from ui.desktop.entrance import the_application

    the_application()
    plan = ground.plan(ground.size)
    folder = copied_workspace(plan, ground.place("turns"))
    bot: Any = _Bot()
    watched = Watched(bot, folder, plan.project, PASSPHRASE)
    against = Sample(list(_empty_turns(ground.rounds)))
    figures = []
    with watched.dog:
        for place in places(watched):
            watched.dog.stretches.clear()
            use(watched, place)
            found: list[Stretch] = watched.dog.longest(len(watched.dog.stretches))
            sample = Sample([one.ms for one in found if one.ms > 1.0] or [found[0].ms])
            what = f"{place}, longest {found[0].ms:.0f} ms: {found[0].name}"
            figures.append(
                Figure("turns", what, ground.size, "ms", sample, _EMPTY, against, goal_p99=_BLINK_MS)
            )
    watched.screen.close()
    return figures


def _empty_turns(rounds: int) -> Iterator[float]:
    from PySide6.QtWidgets import QApplication, QMainWindow

    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    QApplication.processEvents()
    for _round in range(rounds * 4):
        window.update()
        begun = time.thread_time()
        QApplication.processEvents()
        yield (time.thread_time() - begun) * 1000
    window.close()
