"""Logs verified from their first byte: an empty replica takes everything in anew, by the rules that hold for a stranger's.

What the file says besides, places, registers, rows and statements, must be what follows from that. So whoever changes a
byte of the file, with whatever program, is found, unless the keys themselves were in his hands.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.codec import trusted
from app.domain.registry import SPECS, EntitySpec
from app.errors import VerifyError
from app.storage.delivery import Packet, Receipt, packet_of, receipts
from app.storage.engine import Database, Reader, Row, Writer
from app.storage.epochs import sequencer_of
from app.storage.judging import settle_clock
from app.storage.proofs import Leaf, read_checkpoint
from app.storage.replica import Taken, take, take_receipts
from app.storage.rows import show_conflicts_again
from app.storage.seen import Claim, ahead, contradictions, note, settle

Told = Callable[[int, int], object]
Named = dict[tuple[bytes, int, bytes], int]  # (log, epoch, device) -> the largest tree that its commits name
_BATCH, _BATCH_BYTES = 500, 1 << 20
_SEEN_SEQ = 12  # where a commit's body names the tree its author had seen
_MOST_PROBLEMS = 1000  # a file that is wrong everywhere is wrong


class What(StrEnum):
    """What kind of thing does not hold."""

    COMMIT = "commit"
    MISSING = "missing"
    COLUMNS = "columns"
    ORDER = "order"
    EPOCH = "epoch"
    WITHOUT_COMMIT = "without commit"
    LOST = "lost"
    SEEN = "seen"
    STATEMENT = "statement"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold. `number`: a commit's in its device's chain, an epoch, or how many; `detail`: why."""

    what: What
    log: bytes
    device: bytes = b""
    number: int = 0
    detail: str = ""
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class EpochProof:
    """An epoch of a log: who gave the order, how many places of it stand, and when the last one was given (UTC ms)."""

    number: int
    sequencer: bytes
    places: int
    last_ms: int | None


@dataclass(frozen=True, slots=True)
class LogProof:
    """What was verified of one log.

    unplaced: commits that no sequencer has given a place. devices: how many made commits. witnessed: up to which place
    of the running epoch a commit names the order that somebody else than its sequencer made.
    """

    log: bytes
    commits: int
    refused: int
    statements: int
    unplaced: int
    devices: int
    witnessed: int
    epochs: tuple[EpochProof, ...]


@dataclass(slots=True)
class Proof:
    """What a verification went through, and what of it does not hold."""

    logs: list[LogProof] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.problems

    def add(self, problem: Problem) -> None:
        if len(self.problems) < _MOST_PROBLEMS and problem not in self.problems[-3:]:
            self.problems.append(problem)


def verify_logs(
    reader: Reader,
    logs: Sequence[bytes],
    device: bytes,
    told: Told = lambda _done, _total: None,
    into: Path | None = None,
) -> Proof:
    """Verifies logs that rest on nothing but each other, the workspace's first; `device` is this installation.

    The replica that it makes of what holds is left in the file `into`, where one is named.
    """
    proof = Proof()
    workspace = reader.value("SELECT value FROM meta WHERE key = 'workspace'")
    with _empty_replica(workspace, into) as database, database.transaction() as writer:
        named = _take_all(reader, writer, logs, proof, told)
        for log in logs:
            _compare_commits(reader, writer, log, proof)
            _compare_order(reader, writer, log, proof)
            _look_for_lost(writer, log, device, named, proof)
        proof.problems += [
            Problem(What.SEEN, claim.log, number=claim.size, claim=claim) for claim in contradictions(writer)
        ]
        if proof.holds:  # else everything that rests on it differs too
            _compare_state(reader, writer, logs, proof)
        proof.logs = [_proof_of(writer, log, named) for log in logs]
    return proof


@contextmanager
def _empty_replica(workspace: bytes, into: Path | None) -> Iterator[Database]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = into or Path(folder) / "verified.db"
        database = Database(path, exclusive=True, pragmas=("synchronous=off",))
        database.open()
        try:
            with database.transaction() as writer:
                writer.execute("INSERT INTO meta (key, value) VALUES ('workspace', ?)", (workspace,))
            yield database
        finally:
            database.close()


