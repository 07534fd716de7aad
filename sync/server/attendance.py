"""Who listens to one workspace at this process and said that they are here: passed on to the others, kept only in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.errors import VerifyError
from app.storage.engine import Reader
from sync.core.here import AT_ONCE, EACH_MS, Place, Seen, read_said, told

Put = Callable[[bytes], None]


@dataclass
class Guest:
    """One socket. It hears of others once it has spoken itself: older clients never do, and are told nothing."""

    attendance: "Attendance"
    device: bytes
    persons: frozenset[bytes]
    reads: Callable[[bytes], bool]
    put: Put
    seen: Seen | None = None
    _left: float = AT_ONCE
    _last_ms: int = 0

    def say(self, data: bytes, now_ms: int) -> None:
        """What is no word of this kind, comes too fast, or is said for somebody else is dropped."""
        self._left = min(float(AT_ONCE), self._left + (now_ms - self._last_ms) / EACH_MS)
        self._last_ms = now_ms
        if self._left < 1:
            return
        self._left -= 1
        try:
            person, place = read_said(data)
        except VerifyError:
            return
        if person in self.persons:
            is_new = self.seen is None
            self.seen = Seen(person, self.device, place)
            self.attendance.pass_on(self, self.seen)
            if is_new:
                self.attendance.tell_all_to(self)

    def hear(self, seen: Seen) -> None:
        """Where it may not look, it learns only that somebody is here."""
        project = seen.place.project
        hides = bool(project) and not self.reads(project)
        self.put(told(replace(seen, place=Place(seen.place.face)) if hides else seen))

    def leave(self) -> None:
        self.attendance.guests.remove(self)
        if self.seen is not None:
            self.attendance.pass_on(self, Seen(self.seen.person, self.device, Place("")))


@dataclass
class Attendance:
    """The sockets of a workspace; used on the server's one loop alone."""

    guests: list[Guest] = field(default_factory=list)

    def enter(
        self, device: bytes, persons: frozenset[bytes], reads: Callable[[bytes], bool], put: Put
    ) -> Guest:
        """`reads` says of a project whether this device may see it: of others it is not told."""
        guest = Guest(self, device, persons, reads, put)
        self.guests.append(guest)
        return guest

    def pass_on(self, author: Guest, seen: Seen) -> None:
        for other in self.guests:
            if other is not author and other.seen is not None:
                other.hear(seen)

    def tell_all_to(self, guest: Guest) -> None:
        for other in self.guests:
            if other is not guest and other.seen is not None:
                guest.hear(other.seen)


def persons_of(reader: Reader, device: bytes) -> frozenset[bytes]:
    """Who has a key on a device: in whose name it may say that they are here."""
    rows = reader.rows("SELECT DISTINCT person FROM certificate WHERE device = ? AND level >= 0", (device,))
    return frozenset(person for (person,) in rows)
