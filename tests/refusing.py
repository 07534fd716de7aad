"""Two replicas of which one gives the order and refuses what the other does without access."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from app.clock import Clock
from app.commands import people, projects, tasks
from app.domain.words import Access
from app.queries.rejected import rejected
from app.storage.delivery import Held
from app.storage.keys import CHEAP
from app.workspace import Done, Workspace
from tests.storage.acts import ADA, BEN, signer

PASSPHRASE = "correct horse battery"


@dataclass
class Two:
    """Ada gives the order; Ben reads, and his program leaves the check of his access out while it is `bold`."""

    ada: Workspace
    ben: Workspace
    project: bytes
    task: bytes

    def exchange(self) -> None:
        self.ada.take(self.ben.give(self.ada.held()))
        self.ben.take(self.ada.give(self.ben.held()))

    def give_access(self, level: Access) -> None:
        self.ada.run(people.set_access, BEN, level, signer=signer(ADA))
        self.exchange()

    def refused(self) -> list[bytes]:
        """Ben's, in the order he did them."""
        return [one.action for one in reversed(self.ben.read(rejected, self.ben.device.id))]

    def minutes(self, workspace: Workspace) -> int:
        return int(
            workspace.read(lambda reader: reader.value("SELECT minutes FROM task WHERE id = ?", (self.task,)))
        )

    @contextmanager
    def bold(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("app.storage.authority.access_of", lambda *_what: Access.OWNER)
            yield

    def boldly(self, minutes: int, **more: Any) -> Done:
        """Ben changes the task."""
        with self.bold():
            return self.ben.run(tasks.set_task, self.task, {"minutes": minutes}, **more)


@contextmanager
def two_in(folder: Path, kind: type[Workspace] = Workspace, *, seed: int | None = None) -> Iterator[Two]:
    """`kind` is what Ben's workspace is opened as; with a seed time and ids are the same each time."""
    ada = Workspace.open(folder / "ada", cost=CHEAP, passphrase=lambda: PASSPHRASE, clock=_clock(seed, "ada"))
    ada.run(people.add_person, "Ada", "ada", own=signer(ADA), id=ADA, roles=("QA",))
    ada.act_as(ADA)
    ada.run(people.add_person, "Ben", "ben", signer=signer(ADA), id=BEN, access=Access.READER, roles=("QA",))
    project = ada.run(projects.create_project, "Cutover").result
    ada.run(projects.add_stage, project, "Freeze")
    task = ada.run(tasks.add_task, project, "Load the balances", values={"minutes": 10}).result
    delivery = ada.give(Held({}, {}))
    ben = kind.join(
        folder / "ben", delivery, cost=CHEAP, passphrase=lambda: PASSPHRASE, clock=_clock(seed, "ben")
    )
    ben.run(people.add_key, BEN, signer(BEN))
    ben.act_as(BEN)
    made = Two(ada, ben, project, task)
    for _round in range(2):
        made.exchange()
    try:
        yield made
    finally:
        for workspace in (ada, ben):
            workspace.close()


def _clock(seed: int | None, name: str) -> Clock | None:
    if seed is None:
        return None
    ticks = count(1_772_800_000_000, 250)
    return Clock(lambda: next(ticks), random.Random(f"{seed} {name}").randbytes)
