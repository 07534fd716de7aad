"""What runs in the writer thread to sign or withdraw: unlocking a key takes its time on purpose."""

import re
from typing import Any

from app.domain.words import Access, Meaning, VerdictWord
from app.queries.people import PersonRow
from ui.desktop.actions import load
from ui.desktop.gates.shown import GateShown, SignatureShown


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


def withdraw_now(workspace: Any, signature: SignatureShown, pin: str, passphrase: str, reason: str) -> Any:
    signer = unlocked(workspace, signature.person_id, pin, passphrase)
    command = load("app.commands.signing:withdraw")
    return as_signer(workspace, signer, command, signer, signature.id, reason=reason)


def verdict_now(
    workspace: Any,
    person: PersonRow,
    *,
    pin: str,
    passphrase: str,
    run: bytes | None,
    gate: bytes,
    word: VerdictWord,
    reason: str,
) -> Any:
    """Go or no-go by somebody who may decide."""
    signer = unlocked(workspace, person.id, pin, passphrase)
    command = load("app.commands.signing:give_verdict")
    return as_signer(workspace, signer, command, signer, run, gate, word, reason=reason)


def waive_now(
    workspace: Any,
    person: PersonRow,
    *,
    pin: str,
    passphrase: str,
    run: bytes | None,
    task: bytes,
    expected: bytes,
    role: str,
    reason: str,
) -> Any:
    """Lets the skipped step pass as it was shown."""
    signer = unlocked(workspace, person.id, pin, passphrase)
    command = load("app.commands.signing:waive")
    more = {"role": role, "reason": reason, "expected": expected}
    return as_signer(workspace, signer, command, signer, run, task, **more)


def accept_now(
    workspace: Any,
    person: PersonRow,
    *,
    pin: str,
    passphrase: str,
    run: bytes | None,
    gate: bytes,
    ground: bytes,
    reason: str,
) -> Any:
    """The exception at a gate may stand as it was shown."""
    signer = unlocked(workspace, person.id, pin, passphrase)
    command = load("app.commands.accepting:accept")
    return as_signer(workspace, signer, command, signer, run, gate, ground, reason=reason)


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
