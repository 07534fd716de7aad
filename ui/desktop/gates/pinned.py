"""A sheet that ends in a signed statement: what it says above, then reason, PIN and a button that names the statement."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout

from app.i18n import _
from app.queries.people import PersonRow
from ui.desktop.components.buttons import DropButton, KeyButton, add_choice
from ui.desktop.components.form import Field
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Panel
from ui.desktop.desk import Desk
from ui.desktop.gates.signing import Stating, state_now
from ui.desktop.moments import with_clock_times
from ui.desktop.secrets import Signers, needs_passphrase, signers


class PinSheet(QFrame):
    """A sheet fills `body`, then calls `_end`; it says in `_statement` what is written, in `_done` what to tell afterwards."""

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._wide = desk.theme.px(480)
        self._person: PersonRow | None = None
        self._people: tuple[PersonRow, ...] = ()
        self.setProperty("card", "true")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(desk.theme.px(2),) * 4)
        panel = Panel(desk.theme, layer="canvas")
        column.addWidget(panel)
        self.body = panel.body

    def _ask_who(self, caption: str) -> None:
        """Somebody who may is chosen: who acts here, else the first."""
        theme = self._desk.theme
        self.who = DropButton(theme, "…", self._fill_people, kind="")
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        row.addWidget(label(theme, caption, "meta", "text3"))
        row.addWidget(self.who)
        row.addStretch(1)
        self.body.add_layout(row)
        self._desk.bridge.fetch(signers, then=self._take)

    def _end(self, word: str, icon: str = "", *, kind: str = "primary", pin: str = "") -> None:
        """The fields and the two ways out."""
        theme, body = self._desk.theme, self.body
        self.reason = Field(theme, _("Reason"))
        self.pin = Field(theme, pin or _("PIN"), secret=True)
        self.passphrase = Field(
            theme, _("Passphrase of this installation, 12 characters or more"), secret=True
        )
        self._needs_passphrase = needs_passphrase(self._desk.bridge.workspace)
        for field in (self.reason, self.pin, self.passphrase):
            field.setMaximumWidth(self._wide)
            body.add(field)
        self.passphrase.setVisible(self._needs_passphrase)
        if self._desk.bridge.workspace.is_sample:
            body.text(_("Everybody's PIN in the sample is 0000."), "meta", "text3")
        self.say = KeyButton(theme, word, kind=kind, icon=icon, key="Ctrl ↵", large=True)
        self.say.clicked.connect(self._say)
        cancel = KeyButton(theme, _("Not now"), key="Esc", large=True)
        cancel.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for button in (self.say, cancel):
            row.addWidget(button)
        row.addStretch(1)
        body.column.addSpacing(theme.px(8))
        body.add_layout(row)
        body.end()

    # What a sheet says.

    def _may(self, _person: PersonRow) -> bool:
        """Whether a person may state this."""
        return True

    def _check(self) -> bool:
        """Whether what is filled in may be sent; says at its field what is wrong."""
        if self.pin.text():
            return True
        self.pin.set_wrong(_("The PIN is needed."))
        return False

    def _statement(self, reason: str) -> Stating:
        """What is written."""
        raise NotImplementedError

    def _signer(self) -> bytes | None:
        """Who signs it."""
        return self._person.id if self._person is not None else None

    def _done(self) -> str:
        """The sentence that is said when it stands."""
        raise NotImplementedError

    # Who states it.

    def _take(self, found: Signers) -> None:
        self._people = tuple(one for one in found.people if self._may(one))
        mine = self._desk.bridge.workspace.person
        own = [one for one in self._people if one.id == mine]
        self.set_person(next(iter((*own, *self._people)), None))

    def _fill_people(self, menu: QMenu) -> None:
        for person in self._people:
            name = person.name or person.handle
            add_choice(menu, name, partial(self.set_person, person), checked=person == self._person)

    def set_person(self, person: PersonRow | None) -> None:
        self._person = person
        self.who.set_word((person.name or person.handle) if person is not None else _("nobody"))

    # Stating it.

    def is_typing(self) -> bool:
        return True  # a reading that arrives must not throw away what is half typed

    def take_focus(self) -> None:
        self.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        if not self.say.isEnabled() or not self._check():
            return
        self.say.setEnabled(False)
        passphrase = self.passphrase.text() if self._needs_passphrase else ""
        stating = self._statement(self.reason.text().strip())
        workspace, pin = self._desk.bridge.workspace, self.pin.text()
        job = partial(state_now, workspace, self._signer(), stating, pin, passphrase)
        self._desk.bridge.write(job, then=self._said, failed=self._refused)

    def _said(self, _result: Any) -> None:
        self._desk.say(self._done())
        self.closed.emit()

    def _refused(self, error: Exception) -> None:
        """A wrong PIN is told at the PIN, also when the next try is possible; anything else at the reason."""
        from app.errors import SecretError

        self.say.setEnabled(True)
        field = self.pin if isinstance(error, SecretError) else self.reason
        field.set_wrong(with_clock_times(str(error), self._desk.zone))
        self.pin.edit.clear()
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._say()
        else:
            super().keyPressEvent(event)
