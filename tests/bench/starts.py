"""From the start of a process to what it shows: windows beside an empty Qt window, commands beside a bare interpreter."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import apsw

from app.settings import SAMPLE, workspace_folder
from app.storage.keys import CHEAP
from app.workspace import DATABASE, Workspace
from tests.bench.measure import Act, Figure, Sample, interleaved
from tests.bench.plans import Ground, copied_workspace
from tests.factories import PASSPHRASE, a_workspace

ROOT = Path(__file__).parents[2]
_EMPTY, _PYTHON, _CONNECTED = "empty QMainWindow process", "python -c pass", "raw connection and one read"
_GIVE_UP_S = 120


def _environment() -> dict[str, str]:
    """No display and no keyring; compiled code is kept, as on any user's machine: nobody compiles at each start."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    quiet = {"QT_QPA_PLATFORM": "offscreen", "LAUNCHBOOK_PASSPHRASE": PASSPHRASE}
    return {**own, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", **quiet}


def _run(*words: str) -> str:
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=_environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=_GIVE_UP_S,
        encoding="utf-8",
    ).stdout


def _opened(*words: str) -> dict[str, Any]:
    """What the window's process said, its moments as milliseconds since before the process began."""
    begun = time.time()
    said: dict[str, Any] = json.loads(_run("-m", "tests.bench.opening", *words))
    return {key: (v - begun) * 1000 if isinstance(v, float) else v for key, v in said.items()}


def window(ground: Ground) -> list[Figure]:
    home = ground.place("home")
    a_workspace(workspace_folder(home)).close()
    large = ground.place("large")
    copied_workspace(ground.plan(ground.size), large).rename(_parent_made(workspace_folder(large)))
    words = {
        _EMPTY: ("empty",),
        "empty workspace": ("--home", str(home)),
        "sample": ("--home", str(home), "demo"),
        "large plan": ("--home", str(large)),
    }
    _run("-m", "ui", *words["sample"], "--picture", str(home / "told.png"))  # waits until the sample is told
    assert workspace_folder(home, SAMPLE).exists()
    for each in words.values():
        _opened(*each)  # once, so that all find their files warm
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in words}
    for _ in range(ground.rounds):
        for name, each in words.items():
            found[name].append(_opened(*each))
    return _figures(ground, found)


def _parent_made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _figures(ground: Ground, found: dict[str, list[dict[str, Any]]]) -> list[Figure]:
    empty = found.pop(_EMPTY)
    against, modules = Sample([one["painted"] for one in empty]), Sample([one["modules"] for one in empty])
    goals = {"empty workspace": 1.25, "sample": 1.5}
    figures = []
    for name, said in found.items():
        size = ground.size if name == "large plan" else 0
        for moment, goal in (("painted", goals.get(name)), ("framed", None), ("filled", None)):
            sample = Sample([one[moment] for one in said])
            figures.append(Figure("window", f"{name} {moment}", size, "ms", sample, _EMPTY, against, goal))
        heavy = sorted({each for one in said for each in one["heavy"]})
        what = f"{name} modules, heavy: {', '.join(heavy) or 'none'}"
        count = Sample([one["modules"] for one in said])
        figures.append(Figure("window", what, size, "", count, _EMPTY, modules, 0.0 if heavy else None))
    return figures


def command_line(ground: Ground) -> list[Figure]:
    home = ground.place("home")
    a_workspace(workspace_folder(home)).close()
    acts: dict[str, Act] = {
        "launchbook --help": lambda: _run("-m", "ui", "--help"),
        "launchbook projects": lambda: _run("-m", "ui", "--home", str(home), "projects"),
        _PYTHON: lambda: _run("-c", "pass"),
    }
    for act in acts.values():
        act()
    by_clock = interleaved(ground.rounds * 2, acts)
    taken = {name: Sample(sample.values) for name, sample in by_clock.items()}  # others do the work
    return [
        Figure("cli", what, 0, "ms", sample, _PYTHON, taken[_PYTHON])
        for what, sample in taken.items()
        if what != _PYTHON
    ] + _workspace_opened(ground)


def _workspace_opened(ground: Ground) -> list[Figure]:
    """In a process that has imported everything already."""
    folder = copied_workspace(ground.plan(ground.size), ground.place("opened"))
    acts: dict[str, Act] = {
        "Workspace.open": lambda: Workspace.open(folder, passphrase=lambda: PASSPHRASE, cost=CHEAP).close(),
        _CONNECTED: lambda: _connected(folder / DATABASE),
    }
    acts["Workspace.open"]()
    taken = interleaved(ground.rounds * 4, acts)
    raw = taken[_CONNECTED]
    return [Figure("cli", "Workspace.open", ground.size, "ms", taken["Workspace.open"], _CONNECTED, raw)]


def _connected(path: Path) -> None:
    raw = apsw.Connection(str(path))
    raw.execute("PRAGMA journal_mode=wal")
    raw.execute("SELECT count(*) FROM meta").fetchall()
    raw.close()
