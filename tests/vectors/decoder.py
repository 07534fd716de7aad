"""Reads and checks every signed format of Launchbook with nothing of Launchbook: what an auditor could write in a day.

Formats: README of the log in app/storage; MessagePack (spec.md of msgpack), Ed25519 (RFC 8032), ECDSA P-256 with SHA-256
(FIPS 186-5), Merkle trees (RFC 9162, 2.1), checkpoints (c2sp.org/signed-note). Run it on a workspace database to see
its commits: python -m tests.vectors.decoder launchbook.db
"""

import base64
import hashlib
import sqlite3
import sys
import unicodedata
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

COMMIT = (
    *(
        "version",
        "log",
        "device",
        "dev_seq",
        "prev",
        "person",
        "action",
        "hlc",
        "wall",
        "offset",
        "schema_rev",
    ),
    *("acl_seq", "seen_seq", "seen_root", "verb", "args", "reason", "on_behalf_of", "ops", "detached_root"),
)
STATEMENT = (
    *(
        "version",
        "kind",
        "log",
        "run",
        "subject",
        "digest_rev",
        "digest",
        "frontier",
        "language",
        "files_here",
    ),
    *(
        "meaning",
        "role",
        "person",
        "key",
        "reason",
        "conditions",
        "expires",
        "request",
        "presence",
        "happened_at",
    ),
)
CERTIFICATE = ("version", "person", "device", "public", "issuer", "issued_at")
DEVICE, DEVICE_KEY = 17, 2  # entity and field in which a device introduces its own key
CREATE, STATE, CERTIFY, FOUND = 1, 4, 5, 6


class Broken(Exception):
    """The bytes are not what they claim to be."""


# -- MessagePack, the part that is used: int, str (NFC), bin, bool, nil, array; each value has one encoding ---------


def unpack(data: bytes) -> Any:
    value, end = _value(data, 0)
    if end != len(data) or pack(value) != data:
        raise Broken("not canonical")
    return value


def _value(data: bytes, at: int) -> tuple[Any, int]:
    try:
        first = data[at]
    except IndexError:
        raise Broken("too short") from None
    at += 1
    if first < 0x80:
        return first, at
    if first >= 0xE0:
        return first - 0x100, at
    if first in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[first], at
    if 0xA0 <= first < 0xC0:
        return _text(data, at, first & 0x1F)
    if 0x90 <= first < 0xA0:
        return _array(data, at, first & 0x0F)
    if first in (0xCC, 0xCD, 0xCE, 0xCF, 0xD0, 0xD1, 0xD2, 0xD3):
        width = 1 << (first & 3)
        number = int.from_bytes(_take(data, at, width), "big", signed=first >= 0xD0)
        return number, at + width
    for base, read in ((0xD9, _text), (0xC4, _binary)):
        if base <= first < base + 3:
            width = 1 << (first - base)
            return read(data, at + width, int.from_bytes(_take(data, at, width), "big"))
    if first in (0xDC, 0xDD):
        width = 2 if first == 0xDC else 4
        return _array(data, at + width, int.from_bytes(_take(data, at, width), "big"))
    raise Broken(f"byte {first:#x} begins nothing that may stand in a record")


def _take(data: bytes, at: int, length: int) -> bytes:
    if at + length > len(data):
        raise Broken("too short")
    return data[at : at + length]


def _binary(data: bytes, at: int, length: int) -> tuple[bytes, int]:
    return _take(data, at, length), at + length


def _text(data: bytes, at: int, length: int) -> tuple[str, int]:
    try:
        text = _take(data, at, length).decode()
    except UnicodeDecodeError:
        raise Broken("not UTF-8") from None
    if unicodedata.normalize("NFC", text) != text:
        raise Broken("not in normal form C")
    return text, at + length


def _array(data: bytes, at: int, length: int) -> tuple[list[Any], int]:
    found = []
    for _ in range(length):
        value, at = _value(data, at)
        found.append(value)
    return found, at


def pack(value: Any) -> bytes:
    if value is None or isinstance(value, bool):
        return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
    if isinstance(value, int):
        return _packed_int(value)
    if isinstance(value, str):
        data = value.encode()
        return (bytes([0xA0 | len(data)]) if len(data) < 32 else _sized(0xD9, len(data))) + data
    if isinstance(value, bytes):
        return _sized(0xC4, len(value)) + value
    head = bytes([0x90 | len(value)]) if len(value) < 16 else _sized(0xDB, len(value), least=1)
    return head + b"".join(pack(item) for item in value)


def _packed_int(number: int) -> bytes:
    if -32 <= number < 128:
        return number.to_bytes(1, "big", signed=number < 0)
    code, bits = (0xCC, number.bit_length()) if number >= 0 else (0xD0, (~number).bit_length() + 1)
    step = next(step for step in range(4) if bits <= 8 << step)
    return bytes([code + step]) + number.to_bytes(1 << step, "big", signed=number < 0)


def _sized(code: int, length: int, least: int = 0) -> bytes:
    step = next(step for step in range(least, 3) if length < 1 << (8 << step))
    return bytes([code + step]) + length.to_bytes(1 << step, "big")


# -- signatures and hashes -----------------------------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """65 bytes: algorithm 1 (Ed25519) or 2 (P-256), and two halves of 32. Raises Broken."""
    try:
        if len(signature) == 65 and signature[0] == 1 and len(public) == 32:
            return Ed25519PublicKey.from_public_bytes(public).verify(signature[1:], message)
        if len(signature) == 65 and signature[0] == 2 and len(public) == 33:
            r, s = int.from_bytes(signature[1:33], "big"), int.from_bytes(signature[33:], "big")
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
            return key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        pass
    raise Broken("a signature does not hold")


