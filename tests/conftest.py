"""What every test stands on: no display, no keyring of the developer, English, and skips that name what is missing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

import hypothesis
import pytest

from app.i18n import set_language

ROOT = Path(__file__).parent.parent
SHARED_DATA = Path(os.environ.get("LAUNCHBOOK_SHARED_DATA", ROOT.parent / "shared" / "data"))

hypothesis.settings.register_profile("launchbook", deadline=None, derandomize=True)
hypothesis.settings.load_profile("launchbook")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(program, package): skipped where the program is missing")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        program, package = mark.args
        if shutil.which(program) is None:
            pytest.skip(f"{program} is missing: install {package}")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A test that switches the language does not switch it for the next one."""
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def shared_data() -> Path:
    """Real inputs that lie beside the checkout: cutover files, checklists, calendars."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no shared data at {SHARED_DATA}: set LAUNCHBOOK_SHARED_DATA")
    return SHARED_DATA
