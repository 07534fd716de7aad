"""The sample is there in one piece, runs right now, and shows every state a step can be in."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.automation.sample import PIN, RESOURCES, Progress, is_over, load_sample, open_sample, replay_sample
from app.clock import Clock
from app.commands.projects import set_project
from app.domain.words import GateState, RunKind, Status
from app.errors import Refused
from app.queries.checklist import checklist
from app.queries.decisions import decisions
from app.queries.facts import RunFacts, run_facts
from app.queries.gates import gates
from app.queries.handovers import hand_overs
from app.queries.incidents import incidents
from app.queries.people import people
from app.queries.projects import ProjectRow, projects, runs
from app.workspace import Workspace

NOW = int(datetime(2026, 11, 20, 21, 3, 17, tzinfo=UTC).timestamp() * 1000)
CLOCK = Clock(now_ms=lambda: NOW)
DOC = json.loads((RESOURCES / "cutover.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Progress]]:
    folder = tmp_path_factory.mktemp("home") / "sample"
    return folder, list(replay_sample(folder, CLOCK))


@pytest.fixture(scope="module")
def sample(told: tuple[Path, list[Progress]]) -> Iterator[Workspace]:
    workspace = open_sample(told[0], CLOCK)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def project(sample: Workspace) -> ProjectRow:
    (only,) = sample.read(projects)
    return only


def _run(sample: Workspace, project: ProjectRow, name: str) -> bytes:
    return next(run.id for run in sample.read(runs, project.id) if run.name == name)


def _facts(sample: Workspace, project: ProjectRow, name: str = "Live run") -> RunFacts:
    return sample.read(run_facts, project.id, _run(sample, project, name), NOW)


def _titles(sample: Workspace, facts: RunFacts, *wanted: Status) -> set[str]:
    rows = sample.read(lambda reader: reader.rows("SELECT id, title FROM task WHERE alive"))
    keys = {task["title"]["en"]: task["key"] for stage in DOC["stages"] for task in stage["tasks"]}
    return {keys[json.loads(title)["en"]] for task, title in rows if facts.status(task) in wanted}


def test_it_is_marked_and_opens_with_the_pin_that_is_shown(sample: Workspace) -> None:
    assert sample.is_sample
    everybody = sample.read(people)
    assert [person.id for person in everybody if not sample.keys.has_key(person.id)] == []
    for person in everybody:
        assert sample.keys.unlock(person.id, PIN)


def test_everybody_has_the_access_and_the_roles_of_the_file(sample: Workspace) -> None:
    told = {person["id"]: (person["access"], tuple(sorted(person["roles"]))) for person in DOC["people"]}
    found = {one.handle: (one.access, tuple(sorted(one.roles))) for one in sample.read(people)}
    assert found == told


def test_the_plan_is_there_in_both_languages(sample: Workspace, project: ProjectRow) -> None:
    for language in ("en", "zh"):
        shown = sample.read(checklist, project.id, None, language=language, now_ms=NOW)
        titles = [task.title for task in shown.tasks]
        assert titles == [task["title"][language] for stage in DOC["stages"] for task in stage["tasks"]]
    links = sample.read(lambda reader: reader.value("SELECT count(*) FROM link WHERE alive"))
    assert links == len(DOC["links"])


def test_now_lies_inside_the_window_that_began_with_the_live_run(
    sample: Workspace, project: ProjectRow
) -> None:
    live = next(run for run in sample.read(runs, project.id) if run.kind == RunKind.LIVE)
    assert live.started_at is not None
    assert 0 <= NOW - live.started_at - 280 * 60_000 < 5 * 60_000
    start, end, t0 = sample.read(
        lambda reader: reader.row(
            "SELECT window_start, window_end, t0 FROM project WHERE id = ?", (project.id,)
        )
    ) or (None, None, None)
    zone = ZoneInfo("Europe/Berlin")
    begun = datetime.fromisoformat(start).replace(tzinfo=zone).timestamp() * 1000
    assert begun == live.started_at
    assert (begun / 60_000) % 5 == 0
    assert begun < NOW < datetime.fromisoformat(end).replace(tzinfo=zone).timestamp() * 1000
    assert datetime.fromisoformat(t0).replace(tzinfo=zone).timestamp() * 1000 - begun == 2880 * 60_000


def test_the_live_run_stands_in_the_middle(sample: Workspace, project: ProjectRow) -> None:
    facts = _facts(sample, project)
    assert _titles(sample, facts, Status.RUNNING) == {"load_partners", "assign_roles", "schedule_jobs"}
    assert _titles(sample, facts, Status.BLOCKED) == {"technical_users"}
    assert _titles(sample, facts, Status.WAITING) == {"load_assets"}
    assert _titles(sample, facts, Status.CLAIMED) == {"number_ranges"}
    assert _titles(sample, facts, Status.FAILED, Status.SKIPPED) == set()
    assert _titles(sample, facts, Status.READY) == {"open_period", "output_channels"}
    first_two = {task["key"] for stage in DOC["stages"][:2] for task in stage["tasks"]}
    assert first_two <= _titles(sample, facts, Status.DONE)


def test_registers_and_hand_overs_belong_to_the_story(sample: Workspace, project: ProjectRow) -> None:
    live = _run(sample, project, "Live run")
    raised = sample.read(incidents, live)
    assert [(one.severity, one.is_open) for one in raised] == [("P2", True), ("P3", True), ("P2", False)]
    certificate = raised[0]
    assert (certificate.raised_by, certificate.typed_by) == ("Rafael Monteiro", "Marta Lindqvist")
    assert certificate.typed_at - certificate.happened_at > 3 * 60_000
    assert [one.decider for one in sample.read(decisions, live)] == ["Marta Lindqvist", "Ingrid Halvorsen"]
    offers = sample.read(hand_overs, live)
    assert [(one.receiver, one.is_open) for one in offers] == [
        ("Morisawa Kenji 森泽健二", True),
        ("Jonas Ehrlich", False),
    ]
    shown = sample.read(checklist, project.id, live, "en", NOW)
    assets = next(task for task in shown.tasks if task.id == offers[1].task)
    assert (assets.owner, assets.holder) == ("Nadia Petrova", "Jonas Ehrlich")


def test_a_failed_step_was_repeated(sample: Workspace, project: ProjectRow) -> None:
    live, first = _facts(sample, project), _facts(sample, project, "Rehearsal 1")
    for facts, key in ((live, "import_transports"), (first, "reconcile_ledger")):
        again = [task for task, attempt in facts.attempts.items() if attempt.number == 2]
        assert len(again) == 1
        assert facts.status(again[0]) is Status.DONE
        assert key in _titles(sample, facts, Status.DONE)


def test_the_first_gate_is_open_and_the_others_are_closed(sample: Workspace, project: ProjectRow) -> None:
    live = _run(sample, project, "Live run")
    states = [gate.state for gate in sample.read(gates, project.id, live, now_ms=NOW)]
    assert states == [GateState.FINAL, GateState.CLOSED, GateState.CLOSED, GateState.CLOSED]


@pytest.mark.parametrize(("name", "opened"), [("Rehearsal 1", 2), ("Rehearsal 2", 3)])
def test_rehearsals_end_with_the_gates_they_reached(
    sample: Workspace, project: ProjectRow, name: str, opened: int
) -> None:
    run = next(run for run in sample.read(runs, project.id) if run.name == name)
    assert run.finished_at is not None
    states = [gate.state for gate in sample.read(gates, project.id, run.id, now_ms=NOW)]
    assert states == [GateState.FINAL] * opened + [GateState.CLOSED] * (4 - opened)
    unfinished = {Status.RUNNING, Status.BLOCKED, Status.WAITING, Status.FAILED, Status.TODO, Status.READY}
    assert _titles(sample, _facts(sample, project, name), *unfinished) == set()


def test_every_attached_file_is_in_the_store(sample: Workspace) -> None:
    hashes = sample.read(lambda reader: reader.rows("SELECT sha256 FROM evidence WHERE sha256 IS NOT NULL"))
    assert len(hashes) == len(list((RESOURCES / "evidence").iterdir()))
    assert all(sample.files.read(bytes(sha256)) for (sha256,) in hashes)


@pytest.mark.slow
def test_in_chinese_roles_and_reasons_are_chinese(tmp_path: Path) -> None:
    folder = load_sample(tmp_path / "sample", CLOCK, language="zh")
    workspace = Workspace.open(folder, clock=CLOCK, sample=True)
    try:
        assert {"切换经理", "质量负责人"} <= {
            role for person in workspace.read(people) for role in person.roles
        }
        (project,) = workspace.read(projects, "zh")
        assert [run.name for run in workspace.read(runs, project.id)][1:] == [
            "第 1 次演练",
            "第 2 次演练",
            "正式上线",
        ]
        live = _run(workspace, project, "正式上线")
        states = [gate.state for gate in workspace.read(gates, project.id, live, now_ms=NOW)]
        assert states[0] is GateState.FINAL
    finally:
        workspace.close()


def test_whoever_stops_early_leaves_nothing_behind(tmp_path: Path) -> None:
    steps = replay_sample(tmp_path / "sample", CLOCK)
    first = next(steps)
    for _ in range(20):
        next(steps)
    steps.close()
    assert first == Progress(1, first.total)
    assert list(tmp_path.iterdir()) == []


def test_the_progress_counts_to_its_total(told: tuple[Path, list[Progress]]) -> None:
    folder, progress = told
    assert [step.done for step in progress] == list(range(1, progress[-1].total + 1))
    assert [path.name for path in folder.parent.iterdir()] == ["sample"]


def test_it_never_writes_over_something(tmp_path: Path) -> None:
    (tmp_path / "sample").mkdir()
    with pytest.raises(Refused):
        load_sample(tmp_path / "sample", CLOCK)
    assert list((tmp_path / "sample").iterdir()) == []


def test_it_is_entered_as_its_cutover_manager(sample: Workspace) -> None:
    me = next(person for person in sample.read(people) if person.id == sample.person)
    assert me.handle == "lindqvist"
    assert me.roles == ("Cutover manager",)


@pytest.mark.slow
def test_told_anew_only_when_it_is_over_and_untouched(tmp_path: Path) -> None:
    folder = load_sample(tmp_path / "sample", CLOCK)
    later = Clock(now_ms=lambda: NOW + 13 * 3600 * 1000)
    for clock, over in ((CLOCK, False), (later, True)):
        workspace = open_sample(folder, clock)
        assert is_over(workspace) is over
        workspace.close()
    load_sample(folder, later, replace=True)
    workspace = open_sample(folder, later)
    assert not is_over(workspace)
    (project,) = workspace.read(projects)
    workspace.run(set_project, project.id, {"zone": "Asia/Shanghai"})
    workspace.close()
    much_later = open_sample(folder, Clock(now_ms=lambda: NOW + 99 * 3600 * 1000))
    assert not is_over(much_later)
    much_later.close()
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]
