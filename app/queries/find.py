"""Finding what somebody means: by id (or the end of one), number, short name or title."""

import contextlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from app.errors import NotFound
from app.i18n import _
from app.queries.people import names
from app.queries.texts import pick
from app.storage.engine import Reader

_LEAST_ID = 6


class Candidate(NamedTuple):
    """Something that may be meant: id, its names, and the log it lives in."""

    id: bytes
    names: tuple[str, ...]
    log: bytes


def _one(kind: str, text: str, candidates: Iterable[Candidate]) -> Candidate:
    """The candidate meant: an exact name or id first, then the beginning or end of an id, then the start of a name."""
    wanted = text.strip()
    folded = wanted.casefold()
    everything = list(candidates)
    tests: tuple[Callable[[Candidate], bool], ...] = (
        lambda one: one.id.hex() == folded or wanted in one.names,
        lambda one: any(name.casefold() == folded for name in one.names),
        lambda one: (
            len(folded) >= _LEAST_ID and (one.id.hex().startswith(folded) or one.id.hex().endswith(folded))
        ),
        lambda one: bool(folded) and any(name.casefold().startswith(folded) for name in one.names),
    )
    for test in tests:
        found = [one for one in everything if test(one)]
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(f"{one.names[0]} ({one.id.hex()[-8:]})" for one in found[:4])
            raise NotFound(
                _("{text} could be several: {several}. Use the id.").format(text=text, several=several)
            )
    raise NotFound(_("There is no {kind} called {text}.").format(kind=kind, text=text))


def _texts(stored: str, *more: str) -> tuple[str, ...]:
    both = (pick(stored, "en"), pick(stored, "zh"))
    return tuple(dict.fromkeys(name for name in (*both, *more) if name))


def find_project(reader: Reader, text: str) -> bytes:
    rows = reader.rows("SELECT id, name FROM project WHERE alive")
    return _one(_("project"), text, [Candidate(one, _texts(name), one) for one, name in rows]).id


def find_stage(reader: Reader, project: bytes, text: str) -> bytes:
    rows = reader.rows("SELECT id, title FROM stage WHERE log = ? AND alive ORDER BY rank, id", (project,))
    stages = [
        Candidate(one, _texts(title, str(place)), project) for place, (one, title) in enumerate(rows, 1)
    ]
    return _one(_("stage"), text, stages).id


def _tasks(reader: Reader, project: bytes | None) -> list[Candidate]:
    from app.queries.checklist import task_numbers

    logs = [project] if project else [log for (log,) in reader.rows("SELECT id FROM project WHERE alive")]
    found = []
    for log in logs:
        numbers = task_numbers(reader, log)
        rows = reader.rows("SELECT id, title FROM task WHERE log = ? AND alive", (log,))
        found += [Candidate(one, _texts(title, numbers.get(one, "")), log) for one, title in rows]
    return found


def find_task(reader: Reader, text: str, project: bytes | None = None) -> tuple[bytes, bytes]:
    """The task and its project. `PROJECT/TASK` looks in that project only."""
    named, slash, rest = text.partition("/")
    if slash and project is None:
        with contextlib.suppress(NotFound):  # then the slash belongs to a title
            return find_task(reader, rest, find_project(reader, named))
    found = _one(_("task"), text, _tasks(reader, project))
    return found.id, found.log


def find_check(reader: Reader, text: str) -> tuple[bytes, bytes]:
    """The check and its project."""
    rows = reader.rows("SELECT id, text, log FROM check_item WHERE alive")
    found = _one(_("check"), text, [Candidate(one, _texts(words), log) for one, words, log in rows])
    return found.id, found.log


def find_gate(reader: Reader, text: str, project: bytes | None = None) -> tuple[bytes, bytes]:
    """The gate and its project."""
    rows = reader.rows(
        "SELECT id, name, log FROM gate WHERE alive AND (? IS NULL OR log = ?)", (project, project)
    )
    found = _one(_("gate"), text, [Candidate(one, _texts(name), log) for one, name, log in rows])
    return found.id, found.log


