"""A world of replicas in one process: people at their devices, clocks that disagree, and a network that loses things.

Nothing here is random but through the seed, and nothing waits: one step after another, so that a seed is a run.
"""

import hashlib
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clock import Clock
from app.commands import gates, people, projects, tasks
from app.commands.registry import verb_of
from app.commands.stating import Signer
from app.domain.words import Access
from app.storage.delivery import Delivery, Held, Packet
from app.storage.engine import Database
from app.storage.keys import CHEAP, Device
from app.storage.log import decode_body
from app.storage.replica import Taken
from app.storage.transaction import Author, Transaction
from app.workspace import Workspace
from sync.client.look import looked
from sync.core.answer import answer
from sync.core.exchange import Answered, Applied, Apply, Ask, Client, Look, Tell, Unreached, Woken
from sync.core.wire import Head, read, records

HOUR_MS = 3_600_000
YEARS_20_MS = 20 * 365 * 24 * HOUR_MS
START_MS = 1_772_800_000_000
SKEWS_MS = (0, 0, HOUR_MS, -HOUR_MS, YEARS_20_MS, -YEARS_20_MS)
NAMES = "abcd"
A_MESSAGE = 7  # commits at most, so that most exchanges take several

ADA, BEN, CLEO, DAN = b"ada the owner   ", b"ben the engineer", b"cleo the manager", b"dan only reads  "
AT_DEVICE = dict(zip(NAMES, (ADA, BEN, CLEO, DAN), strict=True))
ROLE_OF = {ADA: "QA", BEN: "Ops", CLEO: "Lead", DAN: "QA"}


@cache
def signer(person: bytes, number: int = 0) -> Signer:
    """A person's key; `number` tells keys on further devices apart. The same in every run."""
    secret = int.from_bytes(hashlib.sha256(person + bytes([number])).digest()[:31], "big")
    return Signer(person, ec.derive_private_key(secret, ec.SECP256R1()))


class WorldClock:
    """True time, which moves with every step; each device sees it through its own error."""

    def __init__(self) -> None:
        self.now_ms = START_MS

    def seen_by(self, skew_ms: int, chance: random.Random) -> Clock:
        return Clock(lambda: self.now_ms + skew_ms, chance.randbytes)


@dataclass
class Replica:
    """One device with its workspace. `skew_ms` is how wrong its clock is."""

    name: str
    folder: Path
    skew_ms: int
    clock: Clock
    workspace: Workspace

    @property
    def person(self) -> bytes:
        return AT_DEVICE[self.name]

    @property
    def signer(self) -> Signer:
        """Dan's key is made on his device; the others brought theirs along."""
        return signer(self.person, number=int(self.name == "d"))


