"""Workspaces and plans that tests begin with: four people with PINs, time that stands still, a small project."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.clock import Clock
from app.commands import gates, people, projects, tasks
from app.commands.stating import Signer
from app.domain.words import Access
from app.queries.checklist import Checklist, TaskRow, checklist
from app.queries.facts import main_run, run_facts
from app.queries.gates import GateView, gate_view
from app.queries.task_detail import TaskDetail, task_detail
from app.storage.keys import CHEAP
from app.workspace import Done, Workspace

PASSPHRASE = "a long enough passphrase"
PINS = {"mara": "mara-4711", "jun": "jun-4712", "kim": "kim-4713", "ann": "ann-4714"}
START_MS = 1_772_830_800_000  # 2026-03-06T21:00:00Z, an hour before T-0
MINUTE_MS = 60_000


@dataclass
class StandingClock:
    """Time that passes only when a test says so."""

    now_ms: int = START_MS

    def pass_minutes(self, minutes: float) -> None:
        self.now_ms += int(minutes * MINUTE_MS)

    def clock(self) -> Clock:
        return Clock(lambda: self.now_ms)


@dataclass
class Team:
    """A workspace with Mara (owner, Lead), Jun (QA), Kim (Ops) and Ann, who performs; Mara acts until told otherwise."""

    workspace: Workspace
    time: StandingClock
    ids: dict[str, bytes] = field(default_factory=dict)
    signers: dict[str, Signer] = field(default_factory=dict)

    def acts(self, handle: str) -> Workspace:
        """The workspace, with this person acting."""
        self.workspace.act_as(self.ids[handle])
        return self.workspace

    def run(self, handle: str, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What a command gave when this person ran it; everybody after runs as this person."""
        return self.acts(handle).run(command, *args, **kwargs).result

    def done(self, handle: str, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Done:
        return self.acts(handle).run(command, *args, **kwargs)

    def value(self, sql: str, *parameters: Any) -> Any:
        return self.workspace.read(lambda reader: reader.value(sql, parameters))


@dataclass
class Plan:
    """A small project in its main run: two stages, a gate that closes the first."""

    team: Team
    project: bytes
    run: bytes
    stages: dict[str, bytes] = field(default_factory=dict)
    tasks: dict[str, bytes] = field(default_factory=dict)
    checks: dict[str, bytes] = field(default_factory=dict)
    gate: bytes = b""
    criterion: bytes = b""

    def rows(self, run: bytes | None = None, language: str = "en") -> Checklist:
        now = self.team.time.now_ms
        return self.team.workspace.read(checklist, self.project, run or self.run, language, now)

    def row(self, task: bytes, run: bytes | None = None) -> TaskRow:
        return next(one for one in self.rows(run).tasks if one.id == task)

    def detail(self, task: bytes, run: bytes | None = None) -> TaskDetail:
        found = self.team.workspace.read(task_detail, task, run or self.run)
        assert found is not None
        return found

    def gate_now(self, gate: bytes | None = None, run: bytes | None = None) -> GateView:
        now = self.team.time.now_ms

        def view(reader: Any) -> GateView:
            facts = run_facts(reader, self.project, run or self.run, now)
            return gate_view(reader, facts, gate or self.gate, "en")

        return self.team.workspace.read(view)


def a_workspace(folder: Path, time: StandingClock | None = None) -> Workspace:
    """A new workspace that knows nobody."""
    clock = (time or StandingClock()).clock()
    return Workspace.open(
        folder, clock=clock, passphrase=lambda: PASSPHRASE, cost=CHEAP, device_name="laptop"
    )


def a_team(folder: Path) -> Team:
    time = StandingClock()
    team = Team(a_workspace(folder, time), time)
    add_person(team, "Mara Lind", "mara", roles=("Lead",))
    add_person(team, "Jun Sato", "jun", roles=("QA",))
    add_person(team, "Kim Berg", "kim", roles=("Ops",))
    add_person(team, "Ann Weiss", "ann")
    team.acts("mara")
    return team


def add_person(
    team: Team, name: str, handle: str, *, access: Access | None = None, roles: tuple[str, ...] = ()
) -> bytes:
    """A person with a key on this device; the first one is the owner, later ones are vouched for by Mara."""
    workspace = team.workspace
    person = workspace.clock.new_id()
    own = workspace.new_key(person, PINS.get(handle, "4242"))
    if team.ids:
        team.acts("mara")
    workspace.run(
        *(people.add_person, name, handle, f"{handle}@example.org"),
        signer=team.signers.get("mara"),
        own=own,
        access=access,
        roles=roles,
        id=person,
    )
    team.ids[handle], team.signers[handle] = person, own
    return person


def a_task(plan: Plan, title: str, stage: str = "Prepare", **values: Any) -> bytes:
    task: bytes = plan.team.run(
        "mara", tasks.add_task, plan.project, title, stage=plan.stages[stage], values=values
    )
    plan.tasks[title] = task
    return task


def a_plan(team: Team) -> Plan:
    """Prepare: freeze -> export (Ann's; note, file and checks required); a gate by QA and Ops; then Go: switch."""
    project = team.run("mara", projects.create_project, "Warehouse cutover", t0="2026-03-06T22:00")
    plan = Plan(team, project, team.workspace.read(main_run, project))
    for title in ("Prepare", "Go"):
        plan.stages[title] = team.run("mara", projects.add_stage, project, title)
    freeze = a_task(plan, "Freeze the code", minutes=30, owner=team.ids["ann"])
    export = a_task(
        plan, "Export the stock", minutes=60, owner=team.ids["ann"], requires="comment,file,checks"
    )
    a_task(plan, "Switch over", "Go", minutes=15, owner=team.ids["kim"])
    team.run("mara", tasks.link_tasks, freeze, export)
    plan.checks["rows"] = team.run(
        "mara", tasks.add_check, export, "Row count", kind="value", target="1200", tolerance="2"
    )
    plan.checks["sum"] = team.run("mara", tasks.add_check, export, "Stock value agrees", kind="pair")
    plan.gate = team.run(
        "mara", gates.add_gate, project, "Ready to go", stage=plan.stages["Prepare"], roles=("QA", "Ops")
    )
    plan.criterion = team.run("mara", gates.add_criterion, plan.gate, "No open incident")
    return plan
