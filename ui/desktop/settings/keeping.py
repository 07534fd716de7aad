"""How long a project's texts and files are kept: a period after its live run, a legal hold, and erasing what is over."""

from typing import Any, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import _, counted
from app.queries.retention import Retention, retention
from app.storage.engine import Reader
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.form import Field
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.erasing import ask_to_erase
from ui.desktop.moments import local

_LONGEST_DAYS = 36_500


class Kept(NamedTuple):
    """`access`: what whoever acts may do in the project, as a number of the word list."""

    retention: Retention
    access: int


def kept(reader: Reader, project: bytes, person: bytes | None) -> Kept:
    from app.storage.authority import Reach  # with the data layer, which the window does not wait for

    return Kept(retention(reader, project), int(Reach.of(reader, person).to(project)))


class KeepingPanel(QWidget):
    """Managers say how long, owners hold and erase; others see how it stands."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._found: Kept | None = None
        theme = desk.theme
        self.state = label(theme, "", "body", "text2", wrap=True)
        self.days = Field(theme, _("Days after its live run; empty keeps them for good"), hint="3650")
        self.hold = Field(
            theme, _("Legal hold: why nothing may be erased; empty is no hold"), hint=_("Audit 2026")
        )
        self.keep = KeyButton(theme, _("Keep"), kind="primary")
        self.erase = KeyButton(theme, _("Erase its texts and files…"), icon="cross")
        self.keep.clicked.connect(self._keep)
        self.erase.clicked.connect(self._erase)
        fields = QHBoxLayout()
        fields.setSpacing(theme.px(12))
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        for field in (self.days, self.hold):
            fields.addWidget(field, 1)
            field.edit.textEdited.connect(lambda _text: self.keep.setEnabled(True))
            field.edit.returnPressed.connect(self._keep)
        for button in (self.keep, self.erase):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addWidget(self.state)
        column.addLayout(fields)
        column.addLayout(buttons)
        self.keep.setEnabled(False)
        self.erase.hide()

    def reload(self) -> None:
        bridge, project = self._desk.bridge, self._desk.project_id
        if project is not None:
            bridge.fetch(kept, project, bridge.workspace.person, then=self._take)

    def _take(self, found: Kept) -> None:
        from app.domain.words import Access

        if self.keep.isEnabled():
            return  # half-typed changes stay
        self._found = found
        self.days.edit.setText(str(found.retention.days or ""))
        self.hold.edit.setText(found.retention.hold)
        self.days.setEnabled(found.access >= Access.MANAGER)
        self.hold.setEnabled(found.access >= Access.OWNER)
        due = found.retention.is_due(self._desk.bridge.workspace.clock.now_ms())
        self.erase.setVisible(due and found.access >= Access.OWNER)
        self.state.setText(self._words(found.retention, due=due))

    def _words(self, found: Retention, *, due: bool) -> str:
        if found.hold:
            return _("A legal hold keeps everything: {reason}").format(reason=found.hold)
        if found.days is None:
            return _("Its texts and files are kept for good.")
        if found.due_ms is None:
            return counted(
                "They are kept for {n} day after its live run ends.",
                "They are kept for {n} days after its live run ends.",
                found.days,
            )
        date = local(found.due_ms, self._desk.zone).strftime("%Y-%m-%d")
        if due:
            return _("Their time was over on {date}. An owner may erase them; what was signed stays.").format(
                date=date
            )
        return _("They are kept until {date}.").format(date=date)

    def _keep(self) -> None:
        project = self._desk.project_id
        if self._found is None or project is None or not self.keep.isEnabled():
            return
        text = self.days.text().strip()
        good = not text or (text.isascii() and text.isdigit() and 0 < int(text) <= _LONGEST_DAYS)
        self.days.set_wrong(
            "" if good else _("A number of days from 1 to {most}.").format(most=_LONGEST_DAYS)
        )
        if not good:
            return
        days, hold = int(text) if text else None, self.hold.text().strip()
        self.keep.setEnabled(False)
        run = self._desk.bridge.run
        if days != self._found.retention.days:
            run("app.commands.redacting:set_retention", project, days, then=self._said)
        if hold != self._found.retention.hold:
            run("app.commands.redacting:set_hold", project, hold, then=self._said)

    def _said(self, _done: Any) -> None:
        self._desk.say(_("The project is changed."))

    def _erase(self) -> None:
        project = self._desk.project_id
        if project is not None:
            question = _("Erase the texts and files of this project?")
            ask_to_erase(self._desk, question, "app.commands.redacting:redact_due", project)
