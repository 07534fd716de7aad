"""People on the command line: add, list, roles and access."""

from typing import Annotated

import typer

from app.domain.words import Access, IdentityLevel
from app.errors import Invalid, SecretError
from app.i18n import _
from app.queries.people import people as people_query
from ui.cli.session import Session, pin_for

group = typer.Typer(help="People of the workspace.", no_args_is_help=True)
Roles = Annotated[
    list[str] | None, typer.Option("--role", help="A role to sign in; may be given several times.")
]


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="person")
    application.command("people")(list_people)


@group.command("add")
def add(
    context: typer.Context,
    name: str,
    handle: Annotated[str, typer.Option("--id", help="Short id: a-z, 0-9, _.")],
    email: Annotated[str, typer.Option(help="E-mail address.")] = "",
    role: Roles = None,
    access: Annotated[str, typer.Option(help="owner, manager, editor or reader.")] = "",
) -> None:
    """Add a person; the first one becomes the workspace's owner."""
    from app.commands.people import add_person, admit
    from app.storage.authority import access_of

    session: Session = context.obj
    workspace = session.workspace
    first = workspace.read(access_of, None) is Access.OWNER
    level = _access(access)
    contact = workspace.read(_contact, handle, name)
    person = contact or workspace.clock.new_id()
    pin, presence = pin_for(handle, optional=not first)
    signer = None if first else session.signer()
    own = workspace.new_key(person, pin, presence) if pin else None
    if contact is not None and signer is not None:
        session.do(admit, person, signer=signer, own=own, access=level or Access.EDITOR)
        for one in role or ():
            _give(session, person, one)
    else:
        if first:
            workspace.act_as(None)
        roles = tuple(role or ())
        session.do(
            add_person, name, handle, email, signer=signer, own=own, access=level, roles=roles, id=person
        )
    session.show({"person": person, "id": handle, "owner": first}, [_("{name} is in.").format(name=name)])


def _contact(reader: object, handle: str, name: str) -> bytes | None:
    """A contact of an imported plan who becomes a person of the workspace: same id or name, no access yet."""
    from app.storage.engine import Reader

    assert isinstance(reader, Reader)
    for one in people_query(reader):
        if one.access == "none" and (one.handle == handle or one.name.casefold() == name.casefold()):
            return one.id
    return None


def _access(word: str) -> Access | None:
    if not word:
        return None
    if word.upper() not in Access.__members__ or word == "none":
        raise Invalid(_("Access is owner, manager, editor or reader."))
    return Access[word.upper()]


@group.command("role")
def role(
    context: typer.Context,
    person: str,
    name: str,
    take: Annotated[bool, typer.Option(help="Take it away.")] = False,
) -> None:
    """Give a person a role to sign in, or take it away."""
    session: Session = context.obj
    found = session.person(person)
    if take:
        from app.commands.people import take_role

        session.do(take_role, found, name, signer=session.signer())
    else:
        _give(session, found, name)
    session.show({"person": found, "role": name})


def _give(session: Session, person: bytes, name: str) -> None:
    from app.commands.people import give_role

    session.do(give_role, person, name, signer=session.signer())


@group.command("access")
def access(context: typer.Context, person: str, level: str) -> None:
    """Say what a person may change: owner, manager, editor or reader."""
    from app.commands.people import set_access

    session: Session = context.obj
    wanted = _access(level)
    if wanted is None:
        raise SecretError(_("Access is owner, manager, editor or reader."))
    session.do(set_access, session.person(person), wanted, signer=session.signer())
    session.show({"access": level})


def list_people(context: typer.Context) -> None:
    """List the people with access, roles and identity level."""
    session: Session = context.obj
    rows = session.read(people_query)
    data = [
        {"id": one.handle, "name": one.name, "email": one.email, "access": one.access, "roles": one.roles}
        | {"level": IdentityLevel(one.level).name.lower(), "has_key": one.has_key, "person": one.id}
        for one in rows
    ]
    lines = [f"{one.handle:16} {one.name:28} {one.access:8} {', '.join(one.roles)}" for one in rows]
    session.show({"people": data}, lines or [_("Nobody yet.")])
