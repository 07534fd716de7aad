"""Every attack is caught where it must be, and harms nobody else."""

from pathlib import Path

import pytest

from tests.sync.evil_client import ATTACKS, Attack, a_scene, unharmed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_is_caught_and_harms_nobody(attack: Attack, tmp_path: Path) -> None:
    with a_scene(tmp_path) as scene:
        assert attack(scene) == ATTACKS[attack]
        assert unharmed(scene) == []
