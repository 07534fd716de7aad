"""How much memory an exchange with a server adds to a client that holds a plan: in a process of its own, on a real server."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from app.queries.checklist import checklist
from app.queries.facts import main_run
from app.storage.keys import CHEAP
from app.workspace import Workspace
from sync.client import sharing
from sync.client.runner import Runner
from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground
from tests.factories import PASSPHRASE
from tests.sync.serving import a_server

GOAL_MB = 100.0  # SYNC 6
_PIN = "4711"


def memory(ground: Ground) -> Iterator[Figure]:
    """Growth over the sizes: what the exchange itself takes does not depend on the plan, what it reads may."""
    for size in ground.sizes:
        folder = ground.place("memory")
        workspace = ground.plan(size).team.workspace
        with a_server(folder) as server:
            signer = workspace.signer(workspace.person or b"", _pin(workspace))
            sharing.share(workspace, signer, server.address)
            held, added = _of_client(workspace.folder)
        (workspace.folder / "server.json").unlink()
        goal = ("goal of 100 MB", Sample([GOAL_MB]))
        yield Figure("memory", "added by an exchange", size, "MB", Sample([added]), *goal, goal_ratio=1.0)
        yield Figure(
            "memory", "held before it", size, "MB", Sample([held]), "goal of 100 MB", Sample([GOAL_MB])
        )


def _pin(workspace: Workspace) -> str:
    from tests.factories import PINS

    handle = workspace.read(
        lambda reader: reader.value("SELECT handle FROM person WHERE id = ?", (workspace.person,))
    )
    return PINS.get(handle, _PIN)


def _of_client(folder: Path) -> tuple[float, float]:
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.memory", str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    )
    held, added = json.loads(made.stdout.splitlines()[-1])
    return float(held), float(added)


def resident_mb() -> float:
    """Of this process, where the system says so in /proc."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(folder: str) -> None:
    """Opens the workspace, reads its largest list, then exchanges until both sides know the same."""
    workspace = Workspace.open(Path(folder), passphrase=lambda: PASSPHRASE, cost=CHEAP)
    project = workspace.read(lambda reader: bytes(reader.value("SELECT min(id) FROM project")))
    run = workspace.read(main_run, project)
    workspace.read(checklist, project, run, "en", workspace.clock.now_ms())
    before = resident_mb()
    connection = sharing.connect(workspace)
    Runner(workspace, connection).once()
    after = resident_mb()
    connection.close()
    workspace.close()
    sys.stdout.write(json.dumps([before, after - before]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
