"""Who typed something and when, beside who is said to have done it and when it is said to have happened."""

from collections.abc import Iterable
from typing import NamedTuple

from app.storage.engine import Reader

_FEW = 400


class Typed(NamedTuple):
    """The person at the keyboard (None before identity is given) and the moment of the commit, in UTC ms."""

    person: bytes | None
    when_ms: int


def typed(reader: Reader, things: Iterable[bytes]) -> dict[bytes, Typed]:
    """Object -> who made it when, from the commit that created it."""
    wanted = list(things)
    found = {}
    for first in range(0, len(wanted), _FEW):
        part = wanted[first : first + _FEW]
        for thing, person, wall in reader.rows(
            "SELECT c.object, e.person, e.wall FROM creation c JOIN entry e ON e.rev = c.rev "
            f"WHERE c.object IN ({','.join('?' * len(part))}) ORDER BY c.rev DESC",
            part,
        ):
            found[thing] = Typed(person, wall)
    return found
