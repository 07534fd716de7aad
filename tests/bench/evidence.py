"""A file of evidence over a line that breaks every 10 MB: what goes twice, and how fast it is beside a copy on the disk."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from app.commands import runs
from app.workspace import Workspace
from sync.client.carrying import Carrier
from sync.client.connection import Connection
from sync.client.place import load_place
from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground
from tests.bench.servers import exchange
from tests.sync.serving import Proxy, a_server
from tests.sync.team import Team, shared

_MEGABYTE = 1 << 20
WHOLE, TRY = 1024, 32  # megabytes
BREAKS_AFTER = 10 * _MEGABYTE
GOAL = 1.0  # percent of the file that may go twice, SYNC 6


def evidence(ground: Ground) -> Iterator[Figure]:
    size = (WHOLE if ground.rounds > 2 else TRY) * _MEGABYTE
    folder = ground.place("evidence")
    with a_server(folder) as server, shared(folder, server) as team:
        ben = team.join(team.invite())
        copied = _attached(team, folder, size)
        for what, workspace in (("sent", team.ada), ("fetched", ben)):
            ms, twice = _carried(workspace, server.port, size, what)
            mbyte = Sample([ms * _MEGABYTE / size])
            yield Figure(
                "evidence", f"{what}, twice on the line", 0, "%", Sample([twice]), "goal of 1 %", _goal(), 1.0
            )
            yield Figure("evidence", f"{what}, 1 MiB", 0, "ms", mbyte, "copied on the disk", copied)


def _goal() -> Sample:
    return Sample([GOAL])


def _attached(team: Team, folder: Path, size: int) -> Sample:
    path, chance = folder / "evidence.bin", Random(size)
    with path.open("wb") as file:
        for _part in range(size // _MEGABYTE):
            file.write(chance.randbytes(_MEGABYTE))
    begun = time.perf_counter()
    shutil.copyfile(path, folder / "copy.bin")
    took = (time.perf_counter() - begun) * 1000
    kept = team.ada.files.keep(path)
    task, run = team.ada.read(lambda reader: reader.rows("SELECT t.id, r.id FROM task t, run r LIMIT 1"))[0]
    team.ada.run(runs.attach_file, run, task, kept.sha256, kept.size, kept.name)
    exchange(team.ada)
    return Sample([took * _MEGABYTE / size])


def _carried(workspace: Workspace, port: int, size: int, what: str) -> tuple[float, float]:
    """Milliseconds, and how much more than the file went over the line, in percent of it."""
    exchange(workspace)
    proxy = Proxy(port)
    proxy.cut_up_after = proxy.cut_after = BREAKS_AFTER
    place = load_place(workspace.folder)
    assert place is not None
    through = replace(place, url=f"http://127.0.0.1:{proxy.port}")
    connection = Connection(through, workspace.id, workspace.device, workspace.clock)
    begun = time.perf_counter()
    done = Carrier(workspace, connection).once()
    took = (time.perf_counter() - begun) * 1000
    connection.close()
    proxy.close()
    if (done.sent if what == "sent" else done.fetched) != 1:
        raise AssertionError("the file did not arrive")
    return took, (proxy.passed - size) * 100 / size
