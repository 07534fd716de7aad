"""The quiet line near the buttons of a step: "for me, now", or in amber for whom and when the next entry counts."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from app.domain.durations import format_minutes
from app.i18n import _
from app.queries.people import names
from ui.desktop.components.buttons import KeyButton, SignButton
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.moments import now_ms
from ui.desktop.runs.clock_words import MINUTE_MS, parse_moment, said_moment
from ui.desktop.runs.persons import open_persons
from ui.desktop.search.hits import Hit


class EntryLine(QFrame):
    """Keys O (for whom) and T (when) open it from anywhere on the screen; `left` gives the keyboard back."""

    left = Signal()

    def __init__(self, desk: Desk, *, always: bool = True) -> None:
        """Where entries are rare it shows only while it changes something."""
        super().__init__()
        self._desk, self._theme, self._always = desk, desk.theme, always
        theme = desk.theme
        self.setAccessibleName(_("For whom and when the next entry counts"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(6), theme.px(2), theme.px(6), theme.px(2))
        row.setSpacing(theme.px(4))
        self._for, self._at = (label(theme, "", "meta", "text3") for _n in range(2))
        self.whom = KeyButton(theme, "", kind="quiet", key="O")
        self.when = KeyButton(theme, "", kind="quiet", key="T")
        self.field = _TimeField(desk, self)
        self.back = SignButton(theme, "cross", "text2", _("Back to me, now"), size=14)
        for widget in (self._for, self.whom, self._at, self.when, self.field, self.back):
            row.addWidget(widget)
        row.addStretch(1)
        self.whom.clicked.connect(self.ask_whom)
        self.when.clicked.connect(self.ask_when)
        self.back.clicked.connect(self.reset)
        self.field.left.connect(self._on_left)
        self.field.hide()
        desk.entry.changed.connect(self._on_changed)
        self._show()
        if not always:
            self.hide()

    def press(self, letter: str) -> bool:
        """Whether the letter is one of its keys."""
        act = {"O": self.ask_whom, "T": self.ask_when}.get(letter)
        if act is not None:
            act()
        return act is not None

    def text(self) -> str:
        return " ".join(
            part.text() for part in (self._for, self.whom, self._at, self.when) if not part.isHidden()
        )

    def _on_changed(self) -> None:
        self.setVisible(self._always or not self._desk.entry.stamp.is_plain)
        self._show()

    def _show(self) -> None:
        stamp, zone = self._desk.entry.stamp, self._desk.zone
        now = now_ms()
        other = stamp.person is not None
        self._for.setText(_("You type for") if other else _("for"))
        self.whom.set_word(stamp.name if other else _("me"))
        at = _("now")
        if stamp.at is not None:
            ago = format_minutes(max(0, (now - stamp.at) // MINUTE_MS), self._theme.language)
            at = _("{time}, {ago} ago").format(time=said_moment(stamp.at, now, zone), ago=ago)
        self._at.setText(_("at"))
        self._at.setVisible(stamp.at is not None)
        self.when.set_word(at)
        self.back.setVisible(not stamp.is_plain)
        tone = "late" if not stamp.is_plain else ""
        for part in (self._for, self._at):
            part.setProperty("tone", tone or "text3")
            part.style().unpolish(part)
            part.style().polish(part)
        self.setProperty("box", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleDescription(self.text())

    def reset(self) -> None:
        self._desk.entry.set_person(None)
        self._desk.entry.set_time(None)
        self.left.emit()

    # For whom.

    def ask_whom(self) -> None:
        me = self._desk.bridge.workspace.person
        mine = self._desk.bridge.read(names).get(me, "") if me is not None else ""
        myself = Hit("person", "text2", _("me"), mine, "", partial(self._choose, None))
        box = open_persons(
            self._desk, self.whom, _("For whom do you type?"), self._choose, first=(myself,), without=me
        )
        box.left.connect(self.left)

    def _choose(self, person: bytes | None, name: str = "") -> None:
        self._desk.entry.set_person(person, name)
        self.left.emit()

    # When.

    def ask_when(self) -> None:
        self.show()
        self.when.hide()
        self._at.show()
        self.field.open()

    def _on_left(self) -> None:
        self.when.show()
        self._show()
        self.left.emit()


class _TimeField(QLineEdit):
    """`02:10`, `-15`, `yesterday 23:50`: Enter keeps it, Esc and an empty line mean now."""

    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setFont(desk.theme.font("body"))
        self.setPlaceholderText(_("02:10, -15, yesterday 23:50"))
        self.setAccessibleName(_("When did it happen?"))
        self.setFixedWidth(desk.theme.px(190))
        self.returnPressed.connect(self._keep)

    def open(self) -> None:
        self.clear()
        self._mark(wrong=False)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self, *, wrong: bool) -> None:
        self.setProperty("wrong", "true" if wrong else "false")
        self.style().unpolish(self)
        self.style().polish(self)

    def _keep(self) -> None:
        now = now_ms()
        text = self.text().strip()
        moment = parse_moment(text, now, self._desk.zone)
        if moment is None or moment > now:
            self._mark(wrong=True)
            wrong = _("“{text}” is no time that has passed. Try 02:10, -15 or yesterday 23:50.")
            self._desk.say(wrong.format(text=text), "blocked")
            return
        self._close(None if moment == now else moment)

    def _close(self, moment: int | None) -> None:
        self.hide()
        self._desk.entry.set_time(moment)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.left.emit()
        else:
            super().keyPressEvent(event)
