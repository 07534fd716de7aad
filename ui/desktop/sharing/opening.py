"""What opens in place of the view when somebody shares, invites, joins, or asks how the exchange stands."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.i18n import _
from ui.desktop.runs.sheet import Sheet
from ui.desktop.sharing.sheet import ExchangeTold, SharingSheet, SheetPage

if TYPE_CHECKING:
    from app.queries.people import PersonRow
    from ui.desktop.frame.exchanging import Exchanging
    from ui.desktop.frame.rooming import Rooming
    from ui.desktop.main_window import MainWindow


class Sharing(QObject):
    """Sheets are made when wished for: their modules are loaded with them."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        self._makers: dict[str, Callable[[], Sheet | None]] = {
            "share": self._share,
            "invite": self._invite,
            "members": self._members,
            "join": self._join,
            "exchange": self._tray,
            "room": self._room,
            "erase": self._erase,
        }

    def opens(self, wish: str) -> bool:
        """Whether the wish was one of these; its sheet stands there now, or the message says why not."""
        maker = self._makers.get(wish)
        sheet = maker() if maker is not None else None
        if sheet is not None:
            self._show(sheet)
        return maker is not None

    def _show(self, sheet: Sheet) -> None:
        if isinstance(sheet, SharingSheet):
            sheet.followed.connect(self._show)
        if isinstance(sheet, ExchangeTold):
            teller: Exchanging | Rooming | None = getattr(self._window, sheet.of)
            if teller is not None:
                teller.shown.connect(sheet.note_exchange)
                sheet.note_exchange(teller.status)
        self._window.open_sheet(SheetPage(sheet))

    # Which.

    def _is_open(self) -> bool:
        """The sample has nobody to share with, and says so before anybody types."""
        workspace = self._desk.bridge.workspace
        if workspace.is_open and workspace.is_sample:
            self._desk.say(
                _("The sample stays on this device. Make a workspace of your own to share."), "late"
            )
        return bool(workspace.is_open and not workspace.is_sample)

    def is_shared(self) -> bool:
        from app.workspace import SERVER

        workspace = self._desk.bridge.workspace
        return bool(workspace.is_open and (workspace.folder / SERVER).exists())

    def _share(self) -> Sheet | None:
        from ui.desktop.sharing.share import ShareSheet

        if not self._is_open():
            return None
        return self._members() if self.is_shared() else ShareSheet(self._desk, self)

    def _invite(self, known: "PersonRow | None" = None) -> Sheet | None:
        from ui.desktop.sharing.invite import InviteSheet

        if not self._is_open() or not self.is_shared():
            return self._share()
        return InviteSheet(self._desk, self, known)

    def _members(self) -> Sheet | None:
        from ui.desktop.sharing.members import MembersSheet

        if not self._desk.bridge.workspace.is_open:
            return None
        return MembersSheet(self._desk, self, self.invite, self._window.company.devices())

    def invite(self, known: "PersonRow | None") -> None:
        """Somebody new, or a further device of somebody known."""
        sheet = self._invite(known)
        if sheet is not None:
            self._show(sheet)

    def _tray(self) -> Sheet | None:
        from ui.desktop.sharing.tray import TraySheet

        if not self._desk.bridge.workspace.is_open:
            return None
        return TraySheet(self._desk, self, self._show_entry, self._count_refused)

    def _show_entry(self, action: bytes) -> None:
        self._window.go_to("prove/log")
        self._window.current_view().face().show_thing(action)

    def _count_refused(self) -> None:
        if self._window.exchanging is not None:
            self._window.exchanging.count_refused()

    def _room(self) -> Sheet | None:
        from ui.desktop.sharing.room import InRoomSheet, RoomSheet

        rooming = self._window.rooming
        if not self._is_open():
            return None
        kind = RoomSheet if rooming.place is None else InRoomSheet
        return kind(self._desk, self, rooming)

    def _erase(self) -> Sheet | None:
        from ui.desktop.sharing.erase import EraseSheet

        what = self._desk.erasing
        if what is None or not self._desk.bridge.workspace.is_open:
            return None
        return EraseSheet(self._desk, self, what)

    def _join(self) -> Sheet | None:
        from ui.desktop.sharing.join import JoinSheet

        home = self._desk.home
        if home is None or self._desk.workspaces is None:
            return None
        return JoinSheet(self._desk, self, home)
