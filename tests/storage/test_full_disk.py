"""Input/output errors and a full disk at every write of every command: all of it is stored, or none, and it says which.

For n = 1, 2, 3 ... the n-th write of a command fails, once or from then on, until a command gets through without meeting
the failure. A commit that reports an error may be stored (the checkpoint behind it failed); the workspace looks before it
answers, so "it failed" means that nothing changed, and doing it again stores it once.
"""

import contextlib
import itertools
import random
from collections import Counter
from dataclasses import dataclass

import apsw
import pytest

from app.commands import people, runs
from app.errors import Refused, StorageError
from app.workspace import Done, Workspace
from tests.storage import acts, sound
from tests.storage.disk import Disk
from tests.storage.night import begin
from tests.storage.test_power_loss import open_workspace

SEED = 1
REPLAY_EVERY = 5
SEEDS = 100  # tried for choices that the rules allow
LATER = 2  # ids of the trial are not those of its preparation
FAULTS: dict[str, tuple[type[apsw.Error], bool]] = {
    "disk full": (apsw.FullError, False),
    "input/output error for a moment": (apsw.IOError, True),
    "disk full for a moment": (apsw.FullError, True),
    "input/output error": (apsw.IOError, False),
}
ACTS = {act.__name__: act for act in acts.ACTS}
# One fault at every other act here; every fault at every act is left to `make prove`.
QUICK = [(name, tuple(FAULTS)[number % 4 // 2]) for number, name in enumerate(ACTS) if number % 2 == 0]


@dataclass(frozen=True)
class Trial:
    """How one command ended that met a failure at one write."""

    at: int
    met_failure: bool
    reported: bool
    problems: tuple[str, ...]


def prepared() -> Disk:
    """A workspace in which every act is possible: something of everything, and something to undo and to redo."""
    disk = Disk()
    workspace = open_workspace(disk, SEED)
    begin(workspace)
    chance = random.Random(SEED)
    for act in (
        *(acts.add_check, acts.add_task, acts.add_task, acts.link_tasks, acts.add_criterion, acts.add_note),
        *(
            acts.sign_step,
            acts.start_step,
            acts.start_run,
            acts.raise_incident,
            acts.raise_incident,
            acts.solve_incident,
            acts.record_decision,
            acts.hand_over,
            acts.claim_key,
            acts.change_project,
            acts.add_plan,
            acts.add_task,
        ),
    ):
        act(workspace, chance)
    for number in range(1, 10):
        workspace.run(people.give_role, acts.BEN, f"Role {number}", signer=acts.signer(acts.ADA))
    task = acts.any_of(workspace, chance, acts.TASK)
    run = acts.in_main_run(workspace, task, "task")
    workspace.run(runs.skip_step, run, task, reason="not needed", on_behalf_of=acts.BEN)
    acts.add_task(workspace, chance)
    workspace.undo()
    workspace.close()
    return disk


def act_on(workspace: Workspace, act: acts.Act, seed: int) -> Done:
    """The same choices each time."""
    workspace.act_as(acts.ADA)
    return act(workspace, random.Random(seed))


def sizes(workspace: Workspace) -> dict[str, int]:
    return {table: len(rows) for table, rows in workspace.read(sound.contents).items()}


@dataclass(frozen=True)
class Case:
    """A command with its start, and how many rows each table has after it went through undisturbed."""

    start: Disk
    act: acts.Act
    seed: int
    before: sound.Contents
    after: dict[str, int]


def undisturbed(start: Disk, act: acts.Act) -> Case:
    disk = start.copy()
    workspace = open_workspace(disk, LATER)
    before = workspace.read(sound.contents)
    seed = possible_seed(workspace, act)
    after = sizes(workspace)
    workspace.close()
    disk.remove()
    return Case(start, act, seed, before, after)


def possible_seed(workspace: Workspace, act: acts.Act) -> int:
    """The first choices that the rules do not refuse; the act is done with them."""
    for seed in range(SEEDS):
        with contextlib.suppress(Refused):
            if act_on(workspace, act, seed).changes is not None:
                return seed
    raise AssertionError(f"{act.__name__} is never possible: prepare what it needs")


def tried(case: Case, at: int, error: type[apsw.Error], *, once: bool) -> Trial:
    disk = case.start.copy()
    workspace = open_workspace(disk, LATER)
    problems = []
    reported = False
    disk.fail(at, error, once=once)
    try:
        done = act_on(workspace, case.act, case.seed)
        if done.changes is None:
            problems.append("it was stored, and does not say so")
    except StorageError:
        reported = True
    met_failure = disk.has_failed
    disk.heal()
    if reported:
        if workspace.read(sound.contents) != case.before:
            problems.append("it failed, and something changed")
        act_on(workspace, case.act, case.seed)
    if sizes(workspace) != case.after:
        problems.append("it is not stored exactly once")
    problems += sound.damage(workspace)
    if (
        not reported or at % REPLAY_EVERY == 0
    ):  # what is as before, and then done again, was replayed for other writes
        problems += sound.differences(workspace)
    workspace.close()
    disk.remove()
    return Trial(at, met_failure, reported, tuple(problems))


def every_trial(case: Case, error: type[apsw.Error], *, once: bool) -> list[Trial]:
    """The last one met no failure: the command has fewer writes than that."""
    trials = []
    for at in itertools.count(1):
        trials.append(tried(case, at, error, once=once))
        if not trials[-1].met_failure:
            break
    return trials


def fail_every_write(numbers: range) -> Counter[str]:
    """For `make prove`: number k is command k with every fault."""
    counts: Counter[str] = Counter()
    start = prepared()
    for number in numbers:
        case = undisturbed(start, tuple(ACTS.values())[number])
        for error, once in FAULTS.values():
            for trial in every_trial(case, error, once=once):
                counts["writes failed"] += trial.met_failure
                counts["reported"] += trial.reported
                counts["stored in spite of an error"] += trial.met_failure and not trial.reported
                counts["bad ends"] += bool(trial.problems)
    return counts


@pytest.fixture(scope="module")
def start() -> Disk:
    return prepared()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "fault"), QUICK)
def test_a_failing_write_leaves_all_of_a_command_or_nothing(start: Disk, name: str, fault: str) -> None:
    error, once = FAULTS[fault]

    trials = every_trial(undisturbed(start, ACTS[name]), error, once=once)

    assert [trial for trial in trials if trial.problems] == []
    assert any(trial.reported for trial in trials)


@pytest.mark.parametrize(
    ("error", "said"),
    [(apsw.FullError, "disk is full"), (apsw.IOError, "Check the disk"), (apsw.BusyError, "Another")],
)
def test_the_error_says_what_happened_and_that_nothing_changed(
    start: Disk, error: type[apsw.Error], said: str
) -> None:
    disk = start.copy()
    workspace = open_workspace(disk, LATER)
    disk.fail(1, error)

    with pytest.raises(StorageError, match=said) as raised:
        act_on(workspace, acts.add_task, SEED)
    disk.heal()
    workspace.close()

    assert "Nothing was changed" in str(raised.value)


def test_a_command_that_is_stored_although_its_commit_failed_is_done_with_its_result(start: Disk) -> None:
    """Whoever asked for a task gets its id, as if nothing had happened."""
    counting = start.copy()
    workspace = open_workspace(counting, LATER)
    counting.heal()
    act_on(workspace, acts.add_task, SEED)
    last_write = counting.changes  # of the checkpoint, behind the commit
    workspace.close()
    disk = start.copy()
    workspace = open_workspace(disk, LATER)
    disk.fail(last_write, once=True)

    done = act_on(workspace, acts.add_task, SEED)
    task = workspace.read(lambda reader: reader.value("SELECT id FROM task WHERE id = ?", (done.result,)))
    met_failure = disk.has_failed
    workspace.close()

    assert met_failure
    assert task == done.result
    assert task is not None
