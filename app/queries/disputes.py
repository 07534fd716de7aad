"""Open conflicts on what decides whether something counts.

Every value written apart is taken into account, not the one that is shown: no clock finishes a step or opens a gate.
"""

from collections.abc import Iterable

from app.codec import Value
from app.storage.engine import Reader

# Entity and field numbers as in the registry, which would bring sqlmodel where nothing is disputed.
TASK_STAGE = (7, 1)
TASK_REQUIRES = (7, 17)
ATTEMPT_PERFORMER = (12, 8)
CHECK_RESULT = ((13, 3), (13, 4), (13, 5))
CRITERION_HOLDS = (14, 3)


def disputed(reader: Reader, project: bytes, *fields: tuple[int, int]) -> dict[bytes, list[Value]]:
    """Object -> all values that stand in one of these fields, for the objects of a project with an open conflict."""
    found: dict[bytes, list[Value]] = {}
    for entity, number in fields:
        things = reader.rows(
            "SELECT object FROM conflict WHERE log = ? AND entity = ? AND field = ?",
            (project, entity, number),
        )
        for (thing,) in things:
            found.setdefault(thing, []).extend(_values(reader, thing, number))
    return found


def _values(reader: Reader, thing: bytes, number: int) -> Iterable[Value]:
    from app.storage.heads import heads_of

    return [head.value for head in heads_of(reader, thing, number, None) if not isinstance(head.value, list)]
