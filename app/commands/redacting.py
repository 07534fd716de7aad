"""Redaction: what should never have been typed, or must be forgotten, goes for good and everywhere."""

from app.commands.registry import command
from app.commands.stating import Signer, Subject, make_statement
from app.domain import verbs
from app.domain.person import Person
from app.domain.project import Project
from app.errors import Refused
from app.i18n import _
from app.storage.delivery import hashes_of
from app.storage.redaction import values_of_object
from app.storage.statements import Kind, redaction_conditions
from app.storage.transaction import Transaction


@command(verbs.REDACT)
def redact(tx: Transaction, action: bytes, *, signer: Signer) -> int:
    """Erases the texts and files that one line of the log brought; how many values went. Raises Refused.

    The line, its signatures and its place in the order stay and keep holding. It cannot be taken back.
    """
    tx.about(action)
    by_log: dict[bytes, set[bytes]] = {}
    for log, body in tx.rows("SELECT log, body FROM entry WHERE action = ?", (action,)):
        by_log.setdefault(log, set()).update(hashes_of(body))
    for log, thing in _files_brought(tx, action):
        by_log[log].add(thing)
    return sum(_state(tx, signer, 0, action, log, found) for log, found in _some(tx, by_log))


@command(verbs.REDACT_PERSON)
def redact_person(tx: Transaction, person: bytes, *, signer: Signer) -> int:
    """Erases every name and address a person ever had here; what they did and signed stays under a mark."""
    tx.get(Person, person)
    tx.about(person)
    found = _some(tx, {tx.workspace: values_of_object(tx.writer, person)})
    return sum(_state(tx, signer, Person.NUMBER, person, log, names) for log, names in found)


@command(verbs.SET_HOLD)
def set_hold(tx: Transaction, project: bytes, hold: str) -> None:
    """A legal hold: while its reason stands nothing of the project is erased, nor who took part. "" ends it."""
    tx.about(project)
    tx.set(Project, project, "legal_hold", hold)


def _some(tx: Transaction, by_log: dict[bytes, set[bytes]]) -> list[tuple[bytes, set[bytes]]]:
    """What is here of it, unless something keeps it."""
    for log in by_log:
        _check_hold(tx, log)
    known = {
        log: {one for one in found if tx.row("SELECT 1 FROM erased WHERE hash = ?", (one,)) is None}
        for log, found in by_log.items()
    }
    if not any(known.values()):
        raise Refused(_("There is no text and no file in it that could be erased. Nothing was changed."))
    return [(log, found) for log, found in known.items() if found]


def _check_hold(tx: Transaction, log: bytes) -> None:
    """The people of a workspace belong to each of its projects."""
    where, values = ("WHERE id = ?", (log,)) if log != tx.workspace else ("WHERE alive", ())
    for (hold,) in tx.rows(f"SELECT legal_hold FROM project {where}", values):
        if hold:
            raise Refused(
                _("A legal hold keeps it: {reason}. Nothing was erased. An owner can end the hold.").format(
                    reason=hold
                )
            )


def _files_brought(tx: Transaction, action: bytes) -> list[tuple[bytes, bytes]]:
    return tx.rows(
        "SELECT v.log, v.sha256 FROM entry e JOIN creation c ON c.rev = e.rev JOIN evidence v ON v.id = c.object "
        "WHERE e.action = ? AND v.sha256 IS NOT NULL",
        (action,),
    )


def _state(
    tx: Transaction, signer: Signer, entity: int, subject: bytes, log: bytes, found: set[bytes]
) -> int:
    make_statement(
        *(tx, signer, Kind.REDACTION, Subject(entity, subject)),
        log=log,
        meaning="erased",
        conditions=redaction_conditions(found),
    )
    return len(found)
