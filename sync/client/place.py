"""Where a workspace's server is, and the codes by which people find it: a server's address, an invitation."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from app import platform
from app.codec import pack, unpack
from app.commands.stating import Signer
from app.errors import Invalid, VerifyError
from app.i18n import _
from app.workspace import SERVER

_PREFIX = "launchbook-"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Place:
    """A server's address, the fingerprint of its own certificate ("" where an authority signed it), and its key once known."""

    url: str
    fingerprint: str = ""
    server: bytes = b""


def parse_address(text: str) -> tuple[Place, str]:
    """The place and the code of an address as the server tells it: `https://host:8440/#CODE.FINGERPRINT`. Raises Invalid."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise Invalid(_("This is no address of a server.")) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid(_("This is no address of a server."))
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise Invalid(_("Beyond this machine the address begins with https: nothing goes unencrypted."))
    code, _dot, fingerprint = parts.fragment.partition(".")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Place(f"{parts.scheme}://{host}" + (f":{port}" if port else ""), fingerprint), code


def save_place(folder: Path, place: Place) -> None:
    """Into the workspace's folder: it is this device's knowledge, not the team's."""
    saved = {"url": place.url, "fingerprint": place.fingerprint, "server": place.server.hex()}
    platform.write_private(folder / SERVER, json.dumps(saved, sort_keys=True).encode())


def load_place(folder: Path) -> Place | None:
    """Where the workspace's server is; None while it is shared through none. Raises Invalid for a damaged file."""
    try:
        saved = json.loads((folder / SERVER).read_text(encoding="utf-8"))
        return Place(str(saved["url"]), str(saved["fingerprint"]), bytes.fromhex(saved["server"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(
            _("The file {name} cannot be read. Join the workspace again.").format(name=SERVER)
        ) from error


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation's code holds: where, which workspace, for whom, and the secret that lets one device in."""

    place: Place
    workspace: bytes
    signer: Signer

    def code(self) -> str:
        secret = self.signer.private.private_numbers().private_value.to_bytes(32, "big")
        values = [
            1,
            self.place.url,
            self.place.fingerprint,
            self.place.server,
            self.workspace,
            self.signer.person,
        ]
        return _PREFIX + base64.urlsafe_b64encode(pack([*values, secret])).decode().rstrip("=")


def read_invitation(code: str) -> Invitation:
    """Raises Invalid for anything else than a whole code."""
    text = "".join(code.split()).removeprefix(_PREFIX)
    try:
        match unpack(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))):
            case [
                1,
                str(url),
                str(fingerprint),
                bytes(server),
                bytes(workspace),
                bytes(person),
                bytes(secret),
            ] if len(workspace) == len(person) == 16 and len(server) == len(secret) == 32:
                place, _code = parse_address(url)
                private = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
                return Invitation(Place(place.url, fingerprint, server), workspace, Signer(person, private))
    except (ValueError, VerifyError):
        pass
    raise Invalid(_("This is no whole invitation. Copy it again, from its first to its last letter."))
