"""The lines of the inspector: a check one can answer, a piece of evidence, an attempt."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from app.domain.words import CheckKind, CheckOutcome, Claim, EvidenceKind, known
from app.i18n import N_, _
from app.queries.checklist import TaskRow
from app.queries.task_detail import AttemptRow, CheckRow, EvidenceRow
from app.storage.erased import MARK
from ui.desktop.checklist.steps import Steps
from ui.desktop.components.buttons import SignButton, add_choice
from ui.desktop.components.labels import Sign, label
from ui.desktop.components.more import MoreButton
from ui.desktop.desk import Desk, Erasing
from ui.desktop.moments import instant
from ui.desktop.theme.theme import Theme

_OUTCOME = {
    "": ("todo", "waiting", N_("not answered yet")),
    CheckOutcome.PASS: ("done", "done", N_("passed")),
    CheckOutcome.FAIL: ("failed", "blocked", N_("failed")),
    CheckOutcome.NA: ("na", "waiting", N_("not applicable")),
}
_KIND_ICON = {
    EvidenceKind.FILE: "file",
    EvidenceKind.NOTE: "note",
    EvidenceKind.VALUE: "value",
    EvidenceKind.LINK: "link",
}
_CLAIM_WORD = {
    Claim.FAILED: N_("failed"),
    Claim.BLOCKED: N_("blocked"),
    Claim.WAITING: N_("waiting"),
    Claim.RUNNING: N_("running"),
    Claim.TODO: N_("to do"),
    Claim.SKIPPED: N_("skipped"),
    Claim.DONE: N_("said done"),
}


ERASE_TEXT, ERASE_FILE = N_("Erase this text for good…"), N_("Erase this file for good…")


def is_erasable(text: str) -> bool:
    """There is a text, and nobody has erased it yet."""
    return bool(text) and text != MARK


class CheckLine(QWidget):
    """The sign answers: an open check passes with one press, an answered one opens the choice."""

    def __init__(self, desk: Desk, check: CheckRow, row: TaskRow, steps: Steps) -> None:
        super().__init__()
        self._desk, self._check, self._row, self._steps = desk, check, row, steps
        theme = desk.theme
        sign, tone, word = _OUTCOME.get(check.outcome or "", _OUTCOME[""])
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(6))
        spoken = _("{check}: {outcome}; press to answer").format(check=check.text, outcome=_(word))
        self.answer = SignButton(theme, sign, tone, spoken)
        self.answer.clicked.connect(self._on_answer)
        line.addWidget(self.answer, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.setContentsMargins(0, theme.px(2), 0, 0)
        words.addWidget(label(theme, check.text, wrap=True))
        for second in filter(None, (self._second_line(), check.note)):
            words.addWidget(label(theme, second, "meta", "text3", wrap=True))
        line.addLayout(words, 1)
        if check.kind != CheckKind.TICK:
            line.addWidget(self._value_field(), 0, Qt.AlignmentFlag.AlignTop)
        if check.result and is_erasable(check.note):
            what = Erasing("object", check.result, f"{row.number} {check.text}", check.note, "note")
            self.more = MoreButton(theme, self, check.text, (_(ERASE_TEXT), partial(desk.erase, what)))
            line.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)

    def _second_line(self) -> str:
        check = self._check
        parts = []
        if check.target:
            target = f"{check.target} {check.unit}".strip()
            parts.append(_("target {target}").format(target=target))
        if check.tolerance:
            parts.append(_("tolerance {tolerance}").format(tolerance=check.tolerance))
        if check.other_value:
            parts.append(_("source {value}").format(value=check.other_value))
        return " · ".join(parts)

    def _value_field(self) -> QLineEdit:
        field = QLineEdit(self._check.value or "")
        field.setFont(self._desk.theme.font("body"))
        field.setPlaceholderText(_("value"))
        field.setFixedWidth(self._desk.theme.px(84))
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setAccessibleName(_("Value of {check}").format(check=self._check.text))
        field.returnPressed.connect(lambda: self._tick(CheckOutcome.PASS, field.text().strip() or None))
        return field

    def _on_answer(self) -> None:
        if not self._check.outcome and self._check.kind == CheckKind.TICK:
            self._tick(CheckOutcome.PASS, None)
            return
        menu = QMenu(self)
        menu.setFont(self._desk.theme.font("body"))
        for outcome, text in (
            (CheckOutcome.PASS, _("Passed")),
            (CheckOutcome.FAIL, _("Failed")),
            (CheckOutcome.NA, _("Not applicable")),
        ):
            add_choice(
                menu,
                text,
                partial(self._tick, outcome, self._check.value),
                checked=self._check.outcome == outcome,
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.answer.mapToGlobal(self.answer.rect().bottomLeft()))

    def _tick(self, outcome: CheckOutcome, value: str | None) -> None:
        self._steps.tick(self._check, outcome, value)


class PieceActs(NamedTuple):
    """What the signs at the end of a line of evidence do with it."""

    copy: Callable[[EvidenceRow], object]
    remove: Callable[[EvidenceRow], object]
    erase: Callable[[EvidenceRow], object]


class PieceSigns(QHBoxLayout):
    """Save a copy of a file, remove it, and behind the dots erase it for good. `has_file`: its content can be had here."""

    def __init__(
        self, theme: Theme, line: QWidget, evidence: EvidenceRow, acts: PieceActs, *, has_file: bool
    ) -> None:
        super().__init__()
        self.setSpacing(0)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        name = (evidence.name or evidence.text)[:60]
        if evidence.sha256 and has_file:
            copy = SignButton(
                theme, "download", "text2", _("Save a copy of {name}").format(name=name), size=14
            )
            copy.clicked.connect(lambda: acts.copy(evidence))
            self.addWidget(copy)
        remove = SignButton(theme, "cross", "text3", _("Remove {name}").format(name=name), size=14)
        remove.clicked.connect(lambda: acts.remove(evidence))
        self.addWidget(remove)
        if is_erasable(name):
            word = _(ERASE_FILE if evidence.sha256 else ERASE_TEXT)
            self.addWidget(MoreButton(theme, line, name, (word, lambda: acts.erase(evidence))))


class EvidenceLine(QWidget):
    """A note, file, value or link with who brought it; a file can be saved as a copy."""

    wants_copy = Signal(object)
    wants_removal = Signal(object)
    wants_erasure = Signal(object)

    def __init__(self, theme: Theme, evidence: EvidenceRow, zone: str) -> None:
        super().__init__()
        self.evidence = evidence
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        icon = _KIND_ICON[known(EvidenceKind, evidence.kind)]
        line.addWidget(Sign(theme, icon, "text2", 16), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        shown = evidence.name or evidence.text
        words.addWidget(label(theme, shown, wrap=True))
        code = evidence.sha256.hex()[:8] if evidence.sha256 else ""
        parts = [part for part in (evidence.performer, instant(evidence.happened_at, zone), code) if part]
        if parts:
            words.addWidget(label(theme, " · ".join(parts), "meta", "text3", wrap=True))
        line.addLayout(words, 1)
        acts = PieceActs(self.wants_copy.emit, self.wants_removal.emit, self.wants_erasure.emit)
        self.signs = PieceSigns(theme, self, evidence, acts, has_file=is_erasable(shown))
        line.addLayout(self.signs)


class AttemptLine(QWidget):
    """`at` says where its step stands."""

    def __init__(self, desk: Desk, attempt: AttemptRow, zone: str, at: str) -> None:
        super().__init__()
        theme = desk.theme
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        column = QVBoxLayout()
        column.setSpacing(0)
        line.addLayout(column, 1)
        start, end = instant(attempt.started_at, zone), instant(attempt.finished_at, zone)
        claim = _(_CLAIM_WORD[known(Claim, attempt.claim)])
        span = f"{start} → {end}" if end else start
        head = _("Attempt {n}: {claim}").format(n=attempt.number, claim=claim)
        column.addWidget(label(theme, f"{head} · {span}" if span else head, wrap=True))
        said = [part for part in (attempt.performer, attempt.reason) if part]
        if said:
            column.addWidget(label(theme, " · ".join(said), "meta", "text3", wrap=True))
        if is_erasable(attempt.reason):
            what = Erasing("object", attempt.id, f"{at} · {head}", attempt.reason, "reason")
            self.more = MoreButton(theme, self, head, (_(ERASE_TEXT), partial(desk.erase, what)))
            line.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
