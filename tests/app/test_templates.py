"""Starter templates come in without a complaint, and say the same in both languages."""

from pathlib import Path

import pytest

from app.domain.draft import ProjectDraft, TaskDraft
from app.integrations import read_file

FOLDER = Path(__file__).parents[2] / "resources" / "templates"
NAMES = ("erp-cutover", "crm-go-live", "web-release")


def _read(name: str, language: str) -> ProjectDraft:
    (path,) = FOLDER.glob(f"{name}.{language}.*")
    draft = read_file(path)
    assert draft.skipped == ()
    (project,) = draft.projects
    return project


def _tasks(project: ProjectDraft) -> list[TaskDraft]:
    return [task for stage in project.stages for task in stage.tasks]


def test_no_template_lacks_a_language() -> None:
    assert sorted(path.name.split(".")[0] for path in FOLDER.iterdir()) == sorted([*NAMES, *NAMES])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_task_has_a_length_and_a_role(name: str, language: str) -> None:
    project = _read(name, language)
    assert project.language == language
    for task in _tasks(project):
        assert task.minutes, task.title
        assert task.role, task.title
        assert not task.owner, task.title
        assert task.claim is None, task.title


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_tell_the_same_plan(name: str) -> None:
    english, chinese = _read(name, "en"), _read(name, "zh")
    assert [len(stage.tasks) for stage in english.stages] == [len(stage.tasks) for stage in chinese.stages]
    for one, other in zip(_tasks(english), _tasks(chinese), strict=True):
        assert one.minutes == other.minutes, one.title
        assert len(one.checks) == len(other.checks), one.title
        assert bool(one.instruction) == bool(other.instruction), one.title
        assert bool(one.rollback) == bool(other.rollback), one.title
        assert one.rollback_minutes == other.rollback_minutes, one.title
    links = [[(link.type, link.lag_minutes) for link in project.links] for project in (english, chinese)]
    assert links[0] == links[1]


def test_the_erp_template_is_a_network_of_thirty_tasks() -> None:
    project = _read("erp-cutover", "en")
    assert len(_tasks(project)) == 30
    assert len(project.links) >= 30
    assert {link.type for link in project.links} == {"FS", "SS"}
