"""Inviting somebody: name and access, then the invitation itself, to copy or to hold before a camera."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from app.domain.words import Access
from app.errors import Refused
from app.i18n import N_, _
from app.queries.people import PersonRow, free_handle, people
from app.storage.engine import Reader
from ui.desktop.components.form import Choice, choose_with_arrows
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.secrets import needs_passphrase
from ui.desktop.sharing.sheet import ExchangeTold, SharingSheet
from ui.desktop.sharing.square import SquareCode

ACCESS = (
    (Access.EDITOR, N_("editor"), N_("Plans, runs steps, brings evidence.")),
    (Access.READER, N_("reader"), N_("Sees everything; signs where a role is held, changes nothing.")),
    (Access.MANAGER, N_("manager"), N_("Also projects, gates and runs.")),
    (Access.OWNER, N_("owner"), N_("Everything, and who has which access.")),
)


class InviteSheet(SharingSheet):
    """`known` is somebody who is in the workspace and shall get a further device in."""

    def __init__(self, desk: Desk, owner: QObject, known: PersonRow | None = None) -> None:
        title = _("A further device for {name}").format(name=known.name) if known else _("Invite somebody")
        super().__init__(desk, owner, title, _("Make the invitation"), "people")
        self.known = known
        self.name = None if known else self.field(_("Name"), hint=_("as it shall be shown and printed"))
        self.choices: list[Choice] = []
        if known is None or known.access == "none":
            self._add_choices()
        workspace = desk.bridge.workspace
        self.ask_secrets(_("Your PIN: you vouch for them"), passphrase=needs_passphrase(workspace))
        self.body.text(
            _(
                "The invitation lets one device in, within seven days. Everybody it lets in sees all projects here."
            ),
            "meta",
            "text3",
        )
        self.end_body()

    def _add_choices(self) -> None:
        self.body.column.addSpacing(self.theme.px(4))
        self.body.add(label(self.theme, _("Access"), "meta", "text3"))
        column = QVBoxLayout()
        column.setSpacing(0)
        for _level, word, sentence in ACCESS:
            choice = Choice(self.theme, _(word), _(sentence))
            choice.setMaximumWidth(self.theme.px(620))
            self.choices.append(choice)
            column.addWidget(choice)
        self.choices[0].setChecked(True)
        choose_with_arrows(self, self.choices)
        self.body.add_layout(column)

    def take_focus(self) -> None:
        first = self.name or self.pin
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def access(self) -> Access | None:
        """What is chosen; None where it is not asked."""
        pairs = zip(self.choices, ACCESS, strict=False)
        return next((level for choice, (level, *_words) in pairs if choice.isChecked()), None)

    def act(self) -> None:
        name = self.name.text().strip() if self.name is not None else ""
        if self.name is not None and not name:
            self.say_wrong(_("Say who is invited."), self.name)
            return
        if not self.has_secrets():
            return
        workspace = self.desk.bridge.workspace
        if self.passphrase is not None:
            workspace.passphrase = self.passphrase.text()
        pin = self.pin.text() if self.pin is not None else ""
        known = self.known.id if self.known is not None else None
        job = partial(invitation_for, workspace, known, name, self.access(), pin)
        self.be_busy()
        self.desk.bridge.write(job, then=self._invited, failed=self.on_failed)

    def _invited(self, code: str) -> None:
        self.rest()
        name = self.known.name if self.known is not None else str(self.name and self.name.text().strip())
        self.followed.emit(InvitationSheet(self.desk, self._owner, name, code))


def invitation_for(workspace: Any, known: bytes | None, name: str, access: Access | None, pin: str) -> str:
    """The invitation's text: in the writer thread. Somebody the plan names already is not made a second time."""
    from sync.client import sharing

    if workspace.person is None:
        raise Refused(_("Share the workspace first: then it is known who invites."))
    found = known or workspace.read(contact_called, name)
    signer = workspace.signer(workspace.person, pin)
    if found is not None:
        return str(sharing.invite_known(workspace, signer, found, access).code())
    handle = workspace.read(free_handle, name)
    return str(sharing.invite(workspace, signer, name, handle, access or Access.EDITOR).code())


def contact_called(reader: Reader, name: str) -> bytes | None:
    """A contact of the plan of that name; raises Refused where that one is in the workspace already."""
    for one in people(reader):
        if one.name.casefold() == name.casefold():
            if one.access == "none":
                return one.id
            text = _("{name} is in the workspace already. Invite a further device of theirs from the list.")
            raise Refused(text.format(name=one.name))
    return None


class InvitationSheet(ExchangeTold):
    """Shown once: it is a secret. `note_exchange` says whether the server knows it yet."""

    def __init__(self, desk: Desk, owner: QObject, name: str, code: str) -> None:
        title = _("The invitation for {name}").format(name=name)
        super().__init__(desk, owner, title, _("Copy the invitation"), "file")
        self.code = code
        self.cancel.set_word(_("Done"))
        self.body.text(
            _(
                "Give it to {name} alone: whoever has it gets in with it, once. There they choose “Join a workspace”."
            ).format(name=name),
            "body",
            "text2",
        )
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(16))
        spoken = _("The invitation as a square code")
        square = SquareCode(self.theme, code, spoken)
        row.addWidget(square, 0, Qt.AlignmentFlag.AlignTop)
        self.text = QPlainTextEdit(code)
        self.text.setReadOnly(True)
        self.text.setFont(self.theme.font("fixed"))
        self.text.setAccessibleName(title)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(square.height())
        row.addWidget(self.text, 1)
        self.body.add_layout(row)
        self.state = QHBoxLayout()
        self.state.setSpacing(self.theme.px(8))
        self._sign = Sign(self.theme, "synced", "text3", 16)
        self._words = label(self.theme, "", "body", "text2", wrap=True)
        self.state.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self.state.addWidget(self._words, 1)
        self.body.add_layout(self.state)
        self.end_body()
        self.note_exchange(None)

    def is_typed(self) -> bool:
        return False

    @Slot(object)
    def note_exchange(self, status: Any) -> None:
        """It lets nobody in before the server has heard of it."""
        known = status is not None and str(status.phase) == "synced" and not status.waiting
        self._sign.set_sign("tick" if known else "clock", "done" if known else "waiting")
        self._words.setText(
            _("The server knows it: it can be used now, within seven days.")
            if known
            else _("It can be used as soon as this laptop has reached the server.")
        )

    def take_focus(self) -> None:
        self.do.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        QApplication.clipboard().setText(self.code)
        self.do.set_word(_("Copied"), "tick")
        QTimer.singleShot(2500, self, self._offer_again)

    def _offer_again(self) -> None:
        self.do.set_word(_("Copy the invitation"), "file")
