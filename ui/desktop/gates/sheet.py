"""The sheet that grows out of a gate: exactly what is signed, by whom, meaning what; the button names the meaning."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout

from app.domain.words import Meaning
from app.i18n import _
from app.queries.people import PersonRow
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import DropButton, KeyButton, add_choice
from ui.desktop.components.form import Choice, Field, choose_with_arrows
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.desk import Desk
from ui.desktop.gates.shown import (
    GateShown,
    identity_words,
    meaning_says,
    meaning_word,
    sign_as,
    signature_note,
    signature_sign,
)
from ui.desktop.gates.signing import sign_now
from ui.desktop.moments import instant, with_clock_times
from ui.desktop.secrets import Signers, needs_passphrase, signers

_MEANINGS = (Meaning.PREPARED, Meaning.REVIEWED, Meaning.APPROVED, Meaning.REJECTED)


class SignSheet(QFrame):
    closed = Signal()

    def __init__(self, desk: Desk, gate: GateShown) -> None:
        super().__init__()
        self._desk, self._gate, self._theme = desk, gate, desk.theme
        self._person: PersonRow | None = None
        self._people: tuple[PersonRow, ...] = ()
        self._role = gate.roles[0] if gate.roles else ""
        self._busy = False
        self._picked = False  # somebody chose a meaning: it is theirs
        self.setAccessibleName(_("Sign {gate}").format(gate=gate.name))
        row = QHBoxLayout(self)
        row.setContentsMargins(*(self._theme.px(2),) * 4)
        row.setSpacing(0)
        self.what = Panel(self._theme, layer="canvas")
        self.who = Panel(self._theme, layer="panel")
        row.addWidget(self.what, 6)
        row.addWidget(self.who, 5)
        self._show_what(self.what.body)
        self._build_fields()
        self._choose_meaning(Meaning.APPROVED)
        self._desk.bridge.fetch(signers, then=self._take_signers)

    # What is signed.

    def _show_what(self, body: Body) -> None:
        theme, gate = self._theme, self._gate
        body.text(_("You sign exactly this"), "meta", "text3")
        body.text(gate.name, "section")
        contents = _("{tasks} tasks, {criteria} criteria, with their checks and evidence")
        body.pair(_("Contents"), contents.format(tasks=gate.tasks_total, criteria=len(gate.criteria)))
        body.pair(_("Counts as done"), f"{gate.tasks_done} / {gate.tasks_total}")
        held = sum(bool(one.holds) for one in gate.criteria)
        body.pair(_("Criteria that hold"), f"{held} / {len(gate.criteria)}")
        body.pair(_("Content code"), label(theme, gate.code, "fixed"))
        self._show_changed(body)
        body.heading(_("What your signature does"))
        others = [sentence for sentence in gate.missing if self._role not in sentence]
        if len(gate.missing) <= 1:
            body.text(_("The gate opens: it is the last thing missing."))
        else:
            body.text(_("It stays in the record. The gate stays closed until this is settled too:"))
            for sentence in others[:6]:
                body.signed("todo", "waiting", sentence)
        body.text(
            _("It cannot be edited or deleted later; it can be withdrawn, which is a statement of its own."),
            "meta",
            "text3",
        )
        given = [one for one in gate.signatures if one.id is not None]
        if given:
            body.heading(_("Who has signed it"))
            for one in given:
                said = " ".join(
                    (meaning_word(one.meaning), instant(one.when_ms, self._desk.zone), signature_note(one)[0])
                )
                body.signed(
                    *signature_sign(one), f"{one.person}, {one.role}", second=f"{said}. {identity_words(one)}"
                )
        body.end()

    def _show_changed(self, body: Body) -> None:
        """What is different since this person signed; the reason to look again before signing again."""
        mine = [
            one
            for one in self._gate.signatures
            if one.id is not None and self._person is not None and one.person_id == self._person.id
        ]
        if not mine:
            return
        last = mine[-1]
        body.heading(
            _("Changed since you signed, {when}").format(when=instant(last.when_ms, self._desk.zone))
        )
        if not last.stale:
            body.text(_("Nothing your signature covers is different."), "body", "text2")
        for sentence in last.changed:
            body.signed("right", "stale", sentence)

    # Who signs.

    def _build_fields(self) -> None:
        theme = self._theme
        self.choices = {
            meaning: Choice(theme, meaning_word(meaning), meaning_says(meaning)) for meaning in _MEANINGS
        }
        for meaning, choice in self.choices.items():
            choice.clicked.connect(partial(self._pick_meaning, meaning))
        choose_with_arrows(self, tuple(self.choices.values()))
        self.comment = Field(theme, _("Comment (needed for rejected)"))
        self.pin = Field(theme, _("PIN of your signing key"), secret=True)
        self.again = Field(theme, _("The new PIN again"), secret=True)
        self.name = Field(theme, _("Your name"))
        self.passphrase = Field(
            theme, _("Passphrase of this installation, 12 characters or more"), secret=True
        )
        self.sign = KeyButton(theme, "", kind="primary", icon="seal_none", key="Ctrl ↵", large=True)
        self.sign.clicked.connect(self._sign)
        self.cancel = KeyButton(theme, _("Not now"), key="Esc", large=True)
        self.cancel.clicked.connect(self.closed)

    def _take_signers(self, found: Signers) -> None:
        self._people = tuple(one for one in found.people if one.access != "none")
        workspace = self._desk.bridge.workspace
        mine = workspace.person
        self._person = next((one for one in self._people if one.id == mine), None)
        fitting = [one for one in self._people if set(one.roles) & set(self._gate.roles)]
        if self._person is None or (self._gate.roles and not set(self._person.roles) & set(self._gate.roles)):
            # Somebody who may sign here stands at this laptop more likely than one who may not.
            self._person = next(iter((*fitting, *self._people)), self._person)
        self._choose_role()
        self._needs_passphrase = needs_passphrase(workspace)
        self._show_who(sample=found.sample)
        self.take_focus()

    def _choose_role(self) -> None:
        held = self._person.roles if self._person is not None else ()
        wanted = [role for role in self._gate.roles if role in held]
        self._role = next(iter((*wanted, *held, *self._gate.roles)), "")

    def _is_new(self) -> bool:
        return self._person is None or not self._desk.bridge.workspace.keys.has_key(self._person.id)

    def _show_who(self, *, sample: bool) -> None:
        self._show_what(self.what.begin())
        self._bar_own_work()
        fields = (self.comment, self.pin, self.again, self.name, self.passphrase)
        for widget in (*self.choices.values(), *fields, self.sign, self.cancel):
            widget.setParent(self)  # the old body takes its children with it
            widget.hide()
        body = self.who.begin()
        body.text(_("You"), "meta", "text3")
        if self._person is None:
            words = _(
                "This is the first signature here. Say who you are and choose a PIN; both stay on this computer."
            )
            body.text(words)
            body.add(self.name).show()
        else:
            body.add_layout(self._me(self._person))
        body.heading(_("Meaning, ↑ ↓"))
        for choice in self.choices.values():
            body.add(choice).show()
        body.column.addSpacing(self._theme.px(6))
        body.add(self.comment).show()
        body.add(self.pin).show()
        for field, shown in ((self.again, self._is_new()), (self.passphrase, self._needs_passphrase)):
            body.add(field)
            field.setVisible(shown)
        self._close(body, sample=sample)

    def _bar_own_work(self) -> None:
        """A meaning one may not use stays visible with its reason."""
        own = self._person is not None and self._person.id in self._gate.authors
        for meaning in (Meaning.REVIEWED, Meaning.APPROVED):
            choice = self.choices[meaning]
            choice.setEnabled(not own)
            choice.set_sentence(_("not you: you performed work it covers") if own else meaning_says(meaning))
        if own and self._meaning in (Meaning.REVIEWED, Meaning.APPROVED):
            self._choose_meaning(Meaning.PREPARED)
        elif not own and self._meaning is Meaning.PREPARED and not self._picked:
            self._choose_meaning(Meaning.APPROVED)

    def _close(self, body: Body, *, sample: bool) -> None:
        """What one has to know about the PIN, and the two ways out."""
        if sample:
            body.text(_("Everybody's PIN in the sample is 0000."), "meta", "text3")
        elif self._is_new():
            words = _("A PIN has at least four characters. It unlocks the key that is made now.")
            body.text(words, "meta", "text3")
        line = QHBoxLayout()
        line.setSpacing(self._theme.px(8))
        for button in (self.sign, self.cancel):
            line.addWidget(button)
        line.addStretch(1)
        body.column.addSpacing(self._theme.px(8))
        body.add_layout(line)
        self.sign.show()
        self.cancel.show()
        body.text(_("Signed with a key on this computer. Works without a network."), "meta", "text3")
        body.end()

    def _me(self, person: PersonRow) -> QHBoxLayout:
        theme = self._theme
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        row.addWidget(
            Avatar(theme, person.name or person.handle, 32, strong=True), 0, Qt.AlignmentFlag.AlignTop
        )
        column = QVBoxLayout()
        column.setSpacing(0)
        who = DropButton(theme, person.name or person.handle, self._fill_people, strong=True)
        role = DropButton(theme, self._role or _("no role"), self._fill_roles)
        for button in (who, role):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        if self._gate.roles and self._role not in self._gate.roles:
            why = _("This gate waits for: {roles}. An owner gives roles in Settings.").format(
                roles=", ".join(self._gate.roles)
            )
            column.addWidget(label(theme, why, "meta", "late", wrap=True))
        row.addLayout(column, 1)
        return row

    def _fill_people(self, menu: QMenu) -> None:
        for person in self._people:
            roles = ", ".join(person.roles)
            text = f"{person.name or person.handle} – {roles}" if roles else person.name or person.handle
            add_choice(menu, text, partial(self._set_person, person), checked=person == self._person)

    def _set_person(self, person: PersonRow) -> None:
        self._person = person
        self._choose_role()
        self.pin.edit.clear()
        self._show_who(sample=self._desk.bridge.workspace.is_sample)
        self.take_focus()

    def _fill_roles(self, menu: QMenu) -> None:
        for role in self._person.roles if self._person is not None else ():
            add_choice(menu, role, partial(self._set_role, role), checked=role == self._role)

    def _set_role(self, role: str) -> None:
        self._role = role
        self._show_who(sample=self._desk.bridge.workspace.is_sample)
        self.take_focus()

    def _pick_meaning(self, meaning: Meaning, *_checked: bool) -> None:
        self._picked = True
        self._choose_meaning(meaning)

    def _choose_meaning(self, meaning: Meaning, *_checked: bool) -> None:
        self._meaning = meaning
        self.choices[meaning].setChecked(True)
        self.sign.set_word(sign_as(meaning))

    # Signing.

    def is_typing(self) -> bool:
        return True  # a reading that arrives must not throw away a half-typed signature

    def take_focus(self) -> None:
        """On the PIN, since the meaning is mostly right; the first signature begins with a name."""
        first = self.name if self._person is None else self.pin
        first.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _sign(self) -> None:
        if self._busy or not self._filled():
            return
        self._busy = True
        self.sign.setEnabled(False)
        job = partial(
            sign_now,
            self._desk.bridge.workspace,
            person=self._person,
            name=self.name.text().strip(),
            pin=self.pin.text(),
            passphrase=self.passphrase.text() if self._needs_passphrase else "",
            run=self._desk.run_id,
            gate=self._gate,
            role=self._role,
            meaning=self._meaning,
            reason=self.comment.text().strip(),
        )
        self._desk.bridge.write(job, then=self._signed, failed=self._refused)

    def _filled(self) -> bool:
        if self._person is None and not self.name.text().strip():
            self.name.set_wrong(_("A signature needs a name."))
            return False
        if self._meaning is Meaning.REJECTED and not self.comment.text().strip():
            self.comment.set_wrong(_("A rejection needs a reason."))
            return False
        if self._is_new() and self.pin.text() != self.again.text():
            self.again.set_wrong(_("The two PINs differ."))
            return False
        if not self.pin.text():
            self.pin.set_wrong(_("The PIN is needed."))
            return False
        return True

    def _signed(self, _done: Any) -> None:
        who = self._person.name if self._person is not None else self.name.text().strip()
        self._desk.say(
            _("Signed: {gate}, {meaning} by {who}.").format(
                gate=self._gate.name, meaning=meaning_word(self._meaning), who=who
            )
        )
        self.closed.emit()

    def _refused(self, error: Exception) -> None:
        """The field says what is wrong, for a PIN also when the next try is possible."""
        from app.errors import SecretError

        self._busy = False
        self.sign.setEnabled(True)
        field = self.pin if isinstance(error, SecretError) else self.comment
        if self._needs_passphrase and isinstance(error, SecretError) and "PIN" not in str(error):
            field = self.passphrase
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
            self._sign()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("focus"), 2))
        painter.setBrush(self._theme.color("canvas"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), self._theme.px(7), self._theme.px(7))
