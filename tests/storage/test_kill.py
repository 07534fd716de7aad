"""kill -9 in the middle of work: what was acknowledged is there, nothing is half-done, and work goes on.

A worker process opens a real workspace, runs commands and names each acknowledged action on a pipe. The test kills it at
a random moment, opens the workspace that is left, and hands it to the next worker.
"""

import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

import pytest

from app.storage.keys import CHEAP
from app.workspace import Workspace
from tests.storage import sound
from tests.storage.night import Night

CYCLES = 100
CYCLES_PER_WORKSPACE = 10
LONGEST_SECONDS = 0.12
STARTS_WITHIN_SECONDS = 60.0


def open_workspace(folder: Path) -> Workspace:
    return Workspace.open(folder, cost=CHEAP, sample=True)


def work(folder: Path, seed: int, acknowledged: Connection) -> None:
    """Runs until killed."""
    workspace = open_workspace(folder)
    night = Night(random.Random(seed))
    while True:
        done = night.act(workspace)
        if done.changes is not None:
            acknowledged.send_bytes(done.changes.action)


def starter() -> SpawnContext | ForkServerContext:
    """Workers from a server that has imported everything already, where the system can; new processes elsewhere."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def kill_in_the_middle(folder: Path, seed: int) -> list[bytes]:
    """One worker, killed after a random time from its first acknowledged action; returns what it acknowledged."""
    context = starter()
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(folder, seed, writer), daemon=True)
    process.start()
    writer.close()
    acknowledged = []
    try:
        if not reader.poll(STARTS_WITHIN_SECONDS):
            raise AssertionError("the worker acknowledged nothing")
        time.sleep(random.Random(seed).uniform(0, LONGEST_SECONDS))
    finally:
        process.kill()
        process.join()
    try:
        while True:
            acknowledged.append(reader.recv_bytes())
    except EOFError:
        reader.close()
    return acknowledged


def one_cycle(folder: Path, seed: int, promised: set[bytes]) -> Counter[str]:
    acknowledged = kill_in_the_middle(folder, seed)
    promised.update(acknowledged)
    workspace = open_workspace(folder)
    try:
        stored = {
            bytes(row[0]) for row in workspace.read(lambda reader: reader.rows("SELECT id FROM action"))
        }
        return Counter(
            {
                "acknowledged": len(acknowledged),
                "killed at work": 1,
                "stored, not acknowledged": len(stored - promised),
                "corrupt": bool(sound.damage(workspace)),
                "lost": len(promised - stored),
                "differs": len(sound.differences(workspace)),
            }
        )
    finally:
        promised.update(stored)
        workspace.close()


def kill_workers(seeds: range) -> Counter[str]:
    """One worker a seed, several in a row on the same workspace."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        for number, seed in enumerate(seeds):
            if number % CYCLES_PER_WORKSPACE == 0:
                folder = Path(place) / str(seed)
                promised: set[bytes] = set()
            counts += one_cycle(folder, seed, promised)
    return counts


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, CYCLES, CYCLES_PER_WORKSPACE))
def test_a_killed_program_loses_and_breaks_nothing(first: int) -> None:
    counts = kill_workers(range(first, first + CYCLES_PER_WORKSPACE))

    assert (counts["corrupt"], counts["lost"], counts["differs"]) == (0, 0, 0)
    assert counts["killed at work"] == CYCLES_PER_WORKSPACE
    assert counts["acknowledged"] > CYCLES_PER_WORKSPACE
