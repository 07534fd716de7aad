"""What the pictures show: nothing, an empty project, the sample, and far too much; time stands still."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from app.automation.sample import replay_sample
from app.clock import Clock
from app.commands.projects import create_project
from app.storage.keys import CHEAP
from tests.factories import PASSPHRASE, START_MS
from tests.overfull import DAY_MS, overfull_workspace
from ui.desktop.workspaces import OpenWorkspace

NOW_MS = START_MS + 2 * DAY_MS + 3_600_000  # two days and an hour into the overfull plan's story


def _nothing(folder: Path, language: str) -> None:
    OpenWorkspace.open(folder, passphrase=lambda: PASSPHRASE, cost=CHEAP, clock=clock()).close()


def _bare(folder: Path, language: str) -> None:
    workspace = OpenWorkspace.open(folder, passphrase=lambda: PASSPHRASE, cost=CHEAP, clock=clock())
    workspace.run(create_project, "Empty" if language == "en" else "空项目")
    workspace.close()


def _typical(folder: Path, language: str) -> None:
    for _progress in replay_sample(folder, clock(), language=language):
        pass


def _overfull(folder: Path, language: str) -> None:
    team, _project = overfull_workspace(folder, 2_000, language)
    team.workspace.close()


DATA: Mapping[str, Callable[[Path, str], None]] = {
    "nothing": _nothing,
    "empty": _bare,
    "typical": _typical,
    "overfull": _overfull,
}


def clock() -> Clock:
    return Clock(lambda: NOW_MS, Random(7).randbytes)


def stop_time() -> None:
    """For everything that asks what time it is; how long something takes is another clock."""
    time.time = lambda: NOW_MS / 1000
    time.time_ns = lambda: NOW_MS * 1_000_000
