"""Taking one's own signature back: a statement of its own, with a reason and the PIN."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.i18n import _
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.form import Field
from ui.desktop.components.panel import Panel
from ui.desktop.desk import Desk
from ui.desktop.gates.shown import GateShown, SignatureShown, meaning_word
from ui.desktop.gates.signing import withdraw_now
from ui.desktop.moments import instant, with_clock_times
from ui.desktop.secrets import needs_passphrase


class WithdrawSheet(QFrame):
    closed = Signal()

    def __init__(self, desk: Desk, gate: GateShown, signature: SignatureShown) -> None:
        super().__init__()
        self._desk, self._gate, self._signature = desk, gate, signature
        theme = desk.theme
        self.setProperty("card", "true")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(2),) * 4)
        panel = Panel(theme, layer="canvas")
        column.addWidget(panel)
        body = panel.body
        body.text(_("Withdraw a signature"), "section")
        said = f"{meaning_word(signature.meaning)} {instant(signature.when_ms, desk.zone)}"
        body.pair(_("Gate"), gate.name)
        body.pair(_("Signed by"), f"{signature.person}, {signature.role}")
        body.pair(_("Meaning"), said)
        body.text(
            _(
                "The signature stays in the record, marked withdrawn. If the gate rests on it, the gate closes."
            ),
            "body",
            "text2",
        )
        self.reason = Field(theme, _("Reason"))
        self.pin = Field(theme, _("PIN of {person}").format(person=signature.person), secret=True)
        self.passphrase = Field(
            theme, _("Passphrase of this installation, 12 characters or more"), secret=True
        )
        self._needs_passphrase = needs_passphrase(desk.bridge.workspace)
        for field in (self.reason, self.pin, self.passphrase):
            field.setMaximumWidth(theme.px(420))
            body.add(field)
        self.passphrase.setVisible(self._needs_passphrase)
        self.withdraw = KeyButton(theme, _("Withdraw"), kind="danger", key="Ctrl ↵", large=True)
        self.withdraw.clicked.connect(self._withdraw)
        cancel = KeyButton(theme, _("Not now"), key="Esc", large=True)
        cancel.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for button in (self.withdraw, cancel):
            row.addWidget(button)
        row.addStretch(1)
        body.column.addSpacing(theme.px(8))
        body.add_layout(row)
        body.end()

    def is_typing(self) -> bool:
        return True

    def take_focus(self) -> None:
        self.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _withdraw(self) -> None:
        if not self.pin.text():
            self.pin.set_wrong(_("The PIN is needed."))
            return
        self.withdraw.setEnabled(False)
        passphrase = self.passphrase.text() if self._needs_passphrase else ""
        job = partial(
            withdraw_now,
            self._desk.bridge.workspace,
            self._signature,
            self.pin.text(),
            passphrase,
            self.reason.text().strip(),
        )
        self._desk.bridge.write(job, then=self._withdrawn, failed=self._refused)

    def _withdrawn(self, _done: Any) -> None:
        self._desk.say(
            _("Withdrawn: {person} at {gate}.").format(person=self._signature.person, gate=self._gate.name)
        )
        self.closed.emit()

    def _refused(self, error: Exception) -> None:
        self.withdraw.setEnabled(True)
        self.pin.set_wrong(with_clock_times(str(error), self._desk.zone))
        self.pin.edit.clear()
        self.pin.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._withdraw()
        else:
            super().keyPressEvent(event)
