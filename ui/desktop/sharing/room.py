"""A war room: opened on this laptop or entered by six words; then what the others need, and how to leave it."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout

from app.i18n import _
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.sharing.errand import Tell
from ui.desktop.sharing.sheet import ExchangeTold, SharingSheet, quiet_button
from ui.desktop.sharing.square import SquareCode

if TYPE_CHECKING:
    from ui.desktop.frame.rooming import Rooming


class RoomSheet(SharingSheet):
    """Open one here, or enter the one that somebody beside has opened."""

    def __init__(self, desk: Desk, owner: QObject, rooming: "Rooming") -> None:
        super().__init__(desk, owner, _("War room"), _("Open a room on this laptop"), "people")
        self._rooming = rooming
        self.body.text(
            _(
                "Laptops in one room exchange what is done without internet: one of them opens the room, the others enter it by "
                "its six words. Only who is in the workspace gets in, and nothing goes unencrypted."
            ),
            "body",
            "text2",
        )
        self.words = self.field(
            _("Or enter a room that is open: its six words, or its address"),
            hint=_("six words, in English or Chinese"),
        )
        self.words.returnPressed.connect(self.enter_room)
        self.enter_button = quiet_button(self, _("Enter it"), "right", self.enter_room)
        row = QHBoxLayout()
        row.addWidget(self.enter_button)
        row.addStretch(1)
        self.body.add_layout(row)
        self.end_body()

    def take_focus(self) -> None:
        """Most enter a room, one opens it."""
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        """Words that stand there already say what is meant."""
        if self.words.text().strip():
            self.enter_room()
            return
        workspace = self.desk.bridge.workspace

        def job(_tell: Tell) -> Any:
            from sync.room.opening import open_room
            from sync.room.words import words_of

            room = open_room(workspace)
            words_of(room.place.fingerprint)  # slow on purpose, and kept for the window
            return room

        self.begin(_("Opening the room…"), job, partial(_opened, self))

    def enter_room(self) -> None:
        text = self.words.text().strip()
        if not text:
            self.say_wrong(_("Type the six words that stand on the laptop with the room."), self.words)
            return

        def job(_tell: Tell) -> Any:
            from sync.room.opening import place_of

            return place_of(text)

        if not self._busy:
            self.begin(_("Looking for the room…"), job, partial(_entered, self))


def _opened(sheet: RoomSheet, room: Any) -> None:
    sheet._rooming.opened(room)
    sheet.followed.emit(InRoomSheet(sheet.desk, sheet._owner, sheet._rooming))


def _entered(sheet: RoomSheet, place: Any) -> None:
    sheet._rooming.entered(place)
    sheet.followed.emit(InRoomSheet(sheet.desk, sheet._owner, sheet._rooming))


class InRoomSheet(ExchangeTold):
    """The words large enough to be read across a table, and a square code for who would rather scan."""

    of = "rooming"

    def __init__(self, desk: Desk, owner: QObject, rooming: "Rooming") -> None:
        here = rooming.room is not None
        title = _("The war room on this laptop is open") if here else _("In the war room")
        super().__init__(desk, owner, title, _("Copy the words"), "file")
        self._rooming = rooming
        self.cancel.set_word(_("Done"))
        if here:
            self.body.text(
                _("The others choose “War room” and type these words. It stays open while this window is."),
                "body",
                "text2",
            )
        self._add_way(here=here)
        self.body.column.addSpacing(self.theme.px(6))
        self._sign = Sign(self.theme, "synced", "text3", 16)
        self._words = label(self.theme, "", "body", "text2", wrap=True)
        state = QHBoxLayout()
        state.setSpacing(self.theme.px(8))
        state.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self._words, 1)
        self.body.add_layout(state)
        out = _("Close the room") if here else _("Leave the room")
        self.buttons.insertWidget(2, quiet_button(self, out, "cross", self.leave, large=True))
        self.end_body()
        self.note_exchange(rooming.status)

    def _add_way(self, *, here: bool) -> None:
        """How the others get in."""
        from sync.room.words import words_of

        place, room = self._rooming.place, self._rooming.room
        if place is None:
            return
        addresses = room.addresses if room is not None else [f"{place.url}/#.{place.fingerprint}"]
        row, column = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(self.theme.px(20))
        column.setSpacing(self.theme.px(10))
        if here:
            spoken = _("The room's address as a square code")
            row.addWidget(SquareCode(self.theme, addresses[0], spoken), 0, Qt.AlignmentFlag.AlignTop)
        for language, role in ((self.theme.language, "title"), (_other(self.theme.language), "strong")):
            said = words_of(place.fingerprint, language)
            words = label(self.theme, "  ".join(said) if language == "zh" else said, role, "text1", wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(words)
        for one in addresses:
            address = label(self.theme, one, "fixed", "text3", wrap=True)
            address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(address)
        column.addStretch(1)
        row.addLayout(column, 1)
        self.body.column.addSpacing(self.theme.px(8))
        self.body.add_layout(row)

    @Slot(object)
    def note_exchange(self, status: Any) -> None:
        phase = str(status.phase) if status is not None else ""
        if phase in ("offline", "denied"):
            told = status.reason or _("The room is not reached. Everything stays here until it is.")
            self._sign.set_sign("offline", "late")
        elif phase == "synced":
            told = _("Everything that was done here is in the room, and what the others did is here.")
            self._sign.set_sign("synced", "done")
        else:
            told = _("Exchanging…")
            self._sign.set_sign("synced", "running")
        self._words.setText(told)

    def is_typed(self) -> bool:
        return False

    def take_focus(self) -> None:
        self.do.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        from sync.room.words import words_of

        if self._rooming.place is not None:
            QApplication.clipboard().setText(words_of(self._rooming.place.fingerprint, self.theme.language))
            self.do.set_word(_("Copied"), "tick")
            QTimer.singleShot(2500, self, self._offer_again)

    def _offer_again(self) -> None:
        self.do.set_word(_("Copy the words"), "file")

    def leave(self) -> None:
        self._rooming.leave()
        self.desk.say(_("The war room is left. What was done there stays with everybody."))
        self.closed.emit()


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"
