"""A simulated month in which laptops of several versions work on one plan, and are upgraded one after another.

Seen from version 3 these are N-3 to N+1.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.versions.trees import Laptop, version

NEWEST = 4
STARTS = (0, 2, 4)
DAYS, ACTS_A_DAY = 30, 4


@dataclass
class Month:
    """Each day some laptop does something, sticks are carried, and now and then somebody upgrades."""

    folder: Path
    trees: Path
    chance: random.Random
    plant: str = ""
    days: int = DAYS
    laptops: list[Laptop] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _sticks: int = 0

    def begin(self) -> None:
        for number, later in enumerate(STARTS):
            laptop = Laptop(version(self.trees, later), self.folder / str(number), self.plant)
            self.laptops.append(laptop)
            self.versions.append(later)
            if number:
                self.carry(0, number)
            else:
                project = laptop.run("projects:create_project", "Cutover")
                for title in ("Freeze", "Load", "Open"):
                    laptop.run("tasks:add_task", project, title)

    def live(self) -> None:
        for day in range(self.days):
            for _act in range(ACTS_A_DAY):
                self.act(self.chance.randrange(len(self.laptops)))
            for _stick in range(2):
                giver, taker = self.chance.sample(range(len(self.laptops)), 2)
                self.carry(giver, taker)
            if day and day % 7 == 0:
                self.upgrade(self.chance.randrange(len(self.laptops)))

    def act(self, number: int) -> None:
        laptop, later = self.laptops[number], self.versions[number]
        tasks = [task for (task,) in laptop.rows("SELECT id FROM task WHERE alive ORDER BY id")]
        k = self.chance.randint(1, later) if later else 0
        word = f"said on {self.counts['acts']}"
        choices: list[tuple[str, tuple[Any, ...]]] = [
            ("tasks:set_task", ({"minutes": self.chance.randint(1, 900)},)),
            ("tasks:set_task", ({"title": word},)),
            ("tasks:delete_task", ()),
        ]
        if k:
            choices = [
                *choices[:2],
                ("tasks:set_task", ({f"extra_{k}": self.chance.randint(1, 900)},)),
                ("tasks:set_task", ({f"note_{k}": word},)),
                ("tasks:set_task", ({f"caption_{k}": word},)),
                (f"later:stick_{k}", (word,)),
                (f"later:mark_{k}", (self.chance.randint(1, 900),)),
            ]
        command, args = self.chance.choice(choices)
        if not tasks or (command == "tasks:delete_task" and len(tasks) < 3):
            return
        laptop.run(command, self.chance.choice(tasks), *args)
        self.counts["acts"] += 1
        self.counts["later" if k else "plain"] += 1
        if self.chance.random() < 0.15:
            laptop.ask("undo")
            self.counts["undone"] += 1

    def carry(self, giver: int, taker: int) -> None:
        self._sticks += 1
        file = str(self.folder / f"{self._sticks}.stick")
        self.laptops[giver].ask("to_stick", file)
        _waiting, forged = self.laptops[taker].ask("from_stick", file)
        self.counts["forged"] += len(forged)

    def upgrade(self, number: int, to: int | None = None) -> None:
        if self.versions[number] < NEWEST:
            self.versions[number] = to or self.versions[number] + 1
            self.laptops[number].upgrade(version(self.trees, self.versions[number]))
            self.counts["upgraded"] += 1

    def end(self) -> None:
        """Everybody gets everything, at whatever version; then all are upgraded, and one begins anew from the log."""
        done = {tuple(one[:2]): one[2] for laptop in self.laptops for one in laptop.ask("chains")}
        for laptop in self.laptops:
            for log, device, upto in laptop.ask("chains"):
                done[log, device] = max(upto, done[log, device])
        for _round in range(2):
            for number in range(len(self.laptops)):
                self.carry(number, (number + 1) % len(self.laptops))
        for number, laptop in enumerate(self.laptops):
            self.upgrade(number, NEWEST)
            if {tuple(one[:2]): one[2] for one in laptop.ask("chains")} != done:
                self.counts["lost"] += 1
        fresh = Laptop(version(self.trees, NEWEST), self.folder / "fresh")
        self.laptops.append(fresh)
        self.versions.append(NEWEST)
        self.carry(0, len(self.laptops) - 1)
        self.carry(len(self.laptops) - 1, 0)
        for number in range(1, len(self.laptops) - 1):
            self.carry(0, number)
        told = fresh.ask("state")
        for laptop in self.laptops:
            self.counts["differs"] += laptop.ask("state") != told
            self.counts["does not verify"] += bool(laptop.ask("verify"))
        self.counts["texts"] += len(told["detached"])
        self.counts["stickers"] += sum(len(told[f"sticker_{k}"]) for k in range(1, NEWEST + 1))
        self.counts["conflicts"] += len(told["conflict"])

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.close()


@contextmanager
def a_month(trees: Path, seed: int, plant: str = "", days: int = DAYS) -> Iterator[Month]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Month(Path(folder), trees, random.Random(seed), plant, days)
        try:
            yield made
        finally:
            made.close()


def live_months(seeds: range) -> Counter[str]:
    """For `make prove`."""
    counts: Counter[str] = Counter()
    with TemporaryDirectory(ignore_cleanup_errors=True) as trees:
        for seed in seeds:
            counts += lived(Path(trees), seed)
    return counts


def lived(trees: Path, seed: int, plant: str = "", days: int = DAYS) -> Counter[str]:
    """What came of one month."""
    with a_month(trees, seed, plant, days) as month:
        month.begin()
        month.live()
        month.end()
        return month.counts