@dataclass
class World:
    """All there is in a run. `trace` grows with everything that happens; equal seeds give equal traces."""

    seed: int
    chance: random.Random
    folder: Path
    clock: WorldClock = field(default_factory=WorldClock)
    replicas: list[Replica] = field(default_factory=list)
    network: list[tuple[str, Delivery]] = field(default_factory=list)
    remembered: dict[tuple[str, str], Held] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    signed_content: dict[bytes, Any] = field(default_factory=dict)
    opened: set[bytes] = field(default_factory=set)
    server: Replica | None = None
    saved: Path | None = None  # a backup of the server
    saves: int = 0
    clients: dict[str, Client] = field(default_factory=dict)
    strays: list[Delivery] = field(
        default_factory=list
    )  # requests that may come to the server once more, late
    rogues: set[str] = field(default_factory=set)  # whose own replica takes what it may not do for done
    trace: Any = field(default_factory=hashlib.sha256)

    def note(self, *what: object) -> None:
        self.trace.update(repr(what).encode())

    def replica(self, name: str) -> Replica:
        return next(one for one in self.replicas if one.name == name)

    # -- devices -------------------------------------------------------------------------------------------------

    def add(self, name: str, skew_ms: int, make: Callable[[Path, Clock], Workspace]) -> Replica:
        clock = self.clock.seen_by(skew_ms, random.Random(f"{self.seed}/{name}"))
        folder = self.folder / name
        replica = Replica(name, folder, skew_ms, clock, make(folder, clock))
        replica.workspace.act_as(replica.person)
        self.replicas.append(replica)
        return replica

    def restart(self, replica: Replica) -> None:
        replica.workspace.close()
        replica.workspace = open_workspace(replica.folder, replica.clock)
        replica.workspace.act_as(replica.person)

    def join(self, name: str, host: Replica) -> Replica:
        """A further device is given all that `host` holds; its person makes a key there, which an owner vouches for."""
        delivery = host.workspace.give(Held({}, {}))
        joined = self.add(
            name,
            self.chance.choice(SKEWS_MS),
            lambda folder, clock: Workspace.join(
                folder, delivery, clock=clock, cost=CHEAP, database=database(folder), device_name=name
            ),
        )
        joined.workspace.run(people.add_key, joined.person, joined.signer)
        return joined

    @property
    def everybody(self) -> list[Replica]:
        """The people's devices, and the server where there is one."""
        return self.replicas + ([self.server] if self.server else [])

    def serve(self, folder: Path) -> Replica:
        """A server with a key of its own on what lies in a folder; the one before is gone."""
        if self.server is not None:
            self.server.workspace.close()
        chance = random.Random(f"{self.seed}/{folder.name}")
        clock = self.clock.seen_by(0, chance)
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        device = Device(chance.randbytes(16), "server", private)
        workspace = Workspace.mirror(
            folder, self.replicas[0].workspace.id, device, clock=clock, database=database(folder)
        )
        self.server = Replica("s", folder, 0, clock, workspace)
        return self.server

    def close(self) -> None:
        for replica in self.everybody:
            replica.workspace.close()

    # -- the network ---------------------------------------------------------------------------------------------

    def post(self, giver: Replica, taker: Replica) -> None:
        """Sends what the taker lacked when it was last asked: some of it lost, some twice, some out of order."""
        pair = (giver.name, taker.name)
        if pair not in self.remembered or self.chance.random() < 0.7:
            self.remembered[pair] = taker.workspace.held()
        delivery = giver.workspace.give(self.remembered[pair])
        self.network.append((taker.name, self._damaged(delivery)))

    def _damaged(self, delivery: Delivery) -> Delivery:
        packets, receipts = list(delivery.packets), list(delivery.receipts)
        if packets and self.chance.random() < 0.2:
            author = decode_body(packets[-1].body).device
            packets = [one for one in packets if decode_body(one.body).device == author]
        if self.chance.random() < 0.3:
            packets = [one for one in packets if self.chance.random() < 0.7]
            receipts = [one for one in receipts if self.chance.random() < 0.7]
        if self.chance.random() < 0.3:
            packets += [self.chance.choice(packets) for _ in packets[:5]]
        if self.chance.random() < 0.3:
            self.chance.shuffle(packets)
        return Delivery(tuple(packets), tuple(receipts))

    def deliver_some(self) -> None:
        while self.network and self.chance.random() < 0.7:
            name, delivery = self.network.pop(self.chance.randrange(len(self.network)))
            if self.chance.random() < 0.1:
                self.counts["delivery lost"] += 1
                continue
            if self.chance.random() < 0.1:
                self.network.append((name, delivery))
            taker = next(one for one in self.everybody if one.name == name)
            self.take(taker, delivery)

    def take(self, replica: Replica, delivery: Delivery) -> Taken:
        """As bytes: what one replica makes of a delivery, another reads."""
        head = Head(replica.workspace.id, replica.workspace.device.id, Held({}, {}))
        _head, arrived = read(records(head, delivery))
        taken = replica.workspace.take(arrived)
        self.note(replica.name, taken.taken, taken.waiting, len(taken.refused), taken.forged)
        self.counts["commit put aside for a gap"] += taken.waiting
        self.counts["commit refused by the rules"] += len(taken.refused)
        self.counts["acceptance turned"] += len(taken.reversed)
        return taken

    # -- with the server -----------------------------------------------------------------------------------------

    def sync(self, replica: Replica, loss: float = 0.0) -> int:
        """A client's exchange with the server until it rests; returns how often it asked. Either way may be lost."""
        client = self.clients.setdefault(replica.name, Client(self.chance.random))
        effects, asked = client.step(Woken()), 0
        while effects:
            effect = effects.pop(0)
            if isinstance(effect, Look):
                effects += client.step(looked(replica.workspace, effect, A_MESSAGE))
            elif isinstance(effect, Ask):
                asked += 1
                effects += client.step(self._asked(replica, effect, loss))
            elif isinstance(effect, Apply):
                taken = self.take(replica, effect.delivery)
                effects += client.step(Applied(taken.news))
            elif isinstance(effect, Tell):
                self.note(replica.name, effect.status.phase.value, effect.status.waiting)
        return asked

    def _asked(self, replica: Replica, ask: Ask, loss: float) -> Answered | Unreached:
        """The server's answer; what was asked may be lost, come twice, or be done while its answer is lost."""
        assert self.server is not None
        server = self.server.workspace
        if self.chance.random() < loss:
            self.counts["request lost"] += 1
            return Unreached(self.clock.now_ms)
        head = Head(server.id, replica.workspace.device.id, ask.held)
        _head, arrived = read(records(head, ask.delivery))
        taken = server.take(arrived)
        held, delivery = answer(server, ask.held, A_MESSAGE)
        if self.chance.random() < loss:
            self.strays.append(arrived)
        if self.strays and self.chance.random() < loss:
            self.take(self.server, self.strays.pop(self.chance.randrange(len(self.strays))))
        self.note("s", taken.taken, taken.waiting, len(taken.refused))
        if self.chance.random() < loss:
            self.counts["answer lost"] += 1
            return Unreached(self.clock.now_ms)
        return Answered(held, delivery, self.clock.now_ms)

    def heal(self, names: str = f"{NAMES}s") -> None:
        """Everybody (of these) tells everybody everything, until nobody learns anything new."""
        here = [one for one in self.everybody if one.name in names]
        for _ in range(8):
            news = 0
            for giver in here:
                for taker in here:
                    if giver is not taker:
                        taken = self.take(taker, giver.workspace.give(taker.workspace.held()))
                        news += taken.news
            if not news:
                return
        raise AssertionError("the replicas never came to rest")

    # -- going round the rules -----------------------------------------------------------------------------------

    def force(
        self, replica: Replica, command: Callable[..., Any], *args: Any, verb: int | None = None
    ) -> None:
        """Runs a command without asking whether the person may: a program that leaves the check out."""
        workspace = replica.workspace
        self.rogues.add(replica.name)
        author = Author(replica.person, workspace.device)
        with workspace.database.transaction() as writer:
            tx = Transaction(writer, author, workspace.clock, workspace._workspace_id(writer))
            tx.verb = verb_of(command).number if verb is None else verb
            command(tx, *args)
            tx.seal()

    def own_commits(self, replica: Replica) -> list[Packet]:
        """The commits that a device made itself, oldest first."""
        device = replica.workspace.device.id
        held = Held(
            {key: upto for key, upto in replica.workspace.held().commits.items() if key[1] != device}, {}
        )
        return list(replica.workspace.give(held).packets)


