"""Go or no-go at a gate: a signed statement of whoever decides; against a closed gate it needs a reason."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout

from app.domain.words import GateState, VerdictWord
from app.i18n import _
from app.queries.people import PersonRow
from ui.desktop.components.buttons import DropButton, KeyButton, add_choice
from ui.desktop.components.form import Choice, Field, choose_with_arrows
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.desk import Desk
from ui.desktop.gates.shown import GateShown
from ui.desktop.gates.signing import verdict_now
from ui.desktop.moments import with_clock_times
from ui.desktop.secrets import Signers, needs_passphrase, signers


class VerdictSheet(QFrame):
    closed = Signal()

    def __init__(self, desk: Desk, gate: GateShown) -> None:
        super().__init__()
        self._desk, self._gate = desk, gate
        self._people: tuple[PersonRow, ...] = ()
        self._person: PersonRow | None = None
        theme = desk.theme
        self.setProperty("card", "true")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(2),) * 4)
        panel = Panel(theme, layer="canvas")
        column.addWidget(panel)
        self._fill(panel.body)
        self.choose(VerdictWord.GO)
        desk.bridge.fetch(signers, then=self._take)

    def _fill(self, body: Body) -> None:
        desk, gate, theme = self._desk, self._gate, self._desk.theme
        body.text(_("Go or no-go at {gate}").format(gate=gate.name), "section")
        if gate.state is GateState.CLOSED:
            why = _("The gate is closed. A go against it needs a reason and stays an exception to answer.")
            body.box("late", "warning", why)
        self.who = DropButton(theme, _("Who decides"), self._fill_people, kind="")
        decider = QHBoxLayout()
        decider.setSpacing(theme.px(12))
        decider.addWidget(label(theme, _("Decided by"), "meta", "text3"))
        decider.addWidget(self.who)
        decider.addStretch(1)
        body.add_layout(decider)
        self.choices = {
            VerdictWord.GO: Choice(
                theme, _("Go"), _("It goes ahead; later changes raise exceptions, they do not stop it")
            ),
            VerdictWord.NO_GO: Choice(theme, _("No-go"), _("It does not go ahead")),
        }
        for word, choice in self.choices.items():
            choice.setMaximumWidth(theme.px(480))
            choice.clicked.connect(partial(self.choose, word))
            body.add(choice)
        choose_with_arrows(self, tuple(self.choices.values()))
        self.reason = Field(theme, _("Reason"))
        self.pin = Field(theme, _("PIN"), secret=True)
        self.passphrase = Field(
            theme, _("Passphrase of this installation, 12 characters or more"), secret=True
        )
        self._needs_passphrase = needs_passphrase(desk.bridge.workspace)
        for field in (self.reason, self.pin, self.passphrase):
            field.setMaximumWidth(theme.px(480))
            body.add(field)
        self.passphrase.setVisible(self._needs_passphrase)
        self._close(body)

    def _close(self, body: Body) -> None:
        """The buttons, and what a newcomer to the sample has to know."""
        desk, theme = self._desk, self._desk.theme
        if desk.bridge.workspace.is_sample:
            body.text(_("Everybody's PIN in the sample is 0000."), "meta", "text3")
        self.say = KeyButton(theme, "", kind="primary", icon="flag", key="Ctrl ↵", large=True)
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

    def is_typing(self) -> bool:
        return True

    def take_focus(self) -> None:
        self.pin.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, found: Signers) -> None:
        self._people = tuple(one for one in found.people if one.access in ("owner", "manager"))
        mine = self._desk.bridge.workspace.person
        own = [one for one in self._people if one.id == mine]
        self.set_person(next(iter((*own, *self._people)), None))

    def _fill_people(self, menu: QMenu) -> None:
        for person in self._people:
            add_choice(
                menu,
                person.name or person.handle,
                partial(self.set_person, person),
                checked=person == self._person,
            )

    def set_person(self, person: PersonRow | None) -> None:
        self._person = person
        if person is not None:
            self.who.set_word(person.name or person.handle)

    def choose(self, word: VerdictWord, *_checked: bool) -> None:
        self._word = word
        self.choices[word].setChecked(True)
        self.say.set_word(_("Say go") if word is VerdictWord.GO else _("Say no-go"))

    def _say(self) -> None:
        if self._person is None or not self.pin.text():
            wrong = (
                _("The PIN is needed.")
                if self._person is not None
                else _("A verdict needs an owner or a manager.")
            )
            self.pin.set_wrong(wrong)
            return
        self.say.setEnabled(False)
        passphrase = self.passphrase.text() if self._needs_passphrase else ""
        job = partial(
            verdict_now,
            self._desk.bridge.workspace,
            self._person,
            pin=self.pin.text(),
            passphrase=passphrase,
            run=self._desk.run_id,
            gate=self._gate.id,
            word=self._word,
            reason=self.reason.text().strip(),
        )
        self._desk.bridge.write(job, then=self._said, failed=self._refused)

    def _said(self, _done: Any) -> None:
        word = _("Go") if self._word is VerdictWord.GO else _("No-go")
        self._desk.say(
            _("{verdict} at {gate} stands in the record.").format(verdict=word, gate=self._gate.name)
        )
        self.closed.emit()

    def _refused(self, error: Exception) -> None:
        from app.errors import SecretError

        self.say.setEnabled(True)
        field = self.pin if isinstance(error, SecretError) else self.reason
        field.set_wrong(with_clock_times(str(error), self._desk.zone))
        self.pin.edit.clear()
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._say()
        else:
            super().keyPressEvent(event)
