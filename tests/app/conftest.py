"""A team and its small plan, for tests that need a workspace with people in it."""

from pathlib import Path

import pytest

from tests.factories import Plan, Team, a_plan, a_team


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return a_team(tmp_path / "workspace")


@pytest.fixture
def plan(team: Team) -> Plan:
    return a_plan(team)
