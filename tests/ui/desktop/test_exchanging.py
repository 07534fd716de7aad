"""The window exchanges with the workspace's server by itself, says how that stands, and ends cleanly."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.commands import people, tasks
from app.commands.stating import Signer
from app.domain.words import Access
from app.i18n import set_language
from app.storage.keys import CHEAP
from app.workspace import Workspace
from sync.client import sharing
from sync.client.runner import Runner
from sync.core.exchange import Phase, Status
from tests.sync.serving import Server, a_server
from tests.ui.desktop.screen import Plan, Screen, a_plan
from ui.desktop.frame.exchanging import told
from ui.desktop.moments import correct_now, now_ms
from ui.desktop.workspaces import OpenWorkspace

PIN = "4711"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path) as made:
        yield made


def shared(workspace: OpenWorkspace, server: Server) -> tuple[Signer, Plan]:
    person = workspace.clock.new_id()
    signer = workspace.new_key(person, PIN)
    workspace.run(people.add_person, "Ada", "ada", own=signer, id=person)
    workspace.act_as(person)
    plan = a_plan(workspace)
    sharing.share(workspace, signer, server.address)
    return signer, plan


def exchange(workspace: Workspace) -> None:
    connection = sharing.connect(workspace)
    assert Runner(workspace, connection).once().phase is Phase.SYNCED
    connection.close()


@pytest.mark.slow
def test_what_others_do_comes_into_the_window_and_what_is_done_here_goes_out(
    qtbot: QtBot, workspace: OpenWorkspace, server: Server, tmp_path: Path
) -> None:
    signer, plan = shared(workspace, server)
    invitation = sharing.invite(workspace, signer, "Ben", "ben", Access.EDITOR)
    exchange(workspace)
    ben = sharing.join(
        tmp_path / "ben", invitation, lambda *_: (PIN, "pin"), cost=CHEAP, passphrase=lambda: "x" * 12
    )
    screen = Screen(qtbot, workspace)
    try:
        window = screen.open(plan.project)
        bar = window.statusbar
        qtbot.waitUntil(lambda: bar.exchange_text().startswith("Synced"), timeout=15_000)
        ben.run(tasks.set_task, plan.lock, {"minutes": 77})
        exchange(ben)
        minutes = "SELECT minutes FROM task WHERE id = ?"
        qtbot.waitUntil(
            lambda: workspace.read(lambda reader: reader.value(minutes, (plan.lock,))) == 77, timeout=15_000
        )
        workspace.run(tasks.set_task, plan.lock, {"minutes": 78})
        qtbot.waitUntil(lambda: _fetched(ben, plan.lock) == 78, timeout=15_000)
        server.kill()
        workspace.run(tasks.set_task, plan.lock, {"minutes": 79})
        offline = re.compile(r"Offline since \d\d:\d\d · 1")
        qtbot.waitUntil(lambda: offline.fullmatch(bar.exchange_text()) is not None, timeout=15_000)
    finally:
        screen.close()
        ben.close()


def _fetched(workspace: Workspace, task: bytes) -> int:
    exchange(workspace)
    return int(workspace.read(lambda reader: reader.value("SELECT minutes FROM task WHERE id = ?", (task,))))


def test_a_wrong_clock_is_told_and_every_now_on_the_screen_follows() -> None:
    set_language("en")
    status = Status(Phase.SYNCED, 0, 1_772_834_520_000)

    assert told(status, "UTC", 0, -185_000)[2:] == (
        "Clock is off",
        "This device's clock is 3 min fast. What is typed as “now” is corrected by that; set the clock.",
    )
    assert told(status, "UTC", 0, 59_000)[2] == "Synced 22:02"
    try:
        correct_now(-185_000)
        assert abs(now_ms() + 185_000 - time.time() * 1000) < 1_000
    finally:
        correct_now(0)


@pytest.mark.parametrize(
    ("status", "sign", "words"),
    [
        (Status(Phase.SYNCED, 0, 1_772_834_520_000), "synced", "Synced 22:02"),
        (Status(Phase.SYNCED, 2, 1_772_834_520_000), "synced", "2 changes wait"),
        (Status(Phase.SYNCING), "synced", "Syncing…"),
        (Status(Phase.OFFLINE, 3, 1_772_834_520_000), "offline", "Offline since 22:02 · 3"),
        (Status(Phase.OFFLINE), "offline", "Server not reached"),
        (Status(Phase.DENIED, 0, None, "no"), "offline", "Server refuses"),
        (
            Status(Phase.SYNCED, 0, 1_772_800_000_000, "The server denies 1 place."),
            "offline",
            "Server in doubt",
        ),
    ],
)
def test_the_status_bar_says_how_it_stands(status: Status, sign: str, words: str) -> None:
    set_language("en")

    assert told(status, "UTC")[::2] == (sign, words)


def test_a_workspace_without_a_server_says_nothing_of_one(
    qtbot: QtBot, workspace: OpenWorkspace, plan: Plan
) -> None:
    screen = Screen(qtbot, workspace)
    try:
        assert screen.open(plan.project).statusbar.exchange_text() == ""
    finally:
        screen.close()
