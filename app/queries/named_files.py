"""The files that a workspace's logs name: what replicas carry to each other beside the logs."""

from collections.abc import Collection
from dataclasses import dataclass

from app.storage.delivery import Frontier
from app.storage.engine import Reader
from app.storage.ops import op_parts


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file by the SHA-256 of its content; size in bytes as the log tells it, 0 where it does not."""

    sha256: bytes
    size: int


def named_files(reader: Reader) -> list[NamedFile]:
    """Every file of evidence, of removed evidence too: what was signed may rest on it. Newest first."""
    rows = reader.rows(
        "SELECT sha256, max(coalesce(size, 0)) FROM evidence WHERE length(sha256) = 32 GROUP BY sha256 ORDER BY max(id) DESC"
    )
    return [NamedFile(sha256, size) for sha256, size in rows]


def files_beyond(reader: Reader, known: Frontier) -> list[NamedFile]:
    """Those that evidence names which somebody lacks who holds the logs up to there: (log, device) -> last dev_seq."""
    found: dict[bytes, NamedFile] = {}
    for sha256, size, log, op in reader.rows(
        "SELECT e.sha256, coalesce(e.size, 0), e.log, c.op FROM evidence e JOIN creation c ON c.object = e.id "
        "WHERE length(e.sha256) = 32 ORDER BY e.id"
    ):
        device, dev_seq, _index = op_parts(op)
        if dev_seq > known.get((log, device), 0):
            found[sha256] = NamedFile(sha256, size)
    return list(found.values())


def sizes_of(
    reader: Reader, hashes: Collection[bytes], logs: Collection[bytes] | None = None
) -> dict[bytes, int]:
    """The sizes of those among some hashes that one of these logs names, or any log."""
    found: dict[bytes, int] = {}
    for sha256 in hashes:
        for log, size in reader.rows(
            "SELECT log, coalesce(size, 0) FROM evidence WHERE sha256 = ?1 "
            "AND NOT EXISTS (SELECT 1 FROM erased WHERE hash = ?1)",
            (sha256,),
        ):
            if logs is None or log in logs:
                found[sha256] = max(size, found.get(sha256, 0))
    return found
