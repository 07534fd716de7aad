"""What papers and exports show of a whole run, read at once: stored texts, checks with results, evidence, confirmations."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from app.domain.ids import step_id
from app.domain.words import Meaning
from app.process.gates import SignOff
from app.queries.facts import RunFacts
from app.queries.people import names
from app.queries.signatures import sign_offs_of_step
from app.storage.engine import Reader
from app.storage.statements import decode_statement

_TEXTS = (
    ("stage", "title"),
    ("stage", "entry_conditions"),
    ("task", "title"),
    ("task", "instruction"),
    ("task", "rollback"),
    ("check_item", "text"),
    ("gate", "name"),
    ("criterion", "text"),
)


class PrintedCheck(NamedTuple):
    """A check with its result in the run; its text stands in `Printed.texts`."""

    id: bytes
    kind: str
    target: str | None
    tolerance: str | None
    unit: str
    outcome: str
    value: str | None
    other_value: str | None
    note: str


class PrintedEvidence(NamedTuple):
    """`fingerprint` is a file's SHA-256 or the salted hash of a text; `op` brought it."""

    id: bytes
    kind: str
    text: str
    name: str
    fingerprint: bytes | None
    size: int | None
    performer: str
    happened_at: int | None
    op: bytes


class Confirmation(NamedTuple):
    person: str
    happened_at: int


class Printed(NamedTuple):
    """Texts by object and field as stored, checks by task, evidence by step or result, confirmations by task."""

    texts: Mapping[tuple[bytes, str], str]
    checks: Mapping[bytes, tuple[PrintedCheck, ...]]
    evidence: Mapping[bytes, tuple[PrintedEvidence, ...]]
    confirmed: Mapping[bytes, Confirmation]


def printed(reader: Reader, facts: RunFacts) -> Printed:
    """Everything of the facts' run, in a few reads whatever its size."""
    return Printed(
        _texts(reader, facts.project),
        _checks(reader, facts),
        _evidence(reader, facts.project),
        _confirmed(reader, facts),
    )


def _texts(reader: Reader, project: bytes) -> dict[tuple[bytes, str], str]:
    found = {}
    for table, column in _TEXTS:
        rows = reader.rows(f"SELECT id, {column} FROM {table} WHERE log = ?", (project,))
        found.update({(thing, column): stored for thing, stored in rows})
    return found


def _checks(reader: Reader, facts: RunFacts) -> dict[bytes, tuple[PrintedCheck, ...]]:
    results = {
        (step, item): rest
        for step, item, *rest in reader.rows(
            "SELECT step, item, outcome, value, other_value, note FROM check_result WHERE log = ? AND alive",
            (facts.project,),
        )
    }
    found: defaultdict[bytes, list[PrintedCheck]] = defaultdict(list)
    for task, check, kind, target, tolerance, unit in reader.rows(
        "SELECT task, id, kind, target, tolerance, unit FROM check_item WHERE log = ? AND alive ORDER BY rank, id",
        (facts.project,),
    ):
        outcome, value, other, note = results.get((step_id(facts.run, task), check), ("", None, None, ""))
        plan = (check, kind, target, tolerance, unit)
        found[task].append(PrintedCheck(*plan, outcome, value, other, note))
    return {task: tuple(checks) for task, checks in found.items()}


def _evidence(reader: Reader, project: bytes) -> dict[bytes, tuple[PrintedEvidence, ...]]:
    people = names(reader)
    found: defaultdict[bytes, list[PrintedEvidence]] = defaultdict(list)
    for subject, piece, kind, text, name, fingerprint, size, performer, happened_at, op in reader.rows(
        "SELECT e.subject, e.id, e.kind, e.text, e.name, coalesce(e.sha256, e.text_hash), e.size, e.performer, "
        "e.happened_at, min(c.op) FROM evidence e JOIN creation c ON c.object = e.id WHERE e.log = ? AND e.alive "
        "GROUP BY e.id ORDER BY e.id",
        (project,),
    ):
        what = (piece, kind, text, name, fingerprint, size)
        found[subject].append(PrintedEvidence(*what, people.get(performer, ""), happened_at, op))
    return {subject: tuple(pieces) for subject, pieces in found.items()}


def _confirmed(reader: Reader, facts: RunFacts) -> dict[bytes, Confirmation]:
    """Who last reviewed or approved a step that somebody else performed, as far as it still counts."""
    people = names(reader)
    found = {}
    for task, step in reader.rows(
        "SELECT s.task, s.id FROM step s WHERE s.run = ? AND s.id IN (SELECT subject FROM statement WHERE log = ?)",
        (facts.run, facts.project),
    ):
        attempt = facts.attempts.get(task)
        performer = attempt.performer if attempt else None
        for one in sign_offs_of_step(reader, facts.project, facts.run, task, step):
            if _confirms(one, performer):
                body = reader.value("SELECT body FROM statement WHERE hash = ?", (one.id,))
                happened_at = decode_statement(body).happened_at
                found[task] = Confirmation(people.get(one.person, ""), happened_at)
    return found


def _confirms(one: SignOff, performer: bytes | None) -> bool:
    good = one.meaning in (Meaning.REVIEWED, Meaning.APPROVED) and one.person != performer
    return good and one.verifies and not one.withdrawn and not one.stale
