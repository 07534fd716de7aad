"""How files of evidence are asked for and told of: by the SHA-256 of the whole, part by part."""

from collections.abc import Mapping, Sequence

from app.codec import pack, unpack
from app.errors import VerifyError

PART_BYTES = 1 << 20  # at most in one request
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
