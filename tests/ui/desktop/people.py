"""People with keys, for tests that sign."""

from app.commands.people import add_person
from app.domain.words import Access
from ui.desktop.workspaces import OpenWorkspace


def with_owner(workspace: OpenWorkspace, *roles: str) -> bytes:
    person = workspace.clock.new_id()
    own = workspace.new_key(person, "4711")
    workspace.run(add_person, "Ada Owner", "ada", own=own, access=Access.OWNER, roles=roles, id=person)
    return person


def with_signer(workspace: OpenWorkspace, owner: bytes, name: str, role: str) -> bytes:
    person = workspace.clock.new_id()
    own = workspace.new_key(person, "0815")
    signer = workspace.signer(owner, "4711")
    workspace.run(
        add_person, name, name.split(maxsplit=1)[0].lower(), signer=signer, own=own, roles=(role,), id=person
    )
    return person
