"""Who is let in, and to what: a device by what the workspace's own log says of its person, or one that an owner invited."""

from collections.abc import Collection

from app.domain.words import Access
from app.storage.authority import Reach, access_of
from app.storage.causes import introduced_key
from app.storage.crypto import verify
from app.storage.engine import Reader
from app.storage.statements import Kind, decode_statement
from app.storage.taken_out import is_taken_out
from sync.core.answer import Sight
from sync.core.sessions import Knock, Token, signed_by_device, signed_by_invitation

INVITED_MS = 7 * 24 * 3_600_000  # how long an invitation may be followed
BY_CODE = b"code"  # the grant of a token for who brings a workspace


def sight_of_device(reader: Reader, device: bytes, public: bytes) -> Sight | None:
    """What a device with this key may be told now; None for one that is let in no more, or never was.

    Whose access was taken reads nothing that came later, and may bring what was done before: it is judged like all else.
    """
    if introduced_key(reader, device) != public or is_taken_out(reader, device):
        return None
    if access_of(reader, None) is Access.OWNER:
        return Sight(device)  # nobody is known yet: the founding device shares its workspace
    persons = reader.rows(
        "SELECT DISTINCT person FROM certificate WHERE device = ? AND level >= 0", (device,)
    )
    return _sight(reader, device, [person for (person,) in persons])


def sight_of(reader: Reader, token: Token) -> Sight | None:
    """What the device of a token may be told: a grant counts until the log knows whose device it is, then the log does."""
    sight = sight_of_device(reader, token.device, token.public)
    known = introduced_key(reader, token.device)
    if sight is not None or not token.grant or known not in (None, token.public):
        return sight
    if reader.row("SELECT 1 FROM certificate WHERE device = ?", (token.device,)) is not None:
        return None
    if is_taken_out(reader, token.device):
        return None
    return Sight(token.device) if token.grant == BY_CODE else _sight(reader, token.device, [token.grant])


def _sight(reader: Reader, device: bytes, persons: Collection[bytes]) -> Sight | None:
    """What persons may read together: there is no secrecy between those who share a device."""
    reaches = [Reach.of(reader, person) for person in persons]
    if any(one.everywhere >= Access.READER for one in reaches):
        return Sight(device)
    workspace = reader.value("SELECT value FROM meta WHERE key = 'workspace'")
    logs = {log for one in reaches for log, access in one.projects.items() if access >= Access.READER}
    logs |= {workspace} if logs else set()
    ends: dict[bytes, int] = {}
    for person in persons:
        for log, rev in _words(reader, person, workspace):
            ends[log] = max(rev, ends.get(log, 0))
    if not ends:
        return None
    ended = {
        (log, author): upto
        for log, rev in ends.items()
        if log not in logs
        for author, upto in reader.rows(
            "SELECT device, max(dev_seq) FROM entry WHERE log = ? AND rev <= ? GROUP BY device", (log, rev)
        )
    }
    return Sight(device, frozenset(logs), ended)


def _words(reader: Reader, person: bytes, workspace: bytes) -> list[tuple[bytes, int]]:
    """The logs a person could ever read, each with a revision at which their access to it changed."""
    logs = [log for (log,) in reader.rows("SELECT id FROM log")]
    found = []
    for body, rev in reader.rows(
        "SELECT body, rev FROM statement WHERE kind = ? AND subject = ? AND counts = 1", (Kind.ACCESS, person)
    ):
        project = decode_statement(body).request
        found += [(log, rev) for log in ((project, workspace) if project is not None else logs)]
    return found


def invited(reader: Reader, knock: Knock, server: bytes, now_ms: int) -> bytes | None:
    """For whom the device holds an invitation that an owner made, that is young, and that no other device followed.

    Young by when it was received: the inviting laptop's clock may be years off.
    """
    if len(knock.grant) != 2:
        return None
    key, signature = knock.grant
    row = reader.row(
        "SELECT c.public, c.person, e.received FROM certificate c JOIN entry e ON e.rev = c.rev WHERE c.key = ? "
        "AND c.device = zeroblob(16) AND c.level >= 0",
        (key,),
    )
    if row is None or Reach.of(reader, row[1]).most < Access.READER or now_ms - row[2] > INVITED_MS:
        return None
    followed = reader.row("SELECT 1 FROM certificate WHERE issuer = ? AND device <> ?", (key, knock.device))
    message = signed_by_invitation(server, knock.workspace, knock.public, knock.challenge)
    holds = followed is None and verify(row[0], message, signature)
    return bytes(row[1]) if holds else None


def holds_its_key(knock: Knock, server: bytes) -> bool:
    """Whether whoever knocks has the private half of the device key."""
    message = signed_by_device(server, knock.workspace, knock.device, knock.challenge)
    return verify(knock.public, message, knock.signature)
