"""Raising an incident: its title and Enter are enough; severity, step and description where they are known. And solving it."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.domain.durations import parse_minutes
from app.domain.words import Severity
from app.i18n import N_, _
from app.queries.checklist import TaskRow
from app.queries.incidents import IncidentRow
from ui.desktop.checklist.parts import is_erasable
from ui.desktop.components.buttons import Segments
from ui.desktop.components.labels import label
from ui.desktop.components.more import MoreButton
from ui.desktop.desk import Desk, Erasing
from ui.desktop.runs.persons import PersonButton
from ui.desktop.runs.sheet import Sheet

_MEANS = {
    Severity.P1: N_("The go-live stops until it is solved."),
    Severity.P2: N_("The end, the spare or the rollback is in danger."),
    Severity.P3: N_("It costs time, but there is a way round it."),
    Severity.P4: N_("It can wait until after the go-live."),
}


class IncidentSheet(Sheet):
    """`task` is the step one stands on: prefilled, and one key takes it out."""

    def __init__(self, desk: Desk, run: bytes, task: TaskRow | None) -> None:
        super().__init__(desk, run, _("What went wrong?"), _("Raise the incident"), "warning")
        self.task = task
        self.title = self.field(_("In a few words"), hint=_("The bank gateway does not answer"))
        self.title.returnPressed.connect(self._on_do)
        self.severity = Segments(
            self.theme, tuple((one.value, one.value) for one in Severity), Severity.P3, _("Severity")
        )
        self.row(_("Severity"), self.severity)
        self.means = label(self.theme, _(_MEANS[Severity.P3]), "meta", "text3", wrap=True)
        self.body.add(self.means)
        self.severity.chosen.connect(self._on_severity)
        step = [("step", f"{task.number} {task.title}"[:48])] if task is not None else []
        faces = (*step, ("none", _("none")))
        self.step = Segments(self.theme, faces, faces[0][0], _("Step"))
        self.row(_("Step"), self.step)
        self.text = self.text_field(_("What is known, what was tried"))
        self.owner = PersonButton(desk, _("nobody yet"), _("Who takes care of it?"))
        self.row(_("Who takes care of it"), self.owner)
        self.close_body()

    def _on_severity(self, severity: str) -> None:
        self.means.setText(_(_MEANS[Severity(severity)]))

    def take_focus(self) -> None:
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        title = self.title.text().strip()
        if not title:
            self.say_wrong(_("Say in a few words what happened."), self.title)
            return
        more = {
            "severity": Severity(self.severity.current()),
            "task": self.task.id if self.task is not None and self.step.current() == "step" else None,
            "description": self.text.toPlainText().strip(),
            "owner": self.owner.person,
        }
        said = _("{severity} raised: {title}").format(severity=self.severity.current(), title=title)
        self.enter("app.commands.incidents:raise_incident", said, self.run, title, **more)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 4 choose the severity while no field has the keyboard."""
        number = event.text()
        if number in ("1", "2", "3", "4"):
            self.severity.set_current(f"P{number}")
            self._on_severity(f"P{number}")
        else:
            super().keyPressEvent(event)


class SolveSheet(Sheet):
    """How it was solved and what it cost; both stand in the run protocol."""

    def __init__(self, desk: Desk, incident: IncidentRow) -> None:
        title = f"{incident.severity} · {incident.title}"
        super().__init__(desk, incident.run, title, _("It is solved"), "tick")
        self.incident = incident
        if incident.description:
            self.body.text(incident.description, "body", "text2")
        self.solution = self.text_field(_("How was it solved?"))
        self.lost = self.field(_("Time it cost"), hint=_("16, 1h30; empty when none"))
        self.lost.returnPressed.connect(self._on_do)
        self.lost.setMaximumWidth(self.theme.px(220))
        if is_erasable(incident.title):
            text = "\n".join(filter(None, (incident.title, incident.description)))
            what = Erasing("object", incident.id, title, text)
            erase = (_("Erase its texts for good…"), partial(desk.erase, what))
            self.more = MoreButton(self.theme, self, incident.title, erase)
            self.buttons.addWidget(self.more)
        self.close_body()

    def take_focus(self) -> None:
        self.solution.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        solution, text = self.solution.toPlainText().strip(), self.lost.text().strip()
        if not solution:
            self.say_wrong(_("Say how it was solved."), self.solution)
            return
        lost = parse_minutes(text) if text else None
        if text and lost is None:
            wrong = _("“{text}” is no duration. Try 90, 1h30 or 1.5h.").format(text=text)
            self.say_wrong(wrong, self.lost)
            return
        said = _("Solved: {title}").format(title=self.incident.title)
        command = "app.commands.incidents:solve_incident"
        self.enter(command, said, self.incident.id, solution, minutes_lost=lost)
