"""How files of evidence are asked for and told of: by the SHA-256 of the whole, part by part.

A part goes in pieces, each with its own hash, so that of a part which a broken line cut off every whole piece stays.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from app.codec import pack, unpack
from app.errors import VerifyError

PART_BYTES = 4 << 20  # at most in one request
PIECE_BYTES = 32 << 10
_LENGTH, _HASH = 4, 32
MOST_BODY = PART_BYTES + (PART_BYTES // PIECE_BYTES + 1) * (_LENGTH + _HASH)
MOST_ASKED = 1_000  # files in one question
MOST_FILE = 4 << 30  # bytes of one file
HERE = -1  # in place of how much of a file has come: all of it


def asked(hashes: Sequence[bytes]) -> bytes:
    """A question how much of these files is there."""
    return pack(list(hashes))


def read_asked(data: bytes) -> list[bytes]:
    """Raises VerifyError for anything else than some whole hashes."""
    match unpack(data):
        case list(hashes) if len(hashes) <= MOST_ASKED:
            found = [one for one in hashes if isinstance(one, bytes) and len(one) == 32]
            if len(found) == len(hashes):
                return found
    raise VerifyError("The question for files has the wrong shape.")


def standing(found: Mapping[bytes, int]) -> bytes:
    """The answer: for each file that a log names how many bytes have come, or HERE."""
    return pack([[sha256, come] for sha256, come in found.items()])


def read_standing(data: bytes) -> dict[bytes, int]:
    """Raises VerifyError."""
    found: dict[bytes, int] = {}
    rows = unpack(data)
    for row in rows if isinstance(rows, list) else [None]:
        match row:
            case [bytes(sha256), int(come)] if len(sha256) == 32 and HERE <= come <= MOST_FILE:
                found[sha256] = come
            case _:
                raise VerifyError("The answer about files has the wrong shape.")
    return found


def in_pieces(part: bytes) -> Iterator[bytes]:
    """A part as it travels: each piece after its length in four bytes (big-endian) and its SHA-256."""
    for start in range(0, len(part), PIECE_BYTES):
        piece = part[start : start + PIECE_BYTES]
        yield len(piece).to_bytes(_LENGTH, "big") + hashlib.sha256(piece).digest() + piece


class Pieces:
    """Reads a part as it arrives, whatever it is cut into on its way."""

    def __init__(self) -> None:
        self._rest = bytearray()

    @property
    def is_whole(self) -> bool:
        """Whether what came ended with a piece."""
        return not self._rest

    def feed(self, data: bytes) -> bytes:
        """What is whole by now, without its lengths and hashes. Raises VerifyError for a piece that is not what its hash says."""
        self._rest += data
        found, head = [], _LENGTH + _HASH
        at = 0
        while len(self._rest) - at >= head:
            length = int.from_bytes(self._rest[at : at + _LENGTH], "big")
            if not 0 < length <= PIECE_BYTES:
                raise VerifyError("A piece of a file has another length than one may have.")
            if len(self._rest) - at < head + length:
                break
            piece = bytes(self._rest[at + head : at + head + length])
            if hashlib.sha256(piece).digest() != self._rest[at + _LENGTH : at + head]:
                raise VerifyError("A piece of a file was changed on its way.")
            found.append(piece)
            at += head + length
        del self._rest[:at]
        return b"".join(found)
