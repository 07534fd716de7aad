"""Which tasks and runs an action is about: from the objects its ops name to what they belong to."""

from collections.abc import Iterable
from typing import Any

from app.storage.engine import Reader
from app.storage.ops import CREATE, DELETE, PUT, STATE

# What each entity belongs to, by its number in the registry; step, attempt and result lead to run and task.
_TASK, _CHECK, _LINK, _RUN, _STEP, _ATTEMPT, _CHECK_RESULT, _CRITERION_RESULT, _EVIDENCE = (
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
)
_ABOVE = {
    _CHECK: "SELECT task, NULL FROM check_item WHERE id = ?",
    _STEP: "SELECT task, run FROM step WHERE id = ?",
    _ATTEMPT: "SELECT s.task, s.run FROM attempt a JOIN step s ON s.id = a.step WHERE a.id = ?",
    _CHECK_RESULT: "SELECT s.task, s.run FROM check_result r JOIN step s ON s.id = r.step WHERE r.id = ?",
    _CRITERION_RESULT: "SELECT NULL, run FROM criterion_result WHERE id = ?",
    _EVIDENCE: "SELECT s.task, s.run FROM evidence e JOIN step s ON s.id = e.subject WHERE e.id = ?",
}
Found = tuple[frozenset[bytes], frozenset[bytes]]


class Owners:
    """Answers are kept: many ops name the same objects."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[bytes, list[tuple[bytes | None, bytes | None]]] = {}
        self._tasks: dict[bytes, bool] = {}

    def of(self, ops: Iterable[list[Any]], args: Iterable[Any]) -> Found:
        """(runs, tasks) of an action's ops as they were packed, and of the objects its sentence names."""
        runs: set[bytes] = set()
        tasks: set[bytes] = set()
        for op in ops:
            if op[0] in (CREATE, PUT, DELETE):
                for task, run in self._above(op[1], op[2]):
                    tasks.update(() if task is None else (task,))
                    runs.update(() if run is None else (run,))
            elif op[0] == STATE:
                self._stated(op[1], runs, tasks)
        for arg in args:
            if isinstance(arg, bytes) and arg not in tasks and self._is_task(arg):
                tasks.add(arg)
        return frozenset(runs), frozenset(tasks)

    def _above(self, entity: int, thing: bytes) -> list[tuple[bytes | None, bytes | None]]:
        if entity == _TASK:
            return [(thing, None)]
        if entity == _RUN:
            return [(None, thing)]
        if thing not in self._known:
            self._known[thing] = self._asked(entity, thing)
        return self._known[thing]

    def _asked(self, entity: int, thing: bytes) -> list[tuple[bytes | None, bytes | None]]:
        if entity == _LINK:
            ends = self._reader.row("SELECT before, after FROM link WHERE id = ?", (thing,))
            return [(one, None) for one in ends or ()]
        row = self._reader.row(_ABOVE[entity], (thing,)) if entity in _ABOVE else None
        return [(row[0], row[1])] if row is not None else []

    def _stated(self, body: bytes, runs: set[bytes], tasks: set[bytes]) -> None:
        from app.codec import trusted

        statement = trusted(body)
        run, subject = statement[3], statement[4][1]
        if run is not None:
            runs.add(run)
        if statement[4][0] == _STEP:
            tasks.update(task for task, _run in self._above(_STEP, subject) if task is not None)

    def _is_task(self, thing: bytes) -> bool:
        if thing not in self._tasks:
            self._tasks[thing] = self._reader.row("SELECT 1 FROM task WHERE id = ?", (thing,)) is not None
        return self._tasks[thing]
