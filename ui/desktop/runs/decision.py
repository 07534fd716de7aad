"""A decision of the night for the record: what was asked, what was decided, by whom and why."""

from PySide6.QtCore import Qt

from app.domain.words import DecisionKind
from app.i18n import N_, _
from app.queries.checklist import TaskRow
from app.queries.night import Decision
from ui.desktop.components.buttons import KeyButton, Segments
from ui.desktop.desk import Desk
from ui.desktop.runs.persons import PersonButton
from ui.desktop.runs.sheet import Sheet

KINDS = {
    DecisionKind.GO_NO_GO: N_("Go / no-go"),
    DecisionKind.ROLLBACK: N_("Rollback"),
    DecisionKind.WORKAROUND: N_("Workaround"),
    DecisionKind.GENERAL: N_("Other"),
}
_ASKS = {
    DecisionKind.GO_NO_GO: N_("Do we go on?"),
    DecisionKind.ROLLBACK: N_("Do we turn back?"),
    DecisionKind.WORKAROUND: N_("How do we get round it?"),
    DecisionKind.GENERAL: "",
}


class DecisionSheet(Sheet):
    """`gate` is the next one, `task` the step one stands on: both prefilled as what it is about."""

    def __init__(self, desk: Desk, run: bytes, gate: Decision | None, task: TaskRow | None) -> None:
        super().__init__(desk, run, _("What is decided?"), _("Record the decision"), "flag")
        self.gate, self.task = gate, task
        first = DecisionKind.GO_NO_GO if gate is not None else DecisionKind.GENERAL
        self.kind = Segments(
            self.theme, tuple((kind.value, _(word)) for kind, word in KINDS.items()), first, _("Kind")
        )
        self.row(_("Kind"), self.kind)
        self.kind.chosen.connect(self._on_kind)
        faces: list[tuple[str, str]] = []
        if gate is not None:
            faces.append(("gate", gate.name[:40]))
        if task is not None:
            faces.append(("step", f"{task.number} {task.title}"[:40]))
        faces.append(("none", _("the whole run")))
        self.about = Segments(self.theme, tuple(faces), faces[0][0], _("About"))
        self.row(_("About"), self.about)
        if gate is not None:
            verdict = KeyButton(
                self.theme, _("Give the signed verdict at the gate…"), kind="quiet", icon="prove"
            )
            verdict.clicked.connect(lambda: desk.go_to.emit("prove/gates"))
            self.row(_("A go that opens the way is signed at the gate; here it is only noted."), verdict)
        self.question = self.field(_("What was asked"), text=self._asked(first))
        self.decided = self.field(
            _("What is decided"), hint=_("Go on, and check the number ranges again at 04:00")
        )
        self.decided.returnPressed.connect(self._on_do)
        self.why = self.text_field(_("Why"), lines=2)
        self.decider = PersonButton(desk, _("me"), _("Who decides?"))
        self.row(_("Who decides"), self.decider)
        self.close_body()

    def _asked(self, kind: DecisionKind) -> str:
        return _(_ASKS[kind]) if _ASKS[kind] else ""

    def _on_kind(self, kind: str) -> None:
        """The usual question of its kind, unless one was typed."""
        if not self.question.isModified():
            self.question.setText(self._asked(DecisionKind(kind)))

    def take_focus(self) -> None:
        first = self.decided if self.question.text() else self.question
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        question, decided = self.question.text().strip(), self.decided.text().strip()
        if not question:
            self.say_wrong(_("Say what was asked."), self.question)
            return
        if not decided:
            self.say_wrong(_("Say what was decided."), self.decided)
            return
        about = self.about.current()
        more = {
            "kind": DecisionKind(self.kind.current()),
            "why": self.why.toPlainText().strip(),
            "gate": self.gate.gate if about == "gate" and self.gate is not None else None,
            "task": self.task.id if about == "step" and self.task is not None else None,
            "decider": self.decider.person,
        }
        said = _("Decided: {decided}").format(decided=decided)
        self.enter("app.commands.decisions:record_decision", said, self.run, question, decided, **more)
