"""Joining a workspace by an invitation: its text, where it shall lie, a PIN; then it is fetched and opened."""

import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog

from app.errors import LaunchbookError
from app.i18n import _
from app.platform import computer_name
from app.settings import WORKSPACES
from ui.desktop.components.labels import ElidedLabel
from ui.desktop.desk import Desk
from ui.desktop.folders import free_folder
from ui.desktop.secrets import has_keyring, is_passphrase_given
from ui.desktop.sharing.errand import Tell
from ui.desktop.sharing.sheet import SharingSheet, quiet_button


class JoinSheet(SharingSheet):
    """`folder` stays the same over several tries: what came at the first one is not fetched again."""

    def __init__(self, desk: Desk, owner: QObject, home: Path) -> None:
        super().__init__(desk, owner, _("Join a workspace"), _("Join it"), "people")
        self._home = home
        self.folder: Path | None = None
        self._chosen = False
        self.body.text(
            _(
                "Somebody invited you: paste the invitation. The whole workspace comes to this laptop and is used from here."
            ),
            "body",
            "text2",
        )
        self.code = self.text_field(_("Invitation"), hint="launchbook-…", lines=4)
        self.code.setFont(self.theme.font("fixed"))
        self.name = self.field(_("What the workspace is called on this computer"), hint=_("Plant north, ERP"))
        self.name.textEdited.connect(lambda _text: self._show_folder())
        self.place = ElidedLabel(self.theme, "", "meta", "text3")
        self.other = quiet_button(self, _("Another folder…"), "library", self._choose_folder)
        self.row(_("Folder"), self.other)
        self.body.add(self.place)
        self.ask_secrets(
            _("A PIN to sign with, 4 characters or more"),
            passphrase=not has_keyring() and not is_passphrase_given(),
        )
        self.end_body()
        self._show_folder()

    def take_focus(self) -> None:
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_folder(self) -> None:
        if not self._chosen:
            self.folder = free_folder(self._home / WORKSPACES, self.name.text())
        self.place.setText(str(self.folder))

    def _choose_folder(self) -> None:
        title = _("An empty folder for the workspace")
        chosen = QFileDialog.getExistingDirectory(self, title, str(self._home))
        if chosen:
            self.folder, self._chosen = Path(chosen), True
            self._show_folder()

    def act(self) -> None:
        from sync.client.place import read_invitation

        try:
            invitation = read_invitation(self.code.toPlainText())
        except LaunchbookError as error:
            self.say_wrong(str(error), self.code)
            return
        if not self.name.text().strip():
            self.say_wrong(_("Say what it is called here; it is told to nobody else."), self.name)
        elif self.has_secrets():
            self._join(invitation)

    def _join(self, invitation: Any) -> None:
        ways = self.desk.workspaces
        folder, self._chosen = self.folder, True
        pin = self.pin.text() if self.pin is not None else ""
        passphrase = self.passphrase.text() if self.passphrase is not None else None
        assert folder is not None
        assert ways is not None

        def job(tell: Tell) -> Path:
            from sync.client.sharing import join

            said = passphrase or os.environ.get("LAUNCHBOOK_PASSPHRASE")
            join(
                folder,
                invitation,
                lambda *_: (pin, "pin"),
                passphrase=lambda: said,
                told=lambda come, of: tell((come, of)),
                doubted=refused.emit,
                device_name=computer_name(),
            ).close()
            return folder

        name, refused = self.name.text().strip(), self.desk.bridge.refused
        self.begin(_("Fetching the workspace…"), job, lambda folder: ways.adopt(folder, name))

    @Slot(object)
    def on_told(self, news: tuple[int, int]) -> None:
        """Bytes of a snapshot that have come, of how many."""
        come, of = news
        told = _("Fetching the workspace… {come} of {of} MB")
        self.progress.setText(told.format(come=f"{come / 1e6:.1f}", of=f"{of / 1e6:.1f}"))
