"""Carries files of evidence between a workspace and a server, beside the exchange of its logs and never in its way."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import LaunchbookError
from app.queries.named_files import NamedFile, named_files
from app.workspace import Workspace
from sync.client.connection import Connection
from sync.core.parts import HERE, MOST_ASKED, MOST_FILE, PART_BYTES

_AGAIN_S, _IDLE_S = 10.0, 300.0  # between two looks, while something is missing and else
_MOST_TRIES = 2  # for a file of which something else came
_MOST_STALLS = 5  # of a file to which nothing is added
_SOURCE = "server"


@dataclass(slots=True)
class Carried:
    """Files that went, that came, and that are on neither side or on this one alone."""

    sent: int = 0
    fetched: int = 0
    missing: int = 0
    unsent: int = 0


class Carrier:
    """Files of one workspace, by a connection of its own thread; whatever breaks goes on where it stopped."""

    def __init__(self, workspace: Workspace, connection: Connection) -> None:
        self.workspace = workspace
        self.connection = connection
        self._done: set[bytes] = set()  # on both sides, or of which the server has something else

    def once(self, stop: threading.Event | None = None) -> Carried:
        """Carries what one side lacks and the other has. Raises Unreachable, Refused or StorageError; what came is kept."""
        done = Carried()
        open_files = [one for one in self.workspace.read(named_files) if one.sha256 not in self._done]
        for batch in _batches(open_files):
            there = self.connection.files([one.sha256 for one in batch])
            for file in batch:
                if stop is not None and stop.is_set():
                    return done
                self._carry(file, there.get(file.sha256), done)
        return done

    def watch(self, wake: threading.Event, stop: threading.Event) -> None:
        """Carries whenever it is woken, and now and then what was missing, until it is stopped."""
        while not stop.is_set():
            with contextlib.suppress(
                LaunchbookError
            ):  # it says so by what is still missing; the next time goes on
                self.once(stop)
            wake.wait(_AGAIN_S)
            wake.clear()

    def _carry(self, file: NamedFile, there: int | None, done: Carried) -> None:
        here = self.workspace.files.has(file.sha256)
        if there == HERE and not here:
            here = self._fetch(file)
            done.fetched += here
            self._done.add(file.sha256)
        elif here and there is not None and there != HERE:
            there = self._send(file.sha256, there)
            done.sent += there == HERE
        done.missing += not here
        done.unsent += here and there != HERE
        if here and there == HERE:
            self._done.add(file.sha256)

    def _send(self, sha256: bytes, offset: int) -> int:
        """Each part is acknowledged; the server says where to go on."""
        path = self.workspace.files.path_of(sha256)
        length, tries, stalls = path.stat().st_size, 0, 0
        with path.open("rb") as file:
            while offset != HERE and tries < _MOST_TRIES and stalls < _MOST_STALLS:
                file.seek(offset)
                before = offset
                offset = self.connection.send_part(sha256, before, length, file.read(PART_BYTES))
                tries += HERE < offset < before  # the whole was another file
                stalls = (
                    stalls + 1 if offset == before else 0
                )  # what a broken line brought is not on the disk yet
        return offset

    def _fetch(self, file: NamedFile) -> bool:
        """Kept once the whole has the hash that the log names; anything else is thrown away."""
        store, most = self.workspace.files, file.size or MOST_FILE
        offset = store.incoming(file.sha256, _SOURCE)
        while offset < most:
            part = self.connection.fetch_part(file.sha256, offset)
            offset = store.take_part(file.sha256, _SOURCE, offset, part[: most - offset])
            if not part:
                break
        return store.settle(file.sha256, _SOURCE)


def _batches(files: list[NamedFile]) -> Iterator[list[NamedFile]]:
    for start in range(0, len(files), MOST_ASKED):
        yield files[start : start + MOST_ASKED]
