"""Acceptance: a manager answers an exception at a gate and says why it may stand."""

from app.commands.registry import command
from app.commands.stating import Signer, Subject, make_statement
from app.domain import verbs
from app.domain.project import Gate
from app.domain.words import Access
from app.errors import Refused
from app.i18n import _
from app.process.digests import DIGEST_REV, gate_digest
from app.queries.content import first_language, gate_content
from app.queries.exceptions import ExceptionRow, at_gate
from app.queries.facts import run_facts
from app.storage.authority import access_of
from app.storage.certificates import is_accepted
from app.storage.statements import Kind
from app.storage.transaction import Transaction


@command(verbs.ACCEPT)
def accept(
    tx: Transaction, signer: Signer, run: bytes, gate: bytes, ground: bytes, *, reason: str = ""
) -> bytes:
    """Answers the exception that rests on `ground` (`ExceptionRow.ground`). Returns the statement's id.

    The statement covers the gate's content, so that a later change asks again. Raises Refused without a reason, without
    the access of a manager, and for an exception that is not there (any more) or answered already.
    """
    reason = reason or tx.reason
    found = tx.get(Gate, gate)
    if not reason.strip():
        raise Refused(_("Who accepts says why. Give a reason."))
    if not is_accepted(tx.writer, signer.key):
        raise Refused(_("Your key on this device is only claimed so far. An owner vouches for it first."))
    if access_of(tx.writer, signer.person) < Access.MANAGER:
        raise Refused(_("A manager or owner accepts exceptions. Ask one of them."))
    shown = first_language(tx.writer, found.log)
    row = _still_there(tx, found, run, ground)
    digest = gate_digest(gate_content(tx.writer, run, gate, shown))
    tx.about(gate, row.kind)
    return make_statement(
        *(tx, signer, Kind.ACCEPTANCE, Subject(Gate.NUMBER, gate, digest, DIGEST_REV)),
        log=found.log,
        run=run,
        meaning=row.kind,
        reason=reason,
        language=shown,
        conditions=ground,
    )


def _still_there(tx: Transaction, gate: Gate, run: bytes, ground: bytes) -> ExceptionRow:
    facts = run_facts(tx.writer, gate.log, run, tx.now)
    row = next((one for one in at_gate(tx.writer, facts, gate.id, "", {}) if one.ground == ground), None)
    if row is None:
        raise Refused(_("This is no longer as it was shown. Nothing was accepted. Look again."))
    if row.answer is not None:
        raise Refused(_("This was accepted already."))
    return row
