"""A moment shows what every query said when its entry was the last one, however one comes to it."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.codec import pack
from app.commands.runs import add_note, finish_step, start_step
from app.commands.tasks import set_task
from app.errors import Refused
from app.queries.checklist import Checklist, checklist
from app.queries.exceptions import exceptions
from app.queries.gates import gates
from app.queries.task_detail import task_detail
from app.storage.engine import Reader
from app.storage.moments import Past
from app.workspace import Workspace
from tests.factories import Plan
from tests.simulation import acts
from tests.simulation.world import Replica, World, world_of

LONG_AFTER_MS = 1_900_000_000_000
SEEDS = st.integers(0, 1 << 32)
few = settings(max_examples=6, suppress_health_check=list(HealthCheck), deadline=None)
ANYTHING = tuple(act for act, _ in acts.PEOPLE_ACTS)
Said = list[tuple[Checklist, Any, Any]]


def everything_said(reader: Reader) -> Said:
    """What the screens show of every project."""
    found = []
    for (project,) in reader.rows("SELECT id FROM project WHERE alive ORDER BY id"):
        if reader.row("SELECT 1 FROM run WHERE log = ? AND alive", (project,)):
            listed = checklist(reader, project, None, "en", LONG_AFTER_MS)
            found.append(
                (
                    listed,
                    gates(reader, project, None, "en", LONG_AFTER_MS),
                    exceptions(reader, project, None, LONG_AFTER_MS),
                )
            )
    return found


class Recorder:
    """Writes down what is said after each change of a workspace, and asks a `Past` for it later."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.said: dict[int, Said] = {}
        self.past = Past()

    def note(self) -> None:
        self.said[self.workspace.rev] = self.workspace.read(everything_said)

    def at(self, rev: int) -> Said:
        return everything_said(self.workspace.read(self.past.go, rev))


def lived(world: World, here: Replica, there: Replica, recorder: Recorder) -> None:
    """Two people act on two devices; now and then what one did arrives at the other, later."""
    for _ in range(40):
        world.clock.now_ms += world.chance.randint(0, 900_000)
        replica = world.chance.choice((here, here, there))
        with contextlib.suppress(Refused):
            world.chance.choice(ANYTHING)(world, replica)
        if world.chance.random() < 0.15:
            world.take(here, there.workspace.give(here.workspace.held()))
            world.take(there, here.workspace.give(there.workspace.held()))
        recorder.note()


@pytest.mark.slow
@few
@given(SEEDS)
def test_a_moment_shows_what_was_said_when_its_entry_was_the_last(seed: int) -> None:
    with world_of(seed, "ab") as world:
        here, there = world.replica("a"), world.replica("b")
        recorder = Recorder(here.workspace)
        lived(world, here, there, recorder)
        turned = here.workspace.read(lambda reader: reader.value("SELECT 1 FROM entry WHERE accepted = 0"))
        revs = [*recorder.said] if not turned else []  # what was refused later is taken as refused
        world.chance.shuffle(revs)
        with closing(recorder.past):
            assert [rev for rev in revs if recorder.at(rev) != recorder.said[rev]] == []


@pytest.fixture
def recorder(plan: Plan) -> Iterator[Recorder]:
    made = Recorder(plan.team.workspace)
    yield made
    made.past.close()


def night(plan: Plan, recorder: Recorder) -> list[int]:
    """A few steps, one taken back and done again; the revision after each."""
    workspace = plan.team.workspace
    freeze, export = plan.tasks["Freeze the code"], plan.tasks["Export the stock"]
    done: list[Callable[[], object]] = [
        lambda: workspace.run(start_step, plan.run, freeze),
        lambda: workspace.run(finish_step, plan.run, freeze),
        lambda: workspace.run(add_note, plan.run, export, "1,200 rows"),
        lambda: workspace.run(set_task, export, {"title": "Export it all"}),
        workspace.undo,
        workspace.redo,
    ]
    for act in done:
        plan.team.time.pass_minutes(5)
        act()
        recorder.note()
    return sorted(recorder.said)


def test_undo_and_redo_are_moments_too(plan: Plan, recorder: Recorder) -> None:
    revs = night(plan, recorder)
    titles = []
    for rev in reversed(revs):
        rows = recorder.at(rev)
        assert rows == recorder.said[rev]
        titles.append(rows[0][0].tasks[1].title)
    assert titles == ["Export it all", "Export the stock", "Export it all", *["Export the stock"] * 3]


def test_going_back_and_forth_ends_at_the_same(plan: Plan, recorder: Recorder) -> None:
    revs = night(plan, recorder)
    chance = Random(7)
    for rev in chance.choices(revs, k=30):
        assert recorder.at(rev) == recorder.said[rev]


def test_what_is_written_meanwhile_does_not_change_the_moment(plan: Plan, recorder: Recorder) -> None:
    first, *_, last = night(plan, recorder)
    recorder.at(first)
    plan.team.workspace.run(set_task, plan.tasks["Switch over"], {"title": "Not now"})
    recorder.note()

    assert recorder.at(last) == recorder.said[last]
    assert recorder.at(max(recorder.said)) == recorder.said[max(recorder.said)]


def test_an_erased_text_stays_erased_in_the_past(plan: Plan, recorder: Recorder) -> None:
    export = plan.tasks["Export the stock"]
    rev = night(plan, recorder)[3]

    def notes() -> list[str]:
        found = task_detail(plan.team.workspace.read(recorder.past.go, rev), export, plan.run)
        assert found is not None
        return [one.text for one in found.evidence]

    assert notes() == ["1,200 rows"]
    erase_text(plan.team.workspace.folder / "launchbook.db", "1,200 rows")
    assert notes() == [""]
    assert recorder.at(rev) == recorder.said[rev]  # the note still counts as there


def erase_text(path: Path, text: str) -> None:
    """What a redaction does to a value beside the log."""
    raw = apsw.Connection(str(path))
    raw.execute("DELETE FROM detached WHERE value = ?", (pack(text),))
    raw.close()


def test_giving_up_half_way_leaves_nothing_wrong(plan: Plan, recorder: Recorder) -> None:
    class Stopped(Exception): ...

    def stop(done: int, _total: int) -> None:
        if done > 3:
            raise Stopped

    rev = night(plan, recorder)[-1]
    with pytest.raises(Stopped):
        plan.team.workspace.read(recorder.past.go, rev, stop)
    assert recorder.at(rev) == recorder.said[rev]
