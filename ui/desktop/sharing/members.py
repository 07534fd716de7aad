"""Who works in this workspace: people with their access and their devices, when each was last heard of; invite from here."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout

from app.domain.words import Access
from app.i18n import _
from app.queries.devices import DeviceRow, device_labels, devices
from app.queries.people import PersonRow, people
from app.storage.engine import Reader
from app.storage.erased import MARK
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import DropButton, KeyButton, add_choice
from ui.desktop.components.labels import ElidedLabel, Sign, label
from ui.desktop.components.panel import Body
from ui.desktop.desk import Desk, Erasing
from ui.desktop.moments import local
from ui.desktop.secrets import ask_pin
from ui.desktop.sharing.invite import ACCESS
from ui.desktop.sharing.sheet import SharingSheet

_WORDS: Mapping[str, str] = {level.name.lower(): word for level, word, _sentence in ACCESS}
_MOST_CONTACTS = 8
_ACCESS_WIDTH = 96  # px: the buttons beside it stand below each other


class Members(NamedTuple):
    """`is_owner`: whoever acts may invite and change access. called: the name of each device."""

    people: tuple[PersonRow, ...]
    devices: tuple[DeviceRow, ...]
    is_owner: bool
    called: Mapping[bytes, str] = {}


def is_erasable(person: PersonRow) -> bool:
    """There is a name or an address, and nobody has erased it yet."""
    return any(text not in ("", MARK) for text in (person.name, person.email))


def members(reader: Reader, person: bytes | None) -> Members:
    found = tuple(people(reader))
    is_owner = any(one.id == person and one.access == "owner" for one in found)
    return Members(found, tuple(devices(reader)), is_owner, device_labels(reader, beside_person=True))


class MembersSheet(SharingSheet):
    """`here` are the devices whose people are here now."""

    def __init__(
        self,
        desk: Desk,
        owner: QObject,
        invite: Callable[[PersonRow | None], object],
        here: frozenset[bytes] = frozenset(),
    ) -> None:
        super().__init__(desk, owner, _("Members and devices"), _("Invite somebody"), "plus")
        self._invite = invite
        self.found = Members((), (), is_owner=False)
        self.here = here
        self.access: dict[bytes, DropButton] = {}
        self.invites: dict[bytes, KeyButton] = {}
        self.cancel.set_word(_("Close"))
        self.do.hide()
        desk.bridge.changed.connect(self._on_changed)
        self.reload()

    def _on_changed(self, _changes: Any) -> None:
        self.reload()

    def reload(self) -> None:
        self.desk.bridge.fetch(members, self.desk.bridge.workspace.person, then=self._take)

    def act(self) -> None:
        self._invite(None)

    def is_typed(self) -> bool:
        return False

    def take_focus(self) -> None:
        (self.do if self.do.isVisible() else self.cancel).setFocus(Qt.FocusReason.OtherFocusReason)

    # What is shown.

    def _take(self, found: Members) -> None:
        had_focus = self.do.hasFocus() or self.cancel.hasFocus()
        self.found = found
        self.access.clear()
        self.invites.clear()
        self.do.setVisible(found.is_owner)
        body = self.body = self.panel.begin()
        body.add(label(self.theme, _("Members and devices"), "title", wrap=True))
        inside = [one for one in found.people if one.access != "none"]
        contacts = [one for one in found.people if one.access == "none"]
        if not inside:
            body.text(
                _("Nobody is known yet. Share the workspace: then you are its owner and invite the others."),
                "body",
                "text2",
            )
        elif not found.is_owner:
            body.text(_("Owners invite people and say who may change what."), "meta", "text3")
        for person in inside:
            body.add(self._card(person))
        self._add_servers(body)
        if contacts and inside:
            self._add_contacts(contacts)
        self.end_body()
        if had_focus:
            self.take_focus()

    def _add_servers(self, body: Body) -> None:
        """What gives the order is a device of nobody."""
        servers = [one for one in self.found.devices if one.sequences and not one.persons]
        if servers:
            body.heading(_("Server"))
        for one in servers:
            body.signed("synced", "text3", self._device_name(one), second=_("gives the order"))

    def _card(self, person: PersonRow) -> QFrame:
        theme = self.theme
        card = QFrame()
        card.setProperty("card", "true")
        card.setAccessibleName(person.name or person.handle)
        column = QVBoxLayout(card)
        column.setContentsMargins(*(theme.px(n) for n in (12, 8, 8, 8)))
        column.setSpacing(theme.px(4))
        column.addLayout(self._head(person))
        own = [one for one in self.found.devices if person.id in one.persons]
        for device in own:
            column.addLayout(self._device_line(device))
        if not own:
            column.addLayout(self._line("clock", "waiting", _("invited, no device yet"), ""))
        return card

    def _head(self, person: PersonRow) -> QHBoxLayout:
        theme, name = self.theme, person.name or person.handle
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        is_me = person.id == self.desk.bridge.workspace.person
        row.addWidget(Avatar(theme, name, 24, strong=is_me))
        row.addWidget(ElidedLabel(theme, name, "strong", fills=False))
        if is_me:
            row.addWidget(label(theme, _("you"), "meta", "text3"))
        row.addWidget(ElidedLabel(theme, ", ".join(person.roles), "meta", "text2"), 1)
        if self.found.is_owner:
            invite = KeyButton(theme, _("Further device…"), kind="quiet", icon="device")
            invite.setAccessibleDescription(name)
            invite.clicked.connect(lambda _on=False: self._invite(person))
            self.invites[person.id] = invite
            row.addWidget(invite)
            drop = DropButton(theme, self._word(person.access), partial(self._fill_access, person), kind="")
            drop.setMinimumWidth(theme.px(_ACCESS_WIDTH))
            drop.setAccessibleName(_("Access of {name}").format(name=name))
            drop.setAccessibleDescription(self._word(person.access))
            self.access[person.id] = drop
            row.addWidget(drop)
        else:
            row.addWidget(label(theme, self._word(person.access), "body", "text2"))
        return row

    def _word(self, access: str) -> str:
        return _(_WORDS[access]) if access in _WORDS else access

    def _device_name(self, device: DeviceRow) -> str:
        return self.found.called.get(device.id) or device.name or device.id.hex()[-6:]

    def _device_line(self, device: DeviceRow) -> QHBoxLayout:
        name = self._device_name(device)
        marks = [_("this one")] if device.id == self.desk.bridge.workspace.device.id else []
        marks += [_("here now")] if device.id in self.here else []
        marks += [_("newer version")] if device.version > 0 else []
        marks += [_("older version")] if device.version < 0 else []
        if device.last_ms is not None:
            when = local(device.last_ms, self.desk.zone).strftime("%Y-%m-%d %H:%M")
            marks.append(_("last did something {when}").format(when=when))
        return self._line("device", "text3", name, " · ".join(marks))

    def _line(self, sign: str, tone: str, words: str, more: str) -> QHBoxLayout:
        theme = self.theme
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(32), 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(Sign(theme, sign, tone, 14))
        row.addWidget(ElidedLabel(theme, words, "meta", "text2", fills=False))
        row.addWidget(ElidedLabel(theme, more, "meta", "text3"), 1)
        return row

    def _add_contacts(self, contacts: list[PersonRow]) -> None:
        names = ", ".join(one.name or one.handle for one in contacts[:_MOST_CONTACTS])
        more = len(contacts) - _MOST_CONTACTS
        if more > 0:
            names = f"{names} {_('and {n} more').format(n=more)}"
        self.body.heading(_("Named in plans, without access"))
        self.body.text(names, "body", "text2")
        if self.found.is_owner:
            known = [one for one in contacts if is_erasable(one)]
            fill = partial(self._fill_contacts, known)
            self.contacts = DropButton(self.theme, _("Erase one of them for good…"), fill, kind="quiet")
            row = QHBoxLayout()
            row.addWidget(self.contacts)
            row.addStretch(1)
            self.body.add_layout(row)

    def _fill_contacts(self, contacts: list[PersonRow], menu: QMenu) -> None:
        for one in contacts:
            add_choice(menu, one.name, partial(self._erase, one))

    # What is changed.

    def _fill_access(self, person: PersonRow, menu: QMenu) -> None:
        for level, word, sentence in ACCESS:
            text = f"{_(word)}\t{_(sentence)}"
            now = person.access == level.name.lower()
            add_choice(menu, text, partial(self._ask_access, person, level), checked=now)
        menu.addSeparator()
        add_choice(menu, _("Take the access away…"), partial(self._ask_access, person, Access.NONE))
        if is_erasable(person):
            menu.addSeparator()
            add_choice(menu, _("Erase name and address for good…"), partial(self._erase, person))

    def _erase(self, person: PersonRow) -> None:
        self.desk.erase(Erasing("person", person.id, person.name or person.handle))

    def _ask_access(self, person: PersonRow, level: Access) -> None:
        if person.access == level.name.lower():
            return
        word = self._word(level.name.lower()) if level is not Access.NONE else ""
        question = (
            _("{name} becomes {access}. Your PIN?").format(name=person.name, access=word)
            if word
            else _("{name} gets no news any more and can change nothing. Your PIN?").format(name=person.name)
        )
        ask_pin(self.desk, question, _("Sign"), partial(self._set_access, person, level))

    def _set_access(self, person: PersonRow, level: Access, pin: str) -> None:
        workspace = self.desk.bridge.workspace
        job = partial(set_access_now, workspace, person.id, level, pin)
        self.desk.bridge.write(job, then=partial(self._on_set, person, level), failed=self.on_failed)

    def _on_set(self, person: PersonRow, level: Access, _done: Any) -> None:
        text = (
            _("{name} has no access any more.").format(name=person.name)
            if level is Access.NONE
            else _("{name} is {access} now.").format(name=person.name, access=self._word(level.name.lower()))
        )
        self.desk.say(text)


def set_access_now(workspace: Any, person: bytes, level: Access, pin: str) -> Any:
    """In the writer thread."""
    from app.commands.people import set_access

    return workspace.run(set_access, person, level, signer=workspace.signer(workspace.person, pin))
