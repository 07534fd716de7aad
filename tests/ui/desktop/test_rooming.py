"""War rooms from the window: opened, read across the table, entered by words, and left."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.commands import tasks
from app.storage.delivery import Held
from app.storage.keys import CHEAP
from app.workspace import Workspace
from sync.client.connection import Connection
from sync.client.runner import Runner
from sync.core.exchange import Phase
from sync.room.opening import open_room
from sync.room.words import words_of
from tests.ui.desktop.screen import Plan, Screen, a_plan
from tests.ui.desktop.test_sharing import keys, sheet, shown, stands
from ui.desktop.main_window import MainWindow
from ui.desktop.sharing.room import InRoomSheet, RoomSheet
from ui.desktop.workspaces import OpenWorkspace

pytestmark = pytest.mark.slow  # each begins a server process


@pytest.fixture
def plan(workspace: OpenWorkspace) -> Plan:
    return a_plan(workspace)


@pytest.fixture
def ben(workspace: OpenWorkspace, plan: Plan, tmp_path: Path) -> Iterator[Workspace]:
    """A second laptop that was here once, by stick."""
    joined = Workspace.join(tmp_path / "ben", workspace.give(Held({}, {})), cost=CHEAP, device_name="ben")
    workspace.take(joined.give(workspace.held()))
    yield joined
    joined.close()


@pytest.fixture
def window(qtbot: QtBot, workspace: OpenWorkspace, plan: Plan) -> Iterator[MainWindow]:
    screen = Screen(qtbot, workspace)
    yield screen.open(plan.project)
    screen.close()


def minutes_in(workspace: Workspace, task: bytes) -> int:
    return int(workspace.read(lambda reader: reader.value("SELECT minutes FROM task WHERE id = ?", (task,))))


def test_a_room_is_opened_others_exchange_there_and_it_is_closed(
    qtbot: QtBot, window: MainWindow, workspace: OpenWorkspace, ben: Workspace, plan: Plan
) -> None:
    window.open_wish("room")
    keys()  # Ctrl Enter
    qtbot.waitUntil(stands(window, InRoomSheet), timeout=20_000)
    room = window.rooming.room
    assert room is not None
    assert words_of(room.place.fingerprint) in shown(window)
    assert all(one in shown(window) for one in room.addresses)
    qtbot.waitUntil(lambda: "is in the room" in shown(window), timeout=15_000)
    assert window.statusbar.room.text() == "War room"

    ben.run(tasks.set_task, plan.lock, {"minutes": 44})
    connection = Connection(room.place, ben.id, ben.device)
    assert Runner(ben, connection).once().phase is Phase.SYNCED
    connection.close()
    qtbot.waitUntil(lambda: minutes_in(workspace, plan.lock) == 44, timeout=15_000)

    QTest.mouseClick(window.statusbar.room, Qt.MouseButton.LeftButton)
    sheet(window, InRoomSheet).act()
    assert QApplication.clipboard().text() == words_of(room.place.fingerprint)
    sheet(window, InRoomSheet).leave()
    assert window.rooming.place is None
    qtbot.waitUntil(lambda: room.process.poll() is not None, timeout=15_000)
    assert not window.statusbar.room.isVisible()
    assert window.sheet is None


def test_a_room_on_another_laptop_is_entered_by_its_words(
    qtbot: QtBot, window: MainWindow, workspace: OpenWorkspace, ben: Workspace, plan: Plan
) -> None:
    room = open_room(ben, port=0)
    try:
        connection = room.connect(ben)
        assert Runner(ben, connection).once().phase is Phase.SYNCED
        window.open_wish("room")
        entering = sheet(window, RoomSheet)
        entering.words.setText("six words that name no room")
        entering.act()
        qtbot.waitUntil(lambda: "none of a room's words" in shown(window), timeout=15_000)
        entering.words.setText(words_of(room.place.fingerprint, "zh"))
        entering.act()
        qtbot.waitUntil(stands(window, InRoomSheet), timeout=20_000)
        workspace.run(tasks.set_task, plan.lock, {"minutes": 55})
        qtbot.waitUntil(
            lambda: Runner(ben, connection).once().phase is Phase.SYNCED and minutes_in(ben, plan.lock) == 55,
            timeout=15_000,
        )
        connection.close()
        room.close()
        qtbot.waitUntil(lambda: window.statusbar.room.text() == "War room not reached", timeout=20_000)
        sheet(window, InRoomSheet).leave()
        assert window.rooming.place is None
    finally:
        room.close()


def test_the_sample_opens_no_room(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(window.desk.bridge.workspace), "is_sample", True)
    window.open_wish("room")

    assert window.sheet is None
    assert "sample stays" in window.message.text()
