"""Whether everything a commit rests on is here: its log, what its ops saw, what its statements name, its device's key."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.codec import trusted
from app.domain.person import Device as DeviceEntity
from app.domain.registry import SPECS
from app.storage.crypto import key_id
from app.storage.engine import Reader
from app.storage.log import GENESIS, Commit, chain_end
from app.storage.ops import Certify, Create, Delete, Found, Put, State, op_parts
from app.storage.statements import Certificate, decode_certificate, decode_statement


def knows_causes(reader: Reader, commit: Commit) -> bool:
    """Whether everything the commit rests on is here: its log, what its ops saw, what its statements name."""
    founds = bool(commit.ops) and isinstance(commit.ops[0], Found) and commit.prev == GENESIS
    if not founds and reader.row("SELECT 1 FROM log WHERE id = ?", (commit.log,)) is None:
        return False
    certified: set[bytes] = set()
    created: set[bytes] = set()
    for op in commit.ops:
        match op:
            case Put() | Delete():
                if not _holds_ops(reader, commit, op.base):
                    return False
            case State():
                if not _holds_frontier(reader, commit, decode_statement(op.body).frontier):
                    return False
            case Create():
                created.add(op.object)
            case Certify():
                certificate = decode_certificate(op.body)
                certified.add(key_id(certificate.public))
                if not _holds_certified(reader, certificate, certified, created):
                    return False
    return True


def _holds_ops(reader: Reader, commit: Commit, base: Sequence[bytes]) -> bool:
    last = {op[:16]: 0 for op in base}
    for op in base:
        last[op[:16]] = max(last[op[:16]], op_parts(op)[1])
    return all(
        device == commit.device or chain_end(reader, commit.log, device)[0] >= dev_seq
        for device, dev_seq in last.items()
    )


def _holds_frontier(reader: Reader, commit: Commit, frontier: Sequence[tuple[bytes, bytes, int]]) -> bool:
    """A statement rests on all its author held; its own chain is known up to the commit itself."""
    return all(
        chain_end(reader, log, device)[0] >= upto
        for log, device, upto in frontier
        if (log, device) != (commit.log, commit.device) or upto >= commit.dev_seq
    )


def _holds_certified(
    reader: Reader, certificate: Certificate, certified: set[bytes], created: set[bytes]
) -> bool:
    person, issuer = certificate.person, certificate.issuer
    knows_person = person in created or reader.row("SELECT 1 FROM creation WHERE object = ?", (person,))
    knows_issuer = issuer in certified or reader.row("SELECT 1 FROM certificate WHERE key = ?", (issuer,))
    return bool(knows_person and knows_issuer)


def device_key(reader: Reader, commit: Commit) -> bytes | None:
    """The author device's public key, as that device itself introduced it: earlier, or by this very commit."""
    known = introduced_key(reader, commit.device)
    if known is not None:
        return known
    for one in commit.ops:
        if isinstance(one, Create) and (one.entity, one.object) == (DeviceEntity.NUMBER, commit.device):
            return _key_among(one.values)
    return None


def introduced_key(reader: Reader, device: bytes) -> bytes | None:
    """The public key under which a device introduced itself; None while it has not."""
    for op, initial in reader.rows("SELECT op, initial FROM creation WHERE object = ?", (device,)):
        if op[:16] == device:
            return _key_among(trusted(initial))
    return None


def _key_among(values: Iterable[Sequence[Any]]) -> bytes | None:
    number = SPECS[DeviceEntity.NUMBER].fields["key"].mark.number
    return next((value for known, _, value in values if known == number and isinstance(value, bytes)), None)
