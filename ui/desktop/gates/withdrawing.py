"""Taking one's own signature back: a statement of its own, with a reason and the PIN."""

from app.i18n import _
from ui.desktop.desk import Desk
from ui.desktop.gates.pinned import PinSheet
from ui.desktop.gates.shown import GateShown, SignatureShown, meaning_word
from ui.desktop.gates.signing import Stating
from ui.desktop.moments import instant


class WithdrawSheet(PinSheet):
    def __init__(self, desk: Desk, gate: GateShown, signature: SignatureShown) -> None:
        super().__init__(desk)
        self._gate = gate
        self._signature = signature
        body = self.body
        body.text(_("Withdraw a signature"), "section")
        said = f"{meaning_word(signature.meaning)} {instant(signature.when_ms, desk.zone)}"
        body.pair(_("Gate"), gate.name)
        body.pair(_("Signed by"), f"{signature.person}, {signature.role}")
        body.pair(_("Meaning"), said)
        body.text(
            _(
                "The signature stays in the record, marked withdrawn. If the gate rests on it, the gate closes."
            ),
            "body",
            "text2",
        )
        pin = _("PIN of {person}").format(person=signature.person)
        self._end(_("Withdraw"), kind="danger", pin=pin)

    def _statement(self, reason: str) -> Stating:
        return Stating("app.commands.signing:withdraw", (self._signature.id,), {"reason": reason})

    def _signer(self) -> bytes | None:
        return self._signature.person_id

    def _done(self) -> str:
        return _("Withdrawn: {person} at {gate}.").format(person=self._signature.person, gate=self._gate.name)
