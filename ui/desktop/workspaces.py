"""Opening a workspace for the screen: with it comes the data layer."""

from pathlib import Path

from app.platform import computer_name
from app.queries.projects import projects
from app.workspace import Workspace


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

    name = "" if sample else computer_name()
    workspace = OpenWorkspace.open(folder, passphrase=passphrase, sample=sample, device_name=name)
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
