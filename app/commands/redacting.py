"""Redaction: what should never have been typed, or must be forgotten, goes for good and everywhere."""

from datetime import UTC, datetime

from app.commands.registry import command
from app.commands.stating import Signer, Subject, make_statement
from app.domain import verbs
from app.domain.person import Person
from app.domain.project import Project
from app.errors import Refused
from app.i18n import _
from app.queries.retention import Retention, kept_values, retention
from app.storage.delivery import hashes_of
from app.storage.redaction import values_of_object
from app.storage.statements import Kind, redaction_conditions
from app.storage.transaction import Transaction

_A_STATEMENT = 4_000  # values that one names: a commit holds at most 256 KiB


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


@command(verbs.SET_RETENTION)
def set_retention(tx: Transaction, project: bytes, days: int | None) -> None:
    """How many days after its live run a project's texts and files may be erased; None keeps them for good."""
    tx.get(Project, project)
    tx.about(project)
    tx.set(Project, project, "retention_days", days)


@command(verbs.REDACT_DUE)
def redact_due(tx: Transaction, project: bytes, *, signer: Signer) -> int:
    """Erases the texts and files of a project whose retention period is over; how many values went. Raises Refused.

    Nothing does this by itself: an owner signs for it. Statements, their words, and what they cover by its hash stay.
    """
    tx.get(Project, project)
    tx.about(project)
    _check_hold(tx, project)
    found = retention(tx.writer, project)
    if not found.is_due(tx.now):
        raise Refused(_not_due(found))
    texts, files = kept_values(tx.writer, project)
    values = sorted(texts | files)
    if not values:
        raise Refused(_("There is no text and no file in it that could be erased. Nothing was changed."))
    for start in range(0, len(values), _A_STATEMENT):
        part = set(values[start : start + _A_STATEMENT])
        _state(tx, signer, Project.NUMBER, project, project, part)
    return len(values)


def _not_due(found: Retention) -> str:
    if found.days is None:
        return _("Its texts and files are kept for good: it has no retention period. Nothing was erased.")
    if found.due_ms is None:
        return _("Its retention period begins when its live run ends. Nothing was erased.")
    date = datetime.fromtimestamp(found.due_ms / 1000, UTC)
    return _("It is kept until {date}. Nothing was erased.").format(date=f"{date:%Y-%m-%d}")


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
