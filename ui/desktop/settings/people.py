"""The people of this workspace: who may change what, who signs in which role; adding one asks for the owner's PIN."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.words import Access, IdentityLevel, known
from app.errors import SecretError
from app.i18n import N_, _
from app.queries.people import PersonRow, people
from ui.desktop.actions import load
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.form import Field
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.secrets import needs_passphrase

_ACCESS = {
    "owner": N_("owner"),
    "manager": N_("manager"),
    "editor": N_("editor"),
    "reader": N_("reader"),
    "none": N_("contact of the plan"),
}
_LEVEL = {
    IdentityLevel.SELF_DECLARED: N_("self-declared"),
    IdentityLevel.VOUCHED: N_("vouched"),
    IdentityLevel.COMPANY: N_("company certificate"),
}


class OwnerSecretError(SecretError):
    """It was the owner's PIN that did not fit, not the new person's."""


class PeoplePanel(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._people: list[PersonRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(desk.theme.px(10))
        self._list = QWidget()
        self._grid = QGridLayout(self._list)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(desk.theme.px(16))
        self._grid.setVerticalSpacing(desk.theme.px(6))
        self._grid.setColumnStretch(5, 1)
        column.addWidget(self._list)
        self.add = KeyButton(desk.theme, _("Add a person"), icon="plus")
        self.add.clicked.connect(self._open_form)
        self.team = KeyButton(desk.theme, _("Share, invite, devices…"), icon="people")
        self.team.clicked.connect(lambda _on=False: desk.wished.emit("share"))
        buttons = QHBoxLayout()
        buttons.setSpacing(desk.theme.px(8))
        for button in (self.add, self.team):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.form: PersonForm | None = None
        self._column = column

    def reload(self) -> None:
        if self._desk.bridge.workspace.is_open:
            self._desk.bridge.fetch(people, then=self._take)

    def _take(self, found: list[PersonRow]) -> None:
        self._people = found
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        theme = self._desk.theme
        if not found:
            text = _(
                "Nobody yet. Identity is asked at the first signature; the first person owns this workspace."
            )
            self._grid.addWidget(label(theme, text, "body", "text2", wrap=True), 0, 0, 1, 5)
        for row, person in enumerate(found):
            self._grid.addWidget(Avatar(theme, person.name or person.handle, 20), row, 0)
            self._grid.addWidget(label(theme, person.name or person.handle, "strong"), row, 1)
            self._grid.addWidget(
                label(theme, _(_ACCESS.get(person.access, person.access)), "body", "text2"), row, 2
            )
            roles = ", ".join(person.roles) or _("no role")
            self._grid.addWidget(label(theme, roles, "body", "" if person.roles else "text3"), row, 3)
            level = _(_LEVEL[known(IdentityLevel, person.level)]) if person.has_key else _("no key yet")
            self._grid.addWidget(label(theme, level, "meta", "text3"), row, 4)

    def _open_form(self) -> None:
        if self.form is None:
            self.form = PersonForm(self._desk, self._people)
            self.form.ended.append(self._close_form)
            self._column.addWidget(self.form)
            self.add.hide()
            self.form.name.edit.setFocus()

    def _close_form(self) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        self.add.show()
        self.reload()


class PersonForm(QWidget):
    """The first person needs only the own PIN; later ones are vouched for by an owner's PIN."""

    def __init__(self, desk: Desk, known: list[PersonRow]) -> None:
        super().__init__()
        self._desk = desk
        self._owner = next(
            (one for one in known if one.access == "owner" and desk.bridge.workspace.keys.has_key(one.id)),
            None,
        )
        self._first = all(one.access == "none" for one in known)
        self._needs_passphrase = needs_passphrase(desk.bridge.workspace)
        self.ended: list[Any] = []
        self._make_fields()
        self._lay_out()
        self.name.edit.textEdited.connect(self._suggest)

    def _make_fields(self) -> None:
        theme = self._desk.theme
        self.name = Field(theme, _("Name"))
        self.handle = Field(theme, _("Short id: a-z, 0-9, _"))
        self.email = Field(theme, _("E-mail"))
        self.role = Field(theme, _("Role to sign in, for example QA lead"))
        self.pin = Field(theme, _("PIN of the new person, typed by them"), secret=True)
        owner = self._owner.name if self._owner is not None else ""
        self.owner_pin = Field(theme, _("PIN of {owner}, who vouches").format(owner=owner), secret=True)
        words = _("Passphrase of this installation, 12 characters or more")
        self.passphrase = Field(theme, words, secret=True)
        self.access = QComboBox()
        self.access.setFont(theme.font("body"))
        self.access.setAccessibleName(_("Access"))
        for level in (Access.EDITOR, Access.READER, Access.MANAGER, Access.OWNER):
            self.access.addItem(_(_ACCESS[level.name.lower()]), level)
        self.save = KeyButton(theme, _("Add"), kind="primary")
        self.save.clicked.connect(self._save)

    def _lay_out(self) -> None:
        theme = self._desk.theme
        self.setMaximumWidth(theme.px(560))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        for pair in ((self.name, self.handle), (self.email, self.role), (self.pin, self.owner_pin)):
            row = QHBoxLayout()
            row.setSpacing(theme.px(12))
            for field in pair:
                row.addWidget(field, 1)
            column.addLayout(row)
        column.addWidget(self.access)
        column.addWidget(self.passphrase)
        self.owner_pin.setVisible(not self._first)
        self.access.setVisible(not self._first)
        self.passphrase.setVisible(self._needs_passphrase)
        buttons = QHBoxLayout()
        cancel = KeyButton(theme, _("Not now"))
        cancel.clicked.connect(self._end)
        for button in (self.save, cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)

    def _suggest(self, name: str) -> None:
        plain = "".join(
            letter if letter.isascii() and letter.isalnum() else " " for letter in name.casefold()
        ).split()
        self.handle.edit.setText(plain[0][:20] if plain else "")

    def _save(self) -> None:
        self.save.setEnabled(False)
        job = partial(
            _add_now,
            self._desk.bridge.workspace,
            owner=self._owner,
            name=self.name.text().strip(),
            handle=self.handle.text().strip(),
            email=self.email.text().strip(),
            role=self.role.text().strip(),
            access=self.access.currentData(),
            pin=self.pin.text(),
            owner_pin=self.owner_pin.text(),
            passphrase=self.passphrase.text() if self._needs_passphrase else "",
        )
        self._desk.bridge.write(job, then=self._saved, failed=self._refused)

    def _saved(self, _done: Any) -> None:
        self._desk.say(_("{name} is in.").format(name=self.name.text().strip()))
        self._end()

    def _refused(self, error: Exception) -> None:
        self.save.setEnabled(True)
        if isinstance(error, OwnerSecretError):
            field = self.owner_pin
        else:
            field = self.pin if isinstance(error, SecretError) else self.handle
        field.set_wrong(str(error))

    def _end(self) -> None:
        for act in self.ended:
            act()


def _add_now(
    workspace: Any,
    *,
    owner: PersonRow | None,
    name: str,
    handle: str,
    email: str,
    role: str,
    access: Access,
    pin: str,
    owner_pin: str,
    passphrase: str,
) -> Any:
    """Runs in the writer thread: making and unlocking keys takes its time on purpose."""
    if passphrase:
        workspace.passphrase = passphrase
    person = workspace.clock.new_id()
    try:
        signer = workspace.signer(owner.id, owner_pin) if owner is not None else None
    except SecretError as error:
        raise OwnerSecretError(str(error)) from error
    own = workspace.new_key(person, pin) if pin or owner is None else None
    roles = (role,) if role else ()
    more: dict[str, Any] = {"access": access} if owner is not None else {}
    command = load("app.commands.people:add_person")
    done = workspace.run(command, name, handle, email, signer=signer, own=own, roles=roles, id=person, **more)
    if workspace.person is None:
        workspace.act_as(person)
    return done
