"""A workspace that came as a snapshot is worked on at once; the window says how far its history is verified, and what came of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.commands import tasks
from app.domain.words import Access
from app.storage.keys import CHEAP
from app.workspace import Workspace
from sync.client import sharing
from sync.client.runner import Runner
from tests.factories import PASSPHRASE, a_workspace
from tests.sync.lying import Evil, an_evil_server, lie_in_snapshot
from tests.sync.team import PIN, owned_by_ada
from tests.ui.desktop.screen import Screen, open_for_test

pytestmark = pytest.mark.slow  # each begins a server and a process that verifies


@pytest.fixture
def evil(tmp_path: Path) -> Iterator[Evil]:
    with an_evil_server(tmp_path, snapshot_bytes=1) as made:
        yield made


def joined(tmp_path: Path, evil: Evil, lie: str = "") -> bytes:
    """Ben's laptop has Ada's workspace by a snapshot; the project."""
    ada = a_workspace(tmp_path / "ada")
    signer, project = owned_by_ada(ada, "Load the balances", "Open the gates")
    sharing.share(ada, signer, evil.address)
    if lie:
        lie_in_snapshot(evil, lie)
    invitation = sharing.invite(ada, signer, "Ben", "ben", Access.EDITOR)
    connection = sharing.connect(ada)
    Runner(ada, connection).once()
    connection.close()
    ada.close()
    folder = tmp_path / "ben"
    ben = sharing.join(folder, invitation, lambda *_: (PIN, "pin"), cost=CHEAP, passphrase=lambda: PASSPHRASE)
    assert ben.is_unverified
    ben.close()
    return project


def test_it_is_worked_on_at_once_and_the_line_goes_once_it_is_verified(
    qtbot: QtBot, tmp_path: Path, evil: Evil
) -> None:
    project = joined(tmp_path, evil)
    workspace = open_for_test(tmp_path / "ben")
    workspace.act_as(workspace.default_person())
    screen = Screen(qtbot, workspace)
    try:
        window = screen.open(project)
        history = window.statusbar.history
        qtbot.waitUntil(lambda: history.text().startswith("Verifying history"), timeout=10_000)
        workspace.run(tasks.add_task, project, "Call the plant")
        qtbot.waitUntil(lambda: not history.isVisible(), timeout=20_000)
        assert not workspace.is_unverified
    finally:
        screen.close()


def test_a_lie_is_told_and_the_next_start_goes_on_without_it(
    qtbot: QtBot, tmp_path: Path, evil: Evil
) -> None:
    project = joined(tmp_path, evil, 'UPDATE task SET title = \'{"en":"Wipe the disk"}\'')
    workspace = open_for_test(tmp_path / "ben")
    workspace.act_as(workspace.default_person())
    screen = Screen(qtbot, workspace)
    try:
        window = screen.open(project)
        assert titles(workspace) == {"Wipe the disk"}
        qtbot.waitUntil(lambda: window.statusbar.history.text() == "State in doubt", timeout=20_000)
        assert "goes on with what holds" in window.message.text()
        workspace.run(tasks.add_task, project, "Call the plant")
    finally:
        screen.close()

    workspace = open_for_test(tmp_path / "ben")
    assert not workspace.is_unverified
    assert titles(workspace) == {"Load the balances", "Open the gates", "Call the plant"}
    workspace.close()


def titles(workspace: Workspace) -> set[str]:
    return {
        title
        for (title,) in workspace.read(
            lambda reader: reader.rows("SELECT json_extract(title, '$.en') FROM task")
        )
    }
