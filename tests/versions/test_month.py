"""A month of mixed versions loses nothing; and a program that did would be found out."""

from pathlib import Path

import pytest

from tests.versions.driver import PLANTS
from tests.versions.month import lived

pytestmark = pytest.mark.slow  # many processes

DAYS = 8  # one upgrade in it
WRONG = ("lost", "differs", "forged", "does not verify")


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("versions")


def test_a_month_of_mixed_versions_loses_nothing(trees: Path) -> None:
    counts = lived(trees, 1, days=DAYS)
    assert {name: counts[name] for name in WRONG if counts[name]} == {}
    assert all(counts[name] for name in ("later", "undone", "upgraded", "texts", "stickers")), counts


@pytest.mark.parametrize("plant", PLANTS)
def test_a_program_that_loses_something_is_found(trees: Path, plant: str) -> None:
    try:
        counts = lived(trees, 1, plant, days=DAYS)
    except AssertionError:
        return  # it ended over it
    assert any(counts[name] for name in WRONG), counts
