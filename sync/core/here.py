"""Who is here and looks at what: small messages beside the exchange, kept by nobody; who does not know them drops them.

What a device says of itself is a place; whose it is, the server says from the device's token. The number 7 stands where a
record has its kind (`sync/core/wire.py`).
"""

from dataclasses import dataclass

from app.codec import pack, unpack
from app.errors import VerifyError

HERE, VERSION = 7, 1
MOST_BYTES = 256
EACH_MS = 1_000  # a server passes on so many of one socket: one a second, and a few more at once
AT_ONCE = 5
AGAIN_S = 30.0  # a place is said again, so that who came since learns of it
GONE_S = 90.0  # who has not said anything for so long is not here any more
_ID = 16
_MOST_FACE = 40


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody looks at: the face of the window ("plan/board"), the project, the task; "" is: gone."""

    face: str
    project: bytes = b""
    task: bytes = b""


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody on a device looks at a place; without a face that device is gone."""

    person: bytes
    device: bytes
    place: Place


def said(person: bytes, place: Place) -> bytes:
    """By a client: which of the persons of its device acts, and what they look at."""
    return pack([HERE, VERSION, person, place.face[:_MOST_FACE], place.project, place.task])


def read_said(data: bytes) -> tuple[bytes, Place]:
    """Raises VerifyError for anything else."""
    match _unpacked(data):
        case [7, 1, bytes(person), str(face), bytes(project), bytes(task)] if len(person) == _ID:
            return person, _place(face, project, task)
    raise VerifyError("A word of who is here has the wrong shape.")


def told(seen: Seen) -> bytes:
    """By a server, to the others."""
    place = seen.place
    return pack([HERE, VERSION, seen.person, seen.device, place.face, place.project, place.task])


def is_told(data: bytes) -> bool:
    """Whether a live message is one of these and no news: those begin as zstd does."""
    return data[:2] == bytes([0x97, HERE])


def read_told(data: bytes) -> Seen:
    """Raises VerifyError."""
    match _unpacked(data):
        case [7, 1, bytes(person), bytes(device), str(face), bytes(project), bytes(task)] if (
            len(person) == len(device) == _ID
        ):
            return Seen(person, device, _place(face, project, task))
    raise VerifyError("A word of who is here has the wrong shape.")


def _unpacked(data: bytes) -> object:
    if len(data) > MOST_BYTES:
        raise VerifyError("A word of who is here is too long.")
    return unpack(data)


def _place(face: str, project: bytes, task: bytes) -> Place:
    if len(face) > _MOST_FACE or len(project) not in (0, _ID) or len(task) not in (0, _ID):
        raise VerifyError("A word of who is here has the wrong shape.")
    return Place(face, project, task)
