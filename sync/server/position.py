"""Where a log stands: the ends of its chains and the sizes of its trees, which together name everything it holds."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from app.codec import pack, sha256
from app.storage.delivery import Delivery, Held, Receipt, held, packet_of, receipts
from app.storage.engine import Reader

Commits = Iterable[tuple[bytes, bytes, int, bytes]]  # log, device, dev_seq, hash


@dataclass(frozen=True, slots=True)
class Head:
    """How many commits and leaves a log holds, and a hash that differs wherever they do."""

    length: int
    mark: bytes


@dataclass(frozen=True, slots=True)
class Position:
    """A log's chains (device -> last dev_seq and hash) and trees (epoch -> size and checkpoint)."""

    chains: Mapping[bytes, tuple[int, bytes]] = field(default_factory=dict)
    trees: Mapping[int, tuple[int, str]] = field(default_factory=dict)

    @property
    def head(self) -> Head:
        """A chain's last hash covers its commits, a checkpoint its leaves: the mark covers the log."""
        chains = [[device, upto, name] for device, (upto, name) in sorted(self.chains.items())]
        trees = [[epoch, size, note] for epoch, (size, note) in sorted(self.trees.items())]
        length = sum(upto for upto, _ in self.chains.values()) + sum(size for size, _ in self.trees.values())
        return Head(length, sha256(b"".join(pack(one) for one in chains + trees)))


Positions = Mapping[bytes, Position]


def moved_on(before: Positions, commits: Commits, found: Iterable[Receipt]) -> dict[bytes, Position]:
    """Where the logs stand that get something new, once they have it."""
    chains: dict[bytes, dict[bytes, tuple[int, bytes]]] = {}
    trees: dict[bytes, dict[int, tuple[int, str]]] = {}
    for log, device, dev_seq, name in commits:
        chains.setdefault(log, {})[device] = (dev_seq, name)
    for one in found:
        trees.setdefault(one.log, {})[one.epoch] = (one.start + len(one.leaves), one.checkpoint)
    after = {}
    for log in chains.keys() | trees.keys():
        old = before.get(log, Position())
        after[log] = Position({**old.chains, **chains.get(log, {})}, {**old.trees, **trees.get(log, {})})
    return after


def held_at(positions: Positions) -> Held:
    """What a replica holds whose logs stand there."""
    return Held(
        {(log, device): upto for log, one in positions.items() for device, (upto, _) in one.chains.items()},
        {(log, epoch): size for log, one in positions.items() for epoch, (size, _) in one.trees.items()},
    )


# -- in a replica --------------------------------------------------------------------------------------------------


def positions_of(reader: Reader) -> dict[bytes, Position]:
    """Where all the logs of a replica stand."""
    chains = held(reader)
    trees = {(log, epoch) for log, epoch in reader.rows("SELECT log, epoch FROM tree")}
    return positions_at(reader, {}, chains.keys(), trees)


def positions_at(
    reader: Reader,
    known: Positions,
    chains: Collection[tuple[bytes, bytes]],
    trees: Collection[tuple[bytes, int]],
) -> dict[bytes, Position]:
    """Where the logs stand whose chains and trees are named; what is not named is as it was known."""
    ends: list[tuple[bytes, bytes, int, bytes]] = []
    for log, device in chains:
        row = reader.row(
            "SELECT dev_seq, hash FROM entry WHERE log = ? AND device = ? ORDER BY dev_seq DESC LIMIT 1",
            (log, device),
        )
        ends += [(log, device, row[0], row[1])] if row is not None else []
    sizes: list[Receipt] = []
    for log, epoch in trees:
        row = reader.row("SELECT size, checkpoint FROM tree WHERE log = ? AND epoch = ?", (log, epoch))
        sizes += [Receipt(log, epoch, row[0], (), row[1])] if row is not None else []
    return moved_on(known, ends, sizes)


def news_since(reader: Reader, rev: int, positions: Positions) -> Delivery:
    """What a replica took in or decided after a revision at which its logs stood there."""
    packets = tuple(packet_of(reader, one) for one in range(rev + 1, reader.rev + 1))
    return Delivery(packets, tuple(receipts(reader, held_at(positions).leaves)))
