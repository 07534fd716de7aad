"""A plan in which everything is too much: long names, many tasks and people, and all of it late."""

from pathlib import Path
from random import Random

from app.clock import Clock
from app.commands.gates import add_criterion
from app.commands.imports import import_draft
from app.commands.runs import block_step, fail_step, finish_step, skip_step, start_run, start_step, wait_step
from app.domain.draft import CheckDraft, Draft, GateDraft, LinkDraft, ProjectDraft, StageDraft, TaskDraft
from app.domain.words import RunKind
from app.queries.gates import gates
from tests.factories import StandingClock, Team, a_workspace, add_person

STAGES, PEOPLE, DAY_MS = 12, 30, 86_400_000
T0 = "2026-03-06T22:00"  # when the tests' standing clock begins
_LONG = {
    "en": "Reconcile the sub-ledger balances of all company codes with the general ledger before the release of the "
    "intercompany postings {n} in the presence of both auditors",
    "zh": "在公司间过账放行之前，由两位审计师在场监督，将全部公司代码的明细账余额与总账逐一核对并书面确认差异 {n}",
}
_UNBROKEN = "DE_HALBRUNN_PRODUCTION_CLIENT_0100_INTERCOMPANY_RECONCILIATION_PROTOCOL_{n}"
_NAMES = (
    "Maximiliane-Theodora von Hohenlohe-Waldenburg-Schillingsfürst {n}",
    "欧阳若琳·阿卜杜勒热合曼·图尔荪江 {n}",
    "Wolfeschlegelsteinhausenbergerdorff{n}",
)
_STATES = ("todo", "running", "done", "failed", "blocked", "skipped")


class SameClock(StandingClock):
    """Chance that is the same each time: two runs give the same ids in the same order."""

    def clock(self) -> Clock:
        return Clock(lambda: self.now_ms, Random(7).randbytes)


def overfull(tasks: int = 2_000, language: str = "en") -> Draft:
    """A draft that imports like any file: twelve stages, thirty owners, links across all of it."""
    of_stage = -(-tasks // STAGES)
    stages = tuple(
        StageDraft(
            f"s{at}",
            f"{at + 1} · {_LONG[language].format(n=at)}",
            owner_role="Intercompany reconciliation and release manager",
            tasks=tuple(_task(n, language) for n in range(at * of_stage, min(tasks, (at + 1) * of_stage))),
        )
        for at in range(STAGES)
    )
    links = tuple(
        LinkDraft(f"t{n - back}", f"t{n}", "FS" if n % 7 else "SS", lag_minutes=n % 5 * 15)
        for n in range(1, tasks)
        for back in (1, 9)
        if n >= back and n % 4
    )
    gates_ = tuple(
        GateDraft(
            f"g{at}", f"Gate {at} · {_LONG[language].format(n=at)}", f"s{at}", roles=("QA", "Ops", "Lead")
        )
        for at in range(0, STAGES, 2)
    )
    name = _LONG[language].format(n="2026")
    return Draft(
        "overfull:plan",
        (
            ProjectDraft(
                "p", name, t0=T0, window_start="2026-03-06T18:00", window_end="2026-03-08T06:00",
                no_return="2026-03-07T12:00", stages=stages, links=links, gates=gates_, zone="Europe/Berlin",
            ),
        ),
    )  # fmt: skip


def _task(n: int, language: str) -> TaskDraft:
    long = n % 3 == 0
    title = _LONG[language].format(n=n) if long else _UNBROKEN.format(n=n) if n % 3 == 1 else f"Task {n}"
    return TaskDraft(
        f"t{n}",
        title,
        instruction=(_LONG[language].format(n=n) + ". ") * 6 if long else "",
        owner=_NAMES[n % len(_NAMES)].format(n=n % PEOPLE) if n % 11 else "",
        deputy=_NAMES[0].format(n=(n + 1) % PEOPLE),
        role="Intercompany reconciliation and release manager",
        minutes=(5, 30, 95, 1_440, 10_000)[n % 5],
        start=T0 if n % 10 == 0 else None,
        due="2026-03-06T22:30" if n % 2 else "2026-03-01T08:00",
        priority=1 + n % 5,
        stream=("data", "Intercompany reconciliation and release", "接口、输出与作业")[n % 3],
        rollback=_LONG[language].format(n=n) if n % 6 == 0 else "",
        rollback_minutes=90 if n % 6 == 0 else None,
        requires=(("comment", "file", "checks", "second"), ("file",), ())[n % 3],
        checks=tuple(CheckDraft(f"c{n}.{k}", _LONG[language].format(n=k)) for k in range(n % 4)),
        claim=_STATES[n % len(_STATES)] if n % 3 else None,
    )


def overfull_workspace(folder: Path, tasks: int = 2_000, language: str = "en") -> tuple[Team, bytes]:
    """The plan imported, rehearsed a little and live for two days: nothing ended when it should have."""
    time = SameClock()
    team = Team(a_workspace(folder, time), time)
    add_person(team, "Mara Lind", "mara", roles=("Lead",))
    add_person(team, _NAMES[0].format(n=99), "jun", roles=("QA",))
    add_person(team, "Kim Berg", "kim", roles=("Ops",))
    team.acts("mara")
    project: bytes = team.run("mara", import_draft, overfull(tasks, language)).projects[0]
    for gate in team.workspace.read(gates, project):
        for n in range(9):
            team.run("mara", add_criterion, gate.id, _LONG[language].format(n=n))
    run = team.run(
        "mara", start_run, project, RunKind.LIVE, _LONG[language].format(n="live"), reason="no rehearsal"
    )
    ids = [bytes(one) for (one,) in team.workspace.read(lambda reader: reader.rows(_FIRST, (project,)))]
    acts = (start_step, finish_step, fail_step, block_step, wait_step, skip_step)
    for n, task in enumerate(ids):
        time.pass_minutes(1)
        if n % 6:
            team.run("mara", start_step, run, task, reason="the order was changed")
        if n % 6 != 1:
            team.run("mara", acts[n % 6], run, task, reason=_LONG[language].format(n=n))
    time.now_ms += 2 * DAY_MS
    return team, project


_FIRST = "SELECT id FROM task WHERE log = ? ORDER BY id LIMIT 48"
