"""The house stands: layers, names of systems and hosts, pure cores, explained exceptions, texts in both languages."""

import multiprocessing
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests import house
from tests.conftest import ROOT

PLANTED: tuple[tuple[house.Rule, str, str], ...] = (
    (house.without_docstring, "app/queries/plain.py", "x = 1\n"),
    (house.without_docstring, "app/queries/plain.py", '"""helpers"""\n'),
    (house.posix_only, "app/queries/plain.py", "import fcntl\n"),
    (house.posix_only, "app/queries/plain.py", "import os\nos.chmod('file', 0o600)\n"),
    (house.posix_only, "ui/cli/plain.py", "from os import fork\n"),
    (house.posix_only, "sync/plain.py", "import signal\nend = signal.SIGKILL\n"),
    (house.posix_only, "app/queries/plain.py", "def lock(path):\n    path.chmod(0o600)\n"),
    (house.posix_only, "app/queries/plain.py", "PLACE = '/tmp/launchbook'\n"),
    (house.posix_only, "app/queries/plain.py", "run(['ls'], preexec_fn=None)\n"),
    (house.impure, "app/process/plain.py", "from time import time\n"),
    (house.impure, "app/process/plain.py", "import random\n"),
    (house.impure, "sync/core/plain.py", "from uuid import uuid4\n"),
    (house.impure, "sync/core/plain.py", "import uuid\nnew = uuid.uuid4()\n"),
    (house.impure, "sync/core/plain.py", "import threading\n"),
    (
        house.impure,
        "app/scheduling/plain.py",
        "from datetime import UTC, datetime\nnow = datetime.now(UTC)\n",
    ),
    (house.locked_with_hosts, "requirements.lock", "--index" + "-url https://mirror.example\n"),
    (house.locked_with_hosts, "requirements.lock", "thing @ file:///somewhere\n"),
    (house.locked_with_hosts, "requirements.lock", "thing>=1\n"),
    (house.locked_with_hosts, "requirements.lock", "thing==1\n"),
    (house.unexplained_exceptions, "tests/plain.py", "x = 1  # type" + ": ignore\n"),
    (house.unexplained_exceptions, "app/queries/plain.py", "x = 1  # no" + "qa\n"),
    (house.unexplained_exceptions, "app/queries/plain.py", "x = 1  # no" + "qa: E501\n"),
    (house.not_spawn_safe, "app/queries/plain.py", "def work(): ...\n\nwork()\n"),
    (house.not_spawn_safe, "app/queries/plain.py", "pool = ProcessPoolExecutor(1)\n"),
    (house.not_spawn_safe, "app/queries/plain.py", "context = get_context('fork')\n"),
)
PLANTED_IMPORTS = {
    "app/queries/plain.py": (
        "import sync",
        "ui stands on sync and app; sync stands on app; app stands alone",
    ),
    "app/commands/plain.py": ("from PySide6 import QtCore", "only the desktop knows Qt"),
    "ui/plain.py": ("import sync.server", "the desktop never contains the server"),
    "app/domain/plain.py": ("import app.storage", "inside app"),
    "app/stray.py": ("x = 1", "inside app"),
}


def named(case: object) -> str:
    return getattr(case, "__name__", "")


@pytest.mark.parametrize("rule", house.RULES, ids=named)
def test_the_house_keeps(rule: house.Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED, ids=named)
def test_a_planted_violation_is_found(rule: house.Rule, path: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").touch()
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text, encoding="utf-8")

    assert len(rule(tmp_path)) == 1


def test_what_the_rules_allow_is_not_found(tmp_path: Path) -> None:
    """A check that cries wolf is soon switched off."""
    (tmp_path / "requirements.lock").write_text(
        "thing==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n", encoding="utf-8"
    )
    good = tmp_path / "app/process/good.py"
    good.parent.mkdir(parents=True)
    good.write_text(
        '"""Decides.\n\nMore about it. And more.\n"""\n\nfrom datetime import datetime\n'
        "x = datetime(2026, 1, 1)  # no" + "qa: DTZ001 - a wall time\n"
        "y = x.when  # type" + ": ignore[attr-defined]\n",
        encoding="utf-8",
    )

    assert [line for rule in house.RULES for line in rule(tmp_path)] == []


def lint_imports(folder: Path) -> str:
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program is not None
    done = subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.stdout + done.stderr


def test_the_layers_hold() -> None:
    assert "0 broken" in lint_imports(ROOT)


def test_every_contract_finds_a_planted_import(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in house.SOURCES:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "sync/server").mkdir(exist_ok=True)
    (tmp_path / "sync/server/__init__.py").touch()
    for path, (line, _contract) in PLANTED_IMPORTS.items():
        (tmp_path / path).write_text(f"{line}\n", encoding="utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {one["name"] for one in settings["tool"]["importlinter"]["contracts"]}

    report = lint_imports(tmp_path)

    assert contracts <= {contract for _line, contract in PLANTED_IMPORTS.values()}
    assert f"0 kept, {len(contracts)} broken" in report
    for path, (_line, contract) in PLANTED_IMPORTS.items():
        module = path.removesuffix(".py").replace("/", ".")
        assert contract not in contracts or re.search(rf"\b{re.escape(module)}\b", report), module


def import_everything_but_the_desktop() -> list[str]:
    """Runs in a spawned process; returns what it should not have brought along."""
    import threading

    for name in ("app", "sync", "ui.cli"):
        package = import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    return [name for name in sys.modules if name.startswith("PySide6")] + [
        thread.name for thread in threading.enumerate() if thread is not threading.main_thread()
    ]


def test_a_spawned_worker_can_import_everything_without_qt_and_without_threads() -> None:
    """Windows and macOS start workers this way: nothing is inherited, everything is imported anew."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        brought = pool.apply(import_everything_but_the_desktop)

    assert brought == []


def test_the_checks_run_exactly_the_test_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    (make \w+)", readme, re.MULTILINE)
    script = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()

    assert commands[:2] == ["make run", "make test"]
    assert [line for line in script if line.startswith("make")] == ["make check", "make test"]
