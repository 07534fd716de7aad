"""A waiver: somebody whose role the gate asks for lets a step pass that was skipped, and says why."""

from functools import partial

from PySide6.QtWidgets import QMenu

from app.i18n import _
from app.queries.people import PersonRow
from ui.desktop.components.buttons import add_choice
from ui.desktop.desk import Desk
from ui.desktop.gates.pinned import PinSheet
from ui.desktop.gates.shown import GateShown, SkippedShown
from ui.desktop.gates.signing import Stating


class WaiverSheet(PinSheet):
    def __init__(self, desk: Desk, gate: GateShown, skipped: SkippedShown) -> None:
        super().__init__(desk)
        self._gate = gate
        self._skipped = skipped
        body = self.body
        body.text(_("Let a skipped step pass"), "section")
        body.pair(_("Step"), f"{skipped.number} {skipped.title}")
        body.pair(_("Gate"), gate.name)
        if skipped.why:
            body.pair(_("Skipped because"), skipped.why)
        body.pair(_("Waived by"), ", ".join(skipped.roles))
        body.text(
            _(
                "The step stays skipped, and the gate takes it as it is. When the step changes, it needs another."
            ),
            "body",
            "text2",
        )
        self._ask_who(_("Signed by"))
        self._end(_("Waive it"), "seal_none")

    def role_of(self, person: PersonRow) -> str:
        """The role a person signs in: the first that the gate asks for; empty where they hold none of these."""
        asked = self._skipped.roles or person.roles
        return next((role for role in asked if role in person.roles), "")

    def _may(self, person: PersonRow) -> bool:
        return bool(self.role_of(person)) and person.id not in self._skipped.skippers

    def _fill_people(self, menu: QMenu) -> None:
        for person in self._people:
            text = f"{person.name or person.handle} – {self.role_of(person)}"
            add_choice(menu, text, partial(self.set_person, person), checked=person == self._person)

    def set_person(self, person: PersonRow | None) -> None:
        super().set_person(person)
        if person is not None:
            self.who.set_word(f"{person.name or person.handle}, {self.role_of(person)}")

    def _check(self) -> bool:
        if self._person is None:
            text = _("Nobody here may waive it: it takes one of these roles, and not who skipped the step.")
            self.pin.set_wrong(text)
            return False
        if not self.reason.text().strip():
            self.reason.set_wrong(_("A waiver needs a reason."))
            return False
        return super()._check()

    def _statement(self, reason: str) -> Stating:
        assert self._person is not None  # checked before
        more = {"role": self.role_of(self._person), "reason": reason, "expected": self._skipped.digest}
        return Stating("app.commands.signing:waive", (self._desk.run_id, self._skipped.task), more)

    def _done(self) -> str:
        return _("Waived: {step} at {gate}.").format(step=self._skipped.number, gate=self._gate.name)
