"""Planning: what commands make of stages, tasks, checks, links and gates."""

from app.commands import gates, people, projects, runs, signing, tasks
from app.domain.words import GateState
from app.queries.gates import gates as gates_query
from tests.factories import Plan, Team, a_task


def _titles(plan: Plan) -> list[str]:
    return [one.title for one in plan.rows().tasks]


def test_a_task_goes_to_the_end_of_its_stage_or_behind_another(team: Team, plan: Plan) -> None:
    first = plan.tasks["Freeze the code"]
    team.run("mara", tasks.add_task, plan.project, "Last", stage=plan.stages["Prepare"])
    team.run("mara", tasks.add_task, plan.project, "Second", stage=plan.stages["Prepare"], after=first)

    assert _titles(plan) == ["Freeze the code", "Second", "Export the stock", "Last", "Switch over"]


def test_a_task_behind_one_that_is_gone_comes_in_all_the_same(team: Team, plan: Plan) -> None:
    empty = team.run("mara", projects.add_stage, plan.project, "Empty")
    rows = [tasks.NewTask("Pasted")]
    team.run("mara", tasks.add_tasks, plan.project, rows, stage=empty, after=plan.tasks["Freeze the code"])

    assert _titles(plan)[-1] == "Pasted"


def test_a_task_moves_within_its_stage_and_to_another(team: Team, plan: Plan) -> None:
    freeze, switch = plan.tasks["Freeze the code"], plan.tasks["Switch over"]
    team.run("mara", tasks.move_task, freeze, plan.stages["Go"], switch)
    moved = _titles(plan)
    team.run("mara", tasks.move_task, freeze, None)

    assert moved == ["Export the stock", "Switch over", "Freeze the code"]
    assert [one.stage_id for one in plan.rows().tasks][-1] is None
    assert plan.rows().stages[-1].id is None


def test_stages_keep_their_order_and_one_goes_with_all_it_holds(team: Team, plan: Plan) -> None:
    before = [one.title for one in plan.rows().stages]
    middle = team.run("mara", projects.add_stage, plan.project, "Load", after=plan.stages["Prepare"])
    team.run("mara", projects.set_stage, middle, {"title": "Load data", "owner_role": "Ops"})
    between = [(one.title, one.owner_role) for one in plan.rows().stages]
    team.run("mara", projects.delete_stage, plan.stages["Prepare"])

    assert before == ["Prepare", "Go"]
    assert between == [("Prepare", ""), ("Load data", "Ops"), ("Go", "")]
    assert _titles(plan) == ["Switch over"]
    assert team.workspace.read(gates_query, plan.project) == []


def test_undo_brings_a_deleted_stage_back_with_all_it_held(team: Team, plan: Plan) -> None:
    team.run("mara", projects.delete_stage, plan.stages["Prepare"])
    team.acts("mara").undo()

    assert _titles(plan) == ["Freeze the code", "Export the stock", "Switch over"]
    assert [one.text for one in plan.gate_now().criteria] == ["No open incident"]
    assert len(plan.detail(plan.tasks["Export the stock"]).checks) == 2


def test_several_tasks_are_deleted_as_one_action(team: Team, plan: Plan) -> None:
    both = [plan.tasks["Freeze the code"], plan.tasks["Export the stock"]]
    team.run("mara", tasks.delete_tasks, both)
    left = _titles(plan)
    team.acts("mara").undo()

    assert left == ["Switch over"]
    assert len(_titles(plan)) == 3


def test_a_project_changes_its_name_window_and_manager(team: Team, plan: Plan) -> None:
    values = {"name": "Warehouse north", "window_end": "2026-03-07T06:00", "manager": team.ids["mara"]}
    team.run("mara", projects.set_project, plan.project, values)
    project = plan.rows().project

    assert (project.name, project.window_end, project.manager) == (
        "Warehouse north",
        "2026-03-07T06:00",
        team.ids["mara"],
    )