# -- taking in -----------------------------------------------------------------------------------------------------


def _take_all(reader: Reader, writer: Writer, logs: Sequence[bytes], proof: Proof, told: Told) -> Named:
    """Takes everything in, in the order it came here; what a device did before its key was vouched for waits for that."""
    marks = ",".join("?" * len(logs))
    rows = reader.rows(
        f"SELECT rev, log, device, dev_seq, received, length(body) FROM entry WHERE log IN ({marks}) ORDER BY rev",
        logs,
    )
    todo = receipts(reader, {}, logs)
    named: Named = {}
    before, done, total = len(rows) + 1, 0, sum(row[5] for row in rows)
    while rows and len(rows) < before:
        before, left = len(rows), []
        for batch in _batches(rows):
            waiting = _take_batch(reader, writer, batch, named, proof)
            todo = _take_ready(writer, todo, proof) if todo else []
            done += sum(row[5] for row in batch) - sum(row[5] for row in waiting)
            told(done, total)
            left += waiting
        rows = left
    for (log, author), number in _first_of_each(rows).items():
        proof.add(Problem(What.MISSING, log, author, number))
    for one in todo:
        proof.add(Problem(What.EPOCH, one.log, number=one.epoch))
    _settle_unplaced(reader, writer, logs)
    _take_evidence(reader, writer)
    return named


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Some commits, fewer of those that hold much: somebody looks at how far it is."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += row[5]
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _take_batch(reader: Reader, writer: Writer, rows: Sequence[Row], named: Named, proof: Proof) -> list[Row]:
    """Takes commits in together; where one of them does not hold, each for itself. What waits is returned."""
    writer.execute("SAVEPOINT batch")
    try:
        packets = [packet_of(reader, row[0]) for row in rows]
        taken = take(writer, packets, None, rows[-1][4])
    except VerifyError:
        holds = False
    else:
        holds = not taken.forged and not taken.waiting
    if not holds:
        writer.execute("ROLLBACK TO batch")
    writer.execute("RELEASE batch")
    if not holds:
        return [row for row in rows if not _take_one(reader, writer, row, named, proof)]
    for (_rev, log, author, *_), packet in zip(rows, packets, strict=True):
        _remember(named, log, author, packet)
    return []


def _remember(named: Named, log: bytes, author: bytes, packet: Packet) -> None:
    epoch, size = trusted(packet.body)[_SEEN_SEQ]
    named[log, epoch, author] = max(size, named.get((log, epoch, author), 0))


def _take_one(reader: Reader, writer: Writer, row: Row, named: Named, proof: Proof) -> bool:
    """False while the commit waits for what it rests on."""
    rev, log, author, dev_seq, received, _size = row
    try:
        packet = packet_of(reader, rev)
        taken = take(writer, [packet], None, received)
    except VerifyError as error:
        taken = Taken(forged=[str(error)])
    else:
        _remember(named, log, author, packet)
    for reason in taken.forged:
        proof.add(Problem(What.COMMIT, log, author, dev_seq, reason))
    return not taken.waiting


def _first_of_each(rows: Sequence[Row]) -> dict[tuple[bytes, bytes], int]:
    """The first dev_seq that waits in vain by log and device."""
    first: dict[tuple[bytes, bytes], int] = {}
    for _rev, log, author, dev_seq, *_ in rows:
        first[log, author] = min(dev_seq, first.get((log, author), dev_seq))
    return first


def _take_ready(writer: Writer, todo: list[Receipt], proof: Proof) -> list[Receipt]:
    """Takes the order of the epochs whose sequencer has come to be known; what is left waits for that."""
    left = []
    for one in todo:
        if sequencer_of(writer, one.log, one.epoch) is None:
            left.append(one)
            continue
        taken = Taken()
        take_receipts(writer, [one], taken)
        if taken.forged or taken.leaves < len(one.leaves):
            proof.add(Problem(What.ORDER, one.log, number=one.epoch))
    return left


