"""The power fails in the middle of work: nothing acknowledged is lost, nothing is corrupt, and log and rows agree.

Each seed lives a night on a simulated disk until the power fails at a random write, opens what the disk still holds, and
goes on working in it. The same test run with `synchronous=off` must fail, or the disk has no teeth.
"""

import contextlib
import itertools
import random
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from app.clock import Clock
from app.errors import LaunchbookError, StorageError
from app.storage.engine import Database
from app.storage.keys import CHEAP
from app.workspace import Workspace
from tests.storage import sound
from tests.storage.disk import VFS_NAME, Disk
from tests.storage.night import Night, begin

SEEDS = 500
CHUNK = 50
NIGHTS_WITHOUT_SYNC = range(60, 100)  # most of them corrupt the file; few lose something in one that is whole
FROM_THE_FIRST_WRITE = 0.2  # of the nights: the power may fail while the workspace is founded
LONGEST_NIGHT_CHANGES = 900
BEFORE = 1 << 40  # a seed no night has: ids of the beginning never come again


@cache
def key_folder() -> tempfile.TemporaryDirectory[str]:
    """One device for all nights of a process: the disk under test holds the database alone."""
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


def clock(seed: int) -> Clock:
    """Time and chance of a night, so that its seed repeats it."""
    return Clock(itertools.count(1_772_800_000_000, 250).__next__, random.Random(seed).randbytes)


def open_workspace(disk: Disk, seed: int = 0, synchronous: str = "full") -> Workspace:
    """Checkpoints after every few pages, so that many nights end in one."""
    database = Database(
        disk.path("launchbook.db"),
        vfs=VFS_NAME,
        exclusive=True,
        pragmas=("wal_autocheckpoint=4", f"synchronous={synchronous}"),
    )
    folder = Path(key_folder().name)
    return Workspace.open(folder, clock=clock(seed), cost=CHEAP, sample=True, database=database)


@cache
def begun_disk() -> Disk:
    """A workspace with people and a plan, everything on the platter; its device lives in all nights."""
    disk = Disk()
    workspace = open_workspace(disk, BEFORE)
    begin(workspace)
    workspace.close()
    return disk


def live_until_the_power_fails(disk: Disk, seed: int, chance: random.Random, synchronous: str) -> list[bytes]:
    """Returns the actions that were acknowledged while there was power."""
    acknowledged: list[bytes] = []
    night = Night(chance)
    with (
        contextlib.suppress(StorageError),
        contextlib.closing(open_workspace(disk, seed, synchronous)) as workspace,
    ):
        while True:
            done = night.act(workspace)
            if disk.has_failed:
                break
            if done.changes is not None:
                acknowledged.append(done.changes.action)
    return acknowledged


def one_night(seed: int, synchronous: str) -> Counter[str]:
    chance = random.Random(seed)
    begun = begun_disk().copy()
    disk = Disk() if chance.random() < FROM_THE_FIRST_WRITE else begun
    disk.cut_power(chance.randint(1, LONGEST_NIGHT_CHANGES))
    acknowledged = live_until_the_power_fails(disk, seed, chance, synchronous)
    left = disk.after_power_loss(chance)
    counts = Counter(acknowledged=len(acknowledged), struck=int(disk.has_failed))
    counts["recovered from a log"] = int("launchbook.db-wal" in left.files)
    counts.update(what_is_left(left, seed, acknowledged, chance))
    for used in {begun, disk, left}:
        used.remove()
    return counts


def what_is_left(disk: Disk, seed: int, acknowledged: list[bytes], chance: random.Random) -> Counter[str]:
    try:
        with contextlib.closing(open_workspace(disk, -seed - 1)) as workspace:
            if sound.damage(workspace):
                return Counter(corrupt=1)
            stored = {row[0] for row in workspace.read(lambda reader: reader.rows("SELECT id FROM action"))}
            differences = sound.differences(workspace)
            Night(chance).act(workspace)
            lost = len(set(acknowledged) - stored)
            return Counter({"lost": lost, "differs": len(differences), "went on": 1})
    except LaunchbookError:
        return Counter(corrupt=1)


def lose_power(seeds: range, synchronous: str = "full") -> Counter[str]:
    counts: Counter[str] = Counter()
    for seed in seeds:
        counts.update(one_night(seed, synchronous))
    return counts


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_no_power_loss_corrupts_or_loses_what_was_acknowledged(first: int) -> None:
    counts = lose_power(range(first, first + CHUNK))

    assert (counts["corrupt"], counts["lost"], counts["differs"]) == (0, 0, 0)
    assert counts["went on"] == CHUNK
    assert counts["acknowledged"] > CHUNK
    assert min(counts["struck"], counts["recovered from a log"]) > CHUNK / 2


@pytest.mark.slow
def test_without_syncing_the_same_nights_end_in_corruption_and_loss() -> None:
    counts = lose_power(NIGHTS_WITHOUT_SYNC, synchronous="off")

    assert counts["corrupt"] > len(NIGHTS_WITHOUT_SYNC) / 4
    assert counts["lost"] > 0
