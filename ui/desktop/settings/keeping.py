"""For how long a project's texts are kept: the retention period, what has fallen due by it, and the legal hold that keeps all."""

from functools import partial
from typing import Any, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.clock import to_iso
from app.domain.words import Access
from app.i18n import _, counted
from app.queries.projects import ProjectRow, project
from app.queries.retention import Retention, has_due, retention
from app.storage.engine import Reader
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.form import Field
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk, Erasing
from ui.desktop.moments import now_ms

_MOST_DAYS = 36_500


class Kept(NamedTuple):
    """`access`: what whoever acts may do with it."""

    row: ProjectRow
    retention: Retention
    is_due: bool
    access: Access


def kept(reader: Reader, project_id: bytes, language: str, person: bytes | None, now: int) -> Kept | None:
    from app.storage.authority import Reach

    row = project(reader, project_id, language)
    if row is None:
        return None
    access = Reach.of(reader, person).to(project_id)
    return Kept(row, retention(reader, project_id), has_due(reader, project_id, now), access)


class KeepingPanel(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.found: Kept | None = None
        theme = desk.theme
        self.days = Field(theme, _("Days its texts are kept after the live run"), hint=_("no period"))
        self.days.edit.setMaximumWidth(theme.px(200))
        self.days.edit.textEdited.connect(self._on_edited)
        self.days.edit.returnPressed.connect(self._keep)
        self.keep = KeyButton(theme, _("Keep the period"))
        self.keep.clicked.connect(self._keep)
        self.keep.setEnabled(False)
        self.state = label(theme, "", "body", "text2", wrap=True)
        self.erase = KeyButton(theme, _("Erase what is due…"), icon="cross")
        self.erase.clicked.connect(self._erase)
        self.sign = Sign(theme, "lock", "text3", 16)
        self.held = label(theme, "", "body", "", wrap=True)
        self.hold = KeyButton(theme, _("Place a legal hold…"), icon="lock")
        self.hold.clicked.connect(self._on_hold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self.days)
        column.addLayout(self._row(self.keep, self.erase))
        column.addWidget(self.state)
        column.addSpacing(theme.px(6))
        told = QHBoxLayout()
        told.setSpacing(theme.px(8))
        told.addWidget(self.sign)
        told.addWidget(self.held, 1)
        column.addLayout(told)
        column.addLayout(self._row(self.hold))

    def _row(self, *widgets: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._desk.theme.px(8))
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def reload(self) -> None:
        desk = self._desk
        if desk.project_id is not None:
            place = (desk.project_id, desk.language, desk.bridge.workspace.person, now_ms())
            desk.bridge.fetch(kept, *place, then=self._take)

    def _take(self, found: Kept | None) -> None:
        self.found = found
        if found is None:
            return
        if not self.keep.isEnabled():  # half-typed changes stay
            days = found.retention.days
            self.days.edit.setText("" if days is None else str(days))
        self.days.edit.setReadOnly(found.access < Access.MANAGER)
        self.keep.setVisible(found.access >= Access.MANAGER)
        self.erase.setVisible(found.is_due)
        self.state.setText(self._state_words(found))
        hold = found.row.legal_hold
        self.sign.set_sign("lock", "late" if hold else "text3")
        self.held.setText(
            _("Legal hold: {reason}. Nothing of this project can be erased.").format(reason=hold)
            if hold
            else _("No legal hold. Under one nothing of the project can be erased, nor who took part.")
        )
        self.hold.setVisible(found.access is Access.OWNER)
        self.hold.set_word(_("End the legal hold…") if hold else _("Place a legal hold…"))

    def _state_words(self, found: Kept) -> str:
        now = found.retention
        if now.days is None:
            return _("Without a period nothing falls due. Nothing is ever erased by itself.")
        if now.hold:
            return _("The legal hold keeps everything, whatever the period.")
        if now.due_ms is None:
            return _("The period begins when the live run ends. Nothing is ever erased by itself.")
        day = to_iso(now.due_ms)[:10]
        if not now.is_over(now_ms()):
            return _("Falls due on {day}; then an owner erases it. Nothing is ever erased by itself.").format(
                day=day
            )
        if found.is_due:
            return _("Due since {day}: texts and files of people are still here.").format(day=day)
        return _("Was due on {day}, and has been erased.").format(day=day)

    # What is changed.

    def _on_edited(self, _text: str) -> None:
        self.keep.setEnabled(True)

    def _keep(self) -> None:
        text = self.days.text().strip()
        if self.found is None or not self.keep.isEnabled():
            return
        if text and not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_DAYS):
            self.days.set_wrong(_("A number of days, 1 or more; empty for no period."))
            return
        self.keep.setEnabled(False)
        days = int(text) if text else None
        command = "app.commands.redacting:set_retention"
        self._desk.bridge.run(command, self.found.row.id, days, then=partial(self._set, days))

    def _set(self, days: int | None, _done: Any) -> None:
        self._desk.say(
            _("No retention period any more.")
            if days is None
            else counted(
                "Kept for {n} day after the live run.", "Kept for {n} days after the live run.", days
            )
        )

    def _erase(self) -> None:
        if self.found is not None:
            self._desk.erase(Erasing("due", self.found.row.id, self.found.row.name))

    def _on_hold(self) -> None:
        found = self.found
        if found is None:
            return
        if found.row.legal_hold:
            question = _("End the legal hold “{reason}”? Then texts can be erased again.")
            text = question.format(reason=found.row.legal_hold)
            self._desk.ask(text, _("End the hold"), lambda _text: self._set_hold(""), needed=False)
            return
        question = _("Why is everything of this project kept?")
        self._desk.ask(question, _("Place the hold"), self._set_hold, hint=_("Audit 2026, case 4711"))

    def _set_hold(self, reason: str) -> None:
        if self.found is not None:
            command = "app.commands.redacting:set_hold"
            self._desk.bridge.run(
                command, self.found.row.id, reason.strip(), then=partial(self._held, reason)
            )

    def _held(self, reason: str, _done: Any) -> None:
        self._desk.say(
            _("Nothing of it can be erased until the hold is ended.") if reason else _("The hold is ended.")
        )
