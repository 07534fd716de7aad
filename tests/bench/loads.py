"""The checklist of a plan beside a raw fetch of the columns it is made of, by the same engine on the same file."""

import apsw

from app.queries.checklist import checklist
from app.storage.engine import Reader
from tests.bench.measure import Figure, interleaved
from tests.bench.plans import Ground

_RAW = "raw fetch of the same columns"
_TASKS = (
    "SELECT id, stage, title, owner, minutes, start, due, priority, role, stream, rollback_minutes, rollback, "
    "requires FROM task WHERE log = ? AND alive ORDER BY rank, id"
)
_COLUMNS = (
    _TASKS,
    "SELECT before, after, type, lag FROM link WHERE log = ? AND alive",
    "SELECT task FROM check_item WHERE log = ? AND alive",
)


def _read_all(reader: Reader, project: bytes) -> None:
    for sql in _COLUMNS:
        reader.rows(sql, (project,))


def measured(ground: Ground, size: int, rounds: int) -> list[Figure]:
    plan = ground.plan(size)
    raw = apsw.Connection(str(plan.path))
    workspace, now = plan.team.workspace, plan.team.time.now_ms

    def fetch() -> None:
        for sql in _COLUMNS:
            raw.execute(sql, (plan.project,)).fetchall()

    acts = {
        "checklist": lambda: workspace.read(checklist, plan.project, plan.run, "en", now),
        "rows by the reader": lambda: workspace.read(_read_all, plan.project),
        _RAW: fetch,
    }
    taken = interleaved(rounds, acts)
    raw.close()
    return [
        Figure(
            "load", "checklist with status and reasons", size, "ms", taken["checklist"], _RAW, taken[_RAW]
        ),
        Figure("load", "rows by the reader", size, "ms", taken["rows by the reader"], _RAW, taken[_RAW], 1.3),
    ]


def load(ground: Ground) -> list[Figure]:
    return measured(ground, ground.size, ground.rounds * 3)
