"""Finding what somebody means, and turning what was typed into values."""

from collections.abc import Mapping

import pytest

from app.commands import gates, projects, runs, signing, tasks
from app.domain.words import RunKind
from app.errors import Invalid, LaunchbookError, NotFound
from app.queries import find
from app.queries.fields import task_values
from tests.factories import Plan, Team, a_task


def test_a_project_is_found_by_the_beginning_of_its_name_in_any_case(team: Team, plan: Plan) -> None:
    for text in (
        "Warehouse cutover",
        "WAREHOUSE CUTOVER",
        "ware",
        plan.project.hex(),
        plan.project.hex()[:12],
    ):
        assert team.workspace.read(find.find_project, text) == plan.project


def test_an_exact_name_comes_before_a_longer_one(team: Team, plan: Plan) -> None:
    exact = team.run("mara", projects.create_project, "Ware")

    assert team.workspace.read(find.find_project, "ware") == exact
    assert team.workspace.read(find.find_project, "wareh") == plan.project


def test_what_could_be_several_is_listed_with_ids(team: Team, plan: Plan) -> None:
    twin = a_task(plan, "Freeze the database")

    with pytest.raises(NotFound) as refused:
        team.workspace.read(find.find_task, "freeze")

    assert f"Freeze the database ({twin.hex()[-8:]})" in str(refused.value)
    assert str(refused.value).endswith("Use the id.")


def test_what_is_not_there_is_said_by_its_kind(team: Team, plan: Plan) -> None:
    read = team.workspace.read
    cases = (
        ("project", lambda: read(find.find_project, "x")),
        ("stage", lambda: read(find.find_stage, plan.project, "x")),
        ("task", lambda: read(find.find_task, "x")),
        ("task", lambda: read(find.find_task, "Warehouse/x")),
        ("check", lambda: read(find.find_check, "x")),
        ("gate", lambda: read(find.find_gate, "x")),
        ("criterion", lambda: read(find.find_criterion, plan.gate, "x")),
        ("gate or task", lambda: read(find.find_subject, "x")),
        ("person", lambda: read(find.find_person, "x")),
        ("run", lambda: read(find.find_run, plan.project, "x")),
    )
    for kind, look in cases:
        with pytest.raises(NotFound, match=f"There is no {kind} called"):
            look()


def test_nothing_is_never_something(team: Team, plan: Plan) -> None:
    with pytest.raises(NotFound):
        team.workspace.read(find.find_task, "")


def test_one_of_two_projects_is_named_before_a_slash(team: Team, plan: Plan) -> None:
    other = team.run("mara", projects.create_project, "Another")
    elsewhere = team.run("mara", tasks.add_task, other, "Elsewhere")
    with pytest.raises(NotFound, match="could be several"):
        team.workspace.read(find.find_task, "1.1")

    assert team.workspace.read(find.find_task, "another/1.1") == (elsewhere, other)
    assert team.workspace.read(find.find_task, "ware/1.1")[0] == plan.tasks["Freeze the code"]


def test_a_slash_may_belong_to_a_title(team: Team, plan: Plan) -> None:
    task = a_task(plan, "Load customers/vendors")

    assert team.workspace.read(find.find_task, "load customers/v")[0] == task


def test_things_are_found_by_their_place_where_they_have_one(team: Team, plan: Plan) -> None:
    read = team.workspace.read

    assert read(find.find_stage, plan.project, "2") == plan.stages["Go"]
    assert read(find.find_criterion, plan.gate, "1") == plan.criterion
    assert read(find.find_check, "row") == (plan.checks["rows"], plan.project)
    assert read(find.find_gate, "ready", plan.project) == (plan.gate, plan.project)
    assert read(find.find_subject, "ready")[0] == plan.gate
    assert read(find.find_subject, "1.2")[0] == plan.tasks["Export the stock"]


def test_a_person_is_found_by_id_name_and_address(team: Team) -> None:
    for text in ("jun", "Jun Sato", "jun s", "jun@example.org", "JUN@EXAMPLE.ORG"):
        assert team.workspace.read(find.find_person, text) == team.ids["jun"]


def test_a_run_is_found_by_kind_and_name_and_main_is_meant_by_default(team: Team, plan: Plan) -> None:
    first = team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL, "Monday")
    team.time.pass_minutes(1)
    second = team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL, "Tuesday")
    read = team.workspace.read

    assert read(find.find_run, plan.project, None) == read(find.find_run, plan.project, "main") == plan.run
    assert read(find.find_run, plan.project, "Rehearsal") == second
    assert read(find.find_run, plan.project, "mon") == first


