"""Acceptance: a manager answers an exception at a gate and says why it may stand."""

from app.commands.registry import command
from app.commands.stating import Signer, Subject, make_statement
from app.domain import verbs
from app.domain.project import Gate
from app.domain.words import Access
from app.errors import NotFound, Refused
from app.i18n import _
from app.process.digests import DIGEST_REV, gate_digest
from app.queries.content import first_language, gate_content
from app.queries.exceptions import ExceptionRow, at_gate
from app.queries.facts import run_facts
from app.storage.authority import Counts, access_of
from app.storage.certificates import is_accepted
from app.storage.statements import Kind, decode_statement
from app.storage.transaction import Transaction

LATE = "late signature"  # of queries.exceptions.KINDS


@command(verbs.ACCEPT)
def accept(
    tx: Transaction, signer: Signer, run: bytes, gate: bytes, ground: bytes, *, reason: str = ""
) -> bytes:
    """Answers the exception that rests on `ground` (`ExceptionRow.ground`). Returns the statement's id.

    The statement covers the gate's content, so that a later change asks again. A signature that came late counts by it,
    where an owner accepts. Raises Refused without a reason, without
    the access of a manager, and for an exception that is not there (any more) or answered already.
    """
    reason = reason or tx.reason
    found = tx.get(Gate, gate)
    if not reason.strip():
        raise Refused(_("Who accepts says why. Give a reason."))
    if not is_accepted(tx.writer, signer.key):
        raise Refused(_("Your key on this device is only claimed so far. An owner vouches for it first."))
    if access_of(tx.writer, signer.person, log=found.log) < Access.MANAGER:
        raise Refused(_("A manager or owner accepts exceptions. Ask one of them."))
    shown = first_language(tx.writer, found.log)
    row = _still_there(tx, found, run, ground)
    if row.kind == LATE:
        return accept_late(tx, signer, row.object, reason=reason)
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


@command(verbs.ACCEPT_LATE)
def accept_late(tx: Transaction, signer: Signer, statement: bytes, *, reason: str = "") -> bytes:
    """An owner lets count what was stated in time and came too late, or from a device that was lost. Returns the id.

    Taking the acceptance back ends that. Raises Refused without a reason, for anybody else, and for what is not late.
    """
    reason = reason or tx.reason
    row = tx.row("SELECT body, counts FROM statement WHERE hash = ?", (statement,))
    if row is None:
        raise NotFound(_("There is no signature {id}.").format(id=statement.hex()[:12]))
    if row[1] != Counts.LATE:
        raise Refused(_("This did not come late. There is nothing to accept."))
    if not reason.strip():
        raise Refused(_("Who accepts says why. Give a reason."))
    if not is_accepted(tx.writer, signer.key):
        raise Refused(_("Your key on this device is only claimed so far. An owner vouches for it first."))
    if access_of(tx.writer, signer.person) is not Access.OWNER:
        raise Refused(_("An owner accepts what came late. Ask one."))
    late = decode_statement(row[0])
    tx.about(late.subject)
    return make_statement(
        *(tx, signer, Kind.ACCEPTANCE),
        Subject(late.subject_entity, late.subject, late.digest, late.digest_rev),
        log=late.log,
        run=late.run,
        meaning=LATE,
        reason=reason,
        language=late.language,
        request=statement,
    )


def _still_there(tx: Transaction, gate: Gate, run: bytes, ground: bytes) -> ExceptionRow:
    facts = run_facts(tx.writer, gate.log, run, tx.now)
    row = next((one for one in at_gate(tx.writer, facts, gate.id, "", {}) if one.ground == ground), None)
    if row is None:
        raise Refused(_("This is no longer as it was shown. Nothing was accepted. Look again."))
    if row.answer is not None:
        raise Refused(_("This was accepted already."))
    return row
