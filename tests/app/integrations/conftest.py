"""Small inputs of our own beside these tests, real ones beside the checkout."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.draft import Draft, ProjectDraft, TaskDraft
from app.errors import ImportRefused
from app.integrations import read_file

SAMPLES = Path(__file__).parent / "samples"
Refused = Callable[[str, bytes], str]


@pytest.fixture
def data(request: pytest.FixtureRequest) -> Path:
    """The folder of real inputs; tests that ask for it skip where it is absent."""
    named = os.environ.get("LAUNCHBOOK_DATA")
    if named and Path(named).is_dir():
        return Path(named)
    folder = request.getfixturevalue("shared_data")
    assert isinstance(folder, Path)
    return folder


@contextmanager
def quick(seconds: float = 60.0) -> Iterator[None]:
    """Fails when hostile input takes without bound: no measure of speed, a busy machine stays far below it."""
    start = time.perf_counter()
    yield
    taken = time.perf_counter() - start
    assert taken < seconds, f"took {taken:.1f} s"


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """The sentence a file with these bytes is refused with, within seconds."""

    def refuse(name: str, content: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content)
        with quick(), pytest.raises(ImportRefused) as caught:
            read_file(path)
        sentence = str(caught.value)
        assert "Nothing was changed." in sentence
        return sentence

    return refuse


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, str], Draft]:
    def read_text(name: str, text: str) -> Draft:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return read_file(path)

    return read_text


def sample(name: str, **options: str) -> Draft:
    return read_file(SAMPLES / name, mapping=options)


def tasks_of(project: ProjectDraft) -> list[TaskDraft]:
    return [task for stage in project.stages for task in stage.tasks]


def tasks_in(draft: Draft) -> list[TaskDraft]:
    return [task for project in draft.projects for task in tasks_of(project)]


def boxes(draft: Draft) -> tuple[int, int]:
    """Tasks and checks."""
    tasks = tasks_in(draft)
    return len(tasks), sum(len(task.checks) for task in tasks)


def reasons(draft: Draft) -> str:
    return "\n".join(f"{entry.line}: {entry.reason}" for entry in draft.skipped)
