"""How long a project's texts are kept, and what has been kept for longer: listed here, erased by an owner, never by itself."""

from collections.abc import Iterator
from typing import NamedTuple

from app.domain import verbs
from app.domain.registry import SPECS
from app.domain.words import RunKind
from app.i18n import N_
from app.queries.log import named
from app.queries.people import names
from app.storage.engine import Reader

_DAY_MS = 86_400_000
# whose own reasons say why something was erased: they stay
_ERASING = (
    verbs.REDACT.number,
    verbs.REDACT_PERSON.number,
    verbs.REDACT_OBJECT.number,
    verbs.REDACT_DUE.number,
)
_ABOVE = {
    "evidence": "subject",
    "attempt": "step",
    "check_result": "step",
    "hand_over": "step",
    "step": "task",
    "criterion_result": "criterion",
}
# Fields that name somebody.
_NAMING = ("owner", "accountable", "deputy", "manager", "decider", "performer", "giver", "receiver")

WHAT = {
    ("incident", "title"): N_("Title of an incident"),
    ("incident", "description"): N_("Description of an incident"),
    ("incident", "solution"): N_("Solution of an incident"),
    ("decision", "question"): N_("Question of a decision"),
    ("decision", "options"): N_("Options of a decision"),
    ("decision", "decided"): N_("What was decided"),
    ("decision", "reason"): N_("Reason of a decision"),
    ("attempt", "reason"): N_("Reason at a step"),
    ("check_result", "note"): N_("Note at a check"),
    ("criterion_result", "note"): N_("Note at a criterion"),
    ("evidence", "text"): N_("Note"),
    ("evidence", "name"): N_("Name of a file"),
    ("hand_over", "note"): N_("Note at a hand-over"),
}


class Retention(NamedTuple):
    """Instants in UTC ms. `ended_ms`: when the last live run ended, None while none has or one goes on."""

    days: int | None
    hold: str
    ended_ms: int | None

    @property
    def due_ms(self) -> int | None:
        """From when its texts may go; None where nothing says so."""
        if self.days is None or self.ended_ms is None or self.hold:
            return None
        return self.ended_ms + self.days * _DAY_MS

    def is_over(self, now_ms: int) -> bool:
        return self.due_ms is not None and self.due_ms <= now_ms


class DueText(NamedTuple):
    """`what`: a key of `WHAT`; `about`: what it belongs to, as it is called."""

    what: tuple[str, str]
    text: str
    about: str


class Due(NamedTuple):
    """What of a project has fallen due. `earlier`: older versions of texts, and reasons in the log. `files`: their names."""

    texts: tuple[DueText, ...]
    earlier: int
    files: tuple[str, ...]
    persons: tuple[str, ...]

    @property
    def total(self) -> int:
        return len(self.texts) + self.earlier + len(self.files) + len(self.persons)


def retention(reader: Reader, project: bytes) -> Retention:
    days, hold = reader.row("SELECT retention_days, legal_hold FROM project WHERE id = ?", (project,)) or (
        None,
        "",
    )
    ended, open_ones = reader.row(
        "SELECT max(finished_at), count(*) - count(finished_at) FROM run WHERE log = ? AND alive AND kind = ?",
        (project, RunKind.LIVE.value),
    ) or (None, 0)
    return Retention(days, hold or "", None if open_ones else ended)


def has_due(reader: Reader, project: bytes, now_ms: int) -> bool:
    """Whether its period is over and one of its texts, as they stand now, is still here; earlier versions are not asked."""
    if not retention(reader, project).is_over(now_ms):
        return False
    return any(
        reader.row(
            f'SELECT 1 FROM "{table}" WHERE log = ? AND "{column}_hash" IN (SELECT hash FROM detached) LIMIT 1',
            (project,),
        )
        for table, column in WHAT
    ) or bool(_files(reader, project))


