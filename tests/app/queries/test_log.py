"""The audit log as sentences, and texts in the language somebody reads."""

import pytest

from app.commands import projects, runs, tasks
from app.errors import NotFound
from app.i18n import set_language
from app.queries.checklist import checklist
from app.queries.log import action_of, log_lines
from app.queries.task_detail import task_detail
from app.queries.texts import exact, pick
from tests.factories import Plan, Team


def test_sentences_name_what_they_are_about_as_it_is_called_now(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    team.run("mara", tasks.set_task, freeze, {"title": "Freeze it all"})

    sentences = [one.sentence for one in team.workspace.read(log_lines, limit=2)]

    assert sentences == ["Change Freeze it all", "Start Freeze it all"]


def test_undo_and_redo_say_what_they_took_back(team: Team, plan: Plan) -> None:
    team.run("ann", runs.start_step, plan.run, plan.tasks["Freeze the code"])
    team.acts("ann").undo()
    team.acts("ann").redo()

    sentences = [one.sentence for one in team.workspace.read(log_lines, limit=2)]

    assert sentences == ["Redo: Undo: Start Freeze the code", "Undo: Start Freeze the code"]


def test_pages_follow_each_other_without_a_gap(team: Team, plan: Plan) -> None:
    whole = team.workspace.read(log_lines)
    first = team.workspace.read(log_lines, limit=5)
    second = team.workspace.read(log_lines, limit=100, before=first[-1].rev)

    assert [*first, *second] == whole


def test_a_projects_log_leaves_out_what_happened_elsewhere(team: Team, plan: Plan) -> None:
    team.run("mara", projects.create_project, "Another")

    sentences = {one.sentence for one in team.workspace.read(log_lines, plan.project)}

    assert "New project Warehouse cutover" in sentences
    assert not sentences & {"New project Another", "Add person Jun Sato"}


def test_every_line_has_its_official_number_device_and_hash(team: Team, plan: Plan) -> None:
    lines = team.workspace.read(log_lines)

    assert all(one.seq is not None and len(one.hash) == 32 and one.device == "laptop" for one in lines)
    assert len({one.hash for one in lines}) == len(lines)


def test_sentences_are_chinese_where_chinese_is_spoken(team: Team, plan: Plan) -> None:
    team.run("ann", runs.start_step, plan.run, plan.tasks["Freeze the code"])
    set_language("zh")

    assert team.workspace.read(log_lines, limit=1)[0].sentence == "开始 Freeze the code"


def test_an_action_is_found_by_either_end_of_its_id(team: Team, plan: Plan) -> None:
    action = team.workspace.read(log_lines, limit=1)[0].action

    assert team.workspace.read(action_of, action.hex()[-8:]) == action
    assert team.workspace.read(action_of, action.hex()) == action
    for text in ("", action.hex()[-3:], "ffffffffffff", "nonsense"):
        with pytest.raises(NotFound, match="There is no single action"):
            team.workspace.read(action_of, text)


def test_a_text_falls_back_to_the_projects_language_and_then_to_any() -> None:
    stored = '{"zh": "冻结", "de": "Einfrieren"}'

    assert pick(stored, "de") == exact(stored, "de", "en")[0] == "Einfrieren"
    assert (pick(stored, "en", "zh"), exact(stored, "en", "zh")) == ("冻结", ("冻结", "zh"))
    assert (pick(stored, "en"), exact(stored, "fr", "en")) == ("冻结", ("冻结", "zh"))
    assert (pick(None, "en"), pick("{}", "en"), exact(None, "en", "zh")) == ("", "", ("", "en"))


def test_what_is_gone_is_none_and_what_never_was_is_said(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("mara", tasks.delete_task, freeze)

    assert team.workspace.read(task_detail, freeze) is None
    with pytest.raises(NotFound, match="There is no project"):
        team.workspace.read(checklist, bytes(16))
