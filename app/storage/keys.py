"""Keys on disk: the installation's device key, and each person's key wrapped by PIN and installation secret.

The wrap is Argon2id(PIN) and, in the same derivation, 32 bytes from the OS keyring; without a keyring one installation
passphrase of 12 or more characters stands in for those bytes. None of it resists the laptop's administrator.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app import platform
from app.clock import Clock, to_iso
from app.errors import SecretError, StorageError
from app.i18n import _
from app.storage.crypto import key_id, public_bytes

LEAST_PASSPHRASE = 12
LEAST_PIN = 4
SERVICE = "launchbook"
# Wrong PINs that cost no waiting, then seconds to wait after each further one, doubling up to a quarter of an hour.
FREE_TRIES = 2
FIRST_WAIT_S = 5
LONGEST_WAIT_S = 900


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id parameters (RFC 9106); memory in KiB. The default takes about a fifth of a second."""

    memory: int = 65_536
    iterations: int = 3
    lanes: int = 1


CHEAP = Cost(memory=64, iterations=1)  # for the sample, whose PIN is printed on the screen


@dataclass(frozen=True, slots=True)
class Device:
    """This installation: 16-byte id, name, private key."""

    id: bytes
    name: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return public_bytes(self.private)


@dataclass
class KeyStore:
    """The file `keys.json` beside the database, mode 0600, replaced as a whole. Backups hold none of it.

    `passphrase` is asked only where no keyring is; it returns None when nobody can be asked.
    """

    path: Path
    clock: Clock
    passphrase: Callable[[], str | None] = lambda: None
    cost: Cost = field(default_factory=Cost)
    open_secret: bool = False  # the sample: no installation secret at all
    _secret: bytes | None = field(default=None, repr=False)

    # -- the file ------------------------------------------------------------------------------------------------

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"format": 1, "persons": {}}
        except (OSError, ValueError) as error:
            raise StorageError(
                _(
                    "The key file {path} cannot be read. Restore a backup, or remove it to begin with new keys."
                ).format(path=self.path.name)
            ) from error
        return content if isinstance(content, dict) else {"format": 1, "persons": {}}

    def _write(self, content: dict[str, Any]) -> None:
        platform.write_private(self.path, json.dumps(content, indent=1, sort_keys=True).encode())

    # -- the device ----------------------------------------------------------------------------------------------

    def device(self, name: str = "") -> Device:
        """This installation's identity, made at the first call."""
        content = self._read()
        if "device" not in content:
            private = Ed25519PrivateKey.from_private_bytes(self.clock.random_bytes(32))
            content["device"] = {
                "id": self.clock.new_id().hex(),
                "name": name,
                "private": _text(private.private_bytes_raw()),
            }
            self._write(content)
        saved = content["device"]
        private = Ed25519PrivateKey.from_private_bytes(_bytes(saved["private"]))
        return Device(bytes.fromhex(saved["id"]), saved["name"], private)

    # -- persons -------------------------------------------------------------------------------------------------

    def has_key(self, person: bytes) -> bool:
        return person.hex() in self._read()["persons"]

    def persons(self) -> tuple[bytes, ...]:
        """Everybody who has a key on this installation."""
        return tuple(bytes.fromhex(person) for person in self._read()["persons"])

    def create(self, person: bytes, pin: str) -> ec.EllipticCurvePrivateKey:
        """A new P-256 key for a person, wrapped and saved; raises SecretError for a PIN that is too short."""
        private = ec.generate_private_key(ec.SECP256R1())
        self.save(person, pin, private)
        return private

    def save(self, person: bytes, pin: str, private: ec.EllipticCurvePrivateKey) -> None:
        """Wraps a person's key under a PIN, replacing an earlier wrap."""
        if len(pin) < LEAST_PIN:
            raise SecretError(_("A PIN has at least {least} characters.").format(least=LEAST_PIN))
        salt, nonce = self.clock.random_bytes(16), self.clock.random_bytes(12)
        number = private.private_numbers().private_value.to_bytes(32, "big")
        wrap = AESGCM(self._key(pin, salt, self.cost)).encrypt(nonce, number, person)
        content = self._read()
        content["persons"][person.hex()] = {
            "key": key_id(public_bytes(private)).hex(),
            "salt": _text(salt),
            "nonce": _text(nonce),
            "wrap": _text(wrap),
            "cost": [self.cost.memory, self.cost.iterations, self.cost.lanes],
            "failures": 0,
            "wait_until": 0,
        }
        self._write(content)

    def unlock(self, person: bytes, pin: str) -> ec.EllipticCurvePrivateKey:
        """The person's private key; raises SecretError for a wrong PIN, and says when the next try is possible."""
        content = self._read()
        saved = content["persons"].get(person.hex())
        if saved is None:
            raise SecretError(_("This person has no key on this device. Set a PIN first."))
        now = self.clock.now_ms()
        if now < saved["wait_until"]:
            raise SecretError(
                _("Too many wrong PINs. Next try at {when}.").format(when=to_iso(saved["wait_until"]))
            )
        wrapping = self._key(pin, _bytes(saved["salt"]), Cost(*saved["cost"]))
        try:
            number = AESGCM(wrapping).decrypt(_bytes(saved["nonce"]), _bytes(saved["wrap"]), person)
        except InvalidTag:
            raise self._wrong_pin(content, saved, now) from None
        if saved["failures"]:
            saved["failures"], saved["wait_until"] = 0, 0
            self._write(content)
        return ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())

    def _wrong_pin(self, content: dict[str, Any], saved: dict[str, Any], now: int) -> SecretError:
        saved["failures"] += 1
        over = saved["failures"] - FREE_TRIES
        if over <= 0:
            self._write(content)
            return WrongPin(_("The PIN is wrong."))
        saved["wait_until"] = now + 1000 * min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (over - 1))
        self._write(content)
        return WrongPin(_("The PIN is wrong. Next try at {when}.").format(when=to_iso(saved["wait_until"])))

    # -- recovery ------------------------------------------------------------------------------------------------

    def export(self, person: bytes, pin: str, recovery: str) -> bytes:
        """A person's key for a backup, wrapped by a recovery passphrase alone: it must open on another machine."""
        number = self.unlock(person, pin).private_numbers().private_value.to_bytes(32, "big")
        saved = {"person": person.hex(), **sealed(number, recovery, person, self.clock, self.cost)}
        return json.dumps(saved, sort_keys=True).encode()

    def recover(self, exported: bytes, recovery: str, pin: str) -> bytes:
        """Takes an exported key in under a PIN of this installation; returns the person. Raises SecretError."""
        try:
            saved = json.loads(exported)
            person = bytes.fromhex(saved["person"])
            number = unsealed(saved, recovery, person)
        except (ValueError, KeyError, TypeError) as error:
            raise SecretError(_("The backup's key cannot be read.")) from error
        self.save(person, pin, ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1()))
        return person

    # -- derivation ----------------------------------------------------------------------------------------------

    def _key(self, pin: str, salt: bytes, cost: Cost) -> bytes:
        slow = _argon2(pin, salt, cost)
        return HKDF(SHA256(), 32, salt, b"launchbook/key-wrap/1").derive(slow + self._installation_secret())

    def _installation_secret(self) -> bytes:
        if self.open_secret:
            return b""
        if self._secret is None:
            self._secret = self._from_keyring() or self._from_passphrase()
        return self._secret

    def _from_keyring(self) -> bytes | None:
        content = self._read()
        if "passphrase" in content:
            return None  # begun without a keyring: one that appears later must not lock anybody out
        import keyring
        from keyring.errors import KeyringError

        if keyring.get_keyring().priority <= 0:
            return None
        name = content.setdefault("keyring", self.clock.new_id().hex())
        try:
            saved = keyring.get_password(SERVICE, name)
            if saved is None:
                saved = _text(self.clock.random_bytes(32))
                keyring.set_password(SERVICE, name, saved)
        except KeyringError:
            return None
        self._write(content)
        return _bytes(saved)

    def _from_passphrase(self) -> bytes:
        content = self._read()
        asked = self.passphrase()
        if asked is None:
            raise SecretError(
                _(
                    "This machine has no key store. Give the installation's passphrase (LAUNCHBOOK_PASSPHRASE)."
                )
            )
        if len(asked) < LEAST_PASSPHRASE:
            raise SecretError(
                _("A passphrase has at least {least} characters.").format(least=LEAST_PASSPHRASE)
            )
        saved = content.get("passphrase")
        if saved is None:
            salt = self.clock.random_bytes(16)
            secret = _argon2(asked, salt, self.cost)
            cost = [self.cost.memory, self.cost.iterations, self.cost.lanes]
            content["passphrase"] = {"salt": _text(salt), "cost": cost, "check": _text(_check(secret))}
            self._write(content)
            return secret
        secret = _argon2(asked, _bytes(saved["salt"]), Cost(*saved["cost"]))
        if _text(_check(secret)) != saved["check"]:
            raise SecretError(_("The installation's passphrase is wrong."))
        return secret


