"""What travels between replicas, and what the other side lacks: commits in causal order, and the sequencer's receipts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.codec import trusted
from app.errors import VerifyError
from app.storage.admission import understands
from app.storage.engine import Reader
from app.storage.erasable import hashes_in
from app.storage.log import Commit, decode_body
from app.storage.ops import Found
from app.storage.proofs import Leaf

MOST_BYTES = 4 << 20  # of commits in one bounded delivery, about

Frontier = Mapping[tuple[bytes, bytes], int]  # (log, device) -> last dev_seq


@dataclass(frozen=True, slots=True)
class Packet:
    """One commit on its way: stored bytes, signature, and the erasable values beside it (salt, packed value)."""

    body: bytes
    signature: bytes
    detached: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def size(self) -> int:
        """About how many bytes it takes on its way."""
        return len(self.body) + len(self.signature) + sum(len(s) + len(v) for s, v in self.detached)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The sequencer's decisions about a log from leaf `start` on, with the checkpoint over all of them."""

    log: bytes
    epoch: int
    start: int
    leaves: tuple[Leaf, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a replica holds: commits up to a dev_seq per log and device, leaves up to a size per log and epoch."""

    commits: Frontier
    leaves: Mapping[tuple[bytes, int], int]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one replica sends another, over whatever carries it: commits in causal order, and receipts.

    `left` counts the commits that stay for a further one, so that no message grows without bounds.
    """

    packets: tuple[Packet, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    left: int = 0


def held_by(reader: Reader) -> Held:
    return Held(held(reader), tree_sizes(reader))


def delivery_for(
    reader: Reader,
    theirs: Held,
    logs: Collection[bytes] | None = None,
    most_commits: int | None = None,
    most_bytes: int = MOST_BYTES,
) -> Delivery:
    """What the other side lacks, of these logs or of all; with `most_commits` no more than those and about those bytes."""
    revs = _lacking(reader, theirs.commits, logs)
    wanted = revs if most_commits is None else revs[:most_commits]
    packets: list[Packet] = []
    size = 0
    for rev in wanted:
        packets.append(packet_of(reader, rev))
        size += packets[-1].size
        if most_commits is not None and size >= most_bytes:
            break
    left = len(revs) - len(packets)
    return Delivery(tuple(packets), tuple(receipts(reader, theirs.leaves, logs)), left)


def genesis_among(packets: Sequence[Packet]) -> Commit:
    """The commit that founded the workspace; raises VerifyError when it is not among them."""
    for packet in packets:
        commit = decode_body(packet.body)
        if (
            commit.dev_seq == 1
            and commit.ops
            and isinstance(commit.ops[0], Found)
            and commit.ops[0].kind == 1
        ):
            return commit
    raise VerifyError("The delivery does not begin with the founding of a workspace.")


def held(reader: Reader) -> dict[tuple[bytes, bytes], int]:
    """What this replica holds: (log, device) -> last dev_seq."""
    return {(log, device): upto for log, device, upto in reader.rows(_CHAINS)}


# From one log to the next and from one chain to the next, each by one look into the index: a replica has few chains and
# many commits.
_CHAINS = """
    WITH RECURSIVE known(log) AS (
        SELECT min(log) FROM entry
        UNION ALL
        SELECT (SELECT min(e.log) FROM entry e WHERE e.log > k.log) FROM known k WHERE k.log IS NOT NULL
    ),
    chain(log, device) AS (
        SELECT log, (SELECT min(e.device) FROM entry e WHERE e.log = k.log) FROM known k WHERE k.log IS NOT NULL
        UNION ALL
        SELECT log, (SELECT min(e.device) FROM entry e WHERE e.log = c.log AND e.device > c.device)
        FROM chain c WHERE c.device IS NOT NULL
    )
    SELECT log, device, (SELECT max(dev_seq) FROM entry e WHERE e.log = c.log AND e.device = c.device)
    FROM chain c WHERE device IS NOT NULL ORDER BY log, device
"""


def _lacking(reader: Reader, theirs: Frontier, logs: Collection[bytes] | None) -> list[int]:
    """The revisions of the commits the other side lacks, in the order this replica took them in, which is causal."""
    revs: list[int] = []
    for (log, device), upto in held(reader).items():
        known = theirs.get((log, device), 0)
        if upto > known and (logs is None or log in logs):
            revs += [
                rev
                for (rev,) in reader.rows(
                    "SELECT rev FROM entry WHERE log = ? AND device = ? AND dev_seq > ?", (log, device, known)
                )
            ]
    return sorted(revs)


def packet_of(reader: Reader, rev: int) -> Packet:
    """The commit that this replica took in at a revision, as it travels."""
    body, signature = reader.row("SELECT body, signature FROM entry WHERE rev = ?", (rev,)) or (b"", b"")
    return Packet(body, signature, _detached_of(reader, body))


def _detached_of(reader: Reader, body: bytes) -> tuple[tuple[bytes, bytes], ...]:
    found = []
    for name in sorted(hashes_of(body)):
        row = reader.row("SELECT salt, value FROM detached WHERE hash = ?", (name,))
        if row is not None:  # erased ones are missing, and nothing waits for them
            found.append((row[0], row[1]))
    return tuple(found)


def hashes_of(body: bytes) -> set[bytes]:
    """The salted hashes a commit may name: those of fields known here, and every 32 bytes of a newer version's ops."""
    commit = decode_body(body)
    named = {name for op in commit.ops for name in hashes_in(op)} | (
        {commit.reason} if commit.reason else set()
    )
    return named if understands(commit) else named | set(_words(trusted(body)))


def _words(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes) and len(value) == 32:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def receipts(
    reader: Reader, theirs: Mapping[tuple[bytes, int], int], logs: Collection[bytes] | None = None
) -> list[Receipt]:
    """The leaves of every tree beyond the sizes the other side holds."""
    found = []
    for log, epoch, size, note in reader.rows("SELECT log, epoch, size, checkpoint FROM tree"):
        start = theirs.get((log, epoch), 0)
        if size > start and (logs is None or log in logs):
            rows = reader.rows(
                "SELECT hash, received, accepted, reason FROM leaf WHERE log = ? AND epoch = ? AND number >= ? "
                "ORDER BY number",
                (log, epoch, start),
            )
            leaves = tuple(
                Leaf(name, received, bool(accepted), reason) for name, received, accepted, reason in rows
            )
            found.append(Receipt(log, epoch, start, leaves, note))
    return found


def tree_sizes(reader: Reader) -> dict[tuple[bytes, int], int]:
    """(log, epoch) -> number of leaves held."""
    return {(log, epoch): size for log, epoch, size in reader.rows("SELECT log, epoch, size FROM tree")}
