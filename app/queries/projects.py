"""Projects of a workspace and their runs."""

from typing import NamedTuple

from app.queries.texts import pick
from app.storage.engine import Reader


class ProjectRow(NamedTuple):
    """`zone` names the time zone of the wall times; `manager` and `decider` are person ids.

    legal_hold: why nothing of it may be erased, "" where it may. retention_days: None where nothing falls due.
    """

    id: bytes
    name: str
    kind: str
    language: str
    zone: str
    window_start: str | None
    window_end: str | None
    t0: str | None
    no_return: str | None
    manager: bytes | None
    decider: bytes | None
    legal_hold: str = ""
    retention_days: int | None = None


class RunRow(NamedTuple):
    """Instants are UTC ms; the main run has no start."""

    id: bytes
    kind: str
    name: str
    started_at: int | None
    finished_at: int | None


def projects(reader: Reader, language: str = "en") -> list[ProjectRow]:
    """All live projects, oldest first."""
    rows = reader.rows(
        "SELECT id, name, kind, language, zone, window_start, window_end, t0, no_return, manager, decider, "
        "legal_hold, retention_days "
        "FROM project WHERE alive ORDER BY id"
    )
    return [ProjectRow(row[0], pick(row[1], language, row[3]), *row[2:]) for row in rows]


def project(reader: Reader, project_id: bytes, language: str = "en") -> ProjectRow | None:
    return next((one for one in projects(reader, language) if one.id == project_id), None)


def runs(reader: Reader, project_id: bytes) -> list[RunRow]:
    """The project's runs: main first, then by start."""
    rows = reader.rows(
        "SELECT id, kind, name, started_at, finished_at FROM run WHERE log = ? AND alive "
        "ORDER BY kind <> 'main', started_at, id",
        (project_id,),
    )
    return [RunRow(*row) for row in rows]


def is_sample(reader: Reader) -> bool:
    """Whether this is the sample's workspace: everything printed from it says so."""
    return reader.value("SELECT value FROM meta WHERE key = 'sample'") is not None
