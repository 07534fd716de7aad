"""How a command makes a signed statement: the signer's key, what the device holds, and the words as salted hashes."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from app.codec import STATEMENT
from app.errors import Refused
from app.i18n import _
from app.storage.crypto import key_id, public_bytes, sign_as_person
from app.storage.snapshots import doubts_of_snapshot, unverified_origin
from app.storage.statements import Certificate, Statement
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Signer:
    """A person whose secret was given: their key on this device, and how it was given (words.Presence)."""

    person: bytes
    private: ec.EllipticCurvePrivateKey
    presence: str = "pin"

    @property
    def public(self) -> bytes:
        return public_bytes(self.private)

    @property
    def key(self) -> bytes:
        return key_id(self.public)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a statement is about: entity number, object, and the digest of its content as the signer saw it."""

    entity: int
    id: bytes
    digest: bytes = b""
    digest_rev: int = 0


def must_be_verified(tx: Transaction) -> None:
    """Nobody signs for what came as a snapshot before its history was verified here. Raises Refused."""
    if unverified_origin(tx.writer) is None:
        return
    if doubts_of_snapshot(tx.writer):
        raise Refused(
            _(
                "What this workspace came by does not follow from its history. Nothing was signed. Close it and open it "
                "again: it goes on with the history that holds."
            )
        )
    raise Refused(
        _(
            "The history of this workspace is still being verified on this device. Nothing was signed. Sign when that is "
            "done; launchbook sync does it and says how far it is."
        )
    )


def make_statement(
    tx: Transaction,
    signer: Signer,
    kind: int,
    subject: Subject,
    *,
    log: bytes,
    run: bytes | None = None,
    meaning: str = "",
    role: str = "",
    reason: str = "",
    request: bytes | None = None,
    language: str = "en",
    files_here: tuple[int, int] = (0, 0),
    expires: int | None = None,
    happened_at: int | None = None,
    conditions: bytes | None = None,
) -> bytes:
    """Signs and notes one statement; returns its id."""
    must_be_verified(tx)
    logs = (log,) if log == tx.workspace else (log, tx.workspace)
    statement = Statement(
        kind=kind,
        log=log,
        run=run,
        subject_entity=subject.entity,
        subject=subject.id,
        digest_rev=subject.digest_rev,
        digest=subject.digest,
        frontier=tx.frontier(*logs),
        language=language,
        files_here=files_here,
        meaning=meaning,
        role=role,
        person=signer.person,
        key=signer.key,
        reason=tx.salted(reason) if reason else None,
        conditions=conditions,
        expires=expires,
        request=request,
        presence=signer.presence,
        happened_at=tx.now if happened_at is None else happened_at,
    )
    body = statement.encode()
    tx.state(log, body, sign_as_person(signer.private, STATEMENT + body))
    return statement.id


def certify(
    tx: Transaction, person: bytes, public: bytes, issuer: Signer, *, device: bytes | None = None
) -> None:
    """Notes that `issuer` says: this key is that person's, on this device or on the one named."""
    certificate = Certificate(person, device or tx.author.device.id, public, issuer.key, tx.now)
    tx.certify(certificate.encode(), sign_as_person(issuer.private, certificate.message))
