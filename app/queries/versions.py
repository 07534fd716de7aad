"""What stood in the fields of some objects as time went by, and who wrote it: read from their registers, not from the log."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from app.codec import trusted
from app.storage.engine import Reader

_FEW = 500


class Entry(NamedTuple):
    """One commit as far as a reader wants it."""

    person: bytes | None
    wall_ms: int
    verb: int


class Versions:
    """The values that fields of objects took, by the revision at which each came to this device.

    `where` chooses the objects: a condition on `id` with its parameters. Erasable values are their salted hashes.
    """

    def __init__(self, reader: Reader, where: str, values: Sequence[Any]) -> None:
        self._of: dict[tuple[bytes, int], list[tuple[int, Any]]] = defaultdict(list)
        self.made: dict[bytes, int] = {}
        chosen = f"SELECT id FROM {where}"
        for thing, rev, initial in reader.rows(
            f"SELECT object, rev, initial FROM creation WHERE object IN ({chosen}) ORDER BY rev DESC", values
        ):
            self.made[thing] = rev
            for number, _language, value in trusted(initial):
                self._of[thing, number].append((rev, value))
        for thing, number, value, came in reader.rows(
            f"SELECT object, field, value, came FROM head WHERE object IN ({chosen}) AND field <> 0 "
            "AND (gone IS NULL OR gone <> came) ORDER BY came",
            values,
        ):
            known = self._of[thing, number]
            if (came, new := trusted(value)) not in known:
                known.append((came, new))
        self._entries = _entries(reader, {rev for written in self._of.values() for rev, _value in written})

    def written(self, thing: bytes, number: int) -> Sequence[tuple[int, Any]]:
        """(revision, value) of every writing of a field, the oldest first."""
        return self._of.get((thing, number), ())

    def at(self, thing: bytes, number: int, rev: int) -> Any:
        """What a field held once that revision was there; None before it was written."""
        known = self._of.get((thing, number))
        if not known:
            return None
        place = bisect_right(known, rev, key=lambda one: one[0])
        return known[place - 1][1] if place else None

    def by(self, rev: int) -> Entry:
        return self._entries.get(rev, Entry(None, 0, 0))


def _entries(reader: Reader, revs: set[int]) -> dict[int, Entry]:
    found = {}
    listed = sorted(revs)
    for first in range(0, len(listed), _FEW):
        some = listed[first : first + _FEW]
        rows = reader.rows(
            f"SELECT rev, person, wall, verb FROM entry WHERE rev IN ({','.join('?' * len(some))})", some
        )
        found.update({rev: Entry(*rest) for rev, *rest in rows})
    return found