def key_id(public: bytes) -> bytes:
    return sha256(public)[:16]


def salted_hash(salt: bytes, packed: bytes) -> bytes:
    return sha256(b"launchbook/salted/1\n" + salt + packed)


def content_digest(content: list[Any]) -> bytes:
    return sha256(b"launchbook/content/1\n" + pack(content))


def leaf_hash(commit: bytes, received: int, accepted: int, reason: int) -> bytes:
    return sha256(b"\0launchbook/leaf/1\n" + pack([commit, received, accepted, reason]))


def tree_root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"")
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\1" + tree_root(leaves[:split]) + tree_root(leaves[split:]))


# -- records -------------------------------------------------------------------------------------------------------


def record(body: bytes, names: tuple[str, ...]) -> dict[str, Any]:
    array = unpack(body)
    if not isinstance(array, list) or len(array) != len(names) or array[0] != 1:
        raise Broken("the wrong shape")
    return dict(zip(names, array, strict=True))


def read_commit(body: bytes, signature: bytes, public: bytes) -> dict[str, Any]:
    """A commit whose device's signature holds; `hash` is what the next one names as `prev`."""
    verify(public, b"launchbook/commit/1\n" + body, signature)
    return record(body, COMMIT) | {"hash": sha256(b"launchbook/commit/1\n" + body)}


def read_statement(body: bytes, signature: bytes, public: bytes) -> dict[str, Any]:
    verify(public, b"launchbook/statement/1\n" + body, signature)
    found = record(body, STATEMENT)
    if found["key"] != key_id(public):
        raise Broken("a statement names another key")
    return found


def read_certificate(body: bytes, signature: bytes, issuer: bytes) -> dict[str, Any]:
    verify(issuer, b"launchbook/certificate/1\n" + body, signature)
    found = record(body, CERTIFICATE)
    if found["issuer"] != key_id(issuer):
        raise Broken("a certificate names another issuer")
    return found


def read_checkpoint(note: str, public: bytes) -> tuple[str, int, bytes]:
    """Origin, size and root of a signed note."""
    text, _, signed = note.partition("\n\n")
    try:
        origin, size, root = text.split("\n")
        dash, name, blob = signed.rstrip("\n").split(" ")
        raw = base64.b64decode(blob, validate=True)
        found = origin, int(size), base64.b64decode(root, validate=True)
    except ValueError:
        raise Broken("no checkpoint") from None
    hint = sha256(origin.encode() + b"\n\x01" + public)[:4]
    if dash != "—" or name != origin or raw[:4] != hint:
        raise Broken("a checkpoint of somebody else")
    verify(public, f"{text}\n".encode(), b"\x01" + raw[4:])
    return found


# -- a whole workspace ---------------------------------------------------------------------------------------------


def read_database(path: Path) -> list[dict[str, Any]]:
    """All commits of a workspace file, oldest first, after every signature, chain and tree was found to hold."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT body, signature, hash FROM entry ORDER BY rev").fetchall()
        commits = _read_chains(rows)
        _check_statements(commits)
        _check_trees(database, commits)
        for name, salt, value in database.execute("SELECT hash, salt, value FROM detached"):
            if salted_hash(salt, value) != name:
                raise Broken("an erasable value is not the one that was signed")
        return commits
    finally:
        database.close()


def _read_chains(rows: list[tuple[bytes, bytes, bytes]]) -> list[dict[str, Any]]:
    keys: dict[bytes, bytes] = {}
    ends: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}
    commits = []
    for body, signature, name in rows:
        told = record(body, COMMIT)
        for op in told["ops"]:
            if op[0] == CREATE and op[1] == DEVICE and op[2] == told["device"]:
                keys.setdefault(op[2], next(value for field, _, value in op[3] if field == DEVICE_KEY))
        commit = read_commit(body, signature, keys.get(told["device"], b""))
        place = (commit["log"], commit["device"])
        if (commit["dev_seq"] - 1, commit["prev"]) != ends.get(place, (0, bytes(32))) or commit[
            "hash"
        ] != name:
            raise Broken("a chain has a gap or a fork")
        ends[place] = (commit["dev_seq"], commit["hash"])
        commits.append(commit)
    return commits


def _check_statements(commits: list[dict[str, Any]]) -> None:
    keys: dict[bytes, bytes] = {}
    for commit in commits:
        for kind, *op in commit["ops"]:
            if kind == CERTIFY:
                public = record(op[0], CERTIFICATE)["public"]
                issuer = record(op[0], CERTIFICATE)["issuer"]
                read_certificate(op[0], op[1], keys.get(issuer, public))
                keys[key_id(public)] = public
            elif kind == STATE:
                read_statement(op[0], op[1], keys.get(record(op[0], STATEMENT)["key"], b""))


def _check_trees(database: sqlite3.Connection, commits: list[dict[str, Any]]) -> None:
    sequencers = {one["log"]: one["ops"][0][2] for one in commits if one["ops"] and one["ops"][0][0] == FOUND}
    for log, note in database.execute("SELECT log, checkpoint FROM tree WHERE epoch = 1"):
        leaves = database.execute(
            "SELECT hash, received, accepted, reason FROM leaf WHERE log = ? AND epoch = 1 ORDER BY number",
            (log,),
        )
        hashes = [leaf_hash(*leaf) for leaf in leaves]
        if read_checkpoint(note, sequencers[log])[1:] != (len(hashes), tree_root(hashes)):
            raise Broken("a checkpoint does not cover its log")


if __name__ == "__main__":
    for one in read_database(Path(sys.argv[1])):
        sys.stdout.write(
            f"{one['log'].hex()[-6:]} {one['device'].hex()[-6:]} {one['dev_seq']} verb {one['verb']}\n"
        )
