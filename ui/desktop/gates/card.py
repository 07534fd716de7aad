"""One gate as a card: its state in words, why it is closed, criteria with what was found, signatures with what became of them."""

from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QMenu, QVBoxLayout, QWidget

from app.domain.words import GateState
from app.i18n import _, counted
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import DropButton, KeyButton, SignButton, add_choice
from ui.desktop.components.labels import Sign, label, line
from ui.desktop.components.panel import Body, Panel
from ui.desktop.gates.reasons import Reasons
from ui.desktop.gates.shown import (
    CriterionShown,
    GateShown,
    SignatureShown,
    gate_sign,
    identity_words,
    meaning_word,
    reason_count,
    reason_details,
    reason_line,
    signature_note,
    signature_sign,
    state_word,
    verdict_note,
    verdict_sign,
    verdict_words,
    when_line,
)
from ui.desktop.moments import instant
from ui.desktop.theme.theme import Theme

_SAID = 4  # changes in full, the others are counted
_HOLDS = {True: ("done", "done"), False: ("failed", "blocked"), None: ("todo", "waiting")}


class GateCard(QFrame):
    picked = Signal(object)  # the gate
    wants_sign = Signal(object)
    wants_withdrawal = Signal(object, object)  # the gate and the signature
    wants_waiver = Signal(object, object)  # the gate and the skipped step
    wants_record = Signal(object)
    wants_comparison = Signal(object)
    wants_rule = Signal(object, str)  # "verdict", "criterion", "role" or "delete"
    judged = Signal(object, object)  # criterion and whether it holds

    def __init__(self, theme: Theme, gate: GateShown, zone: str, me: bytes | None) -> None:
        super().__init__()
        self._theme, self.gate, self._zone, self._me = theme, gate, zone, me
        self._answers: list[tuple[CriterionShown, SignButton]] = []
        self.setMinimumWidth(theme.px(320))
        self.setAccessibleName(f"{gate.name}, {state_word(gate)}")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(1), theme.px(5), theme.px(1), theme.px(1))
        column.setSpacing(0)
        self.panel = Panel(theme, layer="canvas")
        column.addWidget(self.panel, 1)
        self._fill(self.panel.body)
        column.addLayout(self._foot())

    def _fill(self, body: Body) -> None:
        theme, gate = self._theme, self.gate
        sign, tone = gate_sign(gate)
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        head.addWidget(Sign(theme, sign, tone, 20, spoken=state_word(gate)))
        head.addWidget(label(theme, state_word(gate), "strong", tone))
        head.addStretch(1)
        head.addWidget(label(theme, gate.covers, "meta", "text3"))
        body.add_layout(head)
        body.text(gate.name, "title")
        body.text(when_line(gate, self._zone), "meta", "text3")
        if gate.state is GateState.CLOSED:
            self._reasons(body, tone)
        if gate.criteria:
            body.heading(_("Criteria"))
            for criterion in gate.criteria:
                body.add_layout(self._criterion(criterion))
        if gate.skipped:
            self._skipped(body)
        body.heading(_("Sign-offs"))
        for signature in gate.signatures:
            body.add(line())
            body.add_layout(self._signature(signature))
        for verdict in gate.verdicts:
            body.add(line())
            body.signed(
                *verdict_sign(verdict), verdict_words(verdict), second=verdict_note(verdict, self._zone)
            )
        if not gate.signatures:
            body.text(_("This gate asks for no signature."), "meta", "text3")
        body.end()

    def _reasons(self, body: Body, tone: str) -> None:
        """One sentence; what it counts can be unfolded."""
        gate = self.gate
        count = reason_count(gate)
        title = counted("Closed for {n} reason", "Closed for {n} reasons", count)
        sentences = [reason_line(gate) + _(".")]
        if gate.has_stale:
            stale = sum(one.stale and not one.withdrawn for one in gate.signatures)
            title = counted("{n} signature no longer fits", "{n} signatures no longer fit", stale)
            sentences.insert(0, _("It stays on record, but the gate needs one on what stands there now."))
        body.column.addSpacing(self._theme.px(4))
        body.add(
            Reasons(
                self._theme,
                "stale" if tone == "stale" else "blocked",
                gate_sign(gate)[0],
                (title, *sentences),
                reason_details(gate),
            )
        )

    def _skipped(self, body: Body) -> None:
        """Each skipped step with who let it pass, or the way to do so."""
        body.heading(_("Skipped steps"))
        for one in self.gate.skipped:
            row = QHBoxLayout()
            row.setSpacing(self._theme.px(8))
            tone = "text1" if one.passes else "late"
            row.addWidget(label(self._theme, f"{one.number} {one.title}", "strong", tone, wrap=True), 1)
            if not one.passes:
                key = "W" if one is self.gate.unwaived else ""
                waive = KeyButton(self._theme, _("Waive…"), key=key)
                waive.clicked.connect(partial(self.wants_waiver.emit, self.gate, one))
                row.addWidget(waive, 0, Qt.AlignmentFlag.AlignTop)
            body.add_layout(row)
            for waiver in one.waivers:
                body.add_layout(self._signature(waiver))

    def _criterion(self, criterion: CriterionShown) -> QLayout:
        theme = self._theme
        sign, tone = _HOLDS[criterion.holds]
        words = {True: _("holds"), False: _("does not hold"), None: _("not judged yet")}[criterion.holds]
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        spoken = _("{criterion}: {state}; press to judge").format(criterion=criterion.text, state=words)
        answer = SignButton(theme, sign, tone, spoken)
        answer.clicked.connect(lambda: self._open_judgement(answer, criterion))
        self._answers.append((criterion, answer))
        row.addWidget(answer, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.setContentsMargins(0, theme.px(2), 0, 0)
        column.addWidget(label(theme, criterion.text, wrap=True))
        second = " · ".join(part for part in (criterion.value, criterion.target, criterion.note) if part)
        if second or criterion.holds is None:
            tone = "blocked" if criterion.holds is False else "late" if criterion.holds is None else "text3"
            column.addWidget(label(theme, second or _("not judged yet"), "meta", tone, wrap=True))
        row.addLayout(column, 1)
        if criterion.person:
            row.addWidget(Avatar(theme, criterion.person, 20), 0, Qt.AlignmentFlag.AlignTop)
        return row

    def judge_next(self) -> bool:
        """Opens the first criterion that does not hold; all held, the first one. False where there is none."""
        open_ones = [one for one in self._answers if one[0].holds is not True] or self._answers
        if not open_ones:
            return False
        criterion, answer = open_ones[0]
        answer.setFocus(Qt.FocusReason.TabFocusReason)
        self._open_judgement(answer, criterion)
        return True

    def _open_judgement(self, anchor: QWidget, criterion: CriterionShown) -> None:
        menu = QMenu(self)
        menu.setFont(self._theme.font("body"))
        for holds, text in (
            (True, _("It holds…")),
            (False, _("It does not hold…")),
            (None, _("Leave it open")),
        ):
            add_choice(
                menu, text, partial(self.judged.emit, criterion, holds), checked=criterion.holds is holds
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _signature(self, one: SignatureShown) -> QLayout:
        theme = self._theme
        sign, tone = signature_sign(one)
        note, note_tone = signature_note(one)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        row.addWidget(Sign(theme, sign, tone, 22, spoken=note), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(theme.px(6))
        first.addWidget(label(theme, one.person or one.role, "strong", "" if one.id else "text2"))
        if one.person:
            first.addWidget(label(theme, one.role, "meta", "text3"))
        first.addStretch(1)
        if one.id is not None and not one.withdrawn:
            take_back = KeyButton(theme, _("Withdraw"), kind="quiet")
            take_back.clicked.connect(lambda: self.wants_withdrawal.emit(self.gate, one))
            first.addWidget(take_back)
        column.addLayout(first)
        if one.id is not None:
            said = " ".join(
                part for part in (meaning_word(one.meaning), instant(one.when_ms, self._zone)) if part
            )
            line_one = _("{said}, {note}").format(said=said, note=note)
            column.addWidget(label(theme, line_one, "meta", note_tone, wrap=True))
            if identity := identity_words(one):
                column.addWidget(label(theme, identity, "meta", "text3", wrap=True))
            if one.changed:
                column.addWidget(self._since(one))
            if one.reason:
                column.addWidget(label(theme, f"“{one.reason}”", "meta", "text2", wrap=True))
        else:
            column.addWidget(label(theme, note, "meta", note_tone))
        row.addLayout(column, 1)
        return row

    def _since(self, one: SignatureShown) -> QFrame:
        """What changed since a signature: the one thing that says whether signing again is a formality."""
        theme = self._theme
        frame = QFrame()
        frame.setProperty("edge", "stale")
        column = QVBoxLayout(frame)
        column.setContentsMargins(theme.px(10), theme.px(2), 0, theme.px(2))
        column.setSpacing(theme.px(1))
        count = len(one.changed)
        head = counted("{n} change since that signature", "{n} changes since that signature", count)
        column.addWidget(label(theme, head, "meta", "stale"))
        for sentence in one.changed[:_SAID]:
            column.addWidget(label(theme, sentence, "body", "", wrap=True))
        if count > _SAID:
            more = counted("and {n} more", "and {n} more", count - _SAID)
            column.addWidget(label(theme, more, "meta", "text3"))
        return frame

    def _foot(self) -> QLayout:
        theme = self._theme
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(12))
        row.setSpacing(theme.px(8))
        again = self.gate.has_stale
        text = _("Sign again") if again else _("Sign")
        needed = bool(self.gate.roles)
        self.sign = KeyButton(theme, text, kind="primary" if needed else "", icon="seal_none", key="G")
        self.sign.clicked.connect(lambda: self.wants_sign.emit(self.gate))
        row.addWidget(self.sign)
        if again:
            compare = KeyButton(theme, _("Compare"), key="D")
            compare.clicked.connect(lambda: self.wants_comparison.emit(self.gate))
            row.addWidget(compare)
        record = KeyButton(theme, _("Approval record…"), icon="print")
        record.clicked.connect(lambda: self.wants_record.emit(self.gate))
        row.addWidget(record)
        row.addStretch(1)
        self.more = DropButton(theme, _("More"), self._fill_rule)
        row.addWidget(self.more)
        return row

    def _fill_rule(self, menu: QMenu) -> None:
        for wish, text in (
            ("verdict", _("Go or no-go…")),
            ("criterion", _("Add a criterion…")),
            ("role", _("Require one more signature…")),
            ("delete", _("Delete this gate")),
        ):
            add_choice(menu, text, partial(self.wants_rule.emit, self.gate, wish))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.picked.emit(self.gate)
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The upper edge says the state too: solid open, dashed stale, solid closed."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("soft"))
        painter.setBrush(theme.color("canvas"))
        frame = QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, theme.px(7), theme.px(7))
        _sign, tone = gate_sign(self.gate)
        pen = QPen(theme.color(tone), theme.px(3))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if tone == "stale":
            pen.setDashPattern([3, 1.5])
        painter.setPen(pen)
        top = theme.px(3) / 2 + 0.5
        painter.drawLine(
            QRectF(theme.px(4), top, self.width() - theme.px(8), 0).topLeft(),
            QRectF(theme.px(4), top, self.width() - theme.px(8), 0).topRight(),
        )
