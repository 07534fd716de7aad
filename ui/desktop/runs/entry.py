"""For whom and at what time the next entry counts: one person types for many, and later than it happened."""

from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal


class Stamp(NamedTuple):
    """What one entry carries; `at` in UTC ms, None for now."""

    person: bytes | None
    name: str
    at: int | None

    def words(self) -> dict[str, Any]:
        """The keywords of a command."""
        found: dict[str, Any] = {"on_behalf_of": self.person} if self.person is not None else {}
        if self.at is not None:
            found["at"] = self.at
        return found

    @property
    def is_plain(self) -> bool:
        return self.person is None and self.at is None


class Entry(QObject):
    """Shared by all faces. For whom stays until it is changed back; the time holds for one entry."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.stamp = Stamp(None, "", None)

    def set_person(self, person: bytes | None, name: str = "") -> None:
        self._set(self.stamp._replace(person=person, name=name))

    def set_time(self, at: int | None) -> None:
        self._set(self.stamp._replace(at=at))

    def _set(self, stamp: Stamp) -> None:
        if stamp != self.stamp:
            self.stamp = stamp
            self.changed.emit()

    def use(self) -> Stamp:
        """For one entry; the time goes back to now."""
        used = self.stamp
        self.set_time(None)
        return used

    def give_back(self, stamp: Stamp) -> None:
        """The entry was refused: what was set for it holds for the next try."""
        if self.stamp.at is None:
            self.set_time(stamp.at)
