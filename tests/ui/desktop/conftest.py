"""A window over a small plan, closed with its threads whatever a test did."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.desktop.screen import Plan, Screen, a_plan, open_for_test
from ui.desktop.workspaces import OpenWorkspace


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