def test_texts_are_kept_per_language(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("mara", tasks.set_task, freeze, {"title": "冻结代码"}, language="zh")
    values = {"instruction": "Tell everybody", "rollback": "Thaw it"}
    told = team.run("mara", tasks.add_task, plan.project, "Tell", values=values)

    assert next(one.title for one in plan.rows(language="zh").tasks) == "冻结代码"
    assert _titles(plan)[0] == "Freeze the code"
    assert (plan.detail(told).instruction, plan.detail(told).rollback) == ("Tell everybody", "Thaw it")


def test_a_check_changes_and_goes(team: Team, plan: Plan) -> None:
    export, rows = plan.tasks["Export the stock"], plan.checks["rows"]
    team.run("mara", tasks.set_check, rows, {"text": "Rows agree", "tolerance": "5"})
    changed = plan.detail(export).checks[0]
    team.run("mara", tasks.delete_check, rows)

    assert (changed.text, changed.tolerance) == ("Rows agree", "5")
    assert [one.text for one in plan.detail(export).checks] == ["Stock value agrees"]


def test_a_link_changes_and_goes(team: Team, plan: Plan) -> None:
    export = plan.tasks["Export the stock"]
    link = plan.detail(export).links[0].id
    team.run("mara", tasks.set_link, link, {"type": "SS", "lag": 15})
    changed = plan.row(export).after
    team.run("mara", tasks.unlink, link)

    assert changed == "1.1SS+15"
    assert plan.row(export).after == ""


def test_a_value_that_stands_already_is_no_action(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    before = team.workspace.rev

    done = team.done("mara", tasks.set_task, freeze, {"title": "Freeze the code", "minutes": 30})

    assert done.changes is None
    assert team.workspace.rev == before


def test_requirements_stand_in_one_order_however_they_are_typed(team: Team, plan: Plan) -> None:
    task = a_task(plan, "Compare", requires="second, comment,file")

    assert plan.row(task).requires == ("comment", "file", "second")
    team.run("mara", tasks.set_task, task, {"requires": ""})
    assert plan.row(task).requires == ()


def test_a_gate_over_tasks_asks_for_as_many_persons_as_its_role_is_named(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    gate = team.run(
        "mara", gates.add_gate, plan.project, "Two of QA", tasks=(freeze, freeze), roles=("QA", "QA")
    )
    view = plan.gate_now(gate)

    assert view.tasks == (freeze,)
    assert view.rule.needs == (("QA", 2),)
    assert "2 signatures of QA are missing." in view.missing


def test_a_gate_takes_further_roles_and_another_rule_and_goes(team: Team, plan: Plan) -> None:
    team.run("mara", gates.require_role, plan.gate, "Lead", 2)
    team.run("mara", gates.set_gate, plan.gate, {"author_may_sign": True, "name": "Ready?"})
    view = plan.gate_now()
    team.run("mara", gates.delete_gate, plan.gate)

    assert (view.name, view.rule.author_may_sign) == ("Ready?", True)
    assert ("Lead", 2) in view.rule.needs
    assert team.workspace.read(gates_query, plan.project) == []


def test_a_gates_rule_says_whether_authors_and_one_person_alone_may_sign(team: Team, plan: Plan) -> None:
    freeze, mara = plan.tasks["Freeze the code"], team.signers["mara"]
    rule = {"author_may_sign": True, "different_persons": False}
    roles = ("Lead", "Chief")
    gate = team.run("mara", gates.add_gate, plan.project, "Alone", tasks=(freeze,), roles=roles, **rule)
    team.run("mara", people.give_role, team.ids["mara"], "Chief", signer=mara)
    team.run("mara", runs.finish_step, plan.run, freeze)
    for role in roles:
        team.run("mara", signing.sign, mara, plan.run, gate, role=role)

    assert plan.gate_now(gate).state is GateState.FINAL


def test_a_gate_over_the_whole_project_covers_every_task(team: Team, plan: Plan) -> None:
    gate = team.run("mara", gates.add_gate, plan.project, "All", whole_project=True)

    assert set(plan.gate_now(gate).tasks) == set(plan.tasks.values())
    assert plan.gate_now(gate).state is GateState.CLOSED


def test_a_criterion_is_judged_again_and_keeps_what_was_not_said_anew(team: Team, plan: Plan) -> None:
    judge, criterion = gates.judge_criterion, plan.criterion
    team.run("jun", judge, plan.run, criterion, holds=False, value="2", note="two open", evidence="list")
    team.run("jun", judge, plan.run, criterion, holds=True, value="0")
    team.run("mara", gates.set_criterion, criterion, {"text": "No open incident at all", "target": "0"})
    found = plan.gate_now().criteria[0]

    assert (found.holds, found.value, found.note, found.performer) == (True, "0", "two open", "Jun Sato")
    assert (found.text, found.target) == ("No open incident at all", "0")
    assert [piece.text for piece in found.evidence] == ["list"]
