"""Backups from the window, in the writer's thread: the data layer comes with the first one."""

from typing import Any


def back_up_now(workspace: Any) -> Any:
    from app.backing_up import back_up

    return back_up(workspace)


def back_up_when_due(workspace: Any) -> None:
    from app.backing_up import back_up_when_due as back_up_if_due

    back_up_if_due(workspace)
