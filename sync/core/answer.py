"""The other side of an exchange: what a server or a relay answers once it took in what came, whatever carried it."""

from collections.abc import Collection
from typing import Protocol

from app.storage.delivery import Delivery, Held

MOST_COMMITS = 500  # in one message; a larger gap takes several, each of which is kept


class Replica(Protocol):
    """What an answer needs of a workspace."""

    def held(self) -> Held: ...

    def give(
        self, theirs: Held, logs: Collection[bytes] | None = None, most_commits: int | None = None
    ) -> Delivery: ...


def answer(replica: Replica, theirs: Held, most_commits: int = MOST_COMMITS) -> tuple[Held, Delivery]:
    """What is held here, and what the asking side lacks of it."""
    return replica.held(), replica.give(theirs, None, most_commits)
