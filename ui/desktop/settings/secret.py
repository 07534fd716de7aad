"""My own PIN: the old one opens the key, the new one wraps it; the key itself and all it signed stay what they are."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import SecretError
from app.i18n import _
from app.queries.people import names
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.form import Field
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.secrets import needs_passphrase


class PinPanel(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        theme = desk.theme
        self.said = label(theme, "", "body", "text2", wrap=True)
        self.fields = {
            "old": Field(theme, _("PIN until now"), secret=True),
            "new": Field(theme, _("New PIN, 4 characters or more"), secret=True),
            "again": Field(theme, _("New PIN once more"), secret=True),
        }
        self.passphrase = Field(
            theme, _("Passphrase of this installation, 12 characters or more"), secret=True
        )
        self.save = KeyButton(theme, _("Change the PIN"))
        self.save.clicked.connect(self._save)
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        for field in self.fields.values():
            row.addWidget(field, 1)
            field.edit.returnPressed.connect(self._save)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self.said)
        column.addLayout(row)
        column.addWidget(self.passphrase)
        column.addLayout(buttons)

    def reload(self) -> None:
        workspace = self._desk.bridge.workspace
        person = workspace.person if workspace.is_open else None
        has_key = person is not None and workspace.keys.has_key(person)
        if person is None:
            text = _("Nobody yet. Identity is asked at the first signature.")
        else:
            name = self._desk.bridge.read(names).get(person, "")
            own = _("You are {name}. Your key is on this device, behind your PIN.")
            none = _("You are {name}. Your key is made with your first signature on this device.")
            text = (own if has_key else none).format(name=name)
        self.said.setText(text)
        for field in self.fields.values():
            field.setVisible(has_key)
        self.save.setVisible(has_key)
        self.passphrase.setVisible(has_key and needs_passphrase(workspace))

    def _save(self) -> None:
        old, new, again = (self.fields[name] for name in ("old", "new", "again"))
        if new.text() != again.text():
            again.set_wrong(_("The two are not the same. Nothing was changed."))
            return
        workspace = self._desk.bridge.workspace
        if not self.passphrase.isHidden():
            workspace.passphrase = self.passphrase.text()
        job = partial(change_pin, workspace, old.text(), new.text())
        self.save.setEnabled(False)
        self._desk.bridge.write(job, then=self._saved, failed=self._refused)

    def _saved(self, _done: Any) -> None:
        self.save.setEnabled(True)
        for field in self.fields.values():
            field.edit.clear()
            field.set_wrong("")
        self._desk.say(_("Your PIN is changed. All that you signed stays valid."))
        self.reload()

    def _refused(self, error: Exception) -> None:
        self.save.setEnabled(True)
        is_new = isinstance(error, NewPinError)
        self.fields["new" if is_new else "old"].set_wrong(str(error))


class NewPinError(SecretError):
    """The new PIN cannot be one; the old one fits."""


def change_pin(workspace: Any, old: str, new: str) -> None:
    """Runs in the writer thread: unlocking takes its time on purpose, and a wrong PIN leaves a line in the log."""
    signer = workspace.signer(workspace.person, old)
    try:
        workspace.keys.save(workspace.person, new, signer.private)
    except SecretError as error:
        raise NewPinError(str(error)) from error
