"""What every test stands on: no display, no keyring of the developer, English, and skips that name what is missing."""

import os
import shutil
import tempfile
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


MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 << 30  # a file system in memory, where a system has one


def write_into_memory() -> None:
    """Temporary files lie in memory: waiting for the disk took a third of the time; what one does `storage/disk.py` plays."""
    if (
        "TMPDIR" not in os.environ
        and os.access(MEMORY, os.W_OK)
        and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    ):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it may have been asked for already


write_into_memory()

QT_IS_MISSING = "Qt cannot start here: run `make test` as root once, or install the packages it names"
collect_ignore_glob: list[str] = []


class WithoutQt:
    """Stands in for pytest-qt: what drives widgets skips and says why."""

    @pytest.fixture
    def qtbot(self) -> None:
        pytest.skip(QT_IS_MISSING)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Where the system lacks a library of Qt, `make test` leaves pytest-qt out and the rest is tested all the same."""
    if not pluginmanager.hasplugin("pytest-qt"):
        collect_ignore_glob.append("ui/*")
        pluginmanager.register(WithoutQt())
        for setting in ("qt_api", "qt_log_level_fail"):
            parser.addini(setting, help="belongs to pytest-qt", default="")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(program, package): skipped where the program is missing")


def pytest_report_header() -> str | None:
    return f"tests/ui is left out. {QT_IS_MISSING}" if collect_ignore_glob else None


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
