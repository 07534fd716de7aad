"""The second person: somebody other than who did it confirms a step with the own PIN, in place."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout

from app.domain.words import Meaning
from app.i18n import _
from app.queries.checklist import TaskRow
from app.queries.people import PersonRow
from ui.desktop.actions import load
from ui.desktop.components.buttons import DropButton, KeyButton, add_choice
from ui.desktop.components.form import Field
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.moments import with_clock_times
from ui.desktop.secrets import Signers, needs_passphrase, signers


class SecondPerson(QFrame):
    """Closed it is one button; open it asks who, and for their PIN."""

    ended = Signal()

    def __init__(self, desk: Desk, row: TaskRow) -> None:
        super().__init__()
        self._desk, self._row = desk, row
        self._people: tuple[PersonRow, ...] = ()
        self._person: PersonRow | None = None
        self._needs_passphrase = False
        theme = desk.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        self.begin = KeyButton(theme, _("Confirm as second person…"), icon="people")
        self.begin.clicked.connect(self.open)
        column.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignLeft)
        self.form = QFrame()
        self.form.setProperty("card", "true")
        column.addWidget(self.form)
        inside = QVBoxLayout(self.form)
        inside.setContentsMargins(*(theme.px(10),) * 4)
        inside.setSpacing(theme.px(8))
        self.note = label(theme, "", "meta", "text3", wrap=True)
        self.who = DropButton(theme, "", self._fill_people, kind="")
        self.pin = Field(theme, _("PIN"), secret=True)
        self.passphrase = Field(
            theme, _("Passphrase of this installation, 12 characters or more"), secret=True
        )
        self.confirm = KeyButton(theme, _("I have checked it"), kind="primary", key="Enter")
        self.confirm.clicked.connect(self._confirm)
        for widget in (self.note, self.who, self.pin, self.passphrase):
            inside.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.confirm)
        buttons.addStretch(1)
        inside.addLayout(buttons)
        self.pin.edit.returnPressed.connect(self._confirm)
        self.form.hide()

    def is_editing(self) -> bool:
        return not self.form.isHidden()

    def open(self) -> None:
        self._desk.bridge.fetch(signers, then=self._take)

    def _take(self, found: Signers) -> None:
        """Who signs in a role and did not act here just now."""
        me = self._desk.bridge.workspace.person
        self._people = tuple(one for one in found.people if one.roles)
        self._person = next((one for one in self._people if one.id != me), None)
        if self._person is None:
            self._desk.say(_("There is nobody else with a role here. Add people in Settings."), "late")
            return
        self._needs_passphrase = needs_passphrase(self._desk.bridge.workspace)
        self.passphrase.setVisible(self._needs_passphrase)
        text = _("Not who did it. Signed on what the step says now.")
        hint = _("Everybody's PIN in the sample is 0000.")
        self.note.setText(f"{text} {hint}" if found.sample else text)
        self._show_person()
        self.begin.hide()
        self.form.show()
        self.pin.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_people(self, menu: QMenu) -> None:
        for person in self._people:
            text = f"{person.name or person.handle} – {', '.join(person.roles)}"
            add_choice(menu, text, partial(self.set_person, person), checked=person == self._person)

    def set_person(self, person: PersonRow) -> None:
        self._person = person
        self._show_person()
        self.pin.edit.clear()

    def _show_person(self) -> None:
        if self._person is not None:
            self.who.set_word(self._person.name or self._person.handle)

    def _confirm(self) -> None:
        if self._person is None or not self.pin.text():
            self.pin.set_wrong(_("The PIN is needed."))
            return
        self.confirm.setEnabled(False)
        passphrase = self.passphrase.text() if self._needs_passphrase else ""
        place = (self._desk.run_id, self._row.id)
        job = partial(
            confirm_now, self._desk.bridge.workspace, self._person, self.pin.text(), passphrase, *place
        )
        self._desk.bridge.write(job, then=self._confirmed, failed=self._refused)

    def _confirmed(self, _done: Any) -> None:
        name = self._person.name if self._person is not None else ""
        self.form.hide()
        self.ended.emit()
        self._desk.say(_("Confirmed: {number} by {person}.").format(number=self._row.number, person=name))

    def _refused(self, error: Exception) -> None:
        self.confirm.setEnabled(True)
        self.pin.set_wrong(with_clock_times(str(error), self._desk.zone))
        self.pin.edit.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_editing():
            self.form.hide()
            self.begin.show()
        else:
            super().keyPressEvent(event)


def confirm_now(
    workspace: Any, person: PersonRow, pin: str, passphrase: str, run: bytes | None, task: bytes
) -> Any:
    """Runs in the writer thread: a reviewed sign-off on the step, in the person's own role."""
    from ui.desktop.gates.signing import as_signer, unlocked

    signer = unlocked(workspace, person.id, pin, passphrase)
    command = load("app.commands.signing:sign")
    more = {"role": person.roles[0], "meaning": Meaning.REVIEWED}
    return as_signer(workspace, signer, command, signer, run, task, **more)