def due(reader: Reader, project: bytes, now_ms: int, language: str = "en") -> Due:
    """What would be erased of a project whose period is over; nothing under a legal hold."""
    found = due_values(reader, project, now_ms)
    here = found.get(project, set())
    texts: list[DueText] = []
    standing: set[bytes] = set()
    for table, column in WHAT:
        for thing, text, name in reader.rows(
            f'SELECT id, "{column}", "{column}_hash" FROM "{table}" WHERE log = ? AND "{column}_hash" IS NOT NULL '
            "ORDER BY id",
            (project,),
        ):
            if name in here and name not in standing:
                standing.add(name)
                about = named(reader, belongs_to(reader, thing), language)
                texts.append(DueText((table, column), text, about))
    files = {sha256: name for sha256, name in _files(reader, project).items() if sha256 in here}
    known = names(reader)
    persons = tuple(known[one] for one in _persons(reader, project, now_ms)) if found else ()
    return Due(tuple(texts), len(here - standing - files.keys()), tuple(files.values()), persons)


def due_values(reader: Reader, project: bytes, now_ms: int) -> dict[bytes, set[bytes]]:
    """The salted hashes and hashes of files of what has fallen due, by log; empty while nothing has."""
    from app.storage.delivery import hashes_of
    from app.storage.redaction import values_of_object

    if not retention(reader, project).is_over(now_ms):
        return {}
    marks = ",".join("?" * len(_ERASING))
    found: set[bytes] = set()
    for (body,) in reader.rows(
        f"SELECT body FROM entry WHERE log = ? AND verb NOT IN ({marks})", (project, *_ERASING)
    ):
        found |= hashes_of(body)
    here = {one for one in found if reader.row("SELECT 1 FROM detached WHERE hash = ?", (one,))}
    people: set[bytes] = set()
    for person in _persons(reader, project, now_ms):
        people |= values_of_object(reader, person)
    workspace = bytes(reader.value("SELECT value FROM meta WHERE key = 'workspace'"))
    return {project: here | _files(reader, project).keys(), workspace: people}


def _files(reader: Reader, project: bytes) -> dict[bytes, str]:
    """The files that are evidence here and in no other project, with their names."""
    rows = reader.rows(
        "SELECT v.sha256, min(v.name) FROM evidence v WHERE v.log = ?1 AND v.sha256 IS NOT NULL "
        "AND v.sha256 NOT IN (SELECT hash FROM erased) "
        "AND NOT EXISTS (SELECT 1 FROM evidence o WHERE o.sha256 = v.sha256 AND o.log <> ?1) GROUP BY v.sha256",
        (project,),
    )
    return {bytes(sha256): name for sha256, name in rows}


def _persons(reader: Reader, project: bytes, now_ms: int) -> list[bytes]:
    """Contacts named in this project and in none that goes on: people who never had a key and have no access."""
    from app.domain.words import Access
    from app.storage.authority import Reach

    if reader.row("SELECT 1 FROM project WHERE alive AND legal_hold <> ''"):
        return []  # a hold keeps who took part, and the people of a workspace belong to each of its projects
    named_here = set(_named_in(reader, project))
    for (other,) in reader.rows("SELECT id FROM project WHERE id <> ?", (project,)):
        if not retention(reader, other).is_over(now_ms):
            named_here -= set(_named_in(reader, other))
    return [
        one
        for one in sorted(named_here)
        if reader.row("SELECT 1 FROM certificate WHERE person = ?", (one,)) is None
        and Reach.of(reader, one).most == Access.NONE
        and reader.row(
            "SELECT 1 FROM person WHERE id = ? AND (name_hash IN (SELECT hash FROM detached) "
            "OR email_hash IN (SELECT hash FROM detached))",
            (one,),
        )
    ]


def _named_in(reader: Reader, project: bytes) -> Iterator[bytes]:
    for spec in SPECS.values():
        for column in spec.fields.keys() & set(_NAMING):
            rows = reader.rows(
                f'SELECT DISTINCT "{column}" FROM "{spec.table}" WHERE log = ? AND "{column}" IS NOT NULL',
                (project,),
            )
            yield from (bytes(person) for (person,) in rows)


def belongs_to(reader: Reader, thing: bytes) -> bytes:
    """What an object is shown at: the task of a note, of a result or of an attempt, the criterion of a judgement; else itself."""
    entity = reader.value("SELECT entity FROM creation WHERE object = ? LIMIT 1", (thing,))
    table = SPECS[entity].table if entity in SPECS else ""
    if table not in _ABOVE:
        return thing
    above = reader.value(f'SELECT "{_ABOVE[table]}" FROM "{table}" WHERE id = ?', (thing,))
    return thing if above is None else belongs_to(reader, above)
