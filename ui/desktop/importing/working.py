"""The import itself: one command in the writer thread, with a count of how far it is and a way to stop it."""

from collections.abc import Mapping
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from app.errors import Refused
from app.i18n import _
from ui.desktop.importing.reading import Place

if TYPE_CHECKING:
    from app.domain.draft import Draft


class Order(NamedTuple):
    """What is to be done with a file."""

    draft: "Draft"
    place: Place
    project: bytes | None
    source: str | None
    choices: Mapping[str, bool]
    name: str = ""
    zone: str = ""
    t0: str = ""


class Job(QObject):
    """Lives as long as its import; `progressed` crosses to the window's thread by itself."""

    progressed = Signal(int)

    def __init__(self, order: Order, parent: QObject) -> None:
        super().__init__(parent)
        self.order = order
        self._stop = Event()

    def stop(self) -> None:
        self._stop.set()

    def run(self, workspace: Any) -> Any:
        """In the writer thread. What is stopped leaves nothing behind."""
        from app.commands.imports import add_draft, import_draft
        from app.commands.merging import merge_draft

        order = self.order
        if order.place is Place.MERGE:
            given = {"source": order.source, "told": self._told}
            return workspace.run(merge_draft, order.project, order.draft, order.choices, **given)
        if order.place is Place.ADD:
            return workspace.run(add_draft, order.project, order.draft, told=self._told)
        from app.integrations.looking import with_place

        return workspace.run(
            import_draft, with_place(order.draft, order.name, order.zone, order.t0), told=self._told
        )

    def _told(self, count: int) -> None:
        if self._stop.is_set():
            raise Refused(_("The import was stopped. Nothing of it came in; everything before is kept."))
        self.progressed.emit(count)


def take_back(workspace: Any, action: bytes) -> Any:
    """Undoes an import as long as nothing was done after it."""
    from app.storage.stacks import next_undo

    if workspace.read(next_undo, workspace.person, workspace.device.id) != action:
        raise Refused(
            _("Something else was done since. Nothing was taken back; Ctrl Z goes back step by step.")
        )
    return workspace.undo()
