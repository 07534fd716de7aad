"""The times a run is measured by: the planned ones, as they stood when it began."""

from app.process.baseline import times_of
from app.storage.engine import Reader


def baseline_of(reader: Reader, run: bytes) -> dict[bytes, tuple[int, int]]:
    """Task -> start and finish in UTC ms as planned when the run began; empty for the main run and for older ones."""
    name = reader.value("SELECT baseline FROM run WHERE id = ?", (run,))
    if name is None:
        return {}
    rows = reader.rows("SELECT content FROM baseline_part WHERE run = ? AND alive ORDER BY number", (run,))
    return times_of([content for (content,) in rows], name)
