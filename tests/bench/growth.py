"""How cost grows with the plan: time per task at each size beside the time per task of the smallest plan."""

from app.storage.checks import check
from app.storage.engine import Database
from app.storage.rebuild import rebuild
from app.workspace import DATABASE
from tests.bench import edits, importing, loads
from tests.bench.measure import Figure, Sample, interleaved
from tests.bench.plans import Ground, copied_workspace

_PER_TASK = ("import", "load", "rebuild", "doctor")


def growth(ground: Ground) -> list[Figure]:
    """What reads or writes a whole plan is divided by its tasks; one edit is not, as it should cost the same."""
    first: dict[str, Sample] = {}
    figures = []
    for size in ground.sizes:
        for what, sample in _at(ground, size).items():
            share = Sample([value / (size / 1000 if what in _PER_TASK else 1) for value in sample.values])
            against = first.setdefault(what, share)
            unit = "ms/1k" if what in _PER_TASK else "ms"
            name = f"the same at {ground.sizes[0]:,}"
            goal = 10.0 if what == "edit" and size == 100_000 else None
            figures.append(Figure("growth", what, size, unit, share, name, against, goal_p99=goal))
    return figures


def _at(ground: Ground, size: int) -> dict[str, Sample]:
    rounds = ground.rounds if size <= ground.size else 3
    edited, started, *_ = edits.measured(ground, size, ground.rounds * 30)
    return {
        "import": importing.measured(ground, size, min(rounds, 3))[0].sample,
        "load": loads.measured(ground, size, rounds)[0].sample,
        "edit": edited.sample,
        "start_step": started.sample,
        **_replayed(ground, size, 1 if size > ground.size else 3),
    }


def _replayed(ground: Ground, size: int, rounds: int) -> dict[str, Sample]:
    database = Database(copied_workspace(ground.plan(size), ground.place("replay")) / DATABASE)
    database.open()

    def replay() -> None:
        with database.transaction() as writer:
            rebuild(writer)

    def doctor() -> None:
        with database.snapshot() as reader:
            assert not check(reader).problems

    taken = interleaved(rounds, {"rebuild": replay, "doctor": doctor})
    database.close()
    return taken
