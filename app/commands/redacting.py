"""Redaction: what should never have been typed, or must be forgotten, goes for good and everywhere."""

from collections.abc import Iterable, Mapping

from app.commands.registry import command
from app.commands.stating import Signer, Subject, make_statement
from app.domain import verbs
from app.domain.person import Person
from app.domain.project import Project
from app.domain.words import Right
from app.errors import Refused
from app.i18n import _
from app.queries.retention import belongs_to, due_values
from app.storage.delivery import hashes_of
from app.storage.log import decode_body
from app.storage.redaction import values_of_object
from app.storage.statements import Kind, redaction_conditions
from app.storage.transaction import Transaction

_AT_ONCE = 4_000  # values in one statement: some 140 kB

ByLog = Mapping[bytes, set[bytes]]


@command(verbs.REDACT)
def redact(tx: Transaction, action: bytes, *, signer: Signer, right: Right = Right.OTHER) -> int:
    """Erases the texts and files that one line of the log brought; how many values went. Raises Refused.

    The line, its signatures and its place in the order stay and keep holding. It cannot be taken back.
    """
    tx.about(action)
    by_log: dict[bytes, set[bytes]] = {}
    for log, body in tx.rows("SELECT log, body FROM entry WHERE action = ?", (action,)):
        by_log.setdefault(log, set()).update(hashes_of(body))
    for log, thing in _files_brought(tx, action):
        by_log[log].add(thing)
    return _state(tx, signer, Subject(0, action), right, by_log)


@command(verbs.REDACT_PERSON)
def redact_person(tx: Transaction, person: bytes, *, signer: Signer, right: Right = Right.ASKED) -> int:
    """Erases every name and address a person ever had here; what they did and signed stays under a mark."""
    tx.get(Person, person)
    tx.about(person)
    found = {tx.workspace: values_of_object(tx.writer, person)}
    return _state(tx, signer, Subject(Person.NUMBER, person), right, found)


@command(verbs.REDACT_OBJECT)
def redact_object(
    tx: Transaction, thing: bytes, field: str = "", *, signer: Signer, right: Right = Right.OTHER
) -> int:
    """Erases every text a field of an object ever held, or all of its erasable ones and its file.

    The reason in the log goes with it where it says the same: that of a step that failed is typed once and kept twice.
    """
    entity, log = _place_of(tx, thing)
    tx.about(belongs_to(tx.writer, thing), thing)
    found = values_of_object(tx.writer, thing, field)
    found |= _reasons_alike(tx, log, thing, found)
    return _state(tx, signer, Subject(entity, thing), right, {log: found})


@command(verbs.REDACT_DUE)
def redact_due(tx: Transaction, project: bytes, *, signer: Signer) -> int:
    """Erases what of a project has been kept for as long as was agreed; raises Refused where nothing has fallen due."""
    tx.get(Project, project)
    tx.about(project)
    found = due_values(tx.writer, project, tx.now)
    if not any(found.values()):
        _check_hold(tx, project)
        raise Refused(_("Nothing of this project has fallen due. Nothing was erased."))
    return _state(tx, signer, Subject(Project.NUMBER, project), Right.RETENTION, found)


@command(verbs.SET_HOLD)
def set_hold(tx: Transaction, project: bytes, hold: str) -> None:
    """A legal hold: while its reason stands nothing of the project is erased, nor who took part. "" ends it."""
    tx.about(project)
    tx.set(Project, project, "legal_hold", hold)


@command(verbs.SET_RETENTION)
def set_retention(tx: Transaction, project: bytes, days: int | None) -> None:
    """For how many days after its live run a project's texts are kept; None: for as long as somebody wants.

    Nothing is erased by it: what has fallen due is listed, and an owner erases it.
    """
    tx.about(project)
    tx.set(Project, project, "retention_days", days)


def _place_of(tx: Transaction, thing: bytes) -> tuple[int, bytes]:
    """Entity number and log of an object; raises Refused for one that is not here."""
    row = tx.row(
        "SELECT c.entity, e.log FROM creation c JOIN entry e ON e.rev = c.rev WHERE c.object = ? LIMIT 1",
        (thing,),
    )
    if row is None:
        raise Refused(_("There is no text and no file in it that could be erased. Nothing was changed."))
    return int(row[0]), bytes(row[1])


def _reasons_alike(tx: Transaction, log: bytes, thing: bytes, found: set[bytes]) -> set[bytes]:
    """The reasons of the commits that wrote an object, where they are one of its texts word for word."""
    texts = {_stored(tx, name) for name in found} - {None}
    ops = tx.rows(
        "SELECT op FROM creation WHERE object = ?1 UNION SELECT op FROM head WHERE object = ?1", (thing,)
    )
    alike = set()
    for device, dev_seq in {(op[:16], int.from_bytes(op[16:20], "big")) for (op,) in ops}:
        place = (log, device, dev_seq)
        body = tx.value("SELECT body FROM entry WHERE log = ? AND device = ? AND dev_seq = ?", place)
        reason = decode_body(body).reason if body is not None else None
        if reason is not None and _stored(tx, reason) in texts:
            alike.add(reason)
    return alike


def _stored(tx: Transaction, name: bytes) -> bytes | None:
    value: bytes | None = tx.value("SELECT value FROM detached WHERE hash = ?", (name,))
    return value


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


def _state(tx: Transaction, signer: Signer, subject: Subject, right: Right, by_log: ByLog) -> int:
    """States what goes, unless something keeps it; how many values that is. Raises Refused."""
    for log, found in by_log.items():
        if found:
            _check_hold(tx, log)
    known = {log: sorted(_not_erased(tx, found)) for log, found in by_log.items()}
    if not any(known.values()):
        raise Refused(_("There is no text and no file in it that could be erased. Nothing was changed."))
    for log, names in known.items():
        for start in range(0, len(names), _AT_ONCE):
            make_statement(
                *(tx, signer, Kind.REDACTION, subject),
                log=log,
                meaning=f"erased: {right.value}",
                conditions=redaction_conditions(names[start : start + _AT_ONCE]),
            )
    return sum(map(len, known.values()))


def _not_erased(tx: Transaction, found: Iterable[bytes]) -> set[bytes]:
    return {one for one in found if tx.row("SELECT 1 FROM erased WHERE hash = ?", (one,)) is None}
