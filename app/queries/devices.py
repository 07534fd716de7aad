"""The devices of a workspace: whose they are, what they last did, and which of them gives the order."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from app.i18n import _
from app.queries.people import names
from app.storage.engine import Reader
from app.storage.schema import SCHEMA_REV
from app.storage.taken_out import is_taken_out


class DeviceRow(NamedTuple):
    """`last_ms`: when its newest commit was made (UTC ms, by its own clock), None for one that made none.

    `version`: by how many revisions of the fields its program was later than this one when it last did something, less than 0
    for an earlier one. `sequences`: how many logs it gives their order. `taken_out`: it is let in no more. `persons`: the ids of those who have a key on it.
    """

    id: bytes
    name: str
    key: str
    persons: tuple[bytes, ...]
    last_ms: int | None
    commits: int
    sequences: int
    taken_out: bool = False
    version: int = 0


def devices(reader: Reader) -> list[DeviceRow]:
    """All of them, those that did something last first."""
    found = []
    for device, name, key in reader.rows("SELECT id, name, key FROM device WHERE alive"):
        persons = reader.rows(
            "SELECT DISTINCT person FROM certificate WHERE device = ? AND level >= 0 ORDER BY person",
            (device,),
        )
        last, commits = reader.row("SELECT max(wall), count(*) FROM entry WHERE device = ?", (device,)) or (
            None,
            0,
        )
        sequences = reader.value("SELECT count(*) FROM log WHERE sequencer = ?", (key,))
        found.append(
            DeviceRow(
                *(device, name, key.hex()[:8], tuple(one for (one,) in persons), last, commits, sequences),
                is_taken_out(reader, device),
                _version(reader, device),
            )
        )
    return sorted(found, key=lambda one: (-(one.last_ms or 0), one.name, one.id))


def _version(reader: Reader, device: bytes) -> int:
    from app.storage.log import decode_body  # with the codec; lists of people need none of it

    body = reader.value("SELECT body FROM entry WHERE device = ? ORDER BY rev DESC LIMIT 1", (device,))
    return decode_body(body).schema_rev - SCHEMA_REV if body is not None else 0


def device_labels(reader: Reader, *, beside_person: bool = False) -> dict[bytes, str]:
    """The name of each device, with the end of its id only where it has none or another one is called the same.

    Shown beside the person whose it is, only another one of theirs counts.
    """
    called: dict[bytes, str] = dict(reader.rows("SELECT id, name FROM device"))
    if not beside_person:
        return _told_apart(called)
    apart = device_words(reader)
    end = {device: device.hex()[-6:] for device in called}
    return {
        device: name
        if name and not apart[device].endswith(end[device])
        else f"{name} · {end[device]}".strip(" ·")
        for device, name in called.items()
    }


def device_words(reader: Reader) -> dict[bytes, str]:
    """As a sentence calls each device: by its name and by whose it is, with the end of its id only where that is not enough."""
    people = names(reader)
    whose: dict[bytes, list[str]] = {}
    for device, person in reader.rows(
        "SELECT DISTINCT device, person FROM certificate WHERE level >= 0 ORDER BY device, person"
    ):
        if name := people.get(person):
            whose.setdefault(device, []).append(name)
    return _told_apart(
        {
            device: _called(name, ", ".join(whose.get(device, ())))
            for device, name in reader.rows("SELECT id, name FROM device")
        }
    )


def _called(name: str, whose: str) -> str:
    if name and whose:
        return _("“{device}” ({person})").format(device=name, person=whose)
    if whose:
        return _("a device of {person}").format(person=whose)
    return f"“{name}”" if name else ""


def _told_apart(called: Mapping[bytes, str]) -> dict[bytes, str]:
    count = Counter(called.values())
    found = {}
    for device, name in called.items():
        end = device.hex()[-6:]
        found[device] = end if not name else f"{name} · {end}" if count[name] > 1 else name
    return found
