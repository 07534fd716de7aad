"""Whose key is whose: certificates with the level each one gives, the same whatever order they came in.

A person's first key is the one made together with the person, else the first that anybody declared for them. Further keys
count once that person's own key or an owner certifies them; until then they are only claimed.
"""

from app.domain.words import IdentityLevel
from app.storage.crypto import key_id, verify
from app.storage.engine import Reader, Writer
from app.storage.ops import Certify
from app.storage.statements import Kind, decode_certificate
from app.storage.taken_out import key_is_beyond

CLAIMED = -1  # kept, and counts for nothing


def is_accepted(reader: Reader, key: bytes) -> bool:
    """Whether a key counts as its person's."""
    return reader.row("SELECT 1 FROM certificate WHERE key = ? AND level >= 0", (key,)) is not None


def level_of(reader: Reader, key: bytes) -> IdentityLevel:
    """How sure it is whose key this is: the best of its certificates."""
    found = reader.value("SELECT max(level) FROM certificate WHERE key = ?", (key,))
    return IdentityLevel(max(0, found or 0))


def was_owner(reader: Reader, person: bytes) -> bool:
    """Whether the person was an owner at any time: what they vouched for then stays vouched for."""
    return (
        reader.row(
            "SELECT 1 FROM statement WHERE kind = ? AND subject = ? AND meaning = 'owner' AND counts = 1",
            (Kind.ACCESS, person),
        )
        is not None
    )


def keep_certificate(writer: Writer, rev: int, op: bytes, certify: Certify) -> bytes | None:
    """Keeps a certificate whose signature holds; its person, or None when it stands already or does not hold."""
    certificate = decode_certificate(certify.body)
    own = key_id(certificate.public)
    public = certificate.public
    if certificate.issuer != own:
        public = writer.value("SELECT public FROM certificate WHERE key = ?", (certificate.issuer,)) or b""
    place = (own, certificate.issuer, certificate.device)
    if writer.row("SELECT 1 FROM certificate WHERE key = ? AND issuer = ? AND device = ?", place):
        return None
    if not verify(public, certificate.message, certify.signature):
        return None
    writer.execute(
        "INSERT INTO certificate (key, issuer, person, device, public, level, issued, body, signature, op, rev) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (own, certificate.issuer, certificate.person, certificate.device, certificate.public, CLAIMED)
        + (certificate.issued_at, certify.body, certify.signature, op, rev),
    )
    return certificate.person


def settle_levels(writer: Writer, person: bytes) -> set[bytes]:
    """Judges the certificates anew that rest on a person's keys or access; the persons whose keys changed by it."""
    todo, rounds = {person}, 0
    changed: set[bytes] = set()
    while todo and rounds < 100:  # a ring of keys that certify each other ends here
        rounds += 1
        one = todo.pop()
        for key, issuer, owner_of_key, device, level, op in writer.rows(
            "SELECT c.key, c.issuer, c.person, c.device, c.level, c.op FROM certificate c "
            "LEFT JOIN certificate i ON i.key = c.issuer WHERE c.person = ?1 OR i.person = ?1",
            (one,),
        ):
            now = _level(writer, key, issuer, owner_of_key, op)
            if now == level:
                continue
            writer.execute(
                "UPDATE certificate SET level = ? WHERE key = ? AND issuer = ? AND device = ?",
                (now, key, issuer, device),
            )
            todo.add(owner_of_key)
            changed.add(owner_of_key)
    return changed


def _level(reader: Reader, key: bytes, issuer: bytes, person: bytes, op: bytes) -> int:
    if key == issuer:
        carried = key == _first_key(reader, person) or reader.row(
            "SELECT 1 FROM certificate WHERE key = ? AND issuer <> key AND level >= 0", (key,)
        )
        return IdentityLevel.SELF_DECLARED if carried else CLAIMED
    workspace = reader.value("SELECT value FROM meta WHERE key = 'workspace'")
    if not is_accepted(reader, issuer) or key_is_beyond(reader, issuer, workspace, op):
        return CLAIMED
    issuer_person = reader.value("SELECT person FROM certificate WHERE key = ?", (issuer,))
    if issuer_person == person:
        return IdentityLevel.SELF_DECLARED
    return IdentityLevel.VOUCHED if was_owner(reader, issuer_person) else CLAIMED


def _first_key(reader: Reader, person: bytes) -> bytes | None:
    """A person's first key: the one that came with the person, else the one declared by the least op."""
    declared = reader.rows("SELECT op, key FROM certificate WHERE person = ? AND key = issuer", (person,))
    born = {op[:20] for (op,) in reader.rows("SELECT op FROM creation WHERE object = ?", (person,))}
    first = min(declared, key=lambda row: (row[0][:20] not in born, row[0]), default=None)
    return first[1] if first is not None else None