class WrongPin(SecretError):
    """A PIN that did not unwrap the key: worth a line in the log."""


def _argon2(secret: str, salt: bytes, cost: Cost) -> bytes:
    kdf = Argon2id(
        salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory
    )
    return kdf.derive(secret.encode())


def sealed(plain: bytes, recovery: str, about: bytes, clock: Clock, cost: Cost) -> dict[str, Any]:
    """What a backup holds of a secret: wrapped by a recovery passphrase, bound to what it is about. Raises SecretError."""
    if len(recovery) < LEAST_PASSPHRASE:
        raise SecretError(_("A passphrase has at least {least} characters.").format(least=LEAST_PASSPHRASE))
    salt, nonce = clock.random_bytes(16), clock.random_bytes(12)
    wrap = AESGCM(_recovery_key(recovery, salt, cost)).encrypt(nonce, plain, about)
    numbers = [cost.memory, cost.iterations, cost.lanes]
    return {"salt": _text(salt), "nonce": _text(nonce), "wrap": _text(wrap), "cost": numbers}


def unsealed(saved: dict[str, Any], recovery: str, about: bytes) -> bytes:
    """The secret again; raises SecretError for another passphrase, ValueError, KeyError or TypeError for another shape."""
    key = _recovery_key(recovery, _bytes(saved["salt"]), Cost(*saved["cost"]))
    try:
        return AESGCM(key).decrypt(_bytes(saved["nonce"]), _bytes(saved["wrap"]), about)
    except InvalidTag:
        raise SecretError(_("The recovery passphrase is wrong.")) from None


def _recovery_key(recovery: str, salt: bytes, cost: Cost) -> bytes:
    return HKDF(SHA256(), 32, salt, b"launchbook/recovery/1").derive(_argon2(recovery, salt, cost))


def _check(secret: bytes) -> bytes:
    return HKDF(SHA256(), 16, None, b"launchbook/passphrase-check/1").derive(secret)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
