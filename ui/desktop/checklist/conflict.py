"""A conflict in place: every value with its author, time, reason and what it would do; none called right, a key to keep each."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.durations import format_minutes
from app.domain.words import Claim, known
from app.i18n import _
from app.queries.checklist import TaskRow
from app.queries.effects import Effect
from app.queries.people import names
from ui.desktop.actions import STEP_BY_ID
from ui.desktop.checklist.columns import Shown
from ui.desktop.checklist.reading import Torn
from ui.desktop.checklist.values import field_word, value_words
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label, line
from ui.desktop.desk import Desk
from ui.desktop.moments import instant

if TYPE_CHECKING:
    from app.queries.conflicts import ConflictValue

_ACTION = {
    Claim.FAILED: "fail",
    Claim.BLOCKED: "block",
    Claim.WAITING: "wait",
    Claim.RUNNING: "start",
    Claim.SKIPPED: "skip",
    Claim.DONE: "finish",
}
_PERSONS = ("owner", "accountable", "deputy")
_TYPED = ("title", "owner", "minutes", "start", "due", "stream", "priority", "rollback_minutes")
_MINUTE_MS = 60_000


def effect_words(effects: Sequence[Effect], number: int, standing: int, language: str, zone: str) -> str:
    """When all ends with this value, by how much that differs from the one that counts, and what is spare then."""
    one, now = effects[number], effects[standing]
    parts = [_("Ends {time}").format(time=instant(one.end_ms, zone))]
    by = round((one.end_ms - now.end_ms) / _MINUTE_MS)
    length = format_minutes(abs(by), language)
    if by:
        text = _("{length} later") if by > 0 else _("{length} earlier")
        parts[0] = _("{end}, {difference}").format(end=parts[0], difference=text.format(length=length))
    if one.spare_minutes is not None:
        spare = format_minutes(abs(one.spare_minutes), language)
        text = _("{length} spare") if one.spare_minutes >= 0 else _("{length} after the window closes")
        parts.append(text.format(length=spare))
    return " · ".join(parts)


class ConflictCard(QFrame):
    wants_other = Signal(object, str)  # task and field: a value that none of the authors gave

    def __init__(self, desk: Desk, torn: Torn, row: TaskRow, shown: Shown) -> None:
        super().__init__()
        self._desk, self._conflict, self._row, self._shown = desk, torn.conflict, row, shown
        self._effects = torn.effects
        theme = desk.theme
        self.setProperty("box", "conflict")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(12),) * 4)
        column.setSpacing(theme.px(8))
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        head.addWidget(Sign(theme, "conflict", "conflict", 16))
        head.addWidget(label(theme, self._title(), "strong", "conflict", wrap=True), 1)
        column.addLayout(head)
        why = _("Written without knowing of each other. All are kept until somebody chooses.")
        column.addWidget(label(theme, why, "body", "text2", wrap=True))
        for number, value in enumerate(self._conflict.values, 1):
            column.addWidget(self._value(value, number))
        if self._conflict.field == "claim":
            safe = _("Until then the least finished of them counts.")
            column.addWidget(label(theme, safe, "meta", "text3", wrap=True))
        column.addLayout(self._others())
        free = _("Choosing is a change like any other: in the log, undone with Ctrl Z, seen by all.")
        column.addWidget(label(theme, free, "meta", "text3", wrap=True))

    def _title(self) -> str:
        return _("{field}: {n} values").format(field=self._field(), n=len(self._conflict.values))

    def _field(self) -> str:
        """Of a link with the task it waits for."""
        word = field_word(self._conflict.field)
        if self._conflict.table == "link":
            return _("{field} after “{title}”").format(field=word, title=self._conflict.title)
        return word

    def _others(self) -> QHBoxLayout:
        """What else one can do about it."""
        theme = self._desk.theme
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(6))
        if self._conflict.field in _TYPED:
            number = len(self._conflict.values) + 1
            other = KeyButton(theme, _("Another value"), key=str(number))
            other.clicked.connect(partial(self.keep_number, number))
            buttons.addWidget(other)
        ask = KeyButton(theme, _("Ask them"), key="A")
        ask.setToolTip(_("Copies a question to all who wrote a value, for a chat or a mail."))
        ask.clicked.connect(lambda _on=False: self.ask_all())
        buttons.addWidget(ask)
        buttons.addStretch(1)
        return buttons

    def _value(self, value: "ConflictValue", number: int) -> QFrame:
        theme = self._desk.theme
        card = QFrame()
        card.setProperty("card", "conflict" if value.counts else "true")
        column = QVBoxLayout(card)
        column.setContentsMargins(*(theme.px(10),) * 4)
        column.setSpacing(theme.px(6))
        words = self.words(value.value)
        head = QHBoxLayout()
        head.addWidget(label(theme, words, "title" if len(words) < 16 else "strong", wrap=True), 1)
        if value.counts:
            head.addWidget(label(theme, _("counts for now"), "meta", "text3"), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addLayout(self._author(value))
        said = f"“{value.reason}”" if value.reason else _("No reason given")
        column.addWidget(label(theme, said, "meta", "text2" if value.reason else "text3", wrap=True))
        if self._effects:
            column.addWidget(line())
            column.addWidget(label(theme, self._effect(number - 1), "body", "", wrap=True))
        short = words if len(words) < 24 else _("this")
        keep = KeyButton(theme, _("Keep {value}").format(value=short), key=str(number))
        keep.clicked.connect(partial(self.keep, value))
        column.addWidget(keep)
        return card

    def _author(self, value: "ConflictValue") -> QHBoxLayout:
        theme = self._desk.theme
        who = QHBoxLayout()
        who.setSpacing(theme.px(6))
        who.addWidget(Avatar(theme, value.person or "?", 20), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(theme, value.person or _("Somebody not named yet"), "strong", wrap=True))
        when = instant(value.when_ms, self._shown.zone)
        words.addWidget(label(theme, f"{when} · {value.device}", "meta", "text2", wrap=True))
        who.addLayout(words, 1)
        return who

    def _effect(self, place: int) -> str:
        standing = next((n for n, value in enumerate(self._conflict.values) if value.counts), 0)
        return effect_words(self._effects, place, standing, self._shown.language, self._shown.zone)

    def keep_number(self, number: int, *_pressed: bool) -> None:
        """1, 2 and so on keep a value; the number behind the last one asks for another."""
        values = self._conflict.values
        if 0 < number <= len(values):
            self.keep(values[number - 1])
        elif number == len(values) + 1 and self._conflict.field in _TYPED:
            self.wants_other.emit(self._row.id, self._conflict.field)

    def ask_all(self) -> None:
        """A question with every value and its author on the clipboard: nothing in the record could stand for an answer."""
        values = [
            _("{value} ({person})").format(value=self.words(one.value), person=one.person or "?")
            for one in self._conflict.values
        ]
        text = _(
            "{number} {title}: which {field} is right, {values}? Please agree; Launchbook keeps all until then."
        ).format(
            number=self._row.number,
            title=self._row.title,
            field=self._field(),
            values=_(" or ").join(values),
        )
        QGuiApplication.clipboard().setText(text)
        people = ", ".join(dict.fromkeys(one.person for one in self._conflict.values if one.person))
        self._desk.say(
            _("The question is on the clipboard. Send it to {people}.").format(people=people or "?")
        )

    def words(self, value: Any) -> str:
        return value_words(self._conflict.field, value, self._shown.language, self._shown.zone)

    def keep(self, value: Any, *_pressed: bool) -> None:
        """Choosing is a change like any other: journaled, undone with Ctrl Z, seen by both."""
        conflict, bridge = self._conflict, self._desk.bridge
        if conflict.field == "claim":
            self._claim(known(Claim, value.value))
            return
        if conflict.table == "link":
            bridge.run("app.commands.tasks:set_link", conflict.object, {conflict.field: value.value})
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
