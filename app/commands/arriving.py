"""What a merge brings into a project that is there: new objects among their siblings, deleted ones back to life."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from app.commands.bringing import Bringing
from app.domain.entity import Entity
from app.domain.person import Origin
from app.domain.project import Criterion, Gate, GateRole, Project, Stage
from app.domain.ranks import ranks_between
from app.domain.registry import BY_MODEL
from app.domain.task import Check, Task
from app.process.merging import Change, Comparison, Difference
from app.process.origins import FIELDS, PERSONS, Kind, Known
from app.storage.heads import heads_of
from app.storage.ops import LIFE, Put
from app.storage.transaction import Transaction

MODELS: Mapping[Kind, type[Entity]] = {
    Kind.PROJECT: Project,
    Kind.STAGE: Stage,
    Kind.TASK: Task,
    Kind.CHECK: Check,
    Kind.GATE: Gate,
    Kind.CRITERION: Criterion,
}
_COLUMN = {(Kind.STAGE, "description"): "entry_conditions"}
PLACED = frozenset(
    {"stage", "after"}
)  # fields that say where a task stands; they are taken with what stands there
_NEEDED = frozenset({"title", "text", "name"})


def table_of(kind: Kind) -> str:
    return BY_MODEL[MODELS[kind]].table


class Arriving:
    """One merge's arrivals; `bring.ids` has the object of each place that is there or came in."""

    def __init__(
        self, tx: Transaction, bring: Bringing, found: Comparison, taken: Mapping[str, Difference]
    ) -> None:
        self.tx, self.bring, self.found = tx, bring, found
        self.project, self.said = bring.project, found.said
        self.coming = {
            one.place
            for one in taken.values()
            if one.change in (Change.NEW, Change.REMOVED) and not one.field
        }
        self.moving = {one.place for one in taken.values() if one.field == "stage"}
        self.arrived: set[int] = set()
        self.returned = 0
        for place, pair in enumerate(found.pairs):
            if pair is not None and pair.alive:
                bring.ids[place] = pair.id

    def all(self) -> None:
        of = {kind: [n for n, one in enumerate(self.said) if one.kind is kind] for kind in Kind}
        self._stages(of[Kind.STAGE])
        for stage, tasks in self._inside(of[Kind.TASK]).items():
            self._tasks(stage, tasks)
        for task, checks in self._inside(of[Kind.CHECK]).items():
            self._parts(Kind.CHECK, task, checks, self.bring.check)
        self._gates(of[Kind.GATE])
        for gate, criteria in self._inside(of[Kind.CRITERION]).items():
            self._parts(Kind.CRITERION, gate, criteria, self.bring.criterion)

    def _inside(self, places: Sequence[int]) -> dict[int, list[int]]:
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for place in places:
            groups[self.said[place].under].append(place)
        return groups

    def _stages(self, stages: Sequence[int]) -> None:
        """A stage comes when something arrives in it that is taken, or by itself when it is empty."""
        wanted = {self.said[place].under for place in (*self.coming, *self.moving)} | self.coming
        new = [place for place in stages if place not in self.bring.ids and place in wanted]
        ranks = self._ranks(Kind.STAGE, None, stages, new)
        for place in new:
            if not self._back(place):
                self.bring.stage(place, ranks[place])

    def _tasks(self, stage: int, tasks: Sequence[int]) -> None:
        here = self.bring.ids.get(stage)
        new = [place for place in tasks if place in self.coming or place in self.moving]
        if here is None or not new:
            return
        ranks = self._ranks(Kind.TASK, here, tasks, new)
        for place in new:
            if place in self.moving or self._back(place):
                self.set(Task, self.bring.ids[place], "stage", here)
                self.set(Task, self.bring.ids[place], "rank", ranks[place])
            else:
                self.bring.task(place, here, ranks[place])

    def _gates(self, gates: Sequence[int]) -> None:
        new = [place for place in gates if place in self.coming]
        ranks = self._ranks(Kind.GATE, None, gates, new)
        for place in new:
            if not self._back(place):
                self.bring.gate(place, ranks[place])

    def _parts(
        self, kind: Kind, above: int, places: Sequence[int], make: Callable[[int, bytes, str], bytes]
    ) -> None:
        """Checks of a task or criteria of a gate."""
        holder = self.bring.ids.get(above)
        new = [place for place in places if place in self.coming]
        if holder is None or not new:
            return
        ranks = self._ranks(kind, holder, places, new)
        for place in new:
            if not self._back(place):
                make(place, holder, ranks[place])

    def _back(self, place: int) -> bool:
        """Whether the object was deleted here and is back now, with what the source says of it and of its parts."""
        known = self.found.pairs[place]
        self.arrived.add(place)
        if known is None or not known.id:
            if known is not None:
                self.tx.delete(Origin, known.origin)  # it only said that nobody wanted it
            return False
        self._revive(place, known)
        for part in self.bring.inside[place]:
            pair = self.found.pairs[part]
            if pair is not None and pair.id and self.said[part].kind is not Kind.TASK:
                self._revive(part, pair)
        self.returned += 1
        return True

    def _revive(self, place: int, known: Known) -> None:
        model = MODELS[known.kind]
        self.bring.ids[place] = known.id
        if not known.alive:
            self.tx.flush()
            life = tuple(head.op for head in heads_of(self.tx.writer, known.id, LIFE, None))
            number = BY_MODEL[model].number
            self.tx.put(self.project, Put(number, known.id, LIFE, None, value=True, base=life))
        for name in FIELDS[known.kind]:
            self.take_field(place, name)

    def _ranks(
        self, kind: Kind, above: bytes | None, places: Sequence[int], new: Sequence[int]
    ) -> dict[int, str]:
        """A rank for each arrival: behind the nearest thing before it in the source that stands among its siblings."""
        if not new:
            return {}
        order = self._order(kind, above, leaving={self.bring.ids.get(place) for place in new})
        at = {thing: number for number, (thing, _rank) in enumerate(order)}
        arrivals = set(new)
        runs: defaultdict[int, list[int]] = defaultdict(list)  # behind which sibling; -1: before the first
        last = -1
        for place in places:
            if place in arrivals:
                runs[last].append(place)
            else:
                last = at.get(self.bring.ids.get(place, b""), last)
        ranks: dict[int, str] = {}
        for behind, some in runs.items():
            low = order[behind][1] if behind >= 0 else None
            high = order[behind + 1][1] if behind + 1 < len(order) else None
            ranks.update(zip(some, ranks_between(low, high, len(some)), strict=True))
        return ranks

    def _order(self, kind: Kind, above: bytes | None, leaving: set[bytes | None]) -> list[tuple[bytes, str]]:
        """The siblings that stay where they are, in their order."""
        parent = BY_MODEL[MODELS[kind]].parent
        where, values = (f' AND "{parent}" = ?', (above,)) if above is not None else ("", ())
        rows = self.tx.rows(
            f'SELECT id, rank FROM "{table_of(kind)}" WHERE log = ? AND alive{where} ORDER BY rank, id',
            (self.project, *values),
        )
        return [(thing, rank) for thing, rank in rows if thing not in leaving]

    # -- fields --------------------------------------------------------------------------------------------------

    def take_field(self, place: int, name: str) -> None:
        one, thing = self.said[place], self.bring.ids[place]
        value = one.values.get(name)
        if name in PLACED or (value is None and name in _NEEDED):
            return
        if name == "roles":
            for (role,) in self.tx.rows("SELECT id FROM gate_role WHERE gate = ? AND alive", (thing,)):
                self.tx.delete(GateRole, role)
            self.bring.roles(thing, cast("Sequence[str]", value or ()))
            return
        given = self.bring.person(str(value or "")) if name in PERSONS else value
        self.set(MODELS[one.kind], thing, _COLUMN.get((one.kind, name), name), given)

    def set(self, model: type[Entity], thing: bytes, column: str, value: Any) -> None:
        known = BY_MODEL[model].field(column)
        if known.mark.per_language:
            self.tx.set(model, thing, column, value or "", self._language_of(model, thing, column))
        else:
            self.tx.set(model, thing, column, known.default if value is None else value)

    def _language_of(self, model: type[Entity], thing: bytes, column: str) -> str:
        """The language the text stands in here: the project's, the file's, else whichever there is."""
        table, given = BY_MODEL[model].table, self.bring.draft.language
        texts = json.loads(self.tx.value(f'SELECT "{column}" FROM "{table}" WHERE id = ?', (thing,)) or "{}")
        first = str(self.tx.value("SELECT language FROM project WHERE id = ?", (self.project,)) or given)
        return next((one for one in (first, given, *texts) if texts.get(one)), given)
