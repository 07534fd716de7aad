"""A second import: what each side changed, what was decided, and that nothing of ours goes without being shown."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from app.commands import projects, tasks
from app.commands.imports import add_draft, import_draft
from app.commands.merging import MergeReport, merge_draft
from app.domain.draft import (
    CheckDraft,
    CriterionDraft,
    Draft,
    GateDraft,
    LinkDraft,
    ProjectDraft,
    StageDraft,
    TaskDraft,
)
from app.domain.words import Access, Status
from app.errors import NotAllowed, Refused
from app.process.merging import Change, Difference
from app.queries.facts import main_run
from app.queries.merging import comparison, earlier_source, part_of, sources
from app.storage.engine import Reader
from app.storage.rebuild import replays_equal
from tests.factories import Plan, Team

SOURCE = "csv:plan.csv"


def a_draft(
    *stages: StageDraft, links: tuple[LinkDraft, ...] = (), gates: tuple[GateDraft, ...] = ()
) -> Draft:
    return Draft(SOURCE, (ProjectDraft("project", "Night", stages=stages, links=links, gates=gates),))


STOP = TaskDraft("1", "Stop the jobs", owner="Nina Ruiz", minutes=30, line=2)
SAVE = TaskDraft(
    "2",
    "Save the database",
    owner="Omar Haddad",
    minutes=60,
    checks=(CheckDraft("rows", "Rows agree"),),
    line=3,
)
LOAD = TaskDraft("3", "Load the stock", minutes=90, line=4)
FREEZE = StageDraft("freeze", "Freeze", tasks=(STOP, SAVE))
MOVE = StageDraft("move", "Move", tasks=(LOAD,))
LINKS = (LinkDraft("1", "2"), LinkDraft("2", "3", "FS", 15))
FIRST = a_draft(FREEZE, MOVE, links=LINKS)


def imported(team: Team, draft: Draft = FIRST) -> Plan:
    project = team.run("mara", import_draft, draft).projects[0]
    return Plan(team, project, team.workspace.read(main_run, project))


def differences(plan: Plan, draft: Draft) -> tuple[Difference, ...]:
    def read(reader: Reader) -> tuple[Difference, ...]:
        source = earlier_source(reader, plan.project, draft)
        assert source is not None
        return comparison(
            reader, plan.project, part_of(reader, plan.project, draft, source), source
        ).differences

    return plan.team.workspace.read(read)


def told(plan: Plan, draft: Draft) -> list[tuple[Change, str, str]]:
    """What is to decide, as change, field and title."""
    found = []
    for one in differences(plan, draft):
        title = one.known.title if one.known is not None else str(one.theirs)
        found.append((one.change, one.field, title))
    return found


def merge(plan: Plan, draft: Draft, **options: object) -> MergeReport:
    report = plan.team.run("mara", merge_draft, plan.project, draft, **options)
    assert isinstance(report, MergeReport)
    return report


def titles(plan: Plan) -> list[str]:
    return [one.title for one in plan.rows().tasks]


def task_named(plan: Plan, title: str) -> bytes:
    return next(one.id for one in plan.rows().tasks if one.title == title)


# -- nothing, theirs, ours, both -----------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing_and_leaves_no_line_in_the_log(team: Team) -> None:
    plan = imported(team)
    before = team.workspace.rev

    assert differences(plan, FIRST) == ()
    report = merge(plan, FIRST)

    assert (report.changed, report.tasks, report.removed, report.kept) == (0, 0, 0, 0)
    assert team.workspace.rev == before


def test_what_only_the_source_changed_is_taken_and_what_only_we_changed_stays(team: Team) -> None:
    plan = imported(team)
    team.run("mara", tasks.set_task, task_named(plan, "Save the database"), {"minutes": 75})
    theirs = a_draft(
        replace(FREEZE, tasks=(replace(STOP, minutes=45, owner="Ann Weiss"), SAVE)), MOVE, links=LINKS
    )

    report = merge(plan, theirs)
    stop, save, _load = plan.rows().tasks

    assert (report.changed, report.kept) == (2, 0)
    assert (stop.minutes, stop.owner, save.minutes) == (45, "Ann Weiss", 75)
    assert stop.owner_id == team.ids["ann"]
    assert differences(plan, theirs) == ()


def test_what_both_changed_differently_keeps_ours_until_somebody_decides(team: Team) -> None:
    plan = imported(team)
    stop = task_named(plan, "Stop the jobs")
    team.run("mara", tasks.set_task, stop, {"minutes": 20})
    theirs = a_draft(replace(FREEZE, tasks=(replace(STOP, minutes=45), SAVE)), MOVE, links=LINKS)

    (only,) = differences(plan, theirs)
    assert (only.change, only.field, only.base, only.ours, only.theirs) == (
        Change.BOTH,
        "minutes",
        30,
        20,
        45,
    )
    assert merge(plan, theirs).kept == 1
    assert plan.row(stop).minutes == 20
    assert differences(plan, theirs) == ()  # decided, and not asked again


def test_a_difference_decided_for_theirs_is_taken(team: Team) -> None:
    plan = imported(team)
    stop = task_named(plan, "Stop the jobs")
    team.run("mara", tasks.set_task, stop, {"minutes": 20, "instruction": "Ask Ops."})
    theirs = a_draft(replace(FREEZE, tasks=(replace(STOP, minutes=45), SAVE)), MOVE, links=LINKS)
    (only,) = differences(plan, theirs)

    merge(plan, theirs, choices={only.token: True})

    assert plan.row(stop).minutes == 45
    assert plan.detail(stop).instruction == "Ask Ops."


def test_what_both_changed_to_the_same_is_no_difference(team: Team) -> None:
    plan = imported(team)
    team.run("mara", tasks.set_task, task_named(plan, "Stop the jobs"), {"minutes": 45})
    theirs = a_draft(replace(FREEZE, tasks=(replace(STOP, minutes=45), SAVE)), MOVE, links=LINKS)

    assert differences(plan, theirs) == ()


def test_a_person_renamed_here_is_still_the_one_the_file_means(team: Team) -> None:
    from app.commands.people import set_person

    plan = imported(team)
    nina = plan.row(task_named(plan, "Stop the jobs")).owner_id
    team.run("mara", set_person, nina, name="Nina Ruiz-Gomez")

    assert differences(plan, FIRST) == ()


# -- new, gone, removed --------------------------------------------------------------------------------------------


def test_new_tasks_come_in_behind_the_one_before_them_in_the_source(team: Team) -> None:
    plan = imported(team)
    tell, check = TaskDraft("4", "Tell the users"), TaskDraft("5", "Check the disks")
    theirs = a_draft(
        replace(FREEZE, tasks=(check, STOP, tell, SAVE)),
        MOVE,
        links=(*LINKS, LinkDraft("1", "4"), LinkDraft("4", "2")),
    )

    report = merge(plan, theirs)

    assert titles(plan) == [
        "Check the disks",
        "Stop the jobs",
        "Tell the users",
        "Save the database",
        "Load the stock",
    ]
    assert (report.tasks, report.links) == (2, 2)
    assert plan.row(task_named(plan, "Tell the users")).after == "1.2"


def test_a_new_stage_comes_with_its_tasks_between_its_neighbours(team: Team) -> None:
    plan = imported(team)
    test = StageDraft("test", "Test", tasks=(TaskDraft("9", "Try a sale"),))

    merge(plan, a_draft(FREEZE, test, MOVE, links=LINKS))

    assert [stage.title for stage in plan.rows().stages] == ["Freeze", "Test", "Move"]


def test_what_is_gone_from_the_source_stays_and_is_not_asked_again(team: Team) -> None:
    plan = imported(team)
    theirs = a_draft(replace(FREEZE, tasks=(STOP,)), MOVE)

    assert told(plan, theirs) == [(Change.GONE, "", "Save the database")]
    report = merge(plan, theirs)

    assert (report.removed, report.kept) == (0, 1)
    assert titles(plan) == ["Stop the jobs", "Save the database", "Load the stock"]
    assert differences(plan, theirs) == ()
    assert differences(plan, FIRST) == ()  # it came back, and nobody missed it


def test_what_is_gone_is_removed_with_its_checks_when_that_is_chosen_and_may_come_back_as_new(
    team: Team,
) -> None:
    plan = imported(team)
    theirs = a_draft(replace(FREEZE, tasks=(STOP,)), MOVE)

    assert merge(plan, theirs, default=True).removed == 1
    assert titles(plan) == ["Stop the jobs", "Load the stock"]
    assert team.value("SELECT count(*) FROM check_item WHERE alive") == 0
    assert told(plan, FIRST)[0] == (Change.NEW, "", "Save the database")


def test_a_stage_gone_from_the_source_goes_only_when_it_is_empty(team: Team) -> None:
    plan = imported(team)
    team.run("mara", tasks.add_task, plan.project, "Mine", stage=plan.rows().stages[1].id)
    report = merge(plan, a_draft(FREEZE, links=LINKS[:1]), default=True)

    assert [stage.title for stage in plan.rows().stages] == ["Freeze", "Move"]
    assert [one.reason for one in report.skipped] == ["The stage Move still holds tasks and stays."]
    assert titles(plan) == ["Stop the jobs", "Save the database", "Mine"]


def test_what_was_removed_here_stays_removed_unless_it_is_chosen(team: Team) -> None:
    plan = imported(team)
    save = task_named(plan, "Save the database")
    team.run("mara", tasks.delete_task, save)

    (only,) = differences(plan, FIRST)
    assert (only.change, only.is_taken) == (Change.REMOVED, False)
    merge(plan, FIRST)
    assert titles(plan) == ["Stop the jobs", "Load the stock"]

    report = merge(plan, FIRST, choices={only.token: True})
    assert report.returned == 1
    assert titles(plan) == ["Stop the jobs", "Save the database", "Load the stock"]
    assert plan.row(save).checks_total == 1  # the same task, with its checks, links and past
    assert plan.row(save).after == "1.1"


def test_something_new_that_was_not_wanted_is_offered_again_but_never_taken_by_itself(team: Team) -> None:
    plan = imported(team)
    theirs = a_draft(replace(FREEZE, tasks=(STOP, SAVE, TaskDraft("7", "Ring the bell"))), MOVE, links=LINKS)
    (new,) = differences(plan, theirs)
    merge(plan, theirs, choices={new.token: False})

    (again,) = differences(plan, theirs)
    assert (again.change, again.is_taken) == (Change.REMOVED, False)
    merge(plan, theirs)
    assert "Ring the bell" not in titles(plan)

    merge(plan, theirs, choices={again.token: True})
    assert "Ring the bell" in titles(plan)
    assert differences(plan, theirs) == ()


def test_what_we_added_ourselves_is_left_alone(team: Team) -> None:
    plan = imported(team)
    mine = team.run("mara", tasks.add_task, plan.project, "Mine", stage=plan.rows().stages[0].id)
    team.run("mara", tasks.link_tasks, mine, task_named(plan, "Load the stock"))

    assert differences(plan, FIRST) == ()
    merge(plan, a_draft(FREEZE, MOVE), default=True)  # the source dropped all its links

    assert "Mine" in titles(plan)
    assert plan.row(task_named(plan, "Load the stock")).after == "1.3"


# -- links, checks, stages, gates ----------------------------------------------------------------------------------


def test_links_the_source_changed_are_taken_whole(team: Team) -> None:
    plan = imported(team)
    theirs = a_draft(FREEZE, MOVE, links=(LinkDraft("1", "2"), LinkDraft("1", "3", "SS", 5)))

    assert told(plan, theirs) == [(Change.THEIRS, "after", "Load the stock")]
    merge(plan, theirs)

    load = task_named(plan, "Load the stock")
    assert plan.row(load).after == "1.1SS+5"
    assert plan.row(task_named(plan, "Save the database")).after == "1.1"


def test_a_link_of_the_source_that_closes_a_circle_with_ours_is_left_out_and_said(team: Team) -> None:
    plan = imported(team, a_draft(FREEZE, MOVE))
    team.run("mara", tasks.link_tasks, task_named(plan, "Load the stock"), task_named(plan, "Stop the jobs"))
    theirs = a_draft(FREEZE, MOVE, links=(LinkDraft("1", "3", line=4),))

    report = merge(plan, theirs)

    assert [(one.line, one.reason) for one in report.skipped] == [(4, "A link would close a circle.")]
    assert plan.row(task_named(plan, "Load the stock")).after == ""


def test_a_task_the_source_moved_goes_to_its_new_stage_in_its_place(team: Team) -> None:
    plan = imported(team)
    theirs = a_draft(replace(FREEZE, tasks=(STOP,)), replace(MOVE, tasks=(SAVE, LOAD)), links=LINKS)

    assert told(plan, theirs) == [(Change.THEIRS, "stage", "Save the database")]
    merge(plan, theirs)

    assert [(one.number, one.title) for one in plan.rows().tasks] == [
        ("1.1", "Stop the jobs"),
        ("2.1", "Save the database"),
        ("2.2", "Load the stock"),
    ]


def test_checks_are_added_changed_and_proposed_for_removal_one_by_one(team: Team) -> None:
    plan = imported(team)
    save = task_named(plan, "Save the database")
    checks = (CheckDraft("sums", "Sums agree"), CheckDraft("rows", "Rows agree to the last one"))
    theirs = a_draft(replace(FREEZE, tasks=(STOP, replace(SAVE, checks=checks))), MOVE, links=LINKS)

    report = merge(plan, theirs)

    assert (report.checks, report.changed) == (1, 1)
    assert [one.text for one in plan.detail(save).checks] == ["Sums agree", "Rows agree to the last one"]
    assert told(plan, FIRST) == [
        (Change.THEIRS, "text", "Rows agree to the last one"),
        (Change.GONE, "", "Sums agree"),
    ]


def test_gates_take_new_names_roles_and_criteria(team: Team) -> None:
    go = GateDraft("go", "Go", criteria=(CriterionDraft("a", "No open incident"),), roles=("QA",))
    plan = imported(team, a_draft(FREEZE, MOVE, gates=(go,)))
    more = (CriterionDraft("a", "No open incident"), CriterionDraft("b", "Rollback tried"))
    theirs = a_draft(
        FREEZE, MOVE, gates=(replace(go, name="Go or not", criteria=more, roles=("QA", "QA", "Ops")),)
    )

    merge(plan, theirs)

    gate = team.value("SELECT id FROM gate WHERE alive")
    view = plan.gate_now(gate)
    assert (view.name, view.rule.needs) == ("Go or not", (("Ops", 1), ("QA", 2)))
    assert [one.text for one in view.criteria] == ["No open incident", "Rollback tried"]
    assert differences(plan, theirs) == ()


def test_the_window_a_source_moves_is_taken_and_the_name_stays_ours(team: Team) -> None:
    first = Draft(SOURCE, (replace(FIRST.projects[0], window_end="2026-03-08T06:00"),))
    plan = imported(team, first)
    team.run("mara", projects.set_project, plan.project, {"name": "Warehouse"})
    moved = replace(first.projects[0], name="plan v2", window_end="2026-03-08T09:00")

    merge(plan, Draft(SOURCE, (moved,)))

    row = plan.rows().project
    assert (row.name, row.window_end) == ("Warehouse", "2026-03-08T09:00")


# -- facts, access, undo, refusals ---------------------------------------------------------------------------------


def test_what_was_done_stays_in_the_run_and_the_file_is_told_so(team: Team) -> None:
    plan = imported(team)
    theirs = a_draft(
        replace(FREEZE, tasks=(replace(STOP, claim="done"), SAVE, TaskDraft("8", "New", claim="running"))),
        MOVE,
        links=LINKS,
    )
    report = merge(plan, theirs)

    assert plan.row(task_named(plan, "Stop the jobs")).status is Status.READY
    assert plan.row(task_named(plan, "New")).status is Status.RUNNING  # it comes in as in a first import
    assert "What the file says was done of 1 task was not taken" in report.skipped[0].reason


def test_one_undo_takes_a_merge_back_with_all_it_decided(team: Team) -> None:
    plan = imported(team)
    before = [(one.title, one.minutes, one.after) for one in plan.rows().tasks]
    theirs = a_draft(
        replace(FREEZE, tasks=(replace(STOP, minutes=1, title="Halt the jobs"), TaskDraft("4", "Extra"))),
        StageDraft("later", "Later", tasks=(TaskDraft("6", "Look"),)),
        replace(MOVE, tasks=(LOAD,)),
    )
    expected = differences(plan, theirs)
    merge(plan, theirs, default=True)
    assert titles(plan) == ["Halt the jobs", "Extra", "Look", "Load the stock"]

    team.acts("mara").undo()

    assert [(one.title, one.minutes, one.after) for one in plan.rows().tasks] == before
    assert differences(plan, theirs) == expected
    assert replays_equal(team.workspace.database)


def test_an_editor_may_merge_tasks_but_neither_gates_nor_the_window(team: Team) -> None:
    from app.commands.people import set_access

    go = GateDraft("go", "Go", roles=("QA",))
    plan = imported(team, a_draft(FREEZE, MOVE, links=LINKS, gates=(go,)))
    team.run("mara", set_access, team.ids["ann"], Access.EDITOR, signer=team.signers["mara"])
    theirs = a_draft(
        replace(FREEZE, tasks=(replace(STOP, minutes=45), SAVE)),
        MOVE,
        links=LINKS,
        gates=(replace(go, name="Gone"),),
    )
    before = team.workspace.rev

    with pytest.raises(NotAllowed, match="manager"):
        team.run("ann", merge_draft, plan.project, theirs)
    assert team.workspace.rev == before

    gate = next(one for one in differences(plan, theirs) if one.field == "name")
    report = team.run("ann", merge_draft, plan.project, theirs, {gate.token: False})
    assert report.changed == 1


def test_a_merge_that_is_stopped_leaves_nothing(team: Team) -> None:
    plan = imported(team)
    many = tuple(TaskDraft(f"n{n}", f"New {n}") for n in range(300))
    before = team.workspace.rev

    def stop(_count: int) -> None:
        raise Refused("Stopped.")

    with pytest.raises(Refused, match="Stopped"):
        merge(plan, a_draft(replace(FREEZE, tasks=(STOP, SAVE, *many)), MOVE, links=LINKS), told=stop)

    assert team.workspace.rev == before
    assert len(titles(plan)) == 3


def test_an_edit_made_while_somebody_decided_is_not_overwritten(team: Team) -> None:
    plan = imported(team)
    stop = task_named(plan, "Stop the jobs")
    theirs = a_draft(replace(FREEZE, tasks=(replace(STOP, minutes=45), SAVE)), MOVE, links=LINKS)
    assert [one.change for one in differences(plan, theirs)] == [Change.THEIRS]
    team.run("mara", tasks.set_task, stop, {"minutes": 10})  # meanwhile, and nobody chose

    report = merge(plan, theirs)

    assert plan.row(stop).minutes == 10
    assert report.kept == 1


# -- which source --------------------------------------------------------------------------------------------------


def test_a_file_that_never_came_from_here_is_refused_for_merging_and_can_be_added_as_new(
    team: Team, plan: Plan
) -> None:
    with pytest.raises(Refused, match=r"Nothing in this project came from plan\.csv"):
        merge(plan, FIRST)

    report = team.run("mara", add_draft, plan.project, FIRST)

    assert [stage.title for stage in plan.rows().stages] == ["Prepare", "Go", "Freeze", "Move"]
    assert (report.tasks, report.links, report.projects) == (3, 2, [plan.project])
    assert differences(plan, FIRST) == ()


def test_the_same_file_added_as_new_a_second_time_has_origins_of_its_own(team: Team) -> None:
    plan = imported(team)
    team.run("mara", add_draft, plan.project, FIRST)

    assert [one.source for one in team.workspace.read(sources, plan.project)] == [SOURCE, f"{SOURCE} (2)"]
    assert len(titles(plan)) == 6
    assert differences(plan, FIRST) == ()


def test_a_later_state_under_another_name_is_known_by_its_keys(team: Team) -> None:
    plan = imported(team)
    later = replace(
        a_draft(replace(FREEZE, tasks=(replace(STOP, minutes=45), SAVE)), MOVE), source="csv:plan_v2.csv"
    )
    other = replace(later, source="csv:quite.csv", projects=(ProjectDraft("p", "P", stages=(
        StageDraft("s", "S", tasks=(TaskDraft("x", "X"),)),
    )),))  # fmt: skip

    assert team.workspace.read(earlier_source, plan.project, later) == SOURCE
    assert team.workspace.read(earlier_source, plan.project, other) is None
    merge(plan, later)
    assert plan.row(task_named(plan, "Stop the jobs")).minutes == 45
    assert [one.source for one in team.workspace.read(sources, plan.project)] == [SOURCE]


def test_a_file_of_several_projects_must_say_which_one_is_meant(team: Team) -> None:
    two = Draft(
        "cutover:p.json", (replace(FIRST.projects[0], key="a"), replace(FIRST.projects[0], key="b", name="B"))
    )
    found = team.run("mara", import_draft, two).projects
    second = Plan(team, found[1], team.workspace.read(main_run, found[1]))

    assert differences(second, two) == ()

    stranger = team.run("mara", projects.create_project, "Else")
    with pytest.raises(Refused, match="holds 2 projects: Night, B"):
        team.run("mara", merge_draft, stranger, two, source=two.source)


# -- at random -----------------------------------------------------------------------------------------------------


_TITLES = (
    "Stop jobs",
    "Save database",
    "Load stock",
    "Check totals",
    "冻结主数据",
    "通知用户",
    "Open the shop",
)


def random_draft(chance: Random) -> Draft:
    keys = chance.sample(range(100, 130), chance.randint(2, 9))
    stages: list[StageDraft] = []
    for number in range(chance.randint(1, 3)):
        some = tuple(random_task(chance, keys.pop()) for _n in range(min(len(keys), chance.randint(1, 4))))
        if some:
            stages.append(StageDraft(f"s{number}", f"Stage {number}", tasks=some))
    names = [task.key for stage in stages for task in stage.tasks]
    pairs = dict.fromkeys(tuple(sorted(chance.sample(names, 2))) for _n in range(3)) if len(names) > 1 else {}
    links = tuple(LinkDraft(one, two, lag_minutes=chance.randint(0, 2)) for one, two in pairs)
    return a_draft(*stages, links=links)


def random_task(chance: Random, key: int) -> TaskDraft:
    checks = tuple(CheckDraft(f"c{n}", f"Check {n}") for n in range(chance.randint(0, 2)))
    owner, minutes = chance.choice(("", "Ann Weiss", "Ben")), chance.choice((None, 5, 10))
    return TaskDraft(f"T-{key}", chance.choice(_TITLES), owner=owner, minutes=minutes, checks=checks)


def edit_at_random(plan: Plan, chance: Random) -> None:
    for row in plan.rows().tasks:
        act = chance.randint(0, 3)
        if act == 0:
            plan.team.run("mara", tasks.set_task, row.id, {"minutes": chance.choice((5, 10, 77))})
        elif act == 1:
            plan.team.run("mara", tasks.delete_task, row.id)


def standing(plan: Plan) -> set[tuple[object, ...]]:
    """Everything of the plan a source can say."""
    rows = plan.rows()
    stages = {one.id: one.title for one in rows.stages}
    by_number = {one.number: one.title for one in rows.tasks}
    return {
        (stages[one.stage_id], one.title, one.owner, one.minutes, one.checks_total, frozenset(
            by_number.get(part.split("FS")[0].split("+")[0].strip(), part) for part in one.after.split(",") if part
        ))
        for one in rows.tasks
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_taking_all_of_a_source_gives_the_plan_it_says(team: Team, seed: int) -> None:
    chance = Random(seed)
    plan, theirs = imported(team, random_draft(chance)), random_draft(chance)
    merge(plan, theirs, default=True)
    fresh = imported(team, theirs)

    assert standing(plan) == standing(fresh)
    assert differences(plan, theirs) == ()


@pytest.mark.parametrize("seed", range(12))
def test_a_merge_made_twice_decides_nothing_new(team: Team, seed: int) -> None:
    chance = Random(1000 + seed)
    plan = imported(team, random_draft(chance))
    edit_at_random(plan, chance)
    theirs = random_draft(chance)
    choices = {one.token: chance.random() < 0.5 for one in differences(plan, theirs)}
    merge(plan, theirs, choices=choices)
    after = standing(plan)

    assert all(one.change is Change.REMOVED for one in differences(plan, theirs))
    before = team.workspace.rev
    merge(plan, theirs)
    assert standing(plan) == after
    assert team.workspace.rev == before
    assert replays_equal(team.workspace.database)


# -- real files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "azure-sap.en.xlsx",
        "azure-sap.en.json",
        "crm-go-live.md",
        "erp-deployment-zh.md",
        "kubernetes-release-lead.md",
    ],
)
def test_real_files_import_twice_without_a_difference(team: Team, shared_data: Path, name: str) -> None:
    from app.integrations import read_file

    draft = read_file(shared_data / "checklists" / name)
    plan = imported(team, draft)

    assert differences(plan, draft) == ()


def test_a_real_markdown_file_edited_on_both_sides(team: Team, shared_data: Path, tmp_path: Path) -> None:
    from app.integrations import read_file

    path = tmp_path / "erp-deployment-zh.md"
    text = (shared_data / "checklists" / path.name).read_text("utf-8")
    path.write_text(text, "utf-8")
    plan = imported(team, read_file(path))
    first, second = plan.rows().tasks[:2]
    team.run("mara", tasks.set_task, first.id, {"minutes": 25, "owner": team.ids["ann"]})
    boxes = [line for line in text.splitlines() if line.lstrip().startswith("- [ ]")]
    reworded = text.replace(boxes[1], boxes[1] + "（复核两次）", 1)
    lines = reworded.splitlines()
    lines.insert(lines.index(boxes[0]), "- [ ] 通知值班经理")
    path.write_text("\n".join(lines) + "\n", "utf-8")

    found = told(plan, read_file(path))
    assert found == [(Change.NEW, "", "通知值班经理"), (Change.THEIRS, "title", second.title)]
    merge(plan, read_file(path))

    titles_now = titles(plan)
    assert titles_now[:2] == ["通知值班经理", first.title]
    assert second.title + "（复核两次）" in titles_now
    assert plan.row(first.id).owner_id == team.ids["ann"]
