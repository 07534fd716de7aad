"""People of a workspace with their access and roles."""

from typing import NamedTuple

from app.storage.engine import Reader


class PersonRow(NamedTuple):
    """`has_key`: some device has a key of theirs; a person without access is a contact of the plan."""

    id: bytes
    handle: str
    name: str
    email: str
    access: str
    roles: tuple[str, ...]
    level: int
    has_key: bool


def people(reader: Reader) -> list[PersonRow]:
    """All live persons by name."""
    # with all of the cryptography, which names do not need
    from app.storage.authority import access_of, roles_of

    rows = reader.rows("SELECT id, handle, name, email FROM person WHERE alive ORDER BY name, handle")
    found = []
    for person, handle, name, email in rows:
        level = reader.value("SELECT max(level) FROM certificate WHERE person = ?", (person,))
        access = access_of(reader, person).name.lower()
        found.append(
            PersonRow(
                person, handle, name, email, access, roles_of(reader, person), level or 0, level is not None
            )
        )
    return found


def names(reader: Reader) -> dict[bytes, str]:
    """Person id -> the name shown; the handle once the name is erased."""
    return {
        person: name or handle for person, name, handle in reader.rows("SELECT id, name, handle FROM person")
    }
