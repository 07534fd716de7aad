"""Tells the sample's story in a worker, a few milliseconds at a time, with progress and an end at any moment."""

import logging
import time
from pathlib import Path
from threading import Event, Thread

from PySide6.QtCore import QObject, Signal

from app.errors import LaunchbookError

log = logging.getLogger("launchbook.desktop")


class Telling(QObject):
    progressed = Signal(int)  # percent
    ended = Signal()
    failed = Signal(str)

    def __init__(self, folder: Path, language: str, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self._language = language
        self._stop = Event()
        self._thread = Thread(target=self._tell, name="launchbook-sample", daemon=True)

    def is_begun(self) -> bool:
        return self._thread.ident is not None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Leaves nothing half told behind."""
        self._stop.set()
        if self.is_begun():
            self._thread.join(10)

    def _tell(self) -> None:
        from app.automation.sample import replay_sample

        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            last = -1
            for progress in replay_sample(self._folder, language=self._language):
                if self._stop.is_set():
                    return
                percent = 100 * progress.done // max(progress.total, 1)
                if percent != last:
                    last = percent
                    self.progressed.emit(percent)
                time.sleep(0)  # the window's thread comes first
            self.ended.emit()
        except LaunchbookError as error:
            self.failed.emit(str(error))
        except Exception as error:
            log.exception("the sample could not be told")
            self.failed.emit(str(error))
