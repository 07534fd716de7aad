"""Long work has a thread of its own, says how far it is, and can be ended; quick work shows nothing."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desktop.screen import Screen
from ui.desktop.bridge import Work
from ui.desktop.components.working import WorkingLine


@pytest.fixture
def line(screen: Screen, qtbot: QtBot) -> Iterator[WorkingLine]:
    around = QWidget()
    qtbot.addWidget(around)
    made = WorkingLine(screen.desk.theme, screen.bridge)
    made.setParent(around)
    yield made
    around.close()


class Slow:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go, self.ended = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, work: Work) -> str:
        try:
            self.begun.set()
            while not self.go.wait(0.01):
                work.told(1, 4)
            return "found"
        finally:
            self.ended.set()


def test_quick_work_shows_no_line(line: WorkingLine, qtbot: QtBot) -> None:
    found: list[str] = []
    line.begin("Looking…", lambda _work: "found", found.append)
    qtbot.waitUntil(lambda: found == ["found"])
    assert line.isHidden()


def test_slow_work_says_how_far_it_is_and_goes_when_it_is_done(line: WorkingLine, qtbot: QtBot) -> None:
    slow, found = Slow(), list[str]()
    line.begin("Looking…", slow, found.append)
    qtbot.waitUntil(lambda: not line.isHidden(), timeout=5_000)
    assert line.text.text() == "Looking… 25 %"
    slow.go.set()
    qtbot.waitUntil(lambda: found == ["found"])
    assert line.isHidden()


def test_work_given_up_ends_and_answers_nothing(line: WorkingLine, qtbot: QtBot) -> None:
    slow, found = Slow(), list[str]()
    line.begin("Looking…", slow, found.append)
    qtbot.waitUntil(slow.begun.is_set)
    line.cancel.click()
    qtbot.waitUntil(slow.ended.is_set, timeout=5_000)
    assert not line.is_working()
    assert found == []


def test_reading_does_not_wait_for_long_work(screen: Screen, line: WorkingLine, qtbot: QtBot) -> None:
    slow = Slow()
    line.begin("Looking…", slow, lambda _found: None)
    read: list[int] = []
    screen.bridge.fetch(lambda reader: reader.rev, then=read.append)
    qtbot.waitUntil(lambda: bool(read))
    slow.go.set()


def test_closing_the_window_ends_long_work(screen: Screen, line: WorkingLine, qtbot: QtBot) -> None:
    slow = Slow()
    line.begin("Looking…", slow, lambda _found: None)
    qtbot.waitUntil(slow.begun.is_set)
    screen.bridge.close()
    assert slow.ended.is_set()
