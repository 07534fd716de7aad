"""Signed statements and key certificates as bytes: sign-off, withdrawal, waiver, verdict, acceptance, authority."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from app.codec import CERTIFICATE, STATEMENT, pack, remembered, sha256, unpack
from app.errors import VerifyError


class Kind(IntEnum):
    """Numbers are never reused."""

    SIGN_OFF = 1
    WITHDRAWAL = 2
    WAIVER = 3
    VERDICT = 4
    ACCEPTANCE = 5
    ACCESS = 6
    ROLE = 7
    SEQUENCER = 8
    REDACTION = 9
    DEVICE = 10


AUTHORITY = frozenset({Kind.ACCESS, Kind.ROLE, Kind.SEQUENCER, Kind.DEVICE})


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody stated. Field order is the byte format; `reason` is the salted hash of the text.

    subject: entity number and object id. frontier: (log, device, dev_seq) of all commits its author held. files_here:
    (files of the subject on this device, all of them). request: what it answers (the statement withdrawn, or accepted
    although it came late; for access and a role the project it holds in). expires, happened_at: UTC ms.
    """

    kind: int
    log: bytes
    run: bytes | None
    subject_entity: int
    subject: bytes
    digest_rev: int
    digest: bytes
    frontier: tuple[tuple[bytes, bytes, int], ...]
    language: str
    files_here: tuple[int, int]
    meaning: str
    role: str
    person: bytes
    key: bytes
    reason: bytes | None
    conditions: bytes | None
    expires: int | None
    request: bytes | None
    presence: str
    happened_at: int

    def encode(self) -> bytes:
        """Body bytes; the signature is over `STATEMENT + body`."""
        return pack(
            [
                1,
                self.kind,
                self.log,
                self.run,
                [self.subject_entity, self.subject],
                self.digest_rev,
                self.digest,
                [list(item) for item in self.frontier],
                self.language,
                list(self.files_here),
                self.meaning,
                self.role,
                self.person,
                self.key,
                self.reason,
                self.conditions,
                self.expires,
                self.request,
                self.presence,
                self.happened_at,
            ]
        )

    @property
    def id(self) -> bytes:
        return sha256(STATEMENT + self.encode())

    def covers(self, log: bytes, op: bytes) -> bool:
        """Whether its author held an op of a log: its commit lies within the frontier."""
        device, dev_seq = op[:16], int.from_bytes(op[16:20], "big")
        return any(where == log and who == device and dev_seq <= upto for where, who, upto in self.frontier)


@remembered
def decode_statement(body: bytes) -> Statement:
    """The statement of bytes from outside; raises VerifyError."""
    array = unpack(body)
    try:
        version, kind, log, run, (entity, subject), digest_rev, digest, frontier, language, files, *rest = (
            array
        )
        meaning, role, person, key, reason, conditions, expires, request, presence, happened_at = rest
        statement = Statement(
            *(kind, log, run, entity, subject, digest_rev, digest),
            tuple((bytes(where), bytes(who), int(upto)) for where, who, upto in frontier),
            language,
            (files[0], files[1]),
            *(meaning, role, person, key, reason, conditions, expires, request, presence, happened_at),
        )
    except (ValueError, TypeError, IndexError) as error:
        raise VerifyError("A statement has the wrong shape.") from error
    if version != 1 or not _well_formed(statement) or statement.encode() != body:
        raise VerifyError("A statement has the wrong shape.")
    if statement.kind == Kind.SEQUENCER:
        sequencer_conditions(statement)
    if statement.kind == Kind.DEVICE:
        cut_conditions(statement)
    if statement.kind == Kind.REDACTION:
        redacted_hashes(statement)
    return statement


def _well_formed(statement: Statement) -> bool:
    ids: list[Any] = [statement.log, statement.subject, statement.person, statement.key]
    optional = [statement.run, statement.reason, statement.conditions, statement.request]
    texts = [statement.language, statement.meaning, statement.role, statement.presence]
    numbers = [statement.kind, statement.subject_entity, statement.digest_rev, statement.happened_at]
    return (
        all(isinstance(value, bytes) and len(value) == 16 for value in ids)
        and isinstance(statement.digest, bytes)
        and all(value is None or isinstance(value, bytes) for value in optional)
        and all(isinstance(value, str) for value in texts)
        and all(
            isinstance(value, int) and not isinstance(value, bool)
            for value in (*numbers, *statement.files_here)
        )
        and (statement.expires is None or isinstance(statement.expires, int))
    )


def sequencer_conditions(statement: Statement) -> tuple[int, int, bytes, bytes]:
    """What a hand-over names: the new epoch, size and root of the tree before it, the new sequencer's public key."""
    match unpack(statement.conditions or b""):
        case [int(epoch), int(size), bytes(root), bytes(key)] if (
            len(root) == len(key) == 32 and 0 < epoch < 1 << 31
        ):
            return epoch, size, root, key
    raise VerifyError("A hand-over of the order has the wrong shape.")


def cut_conditions(statement: Statement) -> dict[bytes, int]:
    """Up to where what a device did stands that is taken out: log -> its last dev_seq there; none where it is not named."""
    match unpack(statement.conditions or b""):
        case list(cut) if all(_is_cut(one) for one in cut):
            return dict(cut)
    raise VerifyError("A device is taken out in the wrong shape.")


def _is_cut(one: Any) -> bool:
    match one:
        case [bytes(log), int(dev_seq)] if len(log) == 16 and not isinstance(dev_seq, bool):
            return 0 <= dev_seq < 1 << 32
    return False


def redaction_conditions(hashes: Iterable[bytes]) -> bytes:
    """The bytes of a redaction that name what is erased: 32-byte salted hashes, and SHA-256 of files."""
    return pack(sorted(hashes))


def redacted_hashes(statement: Statement) -> list[bytes]:
    """What a redaction erases."""
    match unpack(statement.conditions or b""):
        case list(found):
            hashes = [one for one in found if isinstance(one, bytes) and len(one) == 32]
            if len(hashes) == len(found):
                return hashes
    raise VerifyError("A redaction has the wrong shape.")


@dataclass(frozen=True, slots=True)
class Certificate:
    """Binds a person's public key to person and device. `issuer` is the id of the key that signed it, maybe its own."""

    person: bytes
    device: bytes
    public: bytes
    issuer: bytes
    issued_at: int

    def encode(self) -> bytes:
        """Body bytes; the signature is over `CERTIFICATE + body`."""
        return pack([1, self.person, self.device, self.public, self.issuer, self.issued_at])

    @property
    def message(self) -> bytes:
        return CERTIFICATE + self.encode()


def decode_certificate(body: bytes) -> Certificate:
    """The certificate of bytes from outside; raises VerifyError."""
    match unpack(body):
        case [1, bytes(person), bytes(device), bytes(public), bytes(issuer), int(issued_at)] if (
            len(person) == len(device) == len(issuer) == 16 and len(public) == 33
        ):
            return Certificate(person, device, public, issuer, issued_at)
    raise VerifyError("A key certificate has the wrong shape.")
