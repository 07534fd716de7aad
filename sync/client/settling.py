"""After a join by snapshot: its history is verified, and where it does not hold the log itself takes the snapshot's place."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from app.errors import LaunchbookError
from app.i18n import language
from app.storage.engine import ANEW, Database
from app.verifying import Told, Verifying
from app.workspace import DATABASE, Workspace
from sync.client.connection import Connection
from sync.client.runner import Runner

Write = Callable[[Callable[[], Any]], Any]


class Settling:
    """One verification of one workspace. `run` on a thread that may wait for it; `end` from any."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._verifying: Verifying | None = None

    def run(self, write: Write, told: Told = lambda _done, _total: None) -> list[str]:
        """What does not hold, in sentences, noted in the workspace; `write` carries out what changes it.

        Raises StorageError where the verification came to no end.
        """
        database = self.workspace.folder / DATABASE
        verifying = self._verifying = Verifying(database, self.workspace.device.id, language())
        try:
            problems = verifying.wait(told)
        finally:
            verifying.end()
        write(lambda: self.workspace.settle(problems))
        return problems

    def end(self) -> None:
        """Lets go of it, finished or not: it begins again at the next start."""
        if self._verifying is not None:
            self._verifying.end()


def fetch_anew(workspace: Workspace, connect: Callable[[Workspace], Connection]) -> None:
    """Brings the replica of what holds up to date, commit by commit, where the snapshot was found not to hold.

    The workspace goes on with it when it is opened the next time. Where the server cannot be reached, what came is kept.
    """
    database = workspace.folder / (DATABASE + ANEW)
    if not database.exists():
        return
    mirror = Workspace.mirror(
        workspace.folder, workspace.id, workspace.device, clock=workspace.clock, database=Database(database)
    )
    try:
        with suppress(LaunchbookError):
            connection = connect(workspace)
            try:
                Runner(mirror, connection).once()
            finally:
                connection.close()
    finally:
        mirror.close()
