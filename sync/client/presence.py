"""What this device says of where its person looks, and what it heard of the others; between a window and the listener."""

import threading
import time
from collections.abc import Callable

from app.errors import VerifyError
from sync.core.here import AGAIN_S, Place, Seen, read_told, said

LOOK_S = 1.0  # how often the listener looks whether there is something to say; no more than that is said


class Presence:
    """`say` may be called from any thread; `told` is called on the listener's."""

    def __init__(self, told: Callable[[Seen], None]) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._word = b""
        self._said = b""
        self._said_at = 0.0

    def say(self, person: bytes, place: Place) -> None:
        """Only the newest is sent."""
        with self._lock:
            self._word = said(person, place)

    def begin(self) -> None:
        """A new line: nothing was said on it yet."""
        self._said = b""

    def due(self) -> bytes:
        """What is to be sent now, empty for nothing."""
        with self._lock:
            word = self._word
        if not word or (word == self._said and time.monotonic() - self._said_at < AGAIN_S):
            return b""
        self._said, self._said_at = word, time.monotonic()
        return word

    def hear(self, data: bytes) -> None:
        """What cannot be read is dropped."""
        try:
            seen = read_told(data)
        except VerifyError:
            return
        self._told(seen)
