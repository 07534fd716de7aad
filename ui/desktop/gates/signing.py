"""What runs in the writer thread to sign or withdraw: unlocking a key takes its time on purpose."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.domain.words import Access, Meaning
from app.queries.people import PersonRow
from ui.desktop.actions import load
from ui.desktop.gates.shown import GateShown


def sign_now(
    workspace: Any,
    *,
    person: PersonRow | None,
    name: str,
    pin: str,
    passphrase: str,
    run: bytes | None,
    gate: GateShown,
    role: str,
    meaning: Meaning,
    reason: str,
) -> Any:
    """Signs the content that was shown; whoever signs first in a workspace becomes its owner."""
    if passphrase:
        workspace.passphrase = passphrase
    signer = _first_person(workspace, name, pin, role) if person is None else workspace.signer(person.id, pin)
    more = {"role": role, "meaning": meaning, "reason": reason, "expected": gate.digest}
    return as_signer(workspace, signer, load("app.commands.signing:sign"), signer, run, gate.id, **more)


class Stating(NamedTuple):
    """A statement to be made: "module:function" of its command, and what that takes after the signer."""

    command: str
    values: tuple[Any, ...]
    more: Mapping[str, Any]


def state_now(workspace: Any, person: bytes | None, stating: Stating, pin: str, passphrase: str) -> Any:
    """Somebody who is here signs it with their PIN."""
    signer = unlocked(workspace, person, pin, passphrase)
    return as_signer(workspace, signer, load(stating.command), signer, *stating.values, **stating.more)


def unlocked(workspace: Any, person: bytes | None, pin: str, passphrase: str) -> Any:
    """A person's key; the installation's passphrase is kept where it was asked for."""
    if passphrase:
        workspace.passphrase = passphrase
    return workspace.signer(person, pin)


def as_signer(workspace: Any, signer: Any, command: Any, *args: Any, **kw: Any) -> Any:
    """The log names who signed as the one who acted; afterwards whoever typed before goes on typing."""
    before, presence = workspace.person, workspace.presence
    workspace.act_as(signer.person)
    try:
        return workspace.run(command, *args, **kw)
    finally:
        if before is not None:
            workspace.act_as(before, presence)


def _first_person(workspace: Any, name: str, pin: str, role: str) -> Any:
    """Identity at the first signature: the owner of this workspace, who holds the role they sign in."""
    person = workspace.clock.new_id()
    own = workspace.new_key(person, pin)
    handle = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:30] or "owner"
    command = load("app.commands.people:add_person")
    workspace.run(
        command, name, handle, own=own, access=Access.OWNER, roles=(role,) if role else (), id=person
    )
    return own