def _take_evidence(reader: Reader, writer: Writer) -> None:
    """Checkpoints over another history that this installation met with, where their sequencer did sign them."""
    for row in reader.rows("SELECT log, epoch, size, root, commit_hash, note FROM seen WHERE note <> ''"):
        claim = Claim(*row)
        sequencer = sequencer_of(writer, claim.log, claim.epoch) or b""
        if read_checkpoint(claim.note, sequencer, claim.log, claim.epoch) == (claim.size, claim.root):
            note(writer, claim)


def _settle_unplaced(reader: Reader, writer: Writer, logs: Sequence[bytes]) -> None:
    """A commit without a place is shown by the time it came here, in the replay as in the file."""
    settle(writer)
    for log in logs:
        for name, received in reader.rows(
            "SELECT hash, received FROM entry e WHERE log = ? AND NOT EXISTS "
            "(SELECT 1 FROM standing_leaf l WHERE l.hash = e.hash)",
            (log,),
        ):
            settle_clock(writer, Leaf(name, received, accepted=True))
        show_conflicts_again(writer, log)


# -- comparing -----------------------------------------------------------------------------------------------------


def _differing(one: Reader, other: Reader, sql: str, parameters: Sequence[Any]) -> Iterator[Row]:
    """The rows that only one side has; both are read in the order of their first column."""
    found: dict[Row, int] = {}
    pairs = zip_longest(one.raw.execute(sql, parameters), other.raw.execute(sql, parameters))
    for left, right in pairs:
        if left == right:
            continue
        for row, sign in ((left, 1), (right, -1)):
            if row is not None:
                found[row] = found.get(row, 0) + sign
                if not found[row]:
                    del found[row]
    yield from found


def _compare_commits(reader: Reader, writer: Writer, log: bytes, proof: Proof) -> None:
    """What the file says about each commit beside its bytes, and whether each one in the order is here."""
    for device, dev_seq, *_rest in _differing(
        reader,
        writer,
        "SELECT e.device, e.dev_seq, e.hash, e.action, e.person, e.hlc, e.wall, e.verb, e.accepted, e.body, "
        "e.signature, CASE WHEN l.hash IS NULL THEN NULL ELSE e.received END FROM entry e "
        "LEFT JOIN standing_leaf l ON l.hash = e.hash WHERE e.log = ? ORDER BY e.device, e.dev_seq",
        (log,),
    ):
        if proof.holds or writer.row(
            "SELECT 1 FROM entry WHERE log = ? AND device = ? AND dev_seq = ?", (log, device, dev_seq)
        ):
            proof.add(Problem(What.COLUMNS, log, device, dev_seq))
    absent = writer.value(
        "SELECT count(*) FROM standing_leaf l WHERE log = ? AND NOT EXISTS "
        "(SELECT 1 FROM entry e WHERE e.hash = l.hash)",
        (log,),
    )
    if absent:
        proof.add(Problem(What.WITHOUT_COMMIT, log, number=absent))


def _compare_order(reader: Reader, writer: Writer, log: bytes, proof: Proof) -> None:
    """Leaves, trees and who gives the order are what the log's bytes and the checkpoints say."""
    for what, sql in (
        (
            What.ORDER,
            "SELECT epoch, number, hash, received, accepted, reason, completed FROM leaf WHERE log = ? ORDER BY 1, 2",
        ),
        (What.ORDER, "SELECT epoch, size, frontier, checkpoint FROM tree WHERE log = ? ORDER BY 1"),
        (What.EPOCH, "SELECT epoch, sequencer, size, root FROM epoch WHERE log = ? ORDER BY 1"),
        (What.EPOCH, "SELECT epoch, kind, sequencer FROM log WHERE id = ?"),
    ):
        for epoch in sorted({row[0] for row in _differing(reader, writer, sql, (log,))}):
            if Problem(What.ORDER, log, number=epoch) not in proof.problems:
                proof.add(Problem(what, log, number=epoch))


def _look_for_lost(writer: Writer, log: bytes, device: bytes, named: Named, proof: Proof) -> None:
    """What this installation's own commits say it held of the running order, it must hold still."""
    for claim in ahead(writer):
        if claim.log == log and named.get((log, claim.epoch, device), 0) >= claim.size:
            proof.add(Problem(What.LOST, log, number=claim.size))


