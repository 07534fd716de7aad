"""Starting a run freezes the planned times: from then on "late" is measured by them, whatever becomes of the plan."""

from app.domain.run import BaselinePart, Run
from app.domain.words import RunKind
from app.process.baseline import hash_of, parts_of
from app.queries.timeline import Timeline
from app.storage.transaction import Transaction


def begin_run(tx: Transaction, plan: Timeline, kind: RunKind, name: str, started_at: int) -> bytes:
    """A run of a project with its baseline, in one commit."""
    parts = parts_of(_times(tx, plan, kind, started_at))
    values = {
        "kind": kind.value,
        "name": name,
        "started_at": started_at,
        "baseline": hash_of(parts) if parts else None,
    }
    run = tx.create(Run, values, log=plan.project)
    for number, content in enumerate(parts):
        tx.create(BaselinePart, {"run": run, "number": number, "content": content}, log=plan.project)
    return run


def _times(tx: Transaction, plan: Timeline, kind: RunKind, started_at: int) -> dict[bytes, tuple[int, int]]:
    """The planned times of every task for a run that begins then.

    A rehearsal takes place at another time than the plan's, and a plan without any date has none of its own: both begin
    with the run.
    """
    times = {task: (bar.planned_start_ms, bar.planned_finish_ms) for task, bar in plan.bars.items()}
    if not times:
        return {}
    shift = 0
    if kind is RunKind.REHEARSAL or not _has_dates(tx, plan):
        shift = started_at - min(start for start, _finish in times.values())
    return {task: (start + shift, finish + shift) for task, (start, finish) in times.items()}


def _has_dates(tx: Transaction, plan: Timeline) -> bool:
    if plan.window_start_ms is not None or plan.t0_ms is not None:
        return True
    own = "SELECT 1 FROM task WHERE log = ? AND alive AND start IS NOT NULL LIMIT 1"
    return tx.row(own, (plan.project,)) is not None
