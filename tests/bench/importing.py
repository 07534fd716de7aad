"""An import as one signed action beside raw inserts of the rows it makes."""

from pathlib import Path

import apsw

from app.commands.imports import import_draft
from app.domain.registry import SPECS
from app.storage.dbapi import connect
from app.storage.engine import Reader, Row
from tests.bench.measure import Act, Figure, interleaved
from tests.bench.plans import Ground, Plan, draft_of
from tests.factories import Team, a_team

Rows = dict[str, list[Row]]
_RAW = "raw inserts of the same rows"


def measured(ground: Ground, size: int, rounds: int) -> list[Figure]:
    """Each round imports into a workspace of its own, and inserts into an empty database with the same tables."""
    plan, draft = ground.plan(size), draft_of(size)
    rows = _rows_of(plan)
    teams: list[Team] = []
    files: list[apsw.Connection] = []

    def prepare() -> None:
        teams.append(a_team(ground.place("import") / "workspace"))
        files.append(_empty_like(plan, ground.place("inserts")))

    acts: dict[str, Act] = {
        "import": lambda: teams[-1].acts("mara").run(import_draft, draft),
        _RAW: lambda: _insert(files[-1], rows),
    }
    taken = interleaved(rounds, acts, prepare)
    for team, file in zip(teams, files, strict=True):
        team.workspace.close()
        file.close()
    return [Figure("import", "import_draft", size, "ms", taken["import"], _RAW, taken[_RAW])]


def _rows_of(plan: Plan) -> Rows:
    def read(reader: Reader) -> Rows:
        tables = [spec.table for spec in SPECS.values()]
        return {table: rows for table in tables if (rows := reader.rows(f'SELECT * FROM "{table}"'))}

    return plan.team.workspace.read(read)


def _empty_like(plan: Plan, place: Path) -> apsw.Connection:
    schema = plan.team.workspace.read(
        lambda reader: reader.rows("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    )
    raw = connect(str(place / "inserts.db")).raw
    raw.execute("PRAGMA journal_mode=wal")
    raw.execute("PRAGMA synchronous=full")
    for (statement,) in schema:
        raw.execute(statement)
    return raw


def _insert(raw: apsw.Connection, tables: Rows) -> None:
    raw.execute("BEGIN IMMEDIATE")
    for table, rows in tables.items():
        raw.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows[0]))})', rows)
    raw.execute("COMMIT")


def import_plan(ground: Ground) -> list[Figure]:
    return measured(ground, ground.size, ground.rounds)
