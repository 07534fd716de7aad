"""What others saw of a log's order, compared with what is here: whoever is shown two histories finds out at first contact.

Every commit names the tree its author had verified, every hand-over the one its owner held, every checkpoint its own. A
claim that fits is forgotten; one about places that are not here yet waits; one that contradicts stays as evidence.
"""

from dataclasses import dataclass, field
from functools import cache

from app.storage.engine import Reader, Writer
from app.storage.log import Commit
from app.storage.proofs import Node, nodes_of, range_root, tree_of
from app.storage.statements import Kind, decode_statement, sequencer_conditions

SIZE_ONLY = b""  # in place of a root where only a size was named


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody saw a tree of that size and root; `note` where its sequencer signed that, `commit` where a device did."""

    log: bytes
    epoch: int
    size: int
    root: bytes
    commit: bytes = b""
    note: str = ""


@dataclass(slots=True)
class Trees:
    """What was read of the stored trees: of use while no leaf is added."""

    reader: Reader
    workspace: bytes | None = None
    sizes: dict[tuple[bytes, int], int] = field(default_factory=dict)
    nodes: dict[tuple[bytes, int], Node] = field(default_factory=dict)

    def size(self, log: bytes, epoch: int) -> int:
        if (log, epoch) not in self.sizes:
            self.sizes[log, epoch] = tree_of(self.reader, log, epoch)[0]
        return self.sizes[log, epoch]

    def root(self, log: bytes, epoch: int, size: int) -> bytes:
        if (log, epoch) not in self.nodes:
            self.nodes[log, epoch] = cache(nodes_of(self.reader, log, epoch))
        return range_root(self.nodes[log, epoch], 0, size)

    def fits(self, claim: Claim) -> bool:
        if claim.size > self.size(claim.log, claim.epoch):
            return False
        return claim.root == SIZE_ONLY or claim.root == self.root(claim.log, claim.epoch, claim.size)


def note_commit(writer: Writer, commit: Commit, name: bytes, trees: Trees) -> None:
    """Compares what the author of a commit had seen of its log, and of the workspace's, with what is here."""
    if trees.workspace is None:
        trees.workspace = bytes(writer.value("SELECT value FROM meta WHERE key = 'workspace'"))
    epoch, size = commit.seen_seq
    note(writer, Claim(commit.log, epoch, size, commit.seen_root, name), trees)
    if commit.log != trees.workspace:
        note(writer, Claim(trees.workspace, *commit.acl_seq, SIZE_ONLY, name), trees)


def note(writer: Writer, claim: Claim, trees: Trees | None = None) -> None:
    """Keeps a claim that does not fit what is here: yet, or at all."""
    is_one = 0 < claim.epoch < 1 << 31 and 0 < claim.size < 1 << 62
    if is_one and not (trees or Trees(writer)).fits(claim):
        writer.execute(
            "INSERT INTO seen (log, epoch, size, root, commit_hash, note) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (log, epoch, size, root) DO UPDATE SET note = max(note, excluded.note)",
            (claim.log, claim.epoch, claim.size, claim.root, claim.commit, claim.note),
        )


def contradicts(reader: Reader, claim: Claim) -> bool:
    """Whether the claim is about what is here and does not fit it."""
    trees = Trees(reader)
    return claim.size <= trees.size(claim.log, claim.epoch) and not trees.fits(claim)


def settle(writer: Writer) -> None:
    """Forgets the claims that what came since has shown to be so."""
    trees = Trees(writer)
    for claim in _within(writer):
        if trees.fits(claim):
            key = (claim.log, claim.epoch, claim.size, claim.root)
            writer.execute("DELETE FROM seen WHERE (log, epoch, size, root) = (?, ?, ?, ?)", key)


def contradictions(reader: Reader) -> list[Claim]:
    """Claims about what is here that do not fit it: the order was not shown to everybody alike."""
    trees = Trees(reader)
    return [claim for claim in _within(reader) if not trees.fits(claim)]


def ahead(reader: Reader) -> list[Claim]:
    """In the epoch that runs, the furthest place of each log that somebody saw and that is not here."""
    rows = reader.rows(
        "SELECT s.log, s.epoch, s.size, s.root, s.commit_hash, s.note, max(s.size) FROM seen s JOIN log l "
        "ON l.id = s.log AND l.epoch = s.epoch WHERE s.size > coalesce((SELECT t.size FROM tree t "
        "WHERE t.log = s.log AND t.epoch = s.epoch), 0) GROUP BY s.log"
    )
    return [Claim(*row[:6]) for row in rows]


def _within(reader: Reader) -> list[Claim]:
    """Claims about places that are here, as far as their epoch reached: beyond its end it decides nothing."""
    rows = reader.rows(
        "SELECT s.log, s.epoch, s.size, s.root, s.commit_hash, s.note FROM seen s JOIN tree t ON t.log = s.log "
        "AND t.epoch = s.epoch LEFT JOIN epoch n ON n.log = s.log AND n.epoch = s.epoch + 1 "
        "WHERE s.size <= min(t.size, coalesce(n.size, t.size)) ORDER BY s.log, s.epoch, s.size"
    )
    return [Claim(*row) for row in rows]


def is_opened_twice(reader: Reader, log: bytes, epoch: int) -> bool:
    """Whether owners who did not know of each other opened an epoch for different keys: two histories nobody lied about."""
    rows = reader.rows(
        "SELECT body FROM statement WHERE log = ? AND kind = ? AND counts = 1", (log, Kind.SEQUENCER)
    )
    opened = [sequencer_conditions(decode_statement(body)) for (body,) in rows]
    return len({key for number, _size, _root, key in opened if number == epoch}) > 1