def _compare_state(reader: Reader, writer: Writer, logs: Sequence[bytes], proof: Proof) -> None:
    """Registers, rows and statements follow from the commits."""
    for log in logs:
        for spec in SPECS.values():
            for sql in _of_entity(spec):
                for thing in dict.fromkeys(row[0] for row in _differing(reader, writer, sql, (log,))):
                    proof.add(Problem(What.ROW, log, thing, detail=spec.table))
        for row in _differing(reader, writer, _STATEMENTS, (log,)):
            proof.add(Problem(What.STATEMENT, log, row[0]))
        for _row in _differing(reader, writer, "SELECT digest FROM log WHERE id = ?", (log,)):
            proof.add(Problem(What.ROW, log, log, detail="log"))
    others = {log for (log,) in reader.rows("SELECT id FROM log")} - set(logs)
    erased = () if others else _differing(reader, writer, "SELECT hash FROM erased ORDER BY 1", ())
    for (name,) in erased:  # where others are left out, theirs is not known here
        proof.add(Problem(What.ROW, logs[0], name, detail="erased"))
    for row in _differing(reader, writer, _CERTIFICATES, ()):
        proof.add(Problem(What.STATEMENT, logs[0], row[0], detail="certificate"))


_STATEMENTS = (
    "SELECT hash, op, kind, run, subject, person, role, meaning, body, signature, counts, level FROM statement "
    "WHERE log = ? ORDER BY hash"
)
_CERTIFICATES = (
    "SELECT key, issuer, person, device, public, level, issued, body, signature, op FROM certificate "
    "ORDER BY key, issuer, device"
)


def _of_entity(spec: EntitySpec) -> tuple[str, ...]:
    """An entity's rows and registers in one log, each row led by its object."""
    columns = [
        name for one, mark in spec.fields.items() for name in (one, f"{one}_hash")[: 1 + mark.mark.erasable]
    ]
    listed = ", ".join(f'"{name}"' for name in columns)
    table = f'"{spec.table}"'
    of_log = f"WHERE object IN (SELECT id FROM {table} WHERE log = ?) ORDER BY object"
    return (
        f"SELECT id, alive, {listed} FROM {table} WHERE log = ? ORDER BY id",
        f"SELECT object, op, entity, hlc, initial FROM creation {of_log}, op",
        f"SELECT object, field, language, op, value, hlc, gone IS NULL FROM head {of_log}, field, language, op",
        f"SELECT object, field, language FROM conflict {of_log}, field, language",
    )


# -- what it comes to ----------------------------------------------------------------------------------------------


def _proof_of(reader: Reader, log: bytes, named: Named) -> LogProof:
    commits, devices = reader.row(
        "SELECT count(*), count(DISTINCT device) FROM entry WHERE log = ?", (log,)
    ) or (0, 0)
    refused = reader.value("SELECT count(*) FROM entry WHERE log = ? AND accepted = 0", (log,))
    statements = reader.value("SELECT count(*) FROM statement WHERE log = ?", (log,))
    unplaced = reader.value(
        "SELECT count(*) FROM entry e WHERE log = ? AND NOT EXISTS (SELECT 1 FROM standing_leaf l WHERE l.hash = e.hash)",
        (log,),
    )
    epochs = reader.rows(
        "SELECT e.epoch, e.sequencer, count(l.hash), max(l.received) FROM epoch e LEFT JOIN standing_leaf l "
        "ON l.log = e.log AND l.epoch = e.epoch WHERE e.log = ? GROUP BY e.epoch ORDER BY e.epoch",
        (log,),
    )
    proved = tuple(EpochProof(*row) for row in epochs)
    witnessed = _witnessed(reader, log, proved[-1], named) if proved else 0
    return LogProof(log, commits, refused, statements, unplaced, devices, witnessed, proved)


def _witnessed(reader: Reader, log: bytes, running: EpochProof, named: Named) -> int:
    sequencer = reader.value("SELECT id FROM device WHERE key = ?", (running.sequencer,))
    return max(
        (
            size
            for (where, epoch, device), size in named.items()
            if (where, epoch) == (log, running.number) and device != sequencer
        ),
        default=0,
    )
