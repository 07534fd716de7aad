"""Checking a workspace file from the ground up: integrity, chains, signatures, trees, and rows against the log."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from app.codec import COMMIT
from app.errors import VerifyError
from app.i18n import _
from app.storage.crypto import verify
from app.storage.engine import Reader
from app.storage.epochs import sequencer_of
from app.storage.log import GENESIS, commit_hash, decode_body
from app.storage.proofs import Leaf, append, read_checkpoint, root_of


@dataclass
class Findings:
    """What a check went through, and what it found wrong, in sentences."""

    commits: int = 0
    statements: int = 0
    logs: int = 0
    problems: list[str] = field(default_factory=list)


def check_database(path: Path) -> Findings:
    """Checks a file on its own; raises VerifyError naming the first thing that does not hold."""
    try:
        raw = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    except apsw.Error as error:
        raise VerifyError(_("{name} is no readable workspace file.").format(name=path.name)) from error
    try:
        raw.execute("PRAGMA trusted_schema=off")
        findings = check(Reader(raw))
    except apsw.Error as error:
        raise VerifyError(_("{name} is no readable workspace file.").format(name=path.name)) from error
    finally:
        raw.close()
    if findings.problems:
        raise VerifyError(findings.problems[0])
    return findings


def check(reader: Reader, told: Callable[[int, int], object] = lambda _done, _total: None) -> Findings:
    """Goes through the whole log: every signature, every chain, every tree. `told` hears how far it is."""
    findings = Findings()
    if (found := reader.value("PRAGMA integrity_check")) != "ok":
        findings.problems.append(_("The database is damaged: {detail}.").format(detail=found))
        return findings
    findings.logs = reader.value("SELECT count(*) FROM log")
    findings.statements = reader.value("SELECT count(*) FROM statement")
    _check_commits(reader, findings, told)
    try:
        _check_trees(reader, findings)
    except VerifyError as error:  # a damaged commit that names the sequencer
        findings.problems.append(str(error))
    return findings


def _check_commits(reader: Reader, findings: Findings, told: Callable[[int, int], object]) -> None:
    total = int(reader.value("SELECT count(*) FROM entry"))
    keys: dict[bytes, bytes] = dict(reader.rows("SELECT id, key FROM device"))
    ends: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}
    for log, device, dev_seq, name, body, signature in reader.rows(
        "SELECT log, device, dev_seq, hash, body, signature FROM entry ORDER BY log, device, dev_seq"
    ):
        findings.commits += 1
        told(findings.commits, total)
        last, prev = ends.get((log, device), (0, GENESIS))
        ends[log, device] = (dev_seq, name)
        if commit_hash(body) != name:  # before it is decoded: damaged bytes need not be a commit at all
            findings.problems.append(_("A commit was changed after it was signed."))
            continue
        commit = decode_body(body)
        if (commit.log, commit.device, commit.dev_seq) != (log, device, dev_seq):
            findings.problems.append(_("A commit stands in another place than it was signed for."))
        elif commit.dev_seq != last + 1 or commit.prev != prev:
            findings.problems.append(_("A commit is missing or stands twice in a chain."))
        elif not verify(keys.get(commit.device, b""), COMMIT + body, signature):
            findings.problems.append(_("A commit's signature does not hold."))


def _check_trees(reader: Reader, findings: Findings) -> None:
    for log, epoch, size, note in reader.rows("SELECT log, epoch, size, checkpoint FROM tree"):
        frontier: list[bytes] = []
        rows = reader.rows(
            "SELECT hash, received, accepted, reason FROM leaf WHERE log = ? AND epoch = ? ORDER BY number",
            (log, epoch),
        )
        for number, (name, received, accepted, reason) in enumerate(rows):
            frontier = append(frontier, number, Leaf(name, received, bool(accepted), reason).leaf_hash())
        if len(rows) != size or read_checkpoint(
            note, sequencer_of(reader, log, epoch) or b"", log, epoch
        ) != (size, root_of(frontier)):
            findings.problems.append(_("The sequencer's checkpoint does not cover the log."))
