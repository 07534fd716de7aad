"""Which columns and lanes there are, what stands in them in which order, and what is cut short."""

import pytest

from app.commands.projects import add_stage, set_project
from app.commands.runs import block_step, fail_step, finish_step, start_step, wait_step
from app.commands.tasks import add_task, set_task
from app.domain.words import Claim
from app.queries.facts import main_run
from app.queries.timeline import timeline
from tests.ui.desktop.board.examples import cells, read
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.board.arranging import CUT_DONE, CUT_LATER, MORE, Look


@pytest.fixture
def ground(screen: Screen, plan: Plan) -> Screen:
    screen.desk.choose(plan.project)
    return screen


def test_by_state_what_may_start_is_a_card_and_what_is_far_stands_in_its_stage(
    ground: Screen, plan: Plan
) -> None:
    ground.workspace.run(set_project, plan.project, {"window_start": "2030-03-08T18:00"})
    times = ground.workspace.read(timeline, plan.project)
    early = read(ground, Look(), times.start_ms - 24 * 3_600_000)
    assert cells(early) == {
        "Later": ["[1  Freeze]", "1.2", "[2  Load]", "2.1"],
        "Soon": [],
        "May start": ["1.1"],
        "Running": [],
        "Blocked": [],
        "Done": [],
    }
    on = read(ground, Look(), times.start_ms)
    assert cells(on)["Soon"] == ["2.1", "1.2"]
    assert cells(on)["Later"] == []


def test_waiting_and_failed_have_columns_only_where_any_are(ground: Screen, plan: Plan) -> None:
    run = ground.workspace.read(main_run, plan.project)
    ground.workspace.run(block_step, run, plan.lock, reason="No licence")
    found = read(ground, Look())
    assert cells(found)["Blocked"] == ["1.1"]
    assert "Waiting" not in cells(found)
    ground.workspace.run(wait_step, run, plan.lock, reason="The vendor calls back")
    ground.workspace.run(fail_step, run, plan.export, reason="Broken file")
    found = read(ground, Look())
    assert cells(found)["Waiting"] == ["1.1"]
    assert cells(found)["Failed"] == ["1.2"]


def test_done_shows_what_is_only_claimed_first_and_what_counts_below(ground: Screen, plan: Plan) -> None:
    run = ground.workspace.read(main_run, plan.project)
    for task in (plan.load, plan.lock):
        ground.workspace.run(start_step, run, task, reason="now")
        ground.workspace.run(finish_step, run, task)
    found = read(ground, Look())
    assert cells(found)["Done"] == ["1.1", "[Count as done, 1]", "2.1"]
    claimed = next(card for card in found.cards if card.task.id == plan.lock)
    assert claimed.task.claim is Claim.DONE
    assert claimed.fact == "A note is missing."


def test_by_stage_owner_stream_and_priority(ground: Screen, plan: Plan) -> None:
    ada = with_owner(ground.workspace)
    ground.workspace.act_as(ada)
    ben = with_signer(ground.workspace, ada, "Ben Okafor", "QA lead")
    ground.workspace.run(set_task, plan.export, {"owner": ada, "stream": "data", "priority": 2})

    assert cells(read(ground, Look("stage"))) == {"1  Freeze": ["1.1", "1.2"], "2  Load": ["2.1"]}
    by_owner = read(ground, Look("owner"))
    assert cells(by_owner) == {"Nobody yet": ["1.1", "2.1"], "Ada Owner": ["1.2"], "Ben Okafor": []}
    assert by_owner.columns[-1].slot.key == ben
    assert cells(read(ground, Look("stream"))) == {"data": ["1.2"], "Without a stream": ["1.1", "2.1"]}
    by_priority = cells(read(ground, Look("priority")))
    assert list(by_priority) == [*(f"Priority {n}" for n in range(1, 6)), "Without a priority"]
    assert by_priority["Priority 2"] == ["1.2"]


def test_lanes_divide_every_column_and_empty_ones_are_left_out(ground: Screen, plan: Plan) -> None:
    ground.workspace.run(add_stage, plan.project, "Nothing yet")
    found = read(ground, Look(lanes="stage"))
    names = [lane.slot.title for lane in found.lanes if lane.slot is not None]
    assert names == ["1  Freeze", "2  Load"]
    assert [lane.number for lane in found.lanes] == [2, 1]
    assert all(len(lane.cells) == len(found.columns) for lane in found.lanes)


def test_a_stream_called_like_a_column_by_state_is_a_stream_all_the_same(ground: Screen, plan: Plan) -> None:
    ground.workspace.run(set_task, plan.export, {"stream": "later"})
    assert cells(read(ground, Look("stream")))["later"] == ["1.2"]


def test_the_filter_looks_at_title_owner_and_number(ground: Screen, plan: Plan) -> None:
    assert set(read(ground, Look(wanted="BALANCES")).places) == {plan.export, plan.load}
    assert set(read(ground, Look(wanted="2.1")).places) == {plan.load}
    assert read(ground, Look(wanted="nothing like it")).shown == 0


def test_long_sections_are_cut_and_open(ground: Screen, plan: Plan) -> None:
    run = ground.workspace.read(main_run, plan.project)
    done = [ground.workspace.run(add_task, plan.project, f"Step {n}").result for n in range(15)]
    for task in done:
        ground.workspace.run(start_step, run, task, reason="now")
        ground.workspace.run(finish_step, run, task)
    found = read(ground, Look())
    column = next(n for n, one in enumerate(found.columns) if one.slot.title == "Done")
    cell = found.lanes[0].cells[column]
    assert cell[-1].kind == MORE
    assert cell[-1].text == "and 5 more"
    assert len(found.hidden) == 15 - CUT_DONE
    section = cell[-1].section
    assert section is not None
    whole = read(ground, Look(opened=frozenset({section})))
    assert set(done) <= set(whole.places)
    assert not whole.hidden
    assert CUT_LATER > CUT_DONE
