"""Whole stories in a real window on a real display, by mouse and by keyboard alone, judged by what stands in the workspace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.words import GateState, RunKind, Status
from app.queries.checklist import Checklist, checklist
from app.queries.gates import GateView, gates
from app.queries.projects import projects, runs
from app.queries.task_detail import task_detail
from tests.flows.hands import Hands, display

pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs("Xvfb", "xvfb"),
    pytest.mark.needs("xdotool", "xdotool"),
]

PINS = {"mara": "112358", "ada": "246810", "ben": "135791"}
SECRETS = {
    "LAUNCHBOOK_PASSPHRASE": "correct horse battery",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    **{f"LAUNCHBOOK_PIN_{name.upper()}": pin for name, pin in PINS.items()},
}
SHEET = "Lock users\tAda Lovelace\t15 min\nExport balances\tBen Okri\t45 min\nCount stock\tBen Okri\t30\n"


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    """A window over a workspace that knows three people and no project."""
    with display() as name:
        made = Hands(name, tmp_path / "home", SECRETS)
        made.launchbook("person", "add", "Mara Lind", "--id", "mara", "--role", "Cutover manager")
        made.launchbook("person", "add", "Ada Lovelace", "--id", "ada", "--role", "QA lead")
        made.launchbook("person", "add", "Ben Okri", "--id", "ben", "--role", "Operations")
        try:
            made.open()
            yield made
        finally:
            made.close()


def the_plan(hands: Hands, kind: RunKind = RunKind.MAIN) -> Checklist:
    with hands.workspace() as workspace:
        (project,) = workspace.read(projects)
        run = next(one for one in workspace.read(runs, project.id) if one.kind == kind)
        return workspace.read(checklist, project.id, run.id)


def the_gate(hands: Hands) -> GateView:
    with hands.workspace() as workspace:
        (project,) = workspace.read(projects)
        live = next(one for one in workspace.read(runs, project.id) if one.kind == RunKind.LIVE)
        (gate,) = workspace.read(gates, project.id, live.id)
        return gate


def statuses(hands: Hands, kind: RunKind) -> list[Status]:
    return [task.status for task in the_plan(hands, kind).tasks]


def judge_plan(hands: Hands) -> None:
    plan = the_plan(hands)
    assert plan.project.name == "Shop 4.2"
    assert [(task.title, task.owner, task.minutes, task.after) for task in plan.tasks] == [
        ("Lock users", "Ada Lovelace", 15, ""),
        ("Export balances", "Ben Okri", 45, "1.1"),
        ("Count stock", "Ben Okri", 30, "1.1"),
    ]


def judge_night(hands: Hands) -> None:
    """The rehearsal stands beside the live run, and the failed attempt beside the one that worked."""
    assert statuses(hands, RunKind.REHEARSAL)[0] is Status.DONE
    assert statuses(hands, RunKind.LIVE) == [Status.DONE] * 3
    with hands.workspace() as workspace:
        (project,) = workspace.read(projects)
        live = next(one for one in workspace.read(runs, project.id) if one.kind == RunKind.LIVE)
        failed = the_plan(hands, RunKind.LIVE).tasks[1].id
        detail = workspace.read(task_detail, failed, live.id)
    assert detail is not None
    assert [attempt.reason for attempt in detail.attempts].count("The disk is full") == 1
    assert len(detail.attempts) == 2


def judge_proof(hands: Hands, paper: Path) -> None:
    gate = the_gate(hands)
    assert gate.state is GateState.FINAL
    assert {(one.person, one.role) for one in gate.signoffs} == {
        ("Ada Lovelace", "QA lead"),
        ("Ben Okri", "Operations"),
    }
    assert "Valid and current." in hands.launchbook("verify", str(paper))
    assert "every signature and chain holds" in hands.launchbook("doctor")


def test_from_a_spreadsheet_to_a_signed_record_by_mouse_and_keys(hands: Hands, tmp_path: Path) -> None:
    hands.click("Start with an empty plan")
    hands.type("Shop 4.2", "Return")
    hands.click("Search or do anything")
    hands.type("New stage", "Return")
    hands.type("Freeze", "Return")
    hands.copy(SHEET)
    hands.click("Freeze")
    hands.press("ctrl+v")
    hands.click("Add a gate")
    hands.type("May release", "Return")
    hands.type("QA lead, Operations", "Return")
    for number in ("1.2", "1.3"):
        hands.click(f"{number}|after", twice=True)
        hands.type("1.1", "Return")
    judge_plan(hands)

    hands.click("Main run")
    hands.click("Start a rehearsal…")
    hands.type("Dress rehearsal", "Return")
    hands.click("Run")
    hands.press("alt+2")
    hands.click("1.1|state")
    hands.press("s", "f")
    hands.click("Dress rehearsal")
    hands.click("Start the live run…")
    hands.type("Live", "Return")
    hands.type("The rehearsal showed enough", "Return")
    hands.click("1.1|state")
    hands.press("s", "f")
    hands.click("1.2|state")
    hands.press("s", "x")
    hands.type("The disk is full", "Return")
    assert statuses(hands, RunKind.LIVE)[1] is Status.FAILED
    for number in ("1.2", "1.3"):
        hands.click(f"{number}|state")
        hands.press("s", "f")
    judge_night(hands)

    hands.click("Prove")
    for name in ("ada", "ben"):
        hands.click("Sign")
        hands.type(PINS[name], "ctrl+Return")
    paper = tmp_path / "record.pdf"
    hands.click("Approval record…")
    hands.type(str(paper), "Return")
    hands.type(PINS["mara"], "Return")
    judge_proof(hands, paper)


def test_the_same_without_a_mouse(hands: Hands, tmp_path: Path) -> None:
    hands.press("3")
    hands.type("Shop 4.2", "Return")
    hands.press("ctrl+k")
    hands.type("New stage", "Return")
    hands.type("Freeze", "Return")
    hands.copy(SHEET)
    hands.press("ctrl+v", "F6")
    hands.reach("Add a gate")
    hands.press("space")
    hands.type("May release", "Return")
    hands.type("QA lead, Operations", "Return")
    hands.reach("Checklist", "F6")
    hands.press("ctrl+Home", "Down", "Down")
    link_by_keys(hands)
    judge_plan(hands)

    start_run_by_keys(hands, "Main run", "Start a rehearsal…", "Dress rehearsal")
    hands.press("ctrl+2", "alt+2")
    to_state_of(hands, 1)
    hands.press("s", "f")
    start_run_by_keys(hands, "Dress rehearsal", "Start the live run…", "Live")
    hands.type("The rehearsal showed enough", "Return")
    hands.press("ctrl+2", "alt+2")
    to_state_of(hands, 1)
    hands.press("s", "f")
    to_state_of(hands, 2)
    hands.press("s", "x")
    hands.type("The disk is full", "Return")
    assert statuses(hands, RunKind.LIVE)[1] is Status.FAILED
    for line in (2, 3):
        to_state_of(hands, line)
        hands.press("s", "f")
    judge_night(hands)

    hands.press("ctrl+3")
    for name in ("ada", "ben"):
        hands.press("g")
        hands.type(PINS[name], "ctrl+Return")
    paper = tmp_path / "record.pdf"
    hands.reach("Approval record…")
    hands.press("space")
    hands.type(str(paper), "Return")
    hands.type(PINS["mara"], "Return")
    judge_proof(hands, paper)


def link_by_keys(hands: Hands) -> None:
    """Along the line to the column of predecessors, one task below the other."""
    hands.press("Home")
    for _column in range(12):
        if hands.ask("cell") == "after":
            break
        hands.press("Right")
    for _task in range(2):
        hands.type("1.1", "Return")


def to_state_of(hands: Hands, line: int) -> None:
    hands.reach("Checklist", "F6")
    hands.press("ctrl+Home", *["Down"] * line)
    for _column in range(12):
        if hands.ask("cell") == "state":
            return
        hands.press("Right")
    raise AssertionError("no column of states")


def start_run_by_keys(hands: Hands, here: str, line: str, name: str) -> None:
    hands.press("F6")
    hands.reach(here)
    hands.press("space")
    hands.choose(line)
    hands.type(name, "Return")
