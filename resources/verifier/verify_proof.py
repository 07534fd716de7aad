"""Verifies a Launchbook *.tlog-proof without Launchbook, a network or an account; with Python 3.11 and `cryptography`.

    python verify_proof.py FILE.tlog-proof [--workspace FINGERPRINT]

It says who stated what, in which role, when it was received and by whose order, after it checked the signatures of the
person, of the device and of whoever gives the order, and the place of everything in Merkle trees (RFC 9162) under signed
checkpoints (c2sp.org/tlog-proof). The one thing taken on trust is the workspace's founding: compare its fingerprint with
the one you were given from elsewhere. What no single proof shows is that nothing was taken back later.
"""

import base64
import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

KINDS = ("", "sign-off", "withdrawal", "waiver", "verdict", "acceptance", "access", "role", "sequencer")
CREATE, STATE, CERTIFY, FOUND = 1, 4, 5, 6  # ops
PERSON, DEVICE = 16, 17  # entities
WIDTHS = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4, 0xDC: 2, 0xDD: 4}


class Refused(Exception):
    """Something in the file is not what it claims to be."""


def need(holds: Any, what: str) -> None:
    if not holds:
        raise Refused(what)


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def unpack(data: bytes) -> Any:
    """The value of MessagePack bytes: int, text, bytes, bool, nil and arrays."""
    value, end = _value(data, 0)
    need(end == len(data), "a record has bytes left over")
    return value


def _value(data: bytes, at: int) -> tuple[Any, int]:
    first, at = data[at], at + 1
    if first < 0x80 or first >= 0xE0:
        return (first if first < 0x80 else first - 0x100), at
    if 0x90 <= first < 0xC0:
        return _array(data, at, first & 0x0F) if first < 0xA0 else _take(data, at, first & 0x1F, text=True)
    if first in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[first], at
    if 0xCC <= first <= 0xD3:
        width = 1 << (first & 3)
        return int.from_bytes(data[at : at + width], "big", signed=first >= 0xD0), at + width
    need(first in WIDTHS, "a record has a byte that begins nothing")
    length, at = int.from_bytes(data[at : at + WIDTHS[first]], "big"), at + WIDTHS[first]
    return _array(data, at, length) if first >= 0xDC else _take(data, at, length, text=first >= 0xD9)


def _take(data: bytes, at: int, length: int, *, text: bool) -> tuple[Any, int]:
    part = data[at : at + length]
    need(len(part) == length, "a record is cut off")
    return (part.decode() if text else part), at + length


def _array(data: bytes, at: int, length: int) -> tuple[list[Any], int]:
    found = []
    for _ in range(length):
        value, at = _value(data, at)
        found.append(value)
    return found, at


