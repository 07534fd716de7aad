"""People of a workspace with their access and roles."""

import re
from typing import NamedTuple

from app.storage.engine import Reader


class PersonRow(NamedTuple):
    """`has_key`: some device has a key of theirs; a person without access is a contact of the plan.

    projects: (project, access) where they may more in one project than everywhere.
    """

    id: bytes
    handle: str
    name: str
    email: str
    access: str
    roles: tuple[str, ...]
    level: int
    has_key: bool
    projects: tuple[tuple[bytes, str], ...] = ()


def people(reader: Reader) -> list[PersonRow]:
    """All live persons by name."""
    # with all of the cryptography, which names do not need
    from app.storage.authority import Reach, roles_of

    rows = reader.rows("SELECT id, handle, name, email FROM person WHERE alive ORDER BY name, handle")
    found = []
    for person, handle, name, email in rows:
        level = reader.value("SELECT max(level) FROM certificate WHERE person = ?", (person,))
        reach = Reach.of(reader, person)
        more = tuple(
            (project, access.name.lower())
            for project, access in reach.projects.items()
            if access > reach.everywhere
        )
        found.append(
            PersonRow(
                *(person, handle, name, email, reach.everywhere.name.lower(), roles_of(reader, person)),
                *(level or 0, level is not None, more),
            )
        )
    return found


def names(reader: Reader) -> dict[bytes, str]:
    """Person id -> the name shown; the handle once the name is erased."""
    return {
        person: name or handle for person, name, handle in reader.rows("SELECT id, name, handle FROM person")
    }


def free_handle(reader: Reader, name: str) -> str:
    """A short id that nobody has yet, made of a name as far as it goes."""
    taken = {handle for (handle,) in reader.rows("SELECT handle FROM person")}
    base = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:30] or "person"
    handle, number = base, 2
    while handle in taken:
        handle, number = f"{base}_{number}", number + 1
    return handle
