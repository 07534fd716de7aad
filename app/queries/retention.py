"""How long a project's texts and files are kept, what has fallen due, and what keeps it all the same."""

from typing import NamedTuple

from app.domain.words import RunKind
from app.storage.engine import Reader
from app.storage.erasable import hashes_in
from app.storage.log import decode_body
from app.storage.ops import Create, Put

DAY_MS = 24 * 3_600_000


class Retention(NamedTuple):
    """hold: why nothing may be erased. days: after the end of the live run. due_ms: when they are over (UTC ms), None before."""

    hold: str
    days: int | None
    due_ms: int | None

    def is_due(self, now_ms: int) -> bool:
        return not self.hold and self.due_ms is not None and self.due_ms <= now_ms


def retention(reader: Reader, project: bytes) -> Retention:
    """A project is over when its last live run is; while one goes on, or none was, nothing falls due."""
    hold, days = reader.row("SELECT legal_hold, retention_days FROM project WHERE id = ?", (project,)) or (
        "",
        None,
    )
    ended, going = reader.row(
        "SELECT max(finished_at), sum(finished_at IS NULL) FROM run WHERE log = ? AND kind = ? AND alive",
        (project, RunKind.LIVE.value),
    ) or (None, 0)
    over = days is not None and ended is not None and not going
    return Retention(hold, days, ended + days * DAY_MS if over else None)


def kept_values(reader: Reader, project: bytes) -> tuple[set[bytes], set[bytes]]:
    """What a project still keeps that may be erased: salted hashes of texts, and hashes of files.

    What was said in a signed statement is proof, and stays.
    """
    texts: set[bytes] = set()
    for (body,) in reader.rows("SELECT body FROM entry WHERE log = ?", (project,)):
        commit = decode_body(body)
        written = [op for op in commit.ops if isinstance(op, Create | Put)]
        texts.update(name for op in written for name in hashes_in(op))
        if commit.reason is not None and len(written) == len(commit.ops):
            texts.add(commit.reason)
    rows = reader.rows("SELECT sha256 FROM evidence WHERE log = ? AND sha256 IS NOT NULL", (project,))
    erased = {name for (name,) in reader.rows("SELECT hash FROM erased")}
    return texts - erased, {sha256 for (sha256,) in rows} - erased
