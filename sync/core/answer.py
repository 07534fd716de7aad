"""The other side of an exchange: what a server or a relay answers once it took in what came, whatever carried it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.storage.delivery import Delivery, Held, Packet
from app.storage.log import decode_body

MOST_COMMITS = 500  # in one message; a larger gap takes several, each of which is kept


class Replica(Protocol):
    """What an answer needs of a workspace."""

    def held(self) -> Held: ...

    def give(
        self, theirs: Held, logs: Collection[bytes] | None = None, most_commits: int | None = None
    ) -> Delivery: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What the asking device may be told.

    logs: those it reads, None for all of them. ended: of those it read once, (log, device) -> the last commit that was
    there when that ended; beyond it the device is told of its own commits, and what was decided.
    """

    device: bytes
    logs: frozenset[bytes] | None = None
    ended: Mapping[tuple[bytes, bytes], int] = field(default_factory=dict)

    @property
    def past(self) -> frozenset[bytes]:
        return frozenset(log for log, _ in self.ended)

    def reads(self, log: bytes) -> bool:
        """Whether the device reads a log now."""
        return self.logs is None or log in self.logs

    def held(self, held: Held) -> Held:
        """What is held, as far as it is told."""
        if self.logs is None:
            return held
        logs, past = self.logs, self.past
        commits = {chain: upto for chain, upto in held.commits.items() if chain[0] in logs}
        own = {chain: upto for chain, upto in held.commits.items() if chain[1] == self.device}
        return Held(
            {**self.ended, **{chain: upto for chain, upto in own.items() if chain[0] in past}, **commits},
            {tree: size for tree, size in held.leaves.items() if tree[0] in logs | past},
        )

    def told(self, delivery: Delivery) -> Delivery:
        """Of a delivery what is told."""
        if self.logs is None:
            return delivery
        known = self.logs | self.past
        return Delivery(
            tuple(packet for packet in delivery.packets if self._reads(packet)),
            tuple(receipt for receipt in delivery.receipts if receipt.log in known),
            delivery.left,
        )

    def _reads(self, packet: Packet) -> bool:
        commit = decode_body(packet.body)
        if self.reads(commit.log):
            return True
        return commit.dev_seq <= self.ended.get((commit.log, commit.device), 0)

    def lacks_old(self, theirs: Held) -> bool:
        """Whether the device has not everything yet that it could read."""
        return any(upto > theirs.commits.get(chain, 0) for chain, upto in self.ended.items())


def answer(
    replica: Replica, theirs: Held, most_commits: int = MOST_COMMITS, sight: Sight | None = None
) -> tuple[Held, Delivery]:
    """What is held here, and what the asking side lacks of it; with `sight` no more than the device may be told."""
    held = replica.held()
    if sight is None or sight.logs is None:
        return held, replica.give(theirs, None, most_commits)
    given = replica.give(theirs, sight.logs, most_commits)
    past = replica.give(theirs, sight.past, most_commits if sight.lacks_old(theirs) else 0)
    old = sight.told(past)
    return sight.held(held), Delivery(given.packets + old.packets, given.receipts + old.receipts, given.left)
