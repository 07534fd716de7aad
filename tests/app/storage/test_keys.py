"""Keys on disk: PIN, installation secret, waiting after wrong PINs, and files that somebody has touched."""

import json
import os
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from app.errors import SecretError, StorageError
from app.storage.keys import CHEAP, KeyStore
from tests.factories import PASSPHRASE, StandingClock

ANN = b"ann the performer"[:16]


def _store(path: Path, passphrase: str | None = PASSPHRASE, time: StandingClock | None = None) -> KeyStore:
    return KeyStore(path, (time or StandingClock()).clock(), lambda: passphrase, CHEAP)


def _number(store: KeyStore, pin: str) -> int:
    return store.unlock(ANN, pin).private_numbers().private_value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_a_key_opens_again_with_its_pin_in_another_process(path: Path) -> None:
    made = _store(path).create(ANN, "4711").private_numbers().private_value

    assert _number(_store(path), "4711") == made
    assert _store(path).has_key(ANN)
    assert _store(path).persons() == (ANN,)


def test_the_key_file_is_the_owners_alone_and_holds_no_secret(path: Path) -> None:
    store = _store(path)
    number = store.create(ANN, "pin-of-ann").private_numbers().private_value
    content = path.read_bytes()

    assert b"pin-of-ann" not in content
    assert PASSPHRASE.encode() not in content
    assert str(number).encode() not in content
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("pin", ["", "123"])
def test_a_pin_too_short_makes_no_key(path: Path, pin: str) -> None:
    with pytest.raises(SecretError, match="A PIN has at least 4 characters"):
        _store(path).create(ANN, pin)

    assert not _store(path).has_key(ANN)


def test_without_a_keyring_a_passphrase_of_twelve_is_needed(path: Path) -> None:
    with pytest.raises(SecretError, match="LAUNCHBOOK_PASSPHRASE"):
        _store(path, None).create(ANN, "4711")
    with pytest.raises(SecretError, match="at least 12 characters"):
        _store(path, "short").create(ANN, "4711")


def test_a_wrong_passphrase_is_said_and_counts_no_wrong_pin(path: Path) -> None:
    _store(path).create(ANN, "4711")

    with pytest.raises(SecretError, match="The installation's passphrase is wrong"):
        _store(path, "another long passphrase").unlock(ANN, "4711")
    assert json.loads(path.read_text())["persons"][ANN.hex()]["failures"] == 0


def test_each_further_wrong_pin_makes_the_next_try_wait_twice_as_long(path: Path) -> None:
    time = StandingClock()
    store = _store(path, time=time)
    store.create(ANN, "4711")
    waits = []
    for _try in range(12):
        with pytest.raises(SecretError, match="The PIN is wrong"):
            store.unlock(ANN, "0000")
        until = json.loads(path.read_text())["persons"][ANN.hex()]["wait_until"]
        waits.append(max(0, until - time.now_ms) // 1000)
        time.now_ms = max(time.now_ms, until)

    assert waits == [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert store.unlock(ANN, "4711")
    assert json.loads(path.read_text())["persons"][ANN.hex()]["failures"] == 0


def test_while_it_waits_even_the_right_pin_is_not_tried(path: Path) -> None:
    time = StandingClock()
    store = _store(path, time=time)
    store.create(ANN, "4711")
    for _try in range(3):
        with pytest.raises(SecretError):
            store.unlock(ANN, "0000")

    with pytest.raises(SecretError, match=r"Too many wrong PINs\. Next try at 2026-03-06T21:00:05Z"):
        store.unlock(ANN, "4711")


def test_somebody_without_a_key_here_is_told_so(path: Path) -> None:
    with pytest.raises(SecretError, match="has no key on this device"):
        _store(path).unlock(ANN, "4711")


@pytest.mark.parametrize("content", ["{", "\x00\xff"])
def test_a_damaged_key_file_is_said_and_left_as_it_is(path: Path, content: str) -> None:
    path.write_text(content, "latin-1")

    with pytest.raises(StorageError, match=r"The key file keys\.json cannot be read"):
        _store(path).device()
    assert path.read_text("latin-1") == content


# -- with a keyring ------------------------------------------------------------------------------------------------


class PlainKeyring(KeyringBackend):
    """A keyring in memory; `works` False makes it fail as a locked one does."""

    priority = 1

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if not self.works:
            raise KeyringError("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> PlainKeyring:
    backend = PlainKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    monkeypatch.setattr(keyring, "get_password", backend.get_password)
    monkeypatch.setattr(keyring, "set_password", backend.set_password)
    return backend


def test_with_a_keyring_nobody_is_asked_for_a_passphrase(path: Path, ring: PlainKeyring) -> None:
    made = _store(path, None).create(ANN, "4711").private_numbers().private_value

    assert _number(_store(path, None), "4711") == made
    assert len(ring.kept) == 1


def test_a_copied_key_file_opens_nowhere_else(path: Path, ring: PlainKeyring) -> None:
    _store(path, None).create(ANN, "4711")
    ring.kept.clear()

    with pytest.raises(SecretError, match="The PIN is wrong"):
        _store(path, None).unlock(ANN, "4711")


def test_a_locked_keyring_falls_back_to_the_passphrase(path: Path, ring: PlainKeyring) -> None:
    ring.works = False

    made = _store(path).create(ANN, "4711").private_numbers().private_value
    assert _number(_store(path), "4711") == made


def test_a_keyring_that_appears_later_locks_nobody_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _store(path).create(ANN, "4711").private_numbers().private_value
    ring: Any = PlainKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)

    assert _number(_store(path), "4711") == made
