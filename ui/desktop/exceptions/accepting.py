"""An acceptance: an owner or manager answers an exception at a gate, which may stand as it is, and says why."""

from collections.abc import Callable
from functools import partial
from typing import Any

from app.i18n import _
from app.queries.exceptions import ExceptionRow
from app.queries.people import PersonRow
from ui.desktop.desk import Desk
from ui.desktop.gates.pinned import PinSheet
from ui.desktop.gates.signing import accept_now


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

    def _job(self, pin: str, passphrase: str, reason: str) -> Callable[[], Any]:
        assert self._person is not None  # checked before
        return partial(
            accept_now,
            self._desk.bridge.workspace,
            self._person,
            pin=pin,
            passphrase=passphrase,
            run=self._desk.run_id,
            gate=self._row.subject,
            ground=self._row.ground,
            reason=reason,
        )

    def _done(self) -> str:
        return _("Accepted at {gate}.").format(gate=self._row.title)
