"""How a device says who it is to a server: it signs a fresh challenge, and is given a token for some hours.

No passwords. The server keeps nothing: challenges and tokens carry its own authentication code (HMAC-SHA-256), so several
server processes that share one key understand each other's.
"""

import hashlib
import hmac
from dataclasses import dataclass

from app.clock import MAX_WALL_MS
from app.codec import INVITATION, SESSION, pack, unpack
from app.errors import VerifyError

PROTOCOL = 1
CHALLENGE_MS = 120_000  # between asking for a challenge and signing it
TOKEN_MS = 12 * 3_600_000
_ID, _CODE, _CHANCE = 16, 32, 16


@dataclass(frozen=True, slots=True)
class Hello:
    """What a server says first: its Ed25519 public key, its time (UTC ms), and a challenge to sign."""

    server: bytes
    now_ms: int
    challenge: bytes

    def encode(self) -> bytes:
        return pack([PROTOCOL, self.server, self.now_ms, self.challenge])


def read_hello(data: bytes) -> Hello:
    """Raises VerifyError, also for a server that speaks another version."""
    match unpack(data):
        case [int(version), *_] if version != PROTOCOL:
            raise VerifyError("The server speaks another version. Bring both to the same one.")
        case [_, bytes(server), int(now_ms), bytes(challenge)] if (
            len(server) == 32 and 0 <= now_ms < MAX_WALL_MS
        ):
            return Hello(server, now_ms, challenge)
    raise VerifyError("The server's greeting has the wrong shape.")


@dataclass(frozen=True, slots=True)
class Knock:
    """A device asks for a token. `grant` is what lets in a device that the log does not know: () where it does.

    grant: (key id, P-256 signature) of an invitation, or (code,) of a server that takes a new workspace.
    """

    workspace: bytes
    device: bytes
    public: bytes
    challenge: bytes
    signature: bytes
    grant: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        values = [self.workspace, self.device, self.public, self.challenge, self.signature]
        return pack([PROTOCOL, *values, list(self.grant)])


def read_knock(data: bytes) -> Knock:
    """Raises VerifyError."""
    match unpack(data):
        case [
            1,
            bytes(workspace),
            bytes(device),
            bytes(public),
            bytes(challenge),
            bytes(signature),
            list(grant),
        ] if (
            len(workspace) == len(device) == _ID
            and len(public) == 32
            and all(isinstance(one, bytes) for one in grant)
            and len(grant) <= 2
        ):
            return Knock(workspace, device, public, challenge, signature, tuple(grant))
    raise VerifyError("A request for a token has the wrong shape.")


def signed_by_device(server: bytes, workspace: bytes, device: bytes, challenge: bytes) -> bytes:
    """What the device signs: bound to this server, so that no other one can pass it on."""
    return SESSION + pack([server, workspace, device, challenge])


def signed_by_invitation(server: bytes, workspace: bytes, public: bytes, challenge: bytes) -> bytes:
    """What the invitation's key signs: for this device's key alone."""
    return INVITATION + pack([server, workspace, public, challenge])


# -- what the server hands out --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Token:
    """Who was let in, and until when (UTC ms); `grant` says by what, where the log does not know the device yet."""

    workspace: bytes
    device: bytes
    public: bytes
    grant: bytes
    until_ms: int


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Makes and checks challenges and tokens with a secret that all processes of a server derive from its key."""

    secret: bytes

    def challenge(self, now_ms: int, chance: bytes) -> bytes:
        body = pack([now_ms + CHALLENGE_MS, chance[:_CHANCE]])
        return body + self._code(b"challenge", body)

    def is_fresh(self, challenge: bytes, now_ms: int) -> bool:
        body = self._checked(b"challenge", challenge)
        return body is not None and now_ms <= unpack(body)[0]

    def token(self, token: Token) -> bytes:
        body = pack([token.workspace, token.device, token.public, token.grant, token.until_ms])
        return body + self._code(b"token", body)

    def read_token(self, data: bytes, now_ms: int) -> Token | None:
        """Whom the token lets in; None for one that is old, or that this server did not make."""
        body = self._checked(b"token", data)
        token = Token(*unpack(body)) if body is not None else None
        return token if token is not None and now_ms <= token.until_ms else None

    def _checked(self, kind: bytes, data: bytes) -> bytes | None:
        body, code = data[:-_CODE], data[-_CODE:]
        return body if hmac.compare_digest(code, self._code(kind, body)) else None

    def _code(self, kind: bytes, body: bytes) -> bytes:
        return hmac.new(self.secret, kind + b"\0" + body, hashlib.sha256).digest()
