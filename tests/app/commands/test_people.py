"""People: the first one, those an owner adds, contacts of a plan, roles and access over time, and further keys."""

from pathlib import Path

import pytest

from app.commands import people, projects, signing
from app.domain.words import Access, GateState, IdentityLevel
from app.errors import NotAllowed, Refused
from app.queries.people import people as people_query
from app.storage.authority import holds_role
from tests.factories import Plan, Team, a_workspace, add_person


def _row(team: Team, handle: str) -> tuple[str, tuple[str, ...], int, bool]:
    row = next(one for one in team.workspace.read(people_query) if one.handle == handle)
    return row.access, row.roles, row.level, row.has_key


def test_the_first_person_is_owner_and_later_ones_are_vouched_editors(team: Team) -> None:
    assert _row(team, "mara") == ("owner", ("Lead",), IdentityLevel.SELF_DECLARED, True)
    assert _row(team, "jun") == ("editor", ("QA",), IdentityLevel.VOUCHED, True)


def test_the_first_person_needs_a_pin_of_their_own(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path / "new")

    with pytest.raises(Refused, match="a PIN is needed"):
        workspace.run(people.add_person, "Mara", "mara")


def test_before_anybody_is_known_everything_may_be_done(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path / "new")

    assert workspace.run(projects.create_project, "Early").result
    assert workspace.default_person() is None


def test_once_people_are_known_nobody_acts_unnamed(team: Team, plan: Plan) -> None:
    team.workspace.act_as(None)

    with pytest.raises(NotAllowed, match="Say who you are first"):
        team.workspace.run(projects.add_stage, plan.project, "X")


def test_access_given_and_taken_holds_from_then_on(team: Team, plan: Plan) -> None:
    kim, mara = team.ids["kim"], team.signers["mara"]
    team.run("mara", people.set_access, kim, Access.MANAGER, signer=mara)
    team.run("kim", projects.set_project, plan.project, {"name": "Kim was here"})
    team.run("mara", people.set_access, kim, Access.READER, signer=mara)

    assert _row(team, "kim")[0] == "reader"
    with pytest.raises(NotAllowed, match="editor"):
        team.run("kim", projects.add_stage, plan.project, "X")


def test_with_a_second_owner_the_first_may_step_back(team: Team) -> None:
    mara = team.signers["mara"]
    team.run("mara", people.set_access, team.ids["jun"], Access.OWNER, signer=mara)
    team.run("mara", people.set_access, team.ids["mara"], Access.EDITOR, signer=mara)

    assert (_row(team, "mara")[0], _row(team, "jun")[0]) == ("editor", "owner")


def test_a_role_for_one_project_is_none_in_another(team: Team, plan: Plan) -> None:
    other = team.run("mara", projects.create_project, "Another")
    ann = team.ids["ann"]
    team.run("mara", people.give_role, ann, "DBA", signer=team.signers["mara"], project=plan.project)

    def held(project: bytes | None) -> bool:
        return team.workspace.read(holds_role, ann, "DBA", project)

    assert (held(plan.project), held(other)) == (True, False)


def test_a_role_taken_leaves_earlier_signatures_in_force(team: Team, plan: Plan) -> None:
    jun, signer = team.ids["jun"], team.signers["jun"]
    statement = team.run("jun", signing.sign, signer, plan.run, plan.gate, role="QA")
    team.run("mara", people.take_role, jun, "QA", signer=team.signers["mara"])

    assert [(one.id, one.verifies) for one in plan.gate_now().signoffs] == [(statement, True)]
    assert "The signature of QA is missing." not in plan.gate_now().missing
    with pytest.raises(Refused, match="You do not hold the role QA"):
        team.run("jun", signing.sign, signer, plan.run, plan.gate, role="QA")


def test_a_contact_of_the_plan_becomes_a_person_of_the_workspace(team: Team, plan: Plan) -> None:
    from app.commands import imports
    from app.domain.draft import Draft, ProjectDraft, StageDraft, TaskDraft

    task = TaskDraft("t", "Load", owner="Nina  Ruiz", deputy="jun", accountable="MARA LIND")
    draft = Draft("test", (ProjectDraft("p", "P", stages=(StageDraft("s", "S", tasks=(task,)),)),))
    team.run("mara", imports.import_draft, draft)
    contact = team.value("SELECT id FROM person WHERE handle = 'nina_ruiz'")
    before = _row(team, "nina_ruiz")
    own = team.workspace.new_key(contact, "nina-4715")
    team.run("mara", people.admit, contact, signer=team.signers["mara"], own=own)

    assert before == ("none", (), 0, False)
    assert _row(team, "nina_ruiz") == ("editor", (), IdentityLevel.VOUCHED, True)
    assert team.value("SELECT deputy FROM task WHERE owner = ?", contact) == team.ids["jun"]
    assert team.value("SELECT accountable FROM task WHERE owner = ?", contact) == team.ids["mara"]


def test_contacts_whose_names_give_the_same_id_are_told_apart(team: Team) -> None:
    from app.commands import imports
    from app.domain.draft import Draft, ProjectDraft, StageDraft, TaskDraft

    names = ("A. B", "A B", "负责人", "客户")
    tasks = tuple(TaskDraft(name, name, owner=name) for name in names)
    team.run(
        "mara",
        imports.import_draft,
        Draft("t", (ProjectDraft("p", "P", stages=(StageDraft("s", "S", tasks=tasks),)),)),
    )

    handles = {one.handle: one.name for one in team.workspace.read(people_query)}
    assert {handles[one] for one in ("a_b", "a_b_2", "person", "person_2")} == set(names)


def test_name_and_address_change(team: Team) -> None:
    team.run("mara", people.set_person, team.ids["jun"], name="Jun Sato-Berg", email="new@example.org")

    row = next(one for one in team.workspace.read(people_query) if one.handle == "jun")
    assert (row.name, row.email) == ("Jun Sato-Berg", "new@example.org")


def test_a_key_made_later_is_self_declared(team: Team, plan: Plan) -> None:
    """Somebody added without a PIN sets one at the first signature; nobody has vouched for that key."""
    person = team.run("mara", people.add_person, "Nina", "nina", signer=team.signers["mara"], roles=("QA",))
    signer = team.acts("mara").signer(person, "nina-4715")
    team.ids["nina"], team.signers["nina"] = person, signer

    team.run("nina", signing.sign, signer, plan.run, plan.gate, role="QA")

    assert _row(team, "nina")[2:] == (IdentityLevel.SELF_DECLARED, True)
    assert plan.gate_now().state is GateState.CLOSED
    assert plan.gate_now().signoffs[0].level == IdentityLevel.SELF_DECLARED


def test_a_key_an_owner_signs_for_is_vouched(team: Team) -> None:
    mara = team.signers["mara"]
    person = team.run("mara", people.add_person, "Nina", "nina", signer=mara)
    own = team.workspace.new_key(person, "nina-4715")
    team.run("mara", people.add_key, person, own, voucher=mara)

    assert _row(team, "nina")[2:] == (IdentityLevel.VOUCHED, True)


def test_a_workspace_with_another_owner_opens_with_the_one_whose_key_came_first(team: Team) -> None:
    add_person(team, "Nina", "nina", access=Access.OWNER)

    assert team.workspace.default_person() == team.ids["mara"]
