"""One device's connection to a server: greeting, token, exchange. Plain blocking calls, for a worker thread."""

import base64
import contextlib
import hashlib
import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode, urlsplit

import httpx

from app.clock import Clock
from app.commands.stating import Signer
from app.errors import LaunchbookError, Refused, VerifyError
from app.i18n import N_, _
from app.storage.crypto import sign_as_device, sign_as_person
from app.storage.delivery import Delivery
from app.storage.keys import Device
from sync.client.place import Place
from sync.core import frames, parts, wire
from sync.core.sessions import Hello, Knock, read_hello, signed_by_device, signed_by_invitation

_TIMES = httpx.Timeout(60.0, connect=10.0)
_MOST_ANSWER = 256 << 20
_NONE: Mapping[str, str] = {}
_TOLD = {
    "no_access": N_("This device may not read the workspace. Ask an owner for an invitation."),
    "wrong_code": N_("The server does not take new workspaces without its code. Ask whoever runs it."),
    "unknown_workspace": N_("The server does not hold this workspace. Share it again."),
    "no_such_proof": N_("The server has nothing of this log in its order."),
    "too_large": N_("The server does not take messages of this size."),
    "no_room": N_("The server has no room for more files of this workspace. They stay on this device."),
    "no_snapshot": N_("The server offers no snapshot of this workspace."),
    "unknown_file": N_("The file is not at the server yet."),
    "bad_message": N_("The server could not read the message. Bring both sides to the same version."),
}

Grant = Callable[[Hello], tuple[bytes, ...]]


class Unreachable(LaunchbookError):
    """No answer, or one that asks to come again; whether what was sent arrived is not known."""

    def __init__(self, text: str, wait_ms: int = 0) -> None:
        super().__init__(text)
        self.wait_ms = wait_ms


