"""On the command line: what came as a snapshot is verified before anything else is done with it."""

import sys

import typer

from app.i18n import _, counted
from app.workspace import Workspace

_STEP = 5  # percent between two lines that tell how far it is


def settle(workspace: Workspace) -> list[str]:
    """Verifies a workspace whose history was not verified yet; sentences about what came of it, none where nothing was to do."""
    from sync.client.settling import Settling, fetch_anew
    from sync.client.sharing import at_once, connect

    if not workspace.is_unverified:
        return []
    problems = Settling(workspace).run(at_once, _Telling().told)
    if not problems:
        return [_("Its whole history was verified: what is shown follows from what was signed.")]
    fetch_anew(workspace, connect)
    return [
        _("What the server gave as the present state does not follow from the history."),
        *problems[:3],
        *([counted("And {n} more.", "And {n} more.", len(problems) - 3)] if len(problems) > 3 else []),
        _(
            "The next command goes on with what holds. What the server gave is kept beside it, for an owner to ask."
        ),
    ]


class _Telling:
    """A line now and then for somebody who looks on."""

    def __init__(self) -> None:
        self._said = -_STEP

    def told(self, done: int, total: int) -> None:
        percent = done * 100 // total if total else 100
        if percent >= self._said + _STEP and sys.stderr.isatty():
            self._said = percent
            typer.echo(_("Verifying the history: {percent} %").format(percent=percent), err=True)
