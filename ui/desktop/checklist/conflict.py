"""A conflict in place: every value with its author and time, none called right, and a button to keep each."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.words import Claim
from app.i18n import _
from app.queries.checklist import TaskRow
from app.queries.people import names
from ui.desktop.actions import STEP_BY_ID
from ui.desktop.checklist.columns import Shown
from ui.desktop.checklist.values import field_word, value_words
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.moments import instant

_ACTION = {
    Claim.FAILED: "fail",
    Claim.BLOCKED: "block",
    Claim.WAITING: "wait",
    Claim.RUNNING: "start",
    Claim.SKIPPED: "skip",
    Claim.DONE: "finish",
}
_PERSONS = ("owner", "accountable", "deputy")


class ConflictCard(QFrame):
    def __init__(self, desk: Desk, conflict: Any, row: TaskRow, shown: Shown) -> None:
        super().__init__()
        self._desk, self._conflict, self._row, self._shown = desk, conflict, row, shown
        theme = desk.theme
        self.setProperty("box", "conflict")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(12),) * 4)
        column.setSpacing(theme.px(8))
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        head.addWidget(Sign(theme, "conflict", "conflict", 16))
        field = field_word(conflict.field)
        title = _("{field}: {n} values").format(field=field, n=len(conflict.values))
        head.addWidget(label(theme, title, "strong", "conflict"), 1)
        column.addLayout(head)
        why = _("Written without knowing of each other. All are kept until somebody chooses.")
        column.addWidget(label(theme, why, "body", "text2", wrap=True))
        for number, value in enumerate(conflict.values, 1):
            column.addWidget(self._value(value, number))
        if conflict.field == "claim":
            safe = _("Until then the least finished of them counts.")
            column.addWidget(label(theme, safe, "meta", "text3", wrap=True))

    def _value(self, value: Any, number: int) -> QFrame:
        theme = self._desk.theme
        card = QFrame()
        card.setProperty("card", "true")
        column = QVBoxLayout(card)
        column.setContentsMargins(*(theme.px(10),) * 4)
        column.setSpacing(theme.px(6))
        words = self.words(value.value)
        head = QHBoxLayout()
        head.addWidget(label(theme, words, "title" if len(words) < 16 else "strong", wrap=True), 1)
        if value.counts:
            head.addWidget(label(theme, _("counts for now"), "meta", "text3"), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        who = QHBoxLayout()
        who.setSpacing(theme.px(6))
        who.addWidget(Avatar(theme, value.person or "?", 20))
        said = " · ".join(
            part for part in (value.person, instant(value.when_ms, self._shown.zone), value.device) if part
        )
        who.addWidget(label(theme, said, "meta", "text2", wrap=True), 1)
        column.addLayout(who)
        keep = KeyButton(
            theme, _("Keep {value}").format(value=words if len(words) < 24 else _("this")), key=str(number)
        )
        keep.clicked.connect(partial(self.keep, value))
        column.addWidget(keep)
        return card

    def keep_number(self, number: int) -> None:
        if 0 < number <= len(self._conflict.values):
            self.keep(self._conflict.values[number - 1])

    def words(self, value: Any) -> str:
        return value_words(self._conflict.field, value, self._shown.language, self._shown.zone)

    def keep(self, value: Any, *_pressed: bool) -> None:
        """Choosing is a change like any other: journaled, undone with Ctrl Z, seen by both."""
        conflict, bridge = self._conflict, self._desk.bridge
        if conflict.field == "claim":
            self._claim(Claim(value.value))
            return
        chosen = value.value
        if conflict.field in _PERSONS and isinstance(chosen, str):
            chosen = next((person for person, name in bridge.read(names).items() if name == chosen), None)
        command = "app.commands.tasks:set_task"
        language = conflict.language or self._shown.language
        bridge.run(command, self._row.id, {conflict.field: chosen}, language=language)

    def _claim(self, claim: Claim) -> None:
        action = STEP_BY_ID[_ACTION[claim]] if claim in _ACTION else None
        command = action.command if action is not None else "app.commands.runs:reset_step"
        self._desk.bridge.run(command, self._desk.run_id, self._row.id, reason=_("Chosen of several claims."))
