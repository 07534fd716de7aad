"""The one door: who acts, what listeners hear, what undo leaves alone, and files beside the database."""

import os
from pathlib import Path

import pytest

from app.commands import gates, projects, runs, signing, tasks
from app.errors import NotAllowed, Refused
from app.storage.changes import ChangeSet
from app.workspace import Workspace
from tests.factories import Plan, Team, a_workspace


def test_a_new_folder_is_founded_and_opens_again_as_the_same_workspace(tmp_path: Path) -> None:
    first = a_workspace(tmp_path / "new" / "deep")
    founded, device = first.id, first.device.id
    first.close()
    again = a_workspace(tmp_path / "new" / "deep")

    assert (again.id, again.device.id, again.rev) == (founded, device, 1)
    assert not again.is_sample


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders private itself")
def test_what_a_workspace_creates_is_the_owners_alone(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path / "new")
    modes = {path.name: path.stat().st_mode & 0o777 for path in workspace.folder.iterdir()}

    assert modes["launchbook.db"] == modes["keys.json"] == 0o600
    assert modes["files"] == workspace.folder.stat().st_mode & 0o777 == 0o700


def test_a_sample_says_so_and_needs_no_installation_secret(tmp_path: Path) -> None:
    sample = Workspace.open(tmp_path / "sample", sample=True)

    assert sample.is_sample
    assert sample.new_key(sample.clock.new_id(), "0000")


def test_listeners_hear_of_every_change_until_they_end_it(team: Team, plan: Plan) -> None:
    heard: list[ChangeSet] = []
    end = team.workspace.subscribe(heard.append)
    freeze = plan.tasks["Freeze the code"]
    team.run("mara", tasks.set_task, freeze, {"minutes": 31})
    team.acts("mara").undo()
    team.acts("mara").redo()
    end()
    team.run("mara", tasks.set_task, freeze, {"minutes": 32})

    assert [one.origin for one in heard] == ["local", "undo", "redo"]
    assert all(freeze in one.touched("task") and len(list(one)) == len(one) for one in heard)
    assert heard[0].rev < heard[1].rev < heard[2].rev
    assert heard[0].logs == {plan.project}


def test_a_refused_command_is_heard_by_nobody(team: Team, plan: Plan) -> None:
    heard: list[ChangeSet] = []
    team.workspace.subscribe(heard.append)

    with pytest.raises(Refused):
        team.run("mara", tasks.set_task, plan.tasks["Freeze the code"], {"title": ""})

    assert heard == []


def test_undo_is_a_persons_own(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", tasks.set_task, freeze, {"minutes": 31})
    team.run("kim", tasks.set_task, freeze, {"stream": "code"})
    team.acts("ann").undo()
    row = plan.row(freeze)

    assert (row.minutes, row.stream) == (30, "code")


def test_undo_does_not_take_away_what_somebody_else_at_this_device_wrote_on(team: Team, plan: Plan) -> None:
    added = team.run("ann", tasks.add_task, plan.project, "Tell the shops", stage=plan.stages["Go"])
    team.run("kim", tasks.set_task, added, {"minutes": 15})

    done = team.acts("ann").undo()

    assert [(one.table, one.object) for one in done.kept] == [("task", added)]
    assert plan.row(added).minutes == 15


def test_undo_does_not_take_away_what_has_been_signed(team: Team, plan: Plan) -> None:
    gate = team.run("mara", gates.add_gate, plan.project, "Last call", whole_project=True, roles=("QA",))
    team.run("jun", signing.sign, team.signers["jun"], plan.run, gate, role="QA")

    done = team.acts("mara").undo()

    assert ("gate", gate) in [(one.table, one.object) for one in done.kept]
    view = plan.gate_now(gate)
    assert [(one.person, one.stale) for one in view.signoffs] == [("Jun Sato", False)]
    assert view.rule.needs == (("QA", 1),)


def test_undo_tells_of_a_task_that_lives_on_through_somebody_elses_check(team: Team, plan: Plan) -> None:
    added = team.run("ann", tasks.add_task, plan.project, "Tell the shops", stage=plan.stages["Go"])
    team.run("kim", tasks.add_check, added, "The shops have answered")

    done = team.acts("ann").undo()

    assert [(one.table, one.object) for one in done.kept] == [("task", added)]
    assert [one.text for one in plan.detail(added).checks] == ["The shops have answered"]


def test_something_new_after_an_undo_ends_what_could_be_redone(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", tasks.set_task, freeze, {"minutes": 31})
    team.acts("ann").undo()
    team.run("ann", tasks.set_task, freeze, {"minutes": 32})

    with pytest.raises(Refused, match="There is nothing to redo"):
        team.acts("ann").redo()


def test_undo_and_redo_of_everything_give_the_same_values_back(team: Team, plan: Plan) -> None:
    """A night of Ann's, back to its beginning and forth again."""
    from app.storage.rebuild import values_of

    freeze = plan.tasks["Freeze the code"]
    before = team.workspace.read(values_of)
    team.run("ann", runs.start_step, plan.run, freeze)
    team.run("ann", runs.add_note, plan.run, freeze, "begun")
    team.run("ann", tasks.set_task, freeze, {"title": "Freeze all", "minutes": None})
    team.run("ann", projects.add_stage, plan.project, "Later")
    team.run("ann", runs.finish_step, plan.run, freeze)
    after = team.workspace.read(values_of)

    for _time in range(5):
        team.acts("ann").undo()
    undone = team.workspace.read(values_of)
    for _time in range(5):
        team.acts("ann").redo()

    assert undone == before
    assert team.workspace.read(values_of) == after


def test_without_access_reading_goes_on_and_writing_does_not(team: Team, plan: Plan) -> None:
    from app.commands.people import set_access
    from app.domain.words import Access

    signer = team.signers["mara"]
    team.run("mara", set_access, team.ids["ann"], Access.READER, signer=signer)
    team.acts("ann")

    assert len(plan.rows().tasks) == 3
    with pytest.raises(NotAllowed, match="This needs the access editor"):
        team.workspace.run(runs.start_step, plan.run, plan.tasks["Freeze the code"])


def test_how_many_files_are_here_is_part_of_what_a_signer_states(
    team: Team, plan: Plan, tmp_path: Path
) -> None:
    freeze = plan.tasks["Freeze the code"]
    (tmp_path / "a.txt").write_bytes(b"a")
    kept = team.workspace.files.keep(tmp_path / "a.txt")
    team.run("ann", runs.attach_file, plan.run, freeze, kept.sha256, kept.size, kept.name)
    team.run("ann", runs.attach_file, plan.run, freeze, bytes(32), 1, "elsewhere.txt")

    assert team.workspace.files_here(plan.run, freeze) == (1, 2)
    assert team.workspace.files_here(plan.run, plan.gate) == (1, 2)
