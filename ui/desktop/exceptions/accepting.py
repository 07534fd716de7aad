"""An acceptance: an owner or manager answers an exception at a gate, which may stand as it is, and says why."""

from app.i18n import _
from app.queries.exceptions import ExceptionRow
from app.queries.people import PersonRow
from ui.desktop.desk import Desk
from ui.desktop.gates.pinned import PinSheet
from ui.desktop.gates.signing import Stating


class AcceptSheet(PinSheet):
    def __init__(self, desk: Desk, row: ExceptionRow, title: str) -> None:
        super().__init__(desk)
        self._row = row
        body = self.body
        body.text(_("Accept as it is"), "section")
        body.pair(_("Gate"), row.title)
        body.pair(_("Exception"), title)
        body.text(row.text)
        body.text(
            _(
                "It stays in the record with this answer. The gate does not open by it, and a further change asks anew."
            ),
            "body",
            "text2",
        )
        self._ask_who(_("Accepted by"))
        self._end(_("Accept it"), "seal_fits")

    def _may(self, person: PersonRow) -> bool:
        return person.access in ("owner", "manager")

    def _check(self) -> bool:
        if self._person is None:
            self.pin.set_wrong(_("An owner or a manager accepts exceptions."))
            return False
        if not self.reason.text().strip():
            self.reason.set_wrong(_("An acceptance needs a reason."))
            return False
        return super()._check()

    def _statement(self, reason: str) -> Stating:
        values = (self._desk.run_id, self._row.subject, self._row.ground)
        return Stating("app.commands.accepting:accept", values, {"reason": reason})

    def _done(self) -> str:
        return _("Accepted at {gate}.").format(gate=self._row.title)
