"""Makes the golden log of a release: python -m tests.vectors.make_log NUMBER. A log that was released is never made again.

Two laptops and a server live through every act there is, apart and together; what they hold is written as
`launchbook sync --to` writes it, and beside it what every later version must make of it.
"""

import json
import random
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clock import Clock
from app.codec import pack
from app.commands import founding, people
from app.commands.devices import take_out_device
from app.commands.redacting import redact, redact_person, set_hold
from app.errors import Refused
from app.storage.delivery import Held
from app.storage.engine import Reader
from app.storage.keys import CHEAP, Device
from app.storage.log import decode_body
from app.storage.proofs import root_of, tree_of
from app.storage.rebuild import replica_digests, values_of
from app.workspace import Workspace
from sync import stick
from tests.storage import acts
from tests.storage.night import begin

FOLDER = Path(__file__).parent
MOST_TRIES = 400  # of acts that find nothing to do yet


def clock(seed: str) -> Clock:
    chance, now = random.Random(seed), [1_796_000_000_000]

    def tick() -> int:
        now[0] += chance.randint(1, 90_000)
        return now[0]

    return Clock(tick, chance.randbytes)


def live(workspace: Workspace, chance: random.Random, wanted: list[acts.Act]) -> None:
    """Every act once, in an order of chance; one that finds nothing to do waits for the others."""
    todo = chance.sample(wanted, len(wanted))
    for _ in range(MOST_TRIES):
        if not todo:
            return
        act = todo.pop(0)
        if not _done(act, workspace, chance):
            todo.append(act)
            _done(chance.choice(acts.ACTS), workspace, chance)
    sys.stderr.write(f"not done: {[one.__name__ for one in todo]}\n")


def _done(act: acts.Act, workspace: Workspace, chance: random.Random) -> bool:
    try:
        return act(workspace, chance).changes is not None
    except Refused:
        return False


def forget(workspace: Workspace, device: bytes, chance: random.Random) -> None:
    """A note is erased, a person is, a hold came and went, and a device is taken out."""
    owner = acts.signer(acts.ADA)
    noted = acts.add_note(workspace, chance).changes
    assert noted is not None
    workspace.run(redact, noted.action, signer=owner)
    project = acts.any_of(workspace, chance, acts.PROJECT)
    workspace.run(set_hold, project, "Audit")
    workspace.run(set_hold, project, "")
    workspace.run(redact_person, acts.BEN, signer=owner)
    workspace.run(take_out_device, device, signer=owner)


def meet(*replicas: Workspace) -> None:
    for _ in range(2):
        for one in replicas:
            for other in replicas:
                other.take(one.give(other.held()))


def state_of(reader: Reader) -> dict[str, Any]:
    """What every version must come to: digests, trees, and the rows that it knows."""
    trees = reader.rows("SELECT log, epoch FROM tree ORDER BY log, epoch")
    commits = [decode_body(body) for (body,) in reader.rows("SELECT body FROM entry WHERE accepted = 1")]
    return {
        "digests": {log.hex(): digest.hex() for log, digest in replica_digests(reader).items()},
        "trees": [_tree(reader, log, epoch) for log, epoch in trees],
        "commits": len(commits),
        "verbs": sorted({one.verb for one in commits}),
        "live rows": {table: len(rows) for table, rows in values_of(reader).items()},
        "statements": [
            list(row) for row in reader.rows("SELECT kind, counts, count(*) FROM statement GROUP BY 1, 2")
        ],
        "texts": sha256(pack([list(one) for one in reader.rows(_TEXTS)])).hexdigest(),
    }


_TEXTS = "SELECT id, text FROM evidence UNION ALL SELECT id, name FROM person ORDER BY 1"


def _tree(reader: Reader, log: bytes, epoch: int) -> list[Any]:
    size, frontier = tree_of(reader, log, epoch)
    return [log.hex(), epoch, size, root_of(frontier).hex()]


def main(number: str) -> None:
    file = FOLDER / f"log-{number}.stick"
    if file.exists():
        raise SystemExit(f"{file.name} is there already, and stays as it is.")
    with tempfile.TemporaryDirectory() as name:
        folder, chance = Path(name), random.Random(number)
        ada = Workspace.open(folder / "ada", clock=clock("ada"), cost=CHEAP, passphrase=lambda: "x" * 12)
        begin(ada)
        live(ada, chance, list(acts.ACTS))
        ben = Workspace.join(
            folder / "ben",
            ada.give(Held({}, {})),
            clock=clock("ben"),
            cost=CHEAP,
            passphrase=lambda: "x" * 12,
        )
        ben.run(people.add_key, acts.ADA, acts.signer(acts.ADA))
        ben.act_as(acts.ADA)
        meet(ada, ben)
        for one in (ada, ben):
            live(one, chance, chance.sample(list(acts.ACTS), 25))
        meet(ada, ben)
        key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        device = Device(bytes(range(16)), "server", key)
        server = Workspace.mirror(folder / "server", ada.id, device, clock=clock("server"))
        ada.run(founding.hand_over_order, acts.signer(acts.ADA), device.id, "server", device.public)
        meet(ada, ben, server)
        forget(ada, ben.device.id, chance)
        meet(ada, ben, server)
        stick.write(server, file)
        state = server.read(state_of)
        for one in (ada, ben, server):
            one.close()
    file.with_suffix(".json").write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
