"""What later versions of the program wrote and this one does not know: kept in the log, and told of until an update."""

from app.storage.engine import Reader


def newer_things(reader: Reader, project: bytes) -> frozenset[bytes]:
    """The objects of a project of which a later version wrote more than is shown here, and the tasks such a check is of."""
    rows = reader.rows(
        "SELECT object FROM newer WHERE log = ?1 UNION SELECT task FROM check_item WHERE log = ?1 AND id IN "
        "(SELECT object FROM newer WHERE log = ?1)",
        (project,),
    )
    return frozenset(thing for (thing,) in rows)


def is_newer(reader: Reader, task: bytes) -> bool:
    """Whether a later version wrote more about a task, or about one of its checks."""
    found = reader.value(
        "SELECT 1 FROM newer WHERE object = ?1 OR object IN (SELECT id FROM check_item WHERE task = ?1) LIMIT 1",
        (task,),
    )
    return found is not None


def newer_count(reader: Reader) -> int:
    """How many things of the workspace a later version wrote more about."""
    return int(reader.value("SELECT count(*) FROM newer"))
