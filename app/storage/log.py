"""Commits: what an author did, chained per log and device, signed by the device over the stored bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.codec import COMMIT, pack, remembered, sha256, trusted, unpack
from app.errors import VerifyError
from app.storage.crypto import sign_as_device
from app.storage.engine import Reader
from app.storage.ops import Op, decode

GENESIS = bytes(32)
# Ops are packed into one commit up to this size; the format allows 256 KiB with the rest of the body.
FULL_AT_BYTES = 200 * 1024

_ACL_SEQ = 11  # its place in the array of a body

Seq = tuple[int, int]  # epoch and number; (0, 0) when nothing is sequenced


@dataclass(frozen=True, slots=True)
class Commit:
    """One signed commit as decoded. `reason` is a salted hash; `ops` keeps unknown newer ops as None."""

    log: bytes
    device: bytes
    dev_seq: int
    prev: bytes
    person: bytes | None
    action: bytes
    hlc: int
    wall: int
    offset: int
    schema_rev: int
    acl_seq: Seq
    seen_seq: Seq
    seen_root: bytes
    verb: int
    args: tuple[Any, ...]
    reason: bytes | None
    on_behalf_of: bytes | None
    ops: tuple[Op | None, ...]
    detached_root: bytes | None


def encode_body(commit: Commit, packed_ops: Sequence[bytes]) -> bytes:
    """The body's bytes; `packed_ops` are the ops as they were packed when they were noted."""
    head = [
        1,
        commit.log,
        commit.device,
        commit.dev_seq,
        commit.prev,
        commit.person,
        commit.action,
        commit.hlc,
    ]
    head += [commit.wall, commit.offset, commit.schema_rev, list(commit.acl_seq), list(commit.seen_seq)]
    head += [commit.seen_root, commit.verb, list(commit.args), commit.reason, commit.on_behalf_of]
    parts = [_array_header(len(head) + 2), *(pack(value) for value in head)]
    parts += [_array_header(len(packed_ops)), *packed_ops, pack(commit.detached_root)]
    return b"".join(parts)


def _array_header(length: int) -> bytes:
    """Msgpack's array header, so that ops are packed once and not again with their commit."""
    if length < 16:
        return bytes([0x90 | length])
    return b"\xdc" + length.to_bytes(2, "big")


def commit_hash(body: bytes) -> bytes:
    return sha256(COMMIT + body)


def sign_body(key: Ed25519PrivateKey, body: bytes) -> bytes:
    return sign_as_device(key, COMMIT + body)


def detached_root(hashes: Sequence[bytes]) -> bytes | None:
    """One hash over the salted hashes of all erasable values of a commit, in the order of its ops."""
    return sha256(b"".join(hashes)) if hashes else None


@remembered
def decode_body(body: bytes) -> Commit:
    """The commit of bytes; raises VerifyError unless they are canonical and well-formed."""
    array = unpack(body)
    if not isinstance(array, list) or len(array) != 20 or array[0] != 1:
        raise VerifyError("A commit has the wrong shape.")
    *start, ops, root = array[1:]
    device = start[1]
    if not _well_formed(start) or not isinstance(ops, list) or not (root is None or isinstance(root, bytes)):
        raise VerifyError("A commit has the wrong shape.")
    start[10], start[11], start[14] = tuple(start[10]), tuple(start[11]), tuple(start[14])
    fields: list[Any] = [*start, tuple(decode(op, device) for op in ops), root]
    return Commit(*fields)


def _well_formed(start: list[Any]) -> bool:
    (
        log,
        device,
        dev_seq,
        prev,
        person,
        action,
        hlc,
        wall,
        offset,
        schema_rev,
        acl,
        seen,
        root,
        verb,
        args,
        *rest,
    ) = start
    reason, on_behalf_of = rest
    return (
        all(isinstance(value, bytes) and len(value) == 16 for value in (log, device, action))
        and all(isinstance(value, bytes) and len(value) == 32 for value in (prev, root))
        and all(
            isinstance(value, int) and not isinstance(value, bool) and -(1 << 63) <= value < 1 << 63
            for value in (dev_seq, hlc, wall, offset, schema_rev, verb)
        )
        and 0 < dev_seq < 1 << 32
        and hlc >= 0
        and all(
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(n, int) for n in pair)
            for pair in (acl, seen)
        )
        and isinstance(args, list)
        and all(
            value is None or (isinstance(value, bytes) and len(value) == 16)
            for value in (person, on_behalf_of)
        )
        and (reason is None or (isinstance(reason, bytes) and len(reason) == 32))
    )


def acl_seq_of(body: bytes) -> Seq:
    """What the author of a stored commit had seen of the workspace log's order."""
    epoch, number = trusted(body)[_ACL_SEQ]
    return epoch, number


def chain_end(reader: Reader, log: bytes, device: bytes) -> tuple[int, bytes]:
    """The last dev_seq and commit hash of a device's chain in a log; (0, GENESIS) before the first."""
    row = reader.row(
        "SELECT dev_seq, hash FROM entry WHERE log = ? AND device = ? ORDER BY dev_seq DESC LIMIT 1",
        (log, device),
    )
    return (row[0], row[1]) if row is not None else (0, GENESIS)


def frontier(reader: Reader, logs: Sequence[bytes]) -> tuple[tuple[bytes, bytes, int], ...]:
    """(log, device, last dev_seq) for every device known in these logs, sorted."""
    marks = ",".join("?" * len(logs))
    return tuple(
        sorted(
            (log, device, upto)
            for log, device, upto in reader.rows(
                f"SELECT log, device, max(dev_seq) FROM entry WHERE log IN ({marks}) GROUP BY log, device",
                logs,
            )
        )
    )
