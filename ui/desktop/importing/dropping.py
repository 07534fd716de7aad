"""A plan file dragged onto the window, anywhere: said while it hangs there, looked into when it is let go."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent

from app.i18n import _

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow


class FileDrop(QObject):
    """What lies in the window and takes files itself, a grid of steps for one, is asked first."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self._window.message.hide()
        elif isinstance(event, QDropEvent) and kind in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            path = dropped_file(event)
            if path is not None and self._window.desk.bridge.workspace.is_open:
                event.acceptProposedAction()
                self._take(path, let_go=kind == QEvent.Type.Drop)
                return True
        return False

    def _take(self, path: Path, *, let_go: bool) -> None:
        if let_go:
            self._window.message.hide()
            self._window.desk.import_file.emit(path)
        else:
            text = _("Drop {file} here to look into it. Nothing comes in before you say so.")
            self._window.message.say(text.format(file=path.name), "running")


def dropped_file(event: QDropEvent) -> Path | None:
    """The first file of what is dragged, None for anything else."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return next((Path(url.toLocalFile()) for url in urls if url.isLocalFile()), None)
