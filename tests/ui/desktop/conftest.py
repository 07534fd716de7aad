"""A window over a small plan, closed with its threads whatever a test did."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.commands.projects import create_project
from tests.ui.desktop.screen import Plan, Screen, a_plan, open_for_test
from ui.desktop.application import Desktop
from ui.desktop.preferences import Preferences
from ui.desktop.recent import FILE, load_recent
from ui.desktop.workspaces import OpenWorkspace

MakeDesktop = Callable[[], Desktop]


@pytest.fixture
def workspace(tmp_path: Path) -> OpenWorkspace:
    return open_for_test(tmp_path / "workspace")


@pytest.fixture
def plan(workspace: OpenWorkspace) -> Plan:
    return a_plan(workspace)


@pytest.fixture
def screen(qtbot: QtBot, workspace: OpenWorkspace) -> Iterator[Screen]:
    made = Screen(qtbot, workspace)
    yield made
    made.close()


@pytest.fixture
def make_desktop(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeDesktop]:
    """Desktops as the program makes them, with what they remember of visits."""
    monkeypatch.setenv("LAUNCHBOOK_PASSPHRASE", "correct horse battery")
    hook = sys.excepthook
    made: list[Desktop] = []

    def make() -> Desktop:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        chosen = Preferences(language="en", theme="light", file=tmp_path / "desktop.json")
        made.append(Desktop(application, tmp_path, chosen, visited=load_recent(tmp_path / FILE)))
        return made[-1]

    yield make
    for desktop in made:
        desktop.close()
    sys.excepthook = hook


@pytest.fixture
def desktop_with_two(qtbot: QtBot, make_desktop: MakeDesktop) -> Desktop:
    """The first workspace with a project in it, then a new one, which is open."""
    desktop = make_desktop()
    desktop.open()
    qtbot.waitUntil(lambda: desktop.bridge.workspace.is_open, timeout=20_000)
    desktop.bridge.run(create_project, "First")
    qtbot.waitUntil(desktop.bridge.is_idle, timeout=20_000)
    desktop.create("Plant north")
    qtbot.waitUntil(lambda: desktop.folder.name == "plant-north" and desktop.bridge.is_idle(), timeout=20_000)
    return desktop
