"""Several tasks at once: changed, moved, copied, linked and pasted, each as one action that one undo takes back."""

import pytest

from app.commands import pasting, selections, tasks
from app.domain.draft import Draft, LinkDraft, ProjectDraft, StageDraft, TaskDraft
from app.errors import Invalid, NotFound, Refused
from tests.factories import Plan, Team

FREEZE, EXPORT, SWITCH = "Freeze the code", "Export the stock", "Switch over"


def _titles(plan: Plan) -> list[str]:
    return [one.title for one in plan.rows().tasks]


def _three(plan: Plan) -> list[bytes]:
    return [plan.tasks[title] for title in (FREEZE, EXPORT, SWITCH)]


def test_one_change_of_several_tasks_is_undone_at_once(team: Team, plan: Plan) -> None:
    before = [one.minutes for one in plan.rows().tasks]
    team.run("mara", selections.set_tasks, _three(plan), {"minutes": 25, "owner": team.ids["kim"]})
    changed = [(one.minutes, one.owner) for one in plan.rows().tasks]
    team.acts("mara").undo()

    assert changed == [(25, "Kim Berg")] * 3
    assert [one.minutes for one in plan.rows().tasks] == before


def test_several_tasks_refuse_what_one_refuses(team: Team, plan: Plan) -> None:
    with pytest.raises(Invalid):
        team.run("mara", selections.set_tasks, _three(plan), {"title": " "})
    with pytest.raises(NotFound):
        team.run("mara", selections.set_tasks, _three(plan), {"owner": b"nobody at all..."})


def test_a_block_of_tasks_moves_in_its_order(team: Team, plan: Plan) -> None:
    first, second, third = _three(plan)
    team.run("mara", selections.move_tasks, [second, first], plan.stages["Go"], first=True)
    assert _titles(plan) == [EXPORT, FREEZE, SWITCH]
    team.run("mara", selections.move_tasks, [second], plan.stages["Go"], third)
    assert _titles(plan) == [FREEZE, SWITCH, EXPORT]
    team.run("mara", selections.move_tasks, [first, third], plan.stages["Prepare"])
    assert _titles(plan) == [FREEZE, SWITCH, EXPORT]
    assert [one.stage_id == plan.stages["Prepare"] for one in plan.rows().tasks] == [True, True, False]


def test_copies_bring_their_checks_and_the_links_among_them(team: Team, plan: Plan) -> None:
    freeze, export, switch = _three(plan)
    team.run("mara", selections.add_predecessors, [switch], [tasks.Predecessor(freeze, "SS", 30)])
    before = plan.row(export)
    made = team.run(
        "mara", selections.copy_tasks, [freeze, switch, export], plan.project, stage=plan.stages["Go"]
    )
    copied = plan.row(made[2])

    assert _titles(plan) == [FREEZE, EXPORT, SWITCH, FREEZE, SWITCH, EXPORT]
    assert (copied.title, copied.checks_total, copied.requires) == (
        EXPORT,
        before.checks_total,
        before.requires,
    )
    assert plan.row(made[1]).after == "2.2SS+30"


def test_predecessors_are_added_and_circles_refused(team: Team, plan: Plan) -> None:
    first, second, third = _three(plan)
    wanted = [tasks.Predecessor(first)]
    team.run("mara", selections.add_predecessors, [second, third], wanted)
    assert team.run("mara", selections.add_predecessors, [second, third], wanted) == 0
    assert "1.1" in plan.row(third).after
    with pytest.raises(Refused):
        team.run("mara", selections.add_predecessors, [first], [tasks.Predecessor(third)])


def test_pasted_tasks_come_behind_the_one_and_into_stages_by_their_title(team: Team, plan: Plan) -> None:
    stages = (
        StageDraft(
            "h", "", tasks=(TaskDraft("a", "Call", owner="Ann Weiss"), TaskDraft("b", "Tell", note="later"))
        ),
        StageDraft("g", "go", tasks=(TaskDraft("c", "Open"),)),
        StageDraft("n", "After", tasks=(TaskDraft("d", "Watch", owner="Somebody New"),)),
    )
    links = (LinkDraft("a", "c"), LinkDraft("c", "a"), LinkDraft("a", "gone"))
    draft = Draft("pasted", (ProjectDraft("p", "", stages=stages, links=links),))
    place = {"stage": plan.stages["Prepare"], "after": plan.tasks[FREEZE]}
    report = team.run("mara", pasting.paste_draft, plan.project, draft, **place)

    assert _titles(plan) == [FREEZE, "Call", "Tell", EXPORT, SWITCH, "Open", "Watch"]
    assert [one.title for one in plan.rows().stages] == ["Prepare", "Go", "After"]
    assert (len(report.tasks), report.stages, len(report.skipped)) == (4, 1, 2)
    assert plan.row(report.tasks[0]).owner == "Ann Weiss"
    assert plan.row(report.tasks[3]).owner == "Somebody New"
    assert plan.detail(report.tasks[1]).instruction == "later"
    team.acts("mara").undo()
    assert _titles(plan) == [FREEZE, EXPORT, SWITCH]
