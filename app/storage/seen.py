"""What others saw of a log's order, compared with what is here: whoever is shown two histories finds out at first contact.

Every commit names the tree its author had verified, every hand-over the one its owner held, every checkpoint its own. A
claim that fits is forgotten; one about places that are not here yet waits; one that contradicts stays as evidence.
"""

from dataclasses import dataclass

from app.storage.engine import Reader, Writer
from app.storage.log import Commit
from app.storage.proofs import root_at, tree_of
from app.storage.statements import Kind, decode_statement, sequencer_conditions

SIZE_ONLY = b""  # in place of a root where only a size was named

Roots = dict[tuple[bytes, int, int], bytes]  # (log, epoch, size) -> root, of trees that only grow meanwhile


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody saw a tree of that size and root; `note` where its sequencer signed that, `commit` where a device did."""

    log: bytes
    epoch: int
    size: int
    root: bytes
    commit: bytes = b""
    note: str = ""


def note_commit(writer: Writer, commit: Commit, name: bytes, roots: Roots) -> None:
    """Compares what the author of a commit had seen of its log, and of the workspace's, with what is here."""
    epoch, size = commit.seen_seq
    note(writer, Claim(commit.log, epoch, size, commit.seen_root, name), roots)
    workspace = writer.value("SELECT value FROM meta WHERE key = 'workspace'")
    if commit.log != workspace:
        note(writer, Claim(workspace, *commit.acl_seq, SIZE_ONLY, name), roots)


def note(writer: Writer, claim: Claim, roots: Roots | None = None) -> None:
    """Keeps a claim that does not fit what is here: yet, or at all."""
    is_one = 0 < claim.epoch < 1 << 31 and 0 < claim.size < 1 << 62
    if is_one and not _fits(writer, claim, {} if roots is None else roots):
        writer.execute(
            "INSERT INTO seen (log, epoch, size, root, commit_hash, note) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (log, epoch, size, root) DO UPDATE SET note = max(note, excluded.note)",
            (claim.log, claim.epoch, claim.size, claim.root, claim.commit, claim.note),
        )


def contradicts(reader: Reader, claim: Claim) -> bool:
    """Whether the claim is about what is here and does not fit it."""
    return claim.size <= tree_of(reader, claim.log, claim.epoch)[0] and not _fits(reader, claim, {})


def _fits(reader: Reader, claim: Claim, roots: Roots) -> bool:
    if claim.size > tree_of(reader, claim.log, claim.epoch)[0]:
        return False
    key = (claim.log, claim.epoch, claim.size)
    if claim.root != SIZE_ONLY and key not in roots:
        roots[key] = root_at(reader, *key)
    return claim.root == SIZE_ONLY or roots[key] == claim.root


def settle(writer: Writer) -> None:
    """Forgets the claims that what came since has shown to be so."""
    roots: Roots = {}
    for claim in _within(writer):
        if _fits(writer, claim, roots):
            key = (claim.log, claim.epoch, claim.size, claim.root)
            writer.execute("DELETE FROM seen WHERE (log, epoch, size, root) = (?, ?, ?, ?)", key)


def contradictions(reader: Reader) -> list[Claim]:
    """Claims about what is here that do not fit it: the order was not shown to everybody alike."""
    roots: Roots = {}
    return [claim for claim in _within(reader) if not _fits(reader, claim, roots)]


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