def find_incident(reader: Reader, text: str) -> bytes:
    rows = reader.rows("SELECT id, title, log FROM incident WHERE alive ORDER BY solved_at IS NOT NULL, id")
    return _one(_("incident"), text, [Candidate(one, (title,), log) for one, title, log in rows]).id


def find_criterion(reader: Reader, gate: bytes, text: str) -> bytes:
    rows = reader.rows("SELECT id, text FROM criterion WHERE gate = ? AND alive ORDER BY rank, id", (gate,))
    criteria = [Candidate(one, _texts(words, str(place)), gate) for place, (one, words) in enumerate(rows, 1)]
    return _one(_("criterion"), text, criteria).id


def find_subject(reader: Reader, text: str) -> tuple[bytes, bytes]:
    """A gate or task to sign, and its project."""
    rows = reader.rows("SELECT id, name, log FROM gate WHERE alive")
    gates = [Candidate(one, _texts(name), log) for one, name, log in rows]
    found = _one(_("gate or task"), text, [*gates, *_tasks(reader, None)])
    return found.id, found.log


def find_person(reader: Reader, text: str) -> bytes:
    shown = names(reader)
    rows = reader.rows("SELECT id, handle, email FROM person WHERE alive")
    people = [
        Candidate(one, (handle, shown.get(one, ""), *((email,) if email else ())), b"")
        for one, handle, email in rows
    ]
    return _one(_("person"), text, people).id


def find_device(reader: Reader, text: str) -> tuple[bytes, str]:
    """Device and its name, by key, name or id."""
    rows = reader.rows("SELECT id, name, key FROM device WHERE alive")
    devices = [Candidate(one, (key.hex()[:8], name), b"") for one, name, key in rows]
    found = _one(_("device"), text, devices)
    return found.id, found.names[1] or found.names[0]


def find_run(reader: Reader, project: bytes, text: str | None) -> bytes:
    """A run by id, name or kind (the latest of its kind); the main run by default."""
    rows = reader.rows(
        "SELECT id, kind, name FROM run WHERE log = ? AND alive ORDER BY started_at DESC, id DESC", (project,)
    )
    if text is None:
        text = "main"
    latest = next((one for one, kind, _name in rows if kind == text.strip().casefold()), None)
    if latest is not None:
        return bytes(latest)
    return _one(_("run"), text, [Candidate(one, (name or kind,), project) for one, kind, name in rows]).id


def find_link_end(reader: Reader, before: bytes, after: bytes) -> bytes | None:
    """The live link between two tasks."""
    found = reader.value("SELECT id FROM link WHERE before = ? AND after = ? AND alive", (before, after))
    return bytes(found) if found is not None else None


def find_sign_off(reader: Reader, text: str, person: bytes) -> bytes:
    """A statement by its id (or the beginning of it), or the person's last sign-off of a gate or task."""
    from app.domain.ids import step_id

    if len(text) >= _LEAST_ID:
        rows = [name for (name,) in reader.rows("SELECT hash FROM statement WHERE kind IN (1, 3, 4, 5)")]
        found = [name for name in rows if name.hex().startswith(text.casefold())]
        if len(found) == 1:
            return bytes(found[0])
    subject, project = find_subject(reader, text)
    runs = [run for (run,) in reader.rows("SELECT id FROM run WHERE log = ?", (project,))]
    subjects = [subject, *(step_id(run, subject) for run in runs)]
    marks = ",".join("?" * len(subjects))
    mine = reader.rows(
        f"SELECT s.hash FROM statement s WHERE s.kind IN (1, 3) AND s.person = ? AND s.subject IN ({marks}) AND NOT EXISTS "
        "(SELECT 1 FROM statement w WHERE w.kind = 2 AND w.subject = s.subject AND w.person = s.person AND w.rev > s.rev) "
        "ORDER BY s.rev DESC LIMIT 1",
        (person, *subjects),
    )
    if not mine:
        raise NotFound(_("You have no signature on {text} to withdraw.").format(text=text))
    return bytes(mine[0][0])
