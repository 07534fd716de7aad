"""Plans of any size, imported into workspaces on disk once a run and used by every topic."""

import itertools
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from app.commands.gates import add_gate
from app.commands.imports import import_draft
from app.domain.draft import CheckDraft, Draft, LinkDraft, ProjectDraft, StageDraft, TaskDraft
from app.queries.facts import main_run
from app.storage.dbapi import connect
from app.workspace import DATABASE
from tests.factories import Team, a_team

_OWNERS = ("Ada Brandt", "Ben Okafor", "Chen Wei", "Dora Silva", "Emil Novak", "Fatima Aziz", "Goro Ito")
_STREAMS = ("Finance", "Logistics", "Technical")
_STAGES = 20
_FREE = "SELECT id FROM task WHERE log = ? AND id NOT IN (SELECT after FROM link) ORDER BY random()"
_IN_GATE = 50  # tasks of the gated last stage: a gate is signed over what people can read


@dataclass(frozen=True, slots=True)
class Plan:
    """One imported plan: its project and main run, its task ids in order, and a gate over its last stage.

    `startable` are tasks that wait for nothing; who starts one takes it from the list.
    """

    team: Team
    project: bytes
    run: bytes
    tasks: tuple[bytes, ...]
    startable: list[bytes]
    gate: bytes

    @property
    def path(self) -> Path:
        return self.team.workspace.folder / DATABASE


@dataclass(slots=True)
class Ground:
    """Where a run of the bench works, and how large it measures."""

    folder: Path
    sizes: tuple[int, ...]  # ascending; the growth is shown over all of them
    size: int  # what single figures are measured at
    rounds: int  # of what takes long; short acts take many times as many
    _plans: dict[int, Plan] = field(default_factory=dict)
    _numbers: int = 0

    def place(self, name: str) -> Path:
        """A folder of its own, new at each call."""
        self._numbers += 1
        place = self.folder / f"{name}-{self._numbers}"
        place.mkdir(parents=True)
        return place

    def plan(self, size: int) -> Plan:
        if size not in self._plans:
            self._plans[size] = a_large_plan(self.place("plan"), size)
        return self._plans[size]


def draft_of(size: int) -> Draft:
    """So many tasks in twenty stages, a check in every fifth; in threes, with three links: from first to the others."""
    edges = [*range(0, size - _IN_GATE, max(1, (size - _IN_GATE) // (_STAGES - 1))), size - _IN_GATE, size]
    edges = sorted(set(edges))
    stages = tuple(
        StageDraft(f"s{first}", f"Stage {at}", tasks=tuple(_task(n) for n in range(first, end)))
        for at, (first, end) in enumerate(itertools.pairwise(edges), 1)
    )
    links = tuple(
        LinkDraft(f"t{first + before}", f"t{first + after}")
        for first in range(0, size - 2, 3)
        for before, after in ((0, 1), (0, 2), (1, 2))
    )
    return Draft(
        "bench:plan", (ProjectDraft("p", "Cutover", t0="2026-03-06T22:00", stages=stages, links=links),)
    )


def _task(number: int) -> TaskDraft:
    return TaskDraft(
        f"t{number}",
        f"Export open items of company code {number:05}",
        instruction="Run the report, compare the totals, keep the list." if number % 3 == 0 else "",
        owner=_OWNERS[number % len(_OWNERS)],
        minutes=15 + number % 90,
        stream=_STREAMS[number % len(_STREAMS)],
        requires=("comment",) if number % 4 == 0 else (),
        checks=(CheckDraft(f"c{number}", "Totals agree"),) if number % 5 == 0 else (),
    )


def a_large_plan(folder: Path, size: int) -> Plan:
    team = a_team(folder / "workspace")
    project = team.run("mara", import_draft, draft_of(size)).projects[0]
    run = team.workspace.read(main_run, project)
    stage = team.value("SELECT id FROM stage WHERE log = ? ORDER BY rank DESC LIMIT 1", project)
    gate = team.run("mara", add_gate, project, "Ready to go", stage=stage, roles=("QA",))
    tasks = _ids(team, "SELECT id FROM task WHERE log = ? ORDER BY id", project)
    return Plan(team, project, run, tuple(tasks), _ids(team, _FREE, project), gate)


def _ids(team: Team, sql: str, project: bytes) -> list[bytes]:
    return [bytes(one) for (one,) in team.workspace.read(lambda reader: reader.rows(sql, (project,)))]


def raw_copy(plan: Plan, place: Path) -> apsw.Connection:
    """The plan's database once more, under the pragmas of the product and nothing else of it."""
    copy = place / "copy.db"
    plan.team.value("SELECT 1")  # the reader exists, so that the copy is made from a quiet file
    with apsw.Connection(str(copy)) as target:
        source = apsw.Connection(str(plan.path))
        with target.backup("main", source, "main") as job:
            job.step(-1)
        source.close()
    target.close()
    raw = connect(str(copy)).raw
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=off"):
        raw.execute(f"PRAGMA {pragma}")
    return raw


def copied_workspace(plan: Plan, place: Path) -> Path:
    """The plan's folder once more, closed."""
    raw_copy(plan, place).close()
    target = place / "workspace"
    shutil.copytree(plan.path.parent, target, ignore=shutil.ignore_patterns("*.db*"))
    (place / "copy.db").rename(target / DATABASE)
    return target
