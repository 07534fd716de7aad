"""Files that a redaction named leave this device; one that cannot go, because somebody has it open, is tried again."""

import threading
from collections.abc import Iterable

from app.storage.engine import Reader
from app.storage.files import FileStore


class Forgetting:
    """Safe to use from several threads. What is still to go is what `erased` names and the store holds: found at the opening, and remembered until it is gone."""

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self.left: set[bytes] = set()
        self._lock = threading.Lock()

    def at_opening(self, reader: Reader) -> None:
        """Forgets what an earlier opening of the workspace could not."""
        if reader.row("SELECT 1 FROM erased LIMIT 1") is not None:
            self.again(
                one
                for one in self._files.hashes()
                if reader.row("SELECT 1 FROM erased WHERE hash = ?", (one,)) is not None
            )

    def again(self, erased: Iterable[bytes] = ()) -> None:
        """Forgets what has just been erased, and what could not go before."""
        with self._lock:
            wanted = self.left.union(erased)
            if wanted:
                self.left = self._files.forget(wanted)
