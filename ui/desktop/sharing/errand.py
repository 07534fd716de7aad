"""Something that takes the network: in a thread of its own; what it says crosses to the window's thread by itself."""

import contextlib
import logging
from collections.abc import Callable
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.errors import LaunchbookError

log = logging.getLogger("launchbook.desktop")

Tell = Callable[[Any], None]


class Errand(QObject):
    """`job` gets a function that tells how far it is; `then` gets what came of it, whatever is on the screen by then.

    Where the window goes meanwhile, nobody is told any more.
    """

    told = Signal(object)
    failed = Signal(object)
    over = Signal()  # it worked
    _ended = Signal(object)

    def __init__(self, job: Callable[[Tell], Any], then: Callable[[Any], object], parent: QObject) -> None:
        super().__init__(parent)
        self._job, self._then = job, then
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._thread = Thread(target=self._run, name="errand", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        with contextlib.suppress(RuntimeError):  # its window is gone
            try:
                self._ended.emit(self._job(self.told.emit))
            except LaunchbookError as error:
                self.failed.emit(error)
            except Exception as error:
                log.exception("an errand failed")
                self.failed.emit(error)

    @Slot(object)
    def _on_ended(self, found: Any) -> None:
        self.over.emit()
        self._then(found)