def verify(public: bytes, message: bytes, signature: bytes, what: str) -> None:
    """65 bytes: algorithm 1 (Ed25519) or 2 (P-256 with SHA-256), and two halves."""
    try:
        if len(signature) == 65 and (signature[0], len(public)) == (1, 32):
            return Ed25519PublicKey.from_public_bytes(public).verify(signature[1:], message)
        if len(signature) == 65 and (signature[0], len(public)) == (2, 33):
            halves = int.from_bytes(signature[1:33], "big"), int.from_bytes(signature[33:], "big")
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
            return key.verify(utils.encode_dss_signature(*halves), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        pass
    raise Refused(f"the signature of {what} does not hold")


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162, 2.1.3.2."""
    last = size - 1
    need(0 <= index <= last and all(len(one) == 32 for one in path), "a place lies outside its tree")
    for sibling in path:
        need(last, "a path through a tree is too long")
        if index & 1 or index == last:
            leaf = sha256(b"\1", sibling, leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = sha256(b"\1", leaf, sibling)
        index, last = index >> 1, last >> 1
    need(not last, "a path through a tree is too short")
    return leaf


def unbase64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "a line is no base64")
    return data


def number(text: str) -> int:
    need(text == str(int(text)), "a number is not written as one")
    return int(text)


class Entry:
    """A commit with its leaf, its place in a tree, and the checkpoint over that."""

    def __init__(
        self, leaf: bytes, body: bytes, signature: bytes, index: int, path: list[bytes], note: str
    ) -> None:
        self.leaf, self.body, self.signature, self.index, self.path = leaf, body, signature, index, path
        self.hash, commit = sha256(b"launchbook/commit/1\n", body), unpack(body)
        need(len(commit) == 20 and commit[0] == 1, "a commit has the wrong shape")
        self.log, self.device, self.number, self.ops = commit[1], commit[2], commit[3], commit[18]
        name, self.received, accepted, _reason = unpack(leaf)
        need(name == self.hash and accepted == 1, "a leaf is not about its commit, or that was refused")
        self.text, _gap, signed = note.partition("\n\n")
        self.origin, size, root = self.text.split("\n")
        dash, signer, blob = signed.split(" ")
        self.size, self.root, self.blob = number(size), unbase64(root), unbase64(blob[:-1])
        self.epoch = number(self.origin.rpartition("/")[2])
        need(self.origin == f"launchbook/{self.log.hex()}/{self.epoch}", "a checkpoint is of another log")
        need((dash, signer, blob[-1]) == ("\u2014", self.origin, "\n"), "a checkpoint is signed by another")

    def check_place(self, sequencer: bytes | None) -> None:
        need(sequencer is not None, f"nobody was given the order of {self.origin}")
        hint = sha256(self.origin.encode(), b"\n\x01", sequencer or b"")[:4]
        need(self.blob[:4] == hint, "a checkpoint is of another key")
        verify(sequencer or b"", f"{self.text}\n".encode(), b"\1" + self.blob[4:], "a checkpoint")
        leaf = sha256(b"\0launchbook/leaf/1\n", self.leaf)
        need(root_of(leaf, self.index, self.size, self.path) == self.root, "a place is another commit's")


class File:
    """Everything in a proof; checked once it is read."""

    def __init__(self, text: str) -> None:
        head, _gap, note = text.partition("\n\n")
        name, extra, index, *path = head.split("\n")
        need(name == "c2sp.org/tlog-proof@v1", "this is no tlog-proof")
        need(extra[:6] == "extra " and index[:6] == "index ", "this is no proof of a statement")
        version, leaf, body, signature, support, self.contents, values = unpack(unbase64(extra[6:]))
        need(version == 1, "a newer program wrote this file")
        place = number(index[6:]), [unbase64(one) for one in path], note
        self.main = Entry(leaf, body, signature, *place)
        self.entries = [self.main, *(Entry(*one) for one in support)]
        self.texts = {sha256(b"launchbook/salted/1\n", salt, value): unpack(value) for salt, value in values}
        self.ops = [(entry, at, op) for entry in self.entries for at, op in enumerate(entry.ops)]
        self.check()

    def check(self) -> None:
        founded = [(one, op) for one, at, op in self.ops if op[0] == FOUND and at == 0 and one.number == 1]
        self.sequencers = {(one.log, 1): op[2] for one, op in founded}
        self.founding = next((one for one, op in founded if op[1] == 1 and op[3] == one.log), self.main)
        need(self.founding is not self.main and len(self.sequencers) == len(founded), "a founding is missing")
        self.check_devices()
        self.check_people()
        self.check_statements()
        for entry in self.entries:
            entry.check_place(self.sequencers.get((entry.log, entry.epoch)))
        self.check_contents()

    def check_devices(self) -> None:
        """A device's key is the one under which it introduced itself."""
        made = [(one, op) for one, _at, op in self.ops if op[0] == CREATE and op[1] in (PERSON, DEVICE)]
        named = {op[2]: next((value for field, _, value in op[3] if field == 2), None) for _one, op in made}
        keys = {op[2]: named[op[2]] for one, op in made if op[2] == one.device}
        self.names = {thing: self.texts.get(name or b"") for thing, name in named.items()}
        for one in self.entries:
            message = b"launchbook/commit/1\n" + one.body
            verify(keys.get(one.device) or b"", message, one.signature, f"the device {one.device.hex()[:8]}")

    def check_people(self) -> None:
        """Each key belongs to one person, and each certificate is signed by the key that it names."""
        found = [(unpack(op[1]), op) for _one, _at, op in self.ops if op[0] == CERTIFY]
        self.keys = {sha256(one[3])[:16]: (one[1], one[3]) for one, _op in found}
        self.issuers: dict[bytes, set[bytes]] = {key: set() for key in self.keys}
        for (_v, person, _device, public, issuer, _when), (_kind, body, signature) in found:
            key = sha256(public)[:16]
            need(self.keys[key][0] == person, "a key is certified for two persons")
            self.issuers[key].add(issuer)
            verify(self.keys[issuer][1], b"launchbook/certificate/1\n" + body, signature, "a certificate")

    def check_statements(self) -> None:
        self.stated = [(unpack(op[1]), one) for one, _at, op in self.ops if op[0] == STATE]
        for entry, _at, op in self.ops:
            if op[0] == STATE:
                said = unpack(op[1])
                person, public = self.keys[said[13]]
                need((person, entry.log) == (said[12], said[2]), "a statement names another's key or log")
                verify(public, b"launchbook/statement/1\n" + op[1], op[2], "a statement")
        (self.said,) = (said for said, entry in self.stated if entry is self.main)
        for said, _entry in self.stated:
            if said[1] == KINDS.index("sequencer") and self.is_owner(said[12]):
                epoch, _size, _root, key = unpack(said[15])
                need(self.sequencers.setdefault((said[2], epoch), key) == key, "an epoch was given to two")

    def is_owner(self, person: bytes, asked: tuple[bytes, ...] = ()) -> bool:
        """By the founder's own statement on the founding device, or by another owner's."""
        return person not in asked and any(
            self.is_owner(said[12], (*asked, person))
            or (said[12], one.device) == (person, self.founding.device)
            for said, one in self.stated
            if (said[1], said[4][1], said[10], said[2]) == (6, person, "owner", self.founding.log)
        )

    def holds_role(self) -> bool:
        wanted = (7, self.said[12], "granted", self.said[11])
        return any(
            (said[1], said[4][1], said[10], said[11]) == wanted and self.is_owner(said[12])
            for said, _entry in self.stated
            if said[17] in (None, self.said[2]) and (said[16] is None or self.main.received <= said[16])
        )

    def is_vouched(self, key: bytes, asked: tuple[bytes, ...] = ()) -> bool:
        """Whether an owner's key certified it, or another key of the person that an owner's certified."""
        person = self.keys[key][0]
        return key not in asked and any(
            self.is_owner(self.keys[one][0])
            if self.keys[one][0] != person
            else self.is_vouched(one, (*asked, key))
            for one in self.issuers[key]
        )

    def check_contents(self) -> None:
        """Every content is what was signed or named in it by its digest; every text is named by a commit."""
        known = {sha256(b"launchbook/content/1\n", one): unpack(one) for one in self.contents}
        signed = known.pop(self.said[6], None)
        need(
            all(signed and [one[2], name] in signed[-1] for name, one in known.items()),
            "a content is unsigned",
        )
        need(all(any(name in one.body for one in self.entries) for name in self.texts), "a text is unsigned")
        self.signed = [signed, *known.values()] if signed else []


def lines_of(file: File) -> Iterator[str]:
    said, main, role = file.said, file.main, file.said[11]
    stated, received = (
        f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC" for ms in (said[19], main.received)
    )
    yield f"{file.names.get(said[12]) or said[12].hex()}: {KINDS[said[1]]} {said[10]} {role}"
    yield f"  because: {file.texts.get(said[14], '-')}"
    yield f"  about {said[4][1].hex()}, content {said[6].hex()}"
    yield f"  stated on {stated} by the clock of the device {main.device.hex()} ({said[18]})"
    yield f"  identity: {'vouched for by an owner' if file.is_vouched(said[13]) else 'self-declared'}, key {said[13].hex()}"
    yield f"  role: {'given by an owner' if file.holds_role() else 'not shown'}"
    yield f"  received on {received}, place {main.index} of {main.origin}"
    yield f"  by the order of {file.sequencers[main.log, main.epoch].hex()}"
    yield f"  workspace {file.founding.log.hex()}, fingerprint {file.founding.hash.hex()}"
    for one in file.signed:
        yield "  signed: " + ", ".join(part for part in one[1:] if isinstance(part, str) and part)
    if not file.signed:
        yield "  what was signed is not in this file: it has changed since, or has no content of its own"


def read(path: Path) -> File:
    """Raises Refused, or OSError."""
    try:
        return File(path.read_bytes().decode())
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise Refused(f"the file has the wrong shape ({error})") from None


def main(words: list[str]) -> int:
    if len(words) not in (2, 4):
        sys.stdout.write("Usage: verify_proof.py FILE.tlog-proof [--workspace FINGERPRINT]\n")
        return 2
    try:
        file = read(Path(words[1]))
        need(words[2:] in ([], ["--workspace", file.founding.hash.hex()]), "it is of another workspace")
        sys.stdout.write("\n".join(["It holds.", *lines_of(file)]) + "\n")
    except (Refused, OSError) as error:
        sys.stdout.write(f"It does not hold: {error}.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
