"""What changed since each signature of a gate: every change in full, by whom and when, to decide whether to sign again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.i18n import _, counted
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.panel import Body, Panel
from ui.desktop.desk import Desk
from ui.desktop.gates.shown import GateShown, meaning_word, signature_sign
from ui.desktop.moments import instant


class DifferencesSheet(QFrame):
    closed = Signal()
    wants_sign = Signal(object)

    def __init__(self, desk: Desk, gate: GateShown) -> None:
        super().__init__()
        self._desk, self._gate = desk, gate
        theme = desk.theme
        self.setProperty("card", "true")
        self.setAccessibleName(_("What changed at {gate}").format(gate=gate.name))
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(2),) * 4)
        self.panel = Panel(theme, layer="canvas")
        column.addWidget(self.panel, 1)
        self._fill(self.panel.body)
        line = QHBoxLayout()
        line.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(12))
        line.setSpacing(theme.px(8))
        self.sign = KeyButton(
            theme, _("Sign again") if gate.has_stale else _("Sign"), kind="primary", icon="seal_none", key="G"
        )
        self.sign.clicked.connect(lambda _on=False: self.wants_sign.emit(gate))
        self.back = KeyButton(theme, _("Back"), key="Esc")
        self.back.clicked.connect(self.closed)
        line.addWidget(self.sign)
        line.addWidget(self.back)
        line.addStretch(1)
        column.addLayout(line)

    def _fill(self, body: Body) -> None:
        gate = self._gate
        body.text(_("What changed since it was signed"), "meta", "text3")
        body.text(gate.name, "section")
        given = [one for one in gate.signatures if one.id is not None and not one.withdrawn]
        if not given:
            body.text(_("Nobody has signed this gate yet."), "body", "text2")
        for one in given:
            said = f"{meaning_word(one.meaning)} {instant(one.when_ms, self._desk.zone)}"
            body.heading(said)
            count = len(one.changed)
            second = (
                counted("{n} change since", "{n} changes since", count)
                if one.stale
                else _("nothing it covers has changed since")
            )
            body.signed(*signature_sign(one), f"{one.person}, {one.role}", second=second)
            for sentence in one.changed:
                body.signed("right", "stale", sentence)
        body.end()

    def is_typing(self) -> bool:
        return False

    def take_focus(self) -> None:
        self.sign.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_G:
            self.wants_sign.emit(self._gate)
        else:
            super().keyPressEvent(event)
