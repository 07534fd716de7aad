"""Erasing for good from the window: why, whose hand signs for it, and what was erased."""

from functools import partial
from typing import Any

from app.i18n import _, counted
from ui.desktop.actions import load
from ui.desktop.desk import Desk
from ui.desktop.secrets import ask_pin


def ask_to_erase(desk: Desk, question: str, command: str, subject: bytes) -> None:
    """Asks for a reason, then for the PIN; the command ("module:function") takes the subject and `signer`."""
    told = _(
        "It goes from every device and cannot be brought back. Signatures and the order keep holding. Why?"
    )
    desk.ask(f"{question} {told}", _("Go on"), partial(_ask_pin, desk, command, subject))


def _ask_pin(desk: Desk, command: str, subject: bytes, reason: str) -> None:
    job = partial(_erase, desk.bridge.workspace, command, subject, reason)
    then = partial(_say, desk)
    ask_pin(
        desk,
        _("An owner signs for what is erased. Your PIN?"),
        _("Erase for good"),
        lambda pin: desk.bridge.write(partial(job, pin), then=then),
    )


def _erase(workspace: Any, command: str, subject: bytes, reason: str, pin: str) -> int:
    """In the writer thread."""
    signer = workspace.signer(workspace.person, pin)
    return int(workspace.run(load(command), subject, signer=signer, reason=reason).result)


def _say(desk: Desk, count: int) -> None:
    desk.say(
        counted(
            "{n} value is erased. Other devices erase it at their next exchange.",
            "{n} values are erased. Other devices erase them at their next exchange.",
            count,
        )
    )