class Connection:
    """Raises Unreachable, Refused (the server says no) or VerifyError (it is not the server it was)."""

    def __init__(self, place: Place, workspace: bytes, device: Device, clock: Clock | None = None) -> None:
        self.place = place
        self.workspace = workspace
        self.device = device
        trust = trusted_by(place)
        self.tls = trust if isinstance(trust, ssl.SSLContext) else None  # None: what the machine trusts
        self._http = httpx.Client(base_url=place.url, timeout=_TIMES, verify=trust)
        self.offset_ms: int | None = None  # what this device's clock lacks of the server's, once it was heard
        self.server = place.server  # the other side's key, once it was heard
        self._clock = clock or Clock()
        self._token: str | None = None
        self.grant: Grant = lambda _hello: ()
        self.follows: Callable[[Hello], bool] = lambda _hello: False

    def close(self) -> None:
        self._http.close()

    def hello(self) -> Hello:
        """The server's key, time and challenge; the key must be the one that is known, or one that `follows` it."""
        asked_ms = self._clock.wall_ms()
        greeting = read_hello(self._call("GET", "/v1/hello"))
        # half of the way is behind it (Cristian 1989)
        self.offset_ms = greeting.now_ms - (asked_ms + self._clock.wall_ms()) // 2
        if self.place.server and greeting.server != self.place.server and not self.follows(greeting):
            raise VerifyError(
                _(
                    "This is another server than before. Nothing was sent. Ask an owner whether it was set up anew."
                )
            )
        self.server = greeting.server
        return greeting

    def exchange(self, head: wire.Head, delivery: Delivery) -> tuple[wire.Head, Delivery]:
        """One round trip: what the other side lacks goes, what this side lacks comes."""
        body = frames.to_bytes(wire.records(head, delivery))
        answer = self._with_token("POST", "/v1/exchange", body)
        return wire.read(frames.from_bytes(answer))

    def files(self, hashes: Sequence[bytes]) -> dict[bytes, int]:
        """How much of these files is at the server: bytes of this device's, or HERE; those no log there names are missing."""
        return parts.read_standing(self._with_token("POST", "/v1/files", parts.asked(hashes)))

    def send_part(self, sha256: bytes, offset: int, length: int, part: bytes) -> int:
        """Brings a part of a file, and says how much is there after it, or HERE; over a line that broke, what got there."""
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(length)}
        body = b"".join(parts.in_pieces(part))
        try:
            answer = self._with_token("PATCH", f"/v1/files/{sha256.hex()}", body, headers, again=False)
        except Unreachable:
            return self.files([sha256]).get(sha256, 0)
        return parts.read_standing(answer).get(sha256, 0)

    def fetch_part(self, sha256: bytes, offset: int) -> bytes:
        """Some bytes of a file from there on, fewer at its end."""
        headers = {"Range": f"bytes={offset}-{offset + parts.PART_BYTES - 1}"}
        return self._with_token("GET", f"/v1/files/{sha256.hex()}", b"", headers)

    def snapshot(self) -> bytes:
        """The server's signed offer of a snapshot. Raises Refused where it makes none."""
        return self._with_token("GET", "/v1/snapshot", b"")

    def snapshot_part(self, sha256: bytes, offset: int, most: int) -> bytes:
        """Some bytes of the packed snapshot from there on."""
        headers = {"Range": f"bytes={offset}-{offset + most - 1}"}
        return self._with_token("GET", f"/v1/snapshot/{sha256.hex()}", b"", headers)

    def text(self, path: str, **asked: object) -> str:
        """What the server says to a question, as text: a checkpoint, a proof."""
        found = self._with_token("GET", f"{path}?{urlencode(asked)}", b"")
        try:
            return found.decode()
        except UnicodeDecodeError as error:
            raise VerifyError(_("The server's answer is no text.")) from error

    # -- tokens --------------------------------------------------------------------------------------------------

    def token(self) -> str:
        """A token for this device, asked for at the first use."""
        if self._token is None:
            greeting = self.hello()
            signed = signed_by_device(greeting.server, self.workspace, self.device.id, greeting.challenge)
            signature = sign_as_device(self.device.private, signed)
            knock = Knock(
                *(self.workspace, self.device.id, self.device.public, greeting.challenge, signature),
                self.grant(greeting),
            )
            self._token = base64.b64encode(self._call("POST", "/v1/session", knock.encode())).decode()
        return self._token

    def forget_token(self) -> None:
        """The next use asks for another one."""
        self._token = None

    def _with_token(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str] = _NONE, *, again: bool = True
    ) -> bytes:
        def call() -> bytes:
            with_token = {**headers, "Authorization": f"Bearer {self.token()}"}
            return self._call(method, path, body, with_token, again=again)

        try:
            return call()
        except _TokenRefused:
            self.forget_token()  # it is old, or the server has a new key
            return call()

    # -- calls ---------------------------------------------------------------------------------------------------

    def _call(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] = _NONE,
        *,
        again: bool = True,
    ) -> bytes:
        request = self._http.build_request(method, path, content=body, headers=headers)
        try:
            try:
                response, answer = self._sent(request)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                if not again:
                    raise
                # a kept connection that the other side has closed; whatever is asked may be asked twice
                response, answer = self._sent(request)
        except (httpx.HTTPError, ssl.SSLError, OSError) as error:
            raise _unreachable(self.place, error) from error
        except RuntimeError as error:
            if not self._http.is_closed:
                raise
            # it was closed under a thread that carries files
            raise _unreachable(self.place, error) from error
        if response.status_code in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
            return answer
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return b""  # the file ends there
        raise _error_of(response, answer)

    def _sent(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        response = self._http.send(request, stream=True)
        parts, size = [], 0
        try:
            for part in response.iter_bytes():
                size += len(part)
                if size > _MOST_ANSWER:
                    raise VerifyError(_("The server's answer is too long. Nothing was taken."))
                parts.append(part)
        except (httpx.RemoteProtocolError, httpx.ReadError):
            # of a range, what came is some bytes of the file from there on, as good as all of them
            if response.status_code != httpx.codes.PARTIAL_CONTENT or not parts:
                raise
        finally:
            response.close()
        return response, b"".join(parts)


class _TokenRefused(LaunchbookError):
    """A token that is old or unknown: another one is asked for."""


def _error_of(response: httpx.Response, body: bytes) -> LaunchbookError:
    word = ""
    with contextlib.suppress(ValueError, AttributeError):
        word = str(json.loads(body).get("error", ""))
    if response.status_code == httpx.codes.UNAUTHORIZED and word == "no_token":
        return _TokenRefused(word)
    if word in _TOLD:
        return Refused(_(_TOLD[word]))
    after = response.headers.get("retry-after", "")
    told = _("The server cannot answer now ({status}). Everything stays here until it can.")
    wait_ms = int(after) * 1000 if after.isdigit() and len(after) < 5 else 0
    return Unreachable(told.format(status=response.status_code), wait_ms)


def _unreachable(place: Place, error: Exception) -> Unreachable:
    told = _("The server {url} cannot be reached ({detail}). Everything stays here until it can.")
    return Unreachable(told.format(url=place.url, detail=error))


def trusted_by(place: Place) -> ssl.SSLContext | bool:
    """What TLS accepts: the certificate with the known fingerprint alone, else what the machine's authorities signed."""
    if not place.fingerprint:
        return place.url.startswith("https:")  # on loopback no certificates are loaded: 20 ms of each start
    parts = urlsplit(place.url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        pem = ssl.get_server_certificate((host, port), timeout=10)
    except (OSError, ssl.SSLError) as error:
        raise _unreachable(place, error) from error
    if hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest() != place.fingerprint:
        raise VerifyError(
            _("The server shows another certificate than the invitation names. Nothing was sent.")
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pem)
    context.check_hostname = False  # the certificate itself is known, whatever name leads to it
    return context


def by_invitation(connection: Connection, signer: Signer) -> Grant:
    """Lets a device in that the log does not know yet: the invitation's key signs for this device's key."""

    def grant(greeting: Hello) -> tuple[bytes, ...]:
        signed = signed_by_invitation(
            greeting.server, connection.workspace, connection.device.public, greeting.challenge
        )
        return signer.key, sign_as_person(signer.private, signed)

    return grant