# -- beginning -----------------------------------------------------------------------------------------------------


def database(folder: Path) -> Database:
    """In exclusive mode with one connection, and without syncing: what a disk does is tested elsewhere."""
    return Database(folder / "launchbook.db", exclusive=True, pragmas=("synchronous=off",))


def open_workspace(folder: Path, clock: Clock) -> Workspace:
    return Workspace.open(folder, clock=clock, cost=CHEAP, database=database(folder))


@cache
def begun() -> tempfile.TemporaryDirectory[str]:
    """Three devices that hold the same workspace: people with their keys, a plan with a gate. Made once a process."""
    home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    world = World(0, random.Random(0), Path(home.name))
    world.add("a", 0, open_workspace)
    world.replica("a").workspace.act_as(None)
    _invite(world.replica("a").workspace)
    _plan(world.replica("a").workspace)
    for name in "bc":
        world.join(name, world.replica("a"))
    world.heal()
    world.close()
    return home


def _invite(workspace: Workspace) -> None:
    owner = signer(ADA)
    workspace.run(people.add_person, "Ada", "ada", own=owner, id=ADA, roles=("QA", "Lead"))
    workspace.act_as(ADA)
    for person, access, roles in (
        (BEN, Access.EDITOR, ("Ops",)),
        (CLEO, Access.MANAGER, ("Lead", "QA", "Ops")),
        (DAN, Access.READER, ("QA",)),
    ):
        name = person.split()[0].decode()
        own = signer(person)
        workspace.run(
            people.add_person, name, name, signer=owner, own=own, id=person, access=access, roles=roles
        )


def _plan(workspace: Workspace) -> None:
    project = workspace.run(projects.create_project, "Cutover").result
    stage = workspace.run(projects.add_stage, project, "Load").result
    for title in ("Stop the interfaces", "Load the balances"):
        values = {"requires": "comment", "minutes": 30}
        task = workspace.run(tasks.add_task, project, title, stage=stage, values=values).result
        workspace.run(tasks.add_check, task, "Totals agree")
    gate = workspace.run(gates.add_gate, project, "Go", stage=stage, roles=("QA", "Ops")).result
    workspace.run(gates.add_criterion, gate, "No open incident")


def new_world(seed: int, folder: Path) -> World:
    """Two to four devices that begin with the same workspace; the fourth may join later."""
    chance = random.Random(seed)
    world = World(seed, chance, folder)
    world.clock.now_ms += HOUR_MS
    for name in NAMES[: chance.choice((2, 3, 3))]:
        shutil.copytree(Path(begun().name) / name, folder / name)
        world.add(name, chance.choice(SKEWS_MS), open_workspace)
    return world


@contextmanager
def world_of(seed: int, names: str = NAMES[:1]) -> Iterator[World]:
    """Some of the three devices that begin with the same workspace, at the right time."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        world = World(seed, random.Random(seed), Path(home))
        for name in names:
            shutil.copytree(Path(begun().name) / name, world.folder / name)
            world.add(name, 0, open_workspace)
        try:
            yield world
        finally:
            world.close()
