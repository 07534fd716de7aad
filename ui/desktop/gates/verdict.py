"""Go or no-go at a gate: a signed statement of whoever decides; against a closed gate it needs a reason."""

from functools import partial

from PySide6.QtCore import Qt

from app.domain.words import GateState, VerdictWord
from app.i18n import _
from app.queries.people import PersonRow
from ui.desktop.components.form import Choice, choose_with_arrows
from ui.desktop.desk import Desk
from ui.desktop.gates.pinned import PinSheet
from ui.desktop.gates.shown import GateShown
from ui.desktop.gates.signing import Stating


class VerdictSheet(PinSheet):
    def __init__(self, desk: Desk, gate: GateShown) -> None:
        super().__init__(desk)
        self._gate = gate
        theme, body = desk.theme, self.body
        body.text(_("Go or no-go at {gate}").format(gate=gate.name), "section")
        if gate.state is GateState.CLOSED:
            why = _("The gate is closed. A go against it needs a reason and stays an exception to answer.")
            body.box("late", "warning", why)
        self._ask_who(_("Decided by"))
        ahead = _("It goes ahead; later changes raise exceptions, they do not stop it")
        self.choices = {
            VerdictWord.GO: Choice(theme, _("Go"), ahead),
            VerdictWord.NO_GO: Choice(theme, _("No-go"), _("It does not go ahead")),
        }
        for word, choice in self.choices.items():
            choice.setMaximumWidth(self._wide)
            choice.clicked.connect(partial(self.choose, word))
            body.add(choice)
        choose_with_arrows(self, tuple(self.choices.values()))
        self._end("", "flag")
        self.choose(VerdictWord.GO)

    def take_focus(self) -> None:
        self.pin.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, word: VerdictWord, *_checked: bool) -> None:
        self._word = word
        self.choices[word].setChecked(True)
        self.say.set_word(_("Say go") if word is VerdictWord.GO else _("Say no-go"))

    def _may(self, person: PersonRow) -> bool:
        return person.access in ("owner", "manager")

    def _check(self) -> bool:
        if self._person is None:
            self.pin.set_wrong(_("A verdict needs an owner or a manager."))
            return False
        return super()._check()

    def _statement(self, reason: str) -> Stating:
        values = (self._desk.run_id, self._gate.id, self._word)
        return Stating("app.commands.signing:give_verdict", values, {"reason": reason})

    def _done(self) -> str:
        word = _("Go") if self._word is VerdictWord.GO else _("No-go")
        return _("{verdict} at {gate} stands in the record.").format(verdict=word, gate=self._gate.name)