def test_ones_last_signature_is_found_by_id_and_by_what_was_signed(team: Team, plan: Plan) -> None:
    read, jun = team.workspace.read, team.ids["jun"]
    with pytest.raises(NotFound, match="You have no signature on ready to withdraw"):
        read(find.find_sign_off, "ready", jun)
    of_gate = team.run("jun", signing.sign, team.signers["jun"], plan.run, plan.gate, role="QA")
    of_step = team.run(
        "jun", signing.sign, team.signers["jun"], plan.run, plan.tasks["Freeze the code"], role="QA"
    )

    assert read(find.find_sign_off, of_gate.hex(), jun) == of_gate
    assert read(find.find_sign_off, of_gate.hex()[:10].upper(), jun) == of_gate
    assert read(find.find_sign_off, "ready", jun) == of_gate
    assert read(find.find_sign_off, "1.1", jun) == of_step
    team.run("jun", signing.withdraw, team.signers["jun"], of_gate)
    with pytest.raises(NotFound):
        read(find.find_sign_off, "ready", jun)


# -- values as they are typed --------------------------------------------------------------------------------------


def _typed(team: Team, plan: Plan, **values: str) -> Mapping[str, object]:
    return team.workspace.read(task_values, plan.project, values)


def test_typed_values_become_what_the_log_holds(team: Team, plan: Plan) -> None:
    typed = {
        "minutes": "1h30",
        "rollback_minutes": "45 min",
        "start": "6 Mar 2026 22:00",
        "due": "2026-03-07",
    }
    typed |= {"priority": "2", "owner": "jun", "deputy": "Kim Berg", "accountable": "mara@example.org"}
    typed |= {"rollback_task": "1.1", "stage": "Go", "title": "Anything goes", "requires": "file"}

    assert _typed(team, plan, **typed) == {
        "minutes": 90,
        "rollback_minutes": 45,
        "start": "2026-03-06T22:00",
        "due": "2026-03-07T00:00",
        "priority": 2,
        "owner": team.ids["jun"],
        "deputy": team.ids["kim"],
        "accountable": team.ids["mara"],
        "rollback_task": plan.tasks["Freeze the code"],
        "stage": plan.stages["Go"],
        "title": "Anything goes",
        "requires": "file",
    }


def test_an_empty_text_clears_a_field(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("mara", tasks.set_task, freeze, _typed(team, plan, owner="", minutes=" ", stream="", due=""))
    row = plan.row(freeze)

    assert (row.owner, row.minutes, row.stream, row.due) == ("", None, "", None)


def test_a_moment_with_an_offset_is_the_wall_time_of_the_projects_zone(team: Team, plan: Plan) -> None:
    team.run("mara", projects.set_project, plan.project, {"zone": "Asia/Shanghai"})

    assert _typed(team, plan, due="2026-03-06T22:00Z") == {"due": "2026-03-07T06:00"}


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("minutes", "soon", "soon is no duration. Try 90, 1h30 or 1.5h."),
        ("minutes", "-5", "-5 is no duration"),
        ("due", "tomorrow", "tomorrow is no date and time. Try 2026-03-06 22:00."),
        ("priority", "high", "high is no whole number."),
        ("owner", "nobody", "There is no person called nobody."),
        ("stage", "nowhere", "There is no stage called nowhere."),
        ("rank", "zz", "The order of tasks is not typed. Move the task instead."),
    ],
)
def test_what_cannot_be_a_value_is_said(team: Team, plan: Plan, name: str, text: str, sentence: str) -> None:
    with pytest.raises(LaunchbookError) as refused:
        _typed(team, plan, **{name: text})

    assert sentence in str(refused.value)
    assert isinstance(refused.value, Invalid | NotFound)


def test_a_link_is_found_by_its_ends(team: Team, plan: Plan) -> None:
    first, second = plan.tasks["Freeze the code"], plan.tasks["Export the stock"]

    assert team.workspace.read(find.find_link_end, first, second) == plan.detail(second).links[0].id
    assert team.workspace.read(find.find_link_end, second, first) is None


def test_gates_of_one_name_in_two_projects_are_told_apart_by_the_project(team: Team, plan: Plan) -> None:
    other = team.run("mara", projects.create_project, "Another")
    gate = team.run("mara", gates.add_gate, other, "Ready to go", whole_project=True)

    assert team.workspace.read(find.find_gate, "ready", other) == (gate, other)
    with pytest.raises(NotFound, match="could be several"):
        team.workspace.read(find.find_gate, "ready")
