"""The gates: all of them in a row, three cards side by side, and the sheet that grows out of a gate to sign it."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.words import GateState
from app.i18n import N_, _
from ui.desktop.actions import Offer
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.empty import EmptyState
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.gates.card import GateCard
from ui.desktop.gates.chain import GateChain, Link
from ui.desktop.gates.differences import DifferencesSheet
from ui.desktop.gates.pinned import PinSheet
from ui.desktop.gates.proof import ProofTable
from ui.desktop.gates.reading import gates_shown
from ui.desktop.gates.sheet import SignSheet
from ui.desktop.gates.shown import (
    CriterionShown,
    GateShown,
    SignatureShown,
    SkippedShown,
    gate_sign,
    state_word,
)
from ui.desktop.gates.verdict import VerdictSheet
from ui.desktop.gates.waiving import WaiverSheet
from ui.desktop.gates.withdrawing import WithdrawSheet
from ui.desktop.moments import now_ms
from ui.desktop.printing import Printing
from ui.desktop.to_plan import to_plan_button
from ui.desktop.views import View

Sheet = SignSheet | PinSheet | DifferencesSheet


def _board_hints() -> tuple[tuple[str, str], ...]:
    return (
        ("← →", _("gate")),
        ("Enter", _("judge a criterion")),
        ("G", _("sign")),
        ("D", _("what changed")),
        ("V", _("go or no-go")),
    )


def _sheet_hints() -> tuple[tuple[str, str], ...]:
    return (
        ("↑ ↓", _("meaning")),
        ("Tab", _("next field")),
        ("Ctrl ↵", _("sign")),
        ("Esc", _("close, nothing signed")),
    )


_LOW = 620  # px at 100 %: on a lower screen the cards keep the room of the sums
_ROOM_FOR_BOTH = 2  # cards side by side; below that the sheet has the whole width


class GatesView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = _board_hints()
        theme = desk.theme
        self.gates: list[GateShown] = []
        self.current: bytes | None = None
        self.sheet: Sheet | None = None
        self._room = 3
        self.printing = Printing(desk, self)
        self.chain = GateChain(theme)
        self.chain.chosen.connect(self.choose)
        self.top = QFrame()
        self.top.setProperty("layer", "canvas")
        self.top.setProperty("edge", "bottom")
        bar = QHBoxLayout(self.top)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.addWidget(self.chain)
        self.cards = QHBoxLayout()
        self.cards.setContentsMargins(*(theme.px(14),) * 4)
        self.cards.setSpacing(theme.px(12))
        ground = QWidget()
        ground.setProperty("layer", "chrome")
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        ground.setLayout(self.cards)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(ground, 1)
        self.proof = ProofTable(desk)
        self.proof.wants_run.connect(self._on_run)
        column.addWidget(self.proof)
        self.summary = label(theme, "", "meta", "text3")
        self._make_tools()

    def _make_tools(self) -> None:
        self.tools = QWidget()
        line = QHBoxLayout(self.tools)
        line.setContentsMargins(0, 0, 0, 0)
        self.record = KeyButton(self.desk.theme, _("Print approval record"), icon="print")
        self.record.clicked.connect(lambda _on=False: self._print_current())
        line.addWidget(self.summary)
        line.addStretch(1)
        line.addWidget(self.record)

    def _print_current(self) -> None:
        gate = self.gate()
        if gate is not None:
            self.printing.print_record(gate.id, gate.name)

    # Reading.

    def show_place(self) -> None:
        self.reload()

    def _empty(self) -> EmptyState:
        hint = _(
            "A gate closes a stage: criteria that must hold, and who must sign. Import a plan with gates, or add one at a stage of the plan."
        )
        theme = self.desk.theme
        made = EmptyState(theme, "gate_closed", _("This project has no gates yet"), hint)
        made.add_button(to_plan_button(self.desk))
        return made

    def on_changes(self, _changes: Any) -> None:
        self.reload()

    def reload(self) -> None:
        if self.desk.project_id is not None:
            place = (self.desk.project_id, self.desk.run_id, self.desk.language, now_ms())
            self.desk.bridge.fetch(gates_shown, *place, then=self._take)
            self.proof.reload()

    def _take(self, found: list[GateShown]) -> None:
        if found == self.gates and self.cards.count() and self.desk.gate_wanted is None:
            return
        self.gates = found
        ids = [gate.id for gate in found]
        if self.current not in ids:
            closed = [gate.id for gate in found if gate.state is GateState.CLOSED]
            self.current = next(iter((*closed, *ids)), None)
        if self.sheet is not None and self.sheet.is_typing():
            self._show_chain()  # what somebody types into the sheet is not taken away
            return
        wanted, self.desk.gate_wanted = self.desk.gate_wanted, None
        if wanted is not None and wanted[0] in ids:
            self.current = wanted[0]
        self._fill()
        gate = self.gate()
        if wanted is not None and gate is not None:
            self._open(gate, wanted[1])

    def _open(self, gate: GateShown, wish: str) -> None:
        """The sheet somebody came for."""
        if wish == "sign":
            self.open_sheet(gate)
        elif wish == "verdict":
            self._grow(gate, VerdictSheet(self.desk, gate))

    def _show_chain(self) -> None:
        links = [Link(gate.id, gate.name, *gate_sign(gate), state_word(gate)) for gate in self.gates]
        self.chain.set_links(links, self.current)

    def _fill(self) -> None:
        self._show_chain()
        self._clear()
        self.set_hints(_board_hints() if self.gates else ())
        open_ones = sum(gate.state is not GateState.CLOSED for gate in self.gates)
        text = _("{open} of {total} gates open").format(open=open_ones, total=len(self.gates))
        self.summary.setText(text if self.gates else "")
        for part in (self.top, self.record):
            part.setVisible(bool(self.gates))
        if not self.gates:
            self.cards.addWidget(self._empty())
            return
        for gate in self._shown_gates():
            self.cards.addWidget(self._card(gate), 1)

    def _shown_gates(self) -> list[GateShown]:
        """As many as fit, the current one among them."""
        ids = [gate.id for gate in self.gates]
        here = ids.index(self.current) if self.current in ids else 0
        first = max(0, min(here - self._room // 2, len(self.gates) - self._room))
        return self.gates[first : first + self._room]

    def _card(self, gate: GateShown) -> GateCard:
        card = GateCard(self.desk.theme, gate, self.desk.zone, self.desk.bridge.workspace.person)
        card.picked.connect(self._on_picked)
        card.wants_sign.connect(self.open_sheet)
        card.wants_withdrawal.connect(self.open_withdrawal)
        card.wants_waiver.connect(self.open_waiver)
        card.wants_record.connect(lambda shown: self.printing.print_record(shown.id, shown.name))
        card.wants_comparison.connect(self.open_differences)
        card.wants_rule.connect(self._on_rule)
        card.judged.connect(self._on_judged)
        return card

    def _clear(self) -> None:
        self.sheet = None
        while (item := self.cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    # Choosing.

    def choose(self, gate: bytes) -> None:
        if gate != self.current or self.sheet is not None:
            self.current = gate
            self._fill()

    def _on_picked(self, gate: GateShown) -> None:
        if gate.id != self.current:
            self.current = gate.id
            self._show_chain()

    def gate(self) -> GateShown | None:
        return next((gate for gate in self.gates if gate.id == self.current), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.proof.setVisible(self.proof.has_something() and event.size().height() > self.desk.theme.px(_LOW))
        room = max(1, min(3, event.size().width() // self.desk.theme.px(360)))
        if room != self._room:
            self._room = room
            if self.gates and self.sheet is None:
                self._fill()

    # What the gate asks for.

    def _on_rule(self, gate: GateShown, wish: str) -> None:
        if wish == "verdict":
            self._grow(gate, VerdictSheet(self.desk, gate))
        elif wish == "criterion":
            question = _("What must hold at {gate}?").format(gate=gate.name)
            self.desk.ask(question, _("Add the criterion"), partial(self._add_criterion, gate))
        elif wish == "role":
            question = _("Which role must sign {gate}?").format(gate=gate.name)
            self.desk.ask(question, _("Require it"), partial(self._require, gate))
        else:
            undo = self.desk.bridge.workspace.undo
            text = _("Deleted: {names}").format(names=gate.name)
            self.desk.bridge.run("app.commands.gates:delete_gate", gate.id)
            self.desk.say(text, "done", _("Undo"), partial(self.desk.bridge.write, undo))

    def _add_criterion(self, gate: GateShown, text: str) -> None:
        command = "app.commands.gates:add_criterion"
        self.desk.bridge.run(command, gate.id, text, language=self.desk.language)

    def _require(self, gate: GateShown, role: str) -> None:
        self.desk.bridge.run("app.commands.gates:require_role", gate.id, role)

    # Judging, signing, withdrawing.

    def _on_judged(self, criterion: CriterionShown, holds: bool | None) -> None:  # noqa: FBT001 - a signal's argument
        if holds is None:
            self._judge(criterion, None, "")
            return
        text = _("What was found?") if holds else _("Why does it not hold?")
        verb = _("It holds") if holds else _("It does not hold")
        self.desk.ask(text, verb, partial(self._judge, criterion, holds), hint=criterion.text, needed=False)

    def _judge(self, criterion: CriterionShown, holds: bool | None, value: str) -> None:  # noqa: FBT001 - bound by partial
        command = "app.commands.gates:judge_criterion"
        self.desk.bridge.run(command, self.desk.run_id, criterion.id, holds=holds, value=value or None)

    def open_sheet(self, gate: GateShown) -> None:
        self._grow(gate, SignSheet(self.desk, gate))

    def open_differences(self, gate: GateShown) -> None:
        sheet = DifferencesSheet(self.desk, gate)
        sheet.wants_sign.connect(self.open_sheet)
        self._grow(gate, sheet)

    def open_withdrawal(self, gate: GateShown, signature: SignatureShown) -> None:
        self._grow(gate, WithdrawSheet(self.desk, gate, signature))

    def open_waiver(self, gate: GateShown, skipped: SkippedShown) -> None:
        self._grow(gate, WaiverSheet(self.desk, gate, skipped))

    def _waive_next(self, gate: GateShown) -> None:
        if gate.unwaived is not None:
            self.open_waiver(gate, gate.unwaived)
        else:
            self.desk.say(_("No skipped step of this gate needs a waiver."), "running")

    def _grow(self, gate: GateShown, sheet: Sheet) -> None:
        """The gate stays on the left, the sheet takes the room of the others."""
        self.current = gate.id
        self._show_chain()
        self._clear()
        card = self._card(gate)
        card.setMaximumWidth(self.desk.theme.px(400))
        card.sign.hide()
        self.cards.addWidget(card, 2)
        card.setVisible(self._room > _ROOM_FOR_BOTH)
        self.cards.addWidget(sheet, 5)
        self.sheet = sheet
        self.set_hints(_sheet_hints() if isinstance(sheet, SignSheet) else (("Esc", _("close")),))
        sheet.closed.connect(self._on_sheet_closed)
        sheet.take_focus()

    def _on_sheet_closed(self) -> None:
        self._fill()
        self.take_focus()

    def offers(self) -> tuple[Offer, ...]:
        gate = self.gate()
        if gate is None:
            return ()
        printing = partial(self.printing.print_record, gate.id, gate.name)
        return (
            Offer(N_("Sign this gate"), partial(self.open_sheet, gate), "G", "prove"),
            Offer(N_("Waive a skipped step"), partial(self._waive_next, gate), "W", "prove"),
            Offer(N_("Print the record of this gate…"), printing, icon="print"),
        )

    def show_thing(self, id: bytes) -> None:
        self.current = id  # it counts as soon as the gates are read
        if id in [gate.id for gate in self.gates]:
            self._fill()

    def unkept(self) -> str:
        typing = self.sheet is not None and self.sheet.is_typing()
        return _("The signature") if typing else ""

    def take_focus(self) -> None:
        if self.sheet is not None:
            self.sheet.take_focus()
        else:
            self.chain.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_run(self, run: bytes) -> None:
        """What a run lacks is shown step by step."""
        if self.desk.project_id is not None:
            if run != self.desk.run_id:
                self.desk.look_at(self.desk.project_id, run)
            self.desk.go_to.emit("prove/evidence")

    def _judge_next(self) -> None:
        for card in self.findChildren(GateCard):
            if card.isVisible() and card.gate.id == self.current and not card.judge_next():
                self.desk.say(_("This gate has no criteria; one is added under More."), "running")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        gate, key = self.gate(), event.key()
        if key == Qt.Key.Key_Escape and self.sheet is not None:
            self._on_sheet_closed()
        elif gate is None or self.sheet is not None:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_G:
            self.open_sheet(gate)
        elif key == Qt.Key.Key_D:
            self.open_differences(gate)
        elif key == Qt.Key.Key_W:
            self._waive_next(gate)
        elif key == Qt.Key.Key_V:
            self._grow(gate, VerdictSheet(self.desk, gate))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._judge_next()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.chain.keyPressEvent(event)
        else:
            super().keyPressEvent(event)
