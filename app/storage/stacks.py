"""Which action undo and redo would take next: read from the log's actions alone, so that it survives a restart."""

from app.storage.engine import Reader

# What an action does to the stacks; the number stands in its row.
DO, UNDO, REDO, REVERT = 0, 1, 2, 3


def next_undo(reader: Reader, person: bytes | None, device: bytes) -> bytes | None:
    """The action undo would take back for this person on this device."""
    return next(iter(undoable(reader, person, device)), None)


def next_redo(reader: Reader, person: bytes | None, device: bytes) -> bytes | None:
    """The undo that redo would take back."""
    return next(iter(_stacks(reader, person, device)[1][::-1]), None)


def undoable(reader: Reader, person: bytes | None, device: bytes) -> list[bytes]:
    """What undo after undo would take back, the newest first."""
    return _stacks(reader, person, device)[0][::-1]


def _stacks(reader: Reader, person: bytes | None, device: bytes) -> tuple[list[bytes], list[bytes]]:
    undo: list[bytes] = []
    redo: list[bytes] = []
    rows = reader.rows(
        "SELECT id, kind FROM (SELECT id, kind, rev FROM action a WHERE person IS ? AND device = ? AND EXISTS "
        "(SELECT 1 FROM entry e WHERE e.action = a.id AND e.accepted) ORDER BY rev DESC LIMIT 2000) ORDER BY rev",
        (person, device),
    )
    for action, kind in rows:
        if kind in (DO, REVERT):
            undo.append(action)
            redo.clear()
        elif kind == UNDO:
            if undo:
                undo.pop()
            redo.append(action)
        elif kind == REDO:
            if redo:
                redo.pop()
            undo.append(action)
    return undo, redo
