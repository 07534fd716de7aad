"""A laptop without a window, as a process of its own: edits, exchanges, says what it holds and what was given a place."""

import json
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx

from app.commands import tasks
from app.storage.engine import Reader
from app.storage.keys import CHEAP
from app.workspace import Workspace
from sync.client.connection import Connection
from sync.client.place import load_place
from sync.client.runner import Runner
from tests.factories import PASSPHRASE

_REST_S = 0.02  # fifty edits a second: nobody types faster
_IMPATIENT_S = 1.0  # a line that is only half open is given up soon


def own_commits(reader: Reader, device: bytes) -> tuple[int, int]:
    """How many commits of a device are here, and how many of them have a place."""
    row = reader.row(
        "SELECT count(*), count(l.hash) FROM entry e LEFT JOIN standing_leaf l ON l.hash = e.hash WHERE e.device = ?",
        (device,),
    )
    return row or (0, 0)


def main(folder: str, url: str, seed: str) -> None:
    workspace = Workspace.open(Path(folder), passphrase=lambda: PASSPHRASE, cost=CHEAP)
    workspace.act_as(workspace.default_person())
    place = load_place(workspace.folder)
    assert place is not None
    connection = Connection(replace(place, url=url), workspace.id, workspace.device, workspace.clock)
    connection._http = httpx.Client(base_url=url, timeout=_IMPATIENT_S)
    runner, chance = Runner(workspace, connection), random.Random(seed)
    known = [
        task for (task,) in workspace.read(lambda reader: reader.rows("SELECT id FROM task ORDER BY id"))
    ]
    while True:
        workspace.run(tasks.set_task, chance.choice(known), {"minutes": chance.randint(1, 900)})
        if chance.random() < 0.4:
            runner.once()
        stored, placed = workspace.read(own_commits, workspace.device.id)
        sys.stdout.write(json.dumps([stored, placed]) + "\n")
        sys.stdout.flush()
        time.sleep(_REST_S)


if __name__ == "__main__":
    main(*sys.argv[1:])
