"""Sharing this workspace: the server's address, who I am where nobody knows it yet, and everything goes there."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt

from app.errors import LaunchbookError
from app.i18n import _, counted
from ui.desktop.desk import Desk
from ui.desktop.secrets import needs_passphrase
from ui.desktop.sharing.errand import Tell
from ui.desktop.sharing.sheet import SharingSheet


class ShareSheet(SharingSheet):
    def __init__(self, desk: Desk, owner: QObject) -> None:
        super().__init__(desk, owner, _("Share this workspace"), _("Share it"), "people")
        workspace = desk.bridge.workspace
        self.body.text(
            _(
                "Whoever you invite works on the same plans, on a laptop of their own, with or without a network. The server "
                "passes on what was done and gives it its order; it is not needed on the night."
            ),
            "body",
            "text2",
        )
        self.address = self.field(_("Address of the server"), hint="https://server:8440/#code.fingerprint")
        self.address.returnPressed.connect(self._on_do)
        self.body.text(
            _("Whoever runs the server has it. On a machine of your own “launchbook serve” shows it."),
            "meta",
            "text3",
        )
        self.name = None
        if workspace.person is None:
            self.name = self.field(_("Your name"))
            self.body.text(
                _("You become the owner of the workspace, who invites the others."), "meta", "text3"
            )
        has_key = workspace.person is not None and workspace.keys.has_key(workspace.person)
        pin = _("Your PIN") if has_key else _("A PIN to sign with from now on, 4 characters or more")
        self.ask_secrets(pin, passphrase=needs_passphrase(workspace))
        self.end_body()

    def take_focus(self) -> None:
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        from sync.client.place import parse_address

        address = self.address.text().strip()
        try:
            parse_address(address)
        except LaunchbookError as error:
            self.say_wrong(str(error), self.address)
            return
        name = self.name.text().strip() if self.name is not None else ""
        if self.name is not None and not name:
            self.say_wrong(_("Say your name: it stands beside what you do."), self.name)
        elif self.has_secrets():
            self._share(address, name)

    def _share(self, address: str, name: str) -> None:
        workspace, bridge = self.desk.bridge.workspace, self.desk.bridge
        pin = self.pin.text() if self.pin is not None else ""
        if self.passphrase is not None:
            workspace.passphrase = self.passphrase.text()

        def job(tell: Tell) -> Any:
            from sync.client import sharing

            signer = bridge.wait_for(partial(owner_signer, workspace, name, pin))
            return sharing.share(workspace, signer, address, write=bridge.wait_for, told=tell)

        self.begin(_("Asking the server…"), job, partial(_shared, self.desk))

    def on_told(self, status: Any) -> None:
        if status.waiting:
            left = counted("{n} entry still to go…", "{n} entries still to go…", status.waiting)
            self.progress.setText(left)


def _shared(desk: Desk, found: Any) -> None:
    place, status = found
    desk.shared.emit()
    if str(status.phase) == "synced":
        desk.say(_("Shared through {url}. Now invite the others.").format(url=place.url))
    else:
        text = _("Shared through {url}. What is not there yet follows as soon as the server is reached.")
        desk.say(text.format(url=place.url), "late")
    desk.wished.emit("members")


def owner_signer(workspace: Any, name: str, pin: str) -> Any:
    """Who signs that the server gives the order: in the writer thread. The first person of a workspace is its owner."""
    from app.commands.people import add_person
    from app.queries.people import free_handle

    if workspace.person is not None:
        return workspace.signer(workspace.person, pin)
    person = workspace.clock.new_id()
    own = workspace.new_key(person, pin)
    workspace.run(add_person, name, workspace.read(free_handle, name), own=own, id=person)
    workspace.act_as(person)
    return own
