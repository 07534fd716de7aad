"""Opens or founds a workspace in a thread of its own: the data layer takes its time, and the window does not wait for it."""

import logging
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Signal

from app.errors import LaunchbookError, StorageError
from app.i18n import _
from ui.desktop.folders import check_folder

log = logging.getLogger("launchbook.desktop")


class Opening(QObject):
    opened = Signal(object)  # the workspace
    failed = Signal(object)  # the error, as a sentence people may read

    def __init__(self, folder: Path, parent: QObject, *, sample: bool, founds: bool) -> None:
        super().__init__(parent)
        self.folder = folder
        self._sample, self._founds = sample, founds
        self._thread = Thread(target=self._open, name="launchbook-opening", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        self._thread.join(10)

    def _open(self) -> None:
        try:
            from ui.desktop.workspaces import open_workspace

            if not self._founds:
                check_folder(self.folder)
            self.opened.emit(open_workspace(self.folder, sample=self._sample))
        except LaunchbookError as error:
            self.failed.emit(error)
        except Exception as error:
            log.exception("a workspace could not be opened")
            told = StorageError(
                _("The workspace {folder} could not be opened ({reason}). Nothing in it was changed.").format(
                    folder=self.folder, reason=f"{type(error).__name__}: {error}"
                )
            )
            told.__cause__ = error
            self.failed.emit(told)
