"""Four laptops and a server that share a workspace, in one process: what the access table and the attacks begin with."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from app.clock import Clock
from app.commands import founding, people, projects
from app.commands.stating import Signer
from app.storage.crypto import sign_as_person
from app.storage.delivery import Held
from app.storage.keys import CHEAP, Device, KeyStore
from app.workspace import KEYS, Workspace
from sync.core.answer import Sight, answer
from sync.core.exchange import Answered, Ask, Denied, Unreached
from sync.core.sessions import Knock, Token, signed_by_invitation
from sync.server import admitting
from tests.simulation.world import (
    ADA,
    BEN,
    CLEO,
    DAN,
    HOUR_MS,
    Replica,
    World,
    begun,
    database,
    open_workspace,
    signer,
)

PERSONS = {"a": ADA, "b": BEN, "c": CLEO, "d": DAN, "x": b"xenia is invited", "y": b"yuri comes along"}
CHALLENGE = bytes(16)


class Away(Exception):
    """The server does not let the device in."""


@dataclass
class Laptop(Replica):
    """A device whose person may be anybody."""

    team: "Team"

    @property
    def person(self) -> bytes:
        return self.team.persons[self.name]


@dataclass
class Team(World):
    """The laptops of one story and their server; who is offline exchanges nothing. skews: how wrong a clock is."""

    offline: set[str] = field(default_factory=set)
    skews: dict[str, int] = field(default_factory=dict)
    invitations: dict[str, Signer] = field(default_factory=dict)
    persons: dict[str, bytes] = field(default_factory=lambda: dict(PERSONS))
    keys: dict[str, Signer] = field(
        default_factory=lambda: {name: signer(who, int(name == "d")) for name, who in PERSONS.items()}
    )
    grants: dict[str, bytes] = field(default_factory=dict)

    def clock_of(self, name: str) -> Clock:
        chance = random.Random(f"{name} at {self.clock.now_ms}")
        return Clock(lambda: self.clock.now_ms + self.skews.get(name, 0), chance.randbytes)

    def open(self, name: str) -> Replica:
        clock = self.clock_of(name)
        workspace = open_workspace(self.folder / name, clock)
        workspace.act_as(self.persons[name])
        self.replicas.append(Laptop(name, self.folder / name, 0, clock, workspace, self))
        return self.replicas[-1]

    @property
    def at_server(self) -> Workspace:
        assert self.server is not None
        return self.server.workspace

    def sight(self, name: str) -> Sight | None:
        """What the server tells a laptop now."""
        workspace = self.replica(name).workspace
        token = Token(
            workspace.id, workspace.device.id, workspace.device.public, self.grants.get(name, b""), 0
        )
        return self.at_server.read(admitting.sight_of, token)

    def _asked(self, replica: Replica, ask: Ask, loss: float) -> Answered | Unreached | Denied:  # type: ignore[override]
        assert self.server is not None
        if self.sight(replica.name) is None:
            return Denied("no access", self.clock.now_ms)
        self.take(self.server, ask.delivery)
        sight = self.sight(replica.name) or Sight(replica.workspace.device.id, frozenset())
        return Answered(*answer(self.at_server, ask.held, sight=sight), self.clock.now_ms)

    def exchange(self, name: str) -> None:
        if name not in self.offline:
            self.sync(self.replica(name))

    # -- who comes along -----------------------------------------------------------------------------------------

    def by_stick(self, name: str, giver: str) -> Replica:
        """A new laptop is given everything somebody holds."""
        return self._begin(name, self.replica(giver).workspace.give(Held({}, {})))

    def _begin(self, name: str, delivery: object) -> Replica:
        folder = self.folder / name
        Workspace.join(
            *(folder, delivery),  # type: ignore[arg-type]
            clock=self.clock_of(name),
            cost=CHEAP,
            database=database(folder),
            device_name=name,
        ).close()
        return self.open(name)

    def bring_along(self, name: str, whose: str) -> Replica:
        """A further laptop of somebody's: an owner gives it everything, and vouches for the key that is made there."""
        self.persons[name] = person = self.persons[whose]
        self.keys[name] = signer(person, number=ord(name))
        ada, replica = self.replica("a").workspace, self.by_stick(name, "a")
        replica.workspace.run(people.add_key, person, self.keys[name])
        ada.take(replica.workspace.give(ada.held()))
        ada.run(people.vouch, person, signer=signer(ADA))
        replica.workspace.take(ada.give(replica.workspace.held()))
        return replica

    def knock(self, name: str, invitation: str) -> Replica:
        """A new laptop at the server's door with an invitation; it is given what that person may read. Raises Away."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        device = KeyStore(folder / KEYS, self.clock_of(name), lambda: None, CHEAP).device(name)
        person = self.at_server.read(
            admitting.invited, self._knock(device, self.invitations[invitation]), self._key, self.clock.now_ms
        )
        if person is None:
            raise Away
        self.persons[name], self.grants[name] = person, person
        token = Token(self.at_server.id, device.id, device.public, person, 0)
        sight = self.at_server.read(admitting.sight_of, token)
        return self._begin(name, answer(self.at_server, Held({}, {}), 10_000, sight)[1])

    @property
    def _key(self) -> bytes:
        return self.at_server.device.public

    def _knock(self, device: Device, invitation: Signer) -> Knock:
        message = signed_by_invitation(self._key, self.at_server.id, device.public, CHALLENGE)
        grant = (invitation.key, sign_as_person(invitation.private, message))
        return Knock(self.at_server.id, device.id, device.public, CHALLENGE, b"", grant)


@cache
def _shared() -> tempfile.TemporaryDirectory[str]:
    """Ada's, Ben's, Cleo's and Dan's laptops and a server, all of which hold the same. Made once a process."""
    home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    team = Team(0, random.Random(0), Path(home.name))
    team.clock.now_ms += HOUR_MS
    for name in "abc":
        shutil.copytree(Path(begun().name) / name, team.folder / name)
        team.open(name)
    ada = team.replica("a").workspace
    ada.run(projects.create_project, "Other")
    team.bring_along("d", "d")
    server = team.serve(team.folder / "s").workspace
    ada.run(founding.hand_over_order, signer(ADA), server.device.id, "server", server.device.public)
    server.take(ada.give(server.held()))
    for name in "abcdabcd":
        team.exchange(name)
    team.close()
    return home


@contextmanager
def team_of(names: str) -> Iterator[Team]:
    """Some of the four, and the server."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        team = Team(0, random.Random(1), Path(home))
        team.clock.now_ms += 2 * HOUR_MS
        team.keys["d"] = signer(DAN, number=ord("d"))
        for name in (*names, "s"):
            shutil.copytree(Path(_shared().name) / name, team.folder / name)
            if name != "s":
                team.open(name)
        team.serve(team.folder / "s")
        try:
            yield team
        finally:
            team.close()
