"""What the exchange's state machine asks of a workspace."""

from app.workspace import Workspace
from sync.core.answer import MOST_COMMITS
from sync.core.exchange import Look, Looked


def looked(workspace: Workspace, look: Look, most_commits: int = MOST_COMMITS) -> Looked:
    """What is held here, and the next part of what the other side lacks, as far as it is known what that holds."""
    if look.theirs is None:
        return Looked(workspace.held())
    return Looked(workspace.held(), workspace.give(look.theirs, None, most_commits))
