"""The other side of an exchange: a server's or a relay's answer to one message, whatever carried it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from app.storage.delivery import Delivery, Held
from app.storage.replica import Taken
from sync.core.wire import Head

MOST_COMMITS = 500  # in one message; a larger gap takes several, each of which is kept


class Replica(Protocol):
    """What an exchange needs of a workspace."""

    def held(self) -> Held: ...

    def give(
        self, theirs: Held, logs: Collection[bytes] | None = None, most_commits: int | None = None
    ) -> Delivery: ...

    def take(self, delivery: Delivery) -> Taken: ...


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, and what came of what was asked with."""

    held: Held
    delivery: Delivery
    taken: Taken


def answer(
    replica: Replica,
    asked: Head,
    delivery: Delivery,
    logs: Collection[bytes] | None = None,
    most_commits: int = MOST_COMMITS,
) -> Given:
    """Takes in what came and gives what the asking side lacks, of the logs it may read (None: all)."""
    taken = replica.take(delivery)
    held = replica.held()
    if logs is not None:
        held = Held(
            {chain: upto for chain, upto in held.commits.items() if chain[0] in logs},
            {tree: size for tree, size in held.leaves.items() if tree[0] in logs},
        )
    return Given(held, replica.give(asked.held, logs, most_commits), taken)
