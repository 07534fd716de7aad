"""What tasks took when they were last rehearsed."""

from typing import NamedTuple

from app.domain.words import Claim, RunKind
from app.storage.engine import Reader

_MINUTE_MS = 60_000


class Rehearsal(NamedTuple):
    """`number` counts the project's rehearsals from 1; `minutes` is what each finished task took in it."""

    run: bytes
    number: int
    minutes: dict[bytes, int]


def latest_rehearsal(reader: Reader, project_id: bytes) -> Rehearsal | None:
    """The last rehearsal in which something was finished; None before there is one."""
    rows = reader.rows(
        "SELECT id FROM run WHERE log = ? AND kind = ? AND alive ORDER BY started_at, id",
        (project_id, RunKind.REHEARSAL.value),
    )
    for number, (run,) in reversed(list(enumerate(rows, 1))):
        minutes = {
            task: max(0, round((finished - started) / _MINUTE_MS))
            for task, started, finished in reader.rows(
                "SELECT s.task, a.started_at, a.finished_at FROM step s JOIN attempt a ON a.step = s.id AND a.alive "
                "WHERE s.run = ? AND s.alive AND a.claim = ? AND a.started_at IS NOT NULL "
                "AND a.finished_at IS NOT NULL ORDER BY a.number",
                (run, Claim.DONE.value),
            )
        }
        if minutes:
            return Rehearsal(run, number, minutes)
    return None
