"""Three laptops and a server, all real processes, on lines that break: each is killed in turn, and nothing is lost.

`storm` is run by `make prove` over many seeds.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.commands import tasks
from app.storage.keys import CHEAP
from app.storage.rebuild import replays_equal, replica_digests
from app.workspace import Workspace
from sync.client.runner import Runner
from sync.core.exchange import Phase
from tests.factories import PASSPHRASE
from tests.sync.headless import own_commits
from tests.sync.postgres import a_database, a_postgres
from tests.sync.serving import ROOT, Proxy, Server
from tests.sync.team import Team, count_calls, leaves, shared, sync, through

EVENTS = 14
MOST_TRIPS = 3  # until nothing waits once the lines are whole again


@dataclass
class Laptop:
    """A headless process on a workspace's folder; what it said it stored and what was acknowledged survives its ends."""

    folder: Path
    proxy: Proxy
    device: bytes
    log: Path
    lives: int = 0
    stored: int = 0
    placed: int = 0
    process: "subprocess.Popen[str] | None" = None

    def start(self, seed: str) -> None:
        self.lives += 1
        command = [sys.executable, "-m", "tests.sync.headless", str(self.folder)]
        command += [f"http://127.0.0.1:{self.proxy.port}", f"{seed} {self.lives}"]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)

    def kill(self) -> None:
        """As if the battery went; what it had said before counts."""
        assert self.process is not None
        self.process.kill()
        said, _ = self.process.communicate()
        for line in said.splitlines():
            if line.endswith("]"):
                stored, placed = json.loads(line)
                self.stored, self.placed = max(self.stored, stored), max(self.placed, placed)


@dataclass
class Storm:
    """What happens to them, and what is counted of it."""

    server: Server
    laptops: list[Laptop]
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    def event(self, seed: int) -> None:
        laptop = self.chance.choice(self.laptops)
        match self.chance.choice(
            ("laptop", "laptop", "server", "cut", "cut up", "silent", "closed", "whole")
        ):
            case "laptop":
                laptop.kill()
                laptop.start(f"{seed} {laptop.folder.name}")
                self.counts["laptops killed"] += 1
            case "server":
                self.server.kill()
                self.server.start()
                self.counts["servers killed"] += 1
            case "cut":
                laptop.proxy.cut_after = self.chance.randint(0, 4000)
            case "cut up":
                laptop.proxy.cut_up_after = self.chance.randint(0, 4000)
            case "silent":
                laptop.proxy.silent = True
            case "closed":
                laptop.proxy.closed = True
            case _:
                mend(laptop.proxy)
        self.counts["lines broken"] += int(not is_whole(laptop.proxy))


def mend(proxy: Proxy) -> None:
    proxy.cut_after = proxy.cut_up_after = None
    proxy.silent = proxy.closed = False


def is_whole(proxy: Proxy) -> bool:
    return proxy.cut_after is None and proxy.cut_up_after is None and not (proxy.silent or proxy.closed)


@contextmanager
def three(folder: Path, server: Server) -> Iterator[tuple[Team, list[Laptop]]]:
    """Ada's, Ben's and Cy's laptops; their workspaces are closed, the processes open them."""
    with shared(folder, server) as team:
        for number in range(4):
            team.ada.run(tasks.add_task, team.project, f"Task {number}")
        for name in ("ben", "cy"):
            team.join(team.invite(name), name)
        sync(team.ada)
        workspaces = [team.ada, *team.laptops]
        laptops = [
            Laptop(one.folder, Proxy(server.port), one.device.id, folder / f"{one.folder.name}.log")
            for one in workspaces
        ]
        for one in workspaces:
            one.close()
        team.laptops.clear()
        try:
            yield team, laptops
        finally:
            for laptop in laptops:
                laptop.proxy.close()


def storm(folder: Path, seed: int, db: str = "") -> Counter[str]:
    """One storm and what came of it: "lost", "differs" and "stuck" have to be 0."""
    server = Server(folder / "server", db=db)
    server.start()
    try:
        with three(folder, server) as (_team, laptops):
            weather = Storm(server, laptops, random.Random(seed))
            for laptop in laptops:
                laptop.start(f"{seed} {laptop.folder.name}")
            for _ in range(EVENTS):
                time.sleep(weather.chance.uniform(0.05, 0.35))
                weather.event(seed)
            for laptop in laptops:
                laptop.kill()
                mend(laptop.proxy)
            return weather.counts + settled(laptops)
    finally:
        server.kill()


def settled(laptops: list[Laptop]) -> Counter[str]:
    """Opens them again, lets them exchange, and compares."""
    opened = [
        Workspace.open(one.folder, passphrase=lambda: PASSPHRASE, cost=CHEAP, device_name=one.folder.name)
        for one in laptops
    ]
    counts: Counter[str] = Counter()
    try:
        for workspace, laptop in zip(opened, laptops, strict=True):
            connection = through(workspace, laptop.proxy)
            asked = count_calls(connection)
            status = Runner(workspace, connection).once()
            connection.close()
            counts["stuck"] += int(
                (status.phase, status.waiting) != (Phase.SYNCED, 0) or asked() > MOST_TRIPS
            )
        for workspace in opened:
            sync(workspace)
        for workspace, laptop in zip(opened, laptops, strict=True):
            stored, placed = workspace.read(own_commits, laptop.device)
            counts["stored"] += laptop.stored
            counts["acknowledged"] += laptop.placed
            counts["lost"] += (
                int(stored < laptop.stored) + int(placed < laptop.placed) + int(stored != placed)
            )
            counts["differs"] += int(
                leaves(workspace) != leaves(opened[0])
                or workspace.read(replica_digests) != opened[0].read(replica_digests)
                or not replays_equal(workspace.database)
            )
    finally:
        for workspace in opened:
            workspace.close()
    return counts


def storms(seeds: range) -> Counter[str]:
    """For `make prove`: each seed on SQLite and on PostgreSQL."""
    counts: Counter[str] = Counter()
    with a_postgres() as postgres:
        for seed in seeds:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                counts += storm(Path(folder), seed)
            with (
                tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
                a_database(postgres) as url,
            ):
                counts += storm(Path(folder), seed, url)
    return counts


def check(counts: Counter[str]) -> None:
    assert {name: counts[name] for name in ("lost", "differs", "stuck")} == {
        "lost": 0,
        "differs": 0,
        "stuck": 0,
    }, counts
    assert counts["acknowledged"] > 30
    assert counts["laptops killed"]
    assert counts["servers killed"]


@pytest.mark.slow
def test_a_storm_over_a_server_on_sqlite(tmp_path: Path) -> None:
    check(storm(tmp_path, 3))


@pytest.mark.slow
def test_a_storm_over_a_server_on_postgresql(tmp_path: Path, url: str) -> None:
    check(storm(tmp_path, 4, url))
