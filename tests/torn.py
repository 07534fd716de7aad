"""A real conflict: a second replica of a workspace changes what the first one changes too, and both learn of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.clock import Clock
from app.commands.people import add_key, vouch
from app.commands.stating import Signer
from app.commands.tasks import set_task
from app.storage.delivery import Held
from app.storage.keys import CHEAP
from app.workspace import Workspace
from tests.factories import PASSPHRASE


def torn(
    workspace: Workspace,
    folder: Path,
    changes: Mapping[bytes, tuple[Mapping[str, Any], Mapping[str, Any]]],
    *,
    author: bytes | None = None,
    owner: Signer | None = None,
    reasons: tuple[str, str] = ("", ""),
    clock: Clock | None = None,
) -> None:
    """`changes`: task -> what is written here, and what `author` writes on a laptop that knows nothing of it.

    `owner` vouches for the author's key there: nobody is believed on a device that has no key of theirs.
    """
    other = Workspace.join(
        folder,
        workspace.give(Held({}, {})),
        clock=clock or Clock(),
        passphrase=lambda: PASSPHRASE,
        cost=CHEAP,
        device_name="laptop BO-L4",
    )
    here = workspace.person
    try:
        other.act_as(author)
        if author is not None and owner is not None:
            other.run(add_key, author, other.new_key(author, "2468"))
            _exchange(other, workspace)
            workspace.act_as(owner.person)
            workspace.run(vouch, author, signer=owner)
            workspace.act_as(here)
        for task, (_ours, theirs) in changes.items():
            other.run(set_task, task, theirs, reason=reasons[1])
        for task, (ours, _theirs) in changes.items():
            workspace.run(set_task, task, ours, reason=reasons[0])
        _exchange(other, workspace)
    finally:
        other.close()


def _exchange(giver: Workspace, taker: Workspace) -> None:
    """What waits for its causes comes with the next delivery."""
    while taker.take(giver.give(taker.held())).taken:
        pass
