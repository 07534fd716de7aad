"""Opening a workspace for the screen, and what stands in its place while none is open."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.errors import Refused
from app.i18n import _
from app.queries.projects import projects
from app.workspace import Workspace


class NoWorkspace:
    """The window is there before the sample is told: nothing can be read or written yet."""

    is_open = False
    is_sample = False
    person: bytes | None = None

    def subscribe(self, _listener: Callable[[Any], None]) -> Callable[[], None]:
        return lambda: None

    def run(self, *_args: Any, **_kw: Any) -> Any:
        raise Refused(_("No workspace is open yet. Wait a moment, then try again."))

    read = undo = redo = run

    def close(self) -> None: ...


class OpenWorkspace(Workspace):
    """A workspace with the passphrase a person gives in the window, kept for this sitting only."""

    is_open = True
    passphrase: str | None = None


def open_workspace(folder: Path, *, sample: bool) -> OpenWorkspace:
    """Opens or founds the workspace; somebody acts at once where it is clear who."""
    given: list[OpenWorkspace] = []

    def passphrase() -> str | None:
        import os

        return (
            given[0].passphrase if given and given[0].passphrase else os.environ.get("LAUNCHBOOK_PASSPHRASE")
        )

    workspace = OpenWorkspace.open(folder, passphrase=passphrase, sample=sample)
    assert isinstance(workspace, OpenWorkspace)
    given.append(workspace)
    workspace.act_as(_who(workspace, sample=sample))
    return workspace


def _who(workspace: Workspace, *, sample: bool) -> bytes | None:
    """In the sample its cutover manager; else whose key was made first here; before identity is given, nobody."""
    if sample:
        found = workspace.read(projects)
        return found[0].manager if found else None
    return workspace.default_person()
