"""The way in: what is no file, formats by content, and the promises every format keeps."""

import os
import sys
from pathlib import Path

import pytest

from app.errors import ImportRefused
from app.integrations import INTEGRATIONS, read_file
from app.integrations.source import LARGEST_BYTES
from tests.app.integrations.conftest import SAMPLES, Refused, quick, tasks_in


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    paths = [tmp_path / "nowhere.csv", tmp_path]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
        paths.append(tmp_path / "pipe.csv")
    for path in paths:
        with quick(), pytest.raises(ImportRefused, match="Nothing was changed"):
            read_file(path)


def test_a_file_too_large_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(50 * LARGEST_BYTES)

    with quick(), pytest.raises(ImportRefused, match="larger than 32 MB"):
        read_file(path)


def test_a_text_file_is_read_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("- [ ] a\n")
    (tmp_path / "b.txt").write_text("Task\tOwner\na\tb\n")

    assert read_file(tmp_path / "a.txt").source == "markdown:a.txt"
    assert read_file(tmp_path / "b.txt").source == "csv:b.txt"


def test_an_unknown_format_names_the_known_ones(refused: Refused) -> None:
    assert ".csv" in refused("a.dat", b"nothing to see here")


def test_names_are_distinct_and_suffixes_start_with_a_dot() -> None:
    assert len({entry.name for entry in INTEGRATIONS}) == len(INTEGRATIONS)
    assert all(suffix.startswith(".") for entry in INTEGRATIONS for suffix in entry.suffixes)


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_every_sample_keeps_the_rules_of_a_draft(path: Path) -> None:
    draft = read_file(path)

    for project in draft.projects:
        keys = {task.key for stage in project.stages for task in stage.tasks}
        stages = [stage.key for stage in project.stages]
        assert len(stages) == len(set(stages))
        assert all(link.before in keys and link.after in keys for link in project.links)
        assert all(gate.stage is None or gate.stage in stages for gate in project.gates)
    for task in tasks_in(draft):
        assert task.title
        assert "\n" not in task.title
        assert task.claim in {None, "todo", "running", "done", "failed", "blocked", "skipped"}
        assert task.priority is None or 1 <= task.priority <= 5
        assert len({check.key for check in task.checks}) == len(task.checks)
    assert all(entry.reason for entry in draft.skipped)


def test_reading_twice_gives_the_same_draft() -> None:
    for path in SAMPLES.iterdir():
        assert read_file(path) == read_file(path)


def test_heavy_libraries_wait_for_the_first_file() -> None:
    import subprocess

    script = "import sys, app.integrations; sys.exit(any(m in sys.modules for m in ('markdown_it', 'python_calamine')))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
