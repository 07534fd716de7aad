"""Pages are written one a turn: the window goes on, and a file has its name only when it is whole."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from app.errors import StorageError
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.paging import Pages, Paging, written

COUNT = 45


def story(ends: list[str]) -> Callable[[Path], Pages]:
    def make(to: Path) -> Pages:
        try:
            for number in range(COUNT):
                with to.open("a", encoding="utf-8") as file:
                    file.write(f"{number}\n")
                yield COUNT
        finally:
            ends.append(to.name)
        return COUNT

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def window(screen: Screen, plan: Plan) -> Screen:
    screen.open(plan.project)
    return screen


def test_all_at_once_says_how_many(folder: Path) -> None:
    assert written(story([])(folder / "plan.txt")) == COUNT


def test_a_file_gets_its_name_when_it_is_whole(window: Screen, folder: Path) -> None:
    ends: list[str] = []
    paging = Paging(window.desk, folder / "plan.txt", story(ends), window.window)
    paging.take_one()
    assert [one.name for one in folder.iterdir()] == ["plan.txt.part"]
    assert paging.is_on

    window.qtbot.waitUntil(lambda: not paging.is_on)

    assert [one.name for one in folder.iterdir()] == ["plan.txt"]
    assert len((folder / "plan.txt").read_text().splitlines()) == COUNT
    assert ends == ["plan.txt.part"]
    assert window.message() == "Exported: plan.txt, 45 pages."


def test_a_window_that_closes_before_leaves_no_file(window: Screen, folder: Path) -> None:
    ends: list[str] = []
    owner = QObject()
    paging = Paging(window.desk, folder / "plan.txt", story(ends), owner)
    paging.take_one()
    owner.deleteLater()
    window.qtbot.waitUntil(lambda: bool(ends))

    assert list(folder.iterdir()) == []


def test_what_cannot_be_written_is_told_and_what_was_there_stays(window: Screen, folder: Path) -> None:
    (folder / "plan.txt").write_text("before")

    def make(_to: Path) -> Pages:
        yield 2
        raise StorageError("The disk is full.")

    paging = Paging(window.desk, folder / "plan.txt", make, window.window)
    window.qtbot.waitUntil(lambda: not paging.is_on)

    assert window.message() == "The disk is full."
    assert (folder / "plan.txt").read_text() == "before"
    assert [one.name for one in folder.iterdir()] == ["plan.txt"]
