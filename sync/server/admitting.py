"""Who is let in: a device whose person may read, as the workspace's own log says, or one that an owner invited."""

from app.domain.words import Access
from app.storage.authority import access_of
from app.storage.causes import introduced_key
from app.storage.crypto import verify
from app.storage.engine import Reader
from sync.core.sessions import Knock, Token, signed_by_device, signed_by_invitation

INVITED_MS = 7 * 24 * 3_600_000  # how long an invitation may be followed


def may_read(reader: Reader, device: bytes, public: bytes) -> bool:
    """Whether a device with this key belongs to somebody who holds access now."""
    if introduced_key(reader, device) != public:
        return False
    if access_of(reader, None) is Access.OWNER:
        return True  # nobody is known yet: the founding device shares its workspace
    persons = reader.rows("SELECT person FROM certificate WHERE device = ? AND level >= 0", (device,))
    return any(access_of(reader, person) >= Access.READER for (person,) in persons)


def is_invited(reader: Reader, knock: Knock, server: bytes, now_ms: int) -> bool:
    """Whether the device holds an invitation that an owner made, that is young, and that no other device followed.

    Young by when it was received: the inviting laptop's clock may be years off.
    """
    if len(knock.grant) != 2:
        return False
    key, signature = knock.grant
    row = reader.row(
        "SELECT c.public, c.person, e.received FROM certificate c JOIN entry e ON e.rev = c.rev WHERE c.key = ? "
        "AND c.device = zeroblob(16) AND c.level >= 0",
        (key,),
    )
    if row is None or access_of(reader, row[1]) < Access.READER:
        return False
    if now_ms - row[2] > INVITED_MS:
        return False
    followed = reader.row("SELECT 1 FROM certificate WHERE issuer = ? AND device <> ?", (key, knock.device))
    message = signed_by_invitation(server, knock.workspace, knock.public, knock.challenge)
    return followed is None and verify(row[0], message, signature)


def holds_its_key(knock: Knock, server: bytes) -> bool:
    """Whether whoever knocks has the private half of the device key."""
    message = signed_by_device(server, knock.workspace, knock.device, knock.challenge)
    return verify(knock.public, message, knock.signature)


def is_let_in(reader: Reader, token: Token) -> bool:
    """Whether a token is still good: a grant counts until the log knows whose device it is, then the log alone does."""
    if may_read(reader, token.device, token.public):
        return True
    known = introduced_key(reader, token.device)
    if not token.granted or known not in (None, token.public):
        return False
    return reader.row("SELECT 1 FROM certificate WHERE device = ?", (token.device,)) is None
