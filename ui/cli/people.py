"""People on the command line: add, list, roles and access."""

from typing import Annotated

import typer

from app.domain.words import Access, IdentityLevel, known
from app.errors import Invalid
from app.i18n import N_, _
from app.queries.people import PersonRow
from app.queries.people import people as people_query
from ui.cli import helping
from ui.cli.columns import column
from ui.cli.moments import moment_of
from ui.cli.parameters import Person
from ui.cli.session import Session, pin_for

group = helping.group(N_("Add a person, give roles and access."))
_ACCESS = N_("Say what a person may change, everywhere or in one project.")
InProject = Annotated[
    str,
    typer.Option("--project", metavar="PROJECT", help=N_("In this project alone; everywhere without it.")),
]
Roles = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE", help=N_("A role they may sign in; may be given several times.")),
]


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="person")
    told = N_("List the people with access, roles and identity level.")
    application.command("people", help=told)(list_people)
    application.command("members", help=told)(list_people)
    application.command("access", help=_ACCESS)(access)


@group.command("add", help=N_("Add a person; the first one becomes the workspace's owner."))
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("The name as it is shown and printed."))],
    handle: Annotated[str, typer.Option("--id", metavar="ID", help=N_("Short id of a-z, 0-9 and _."))],
    email: Annotated[str, typer.Option(metavar="E", help=N_("E-mail address."))] = "",
    role: Roles = None,
    access: Annotated[
        str, typer.Option(metavar="ACCESS", help=N_("owner, manager, editor (the default) or reader."))
    ] = "",
) -> None:
    from app.commands.people import add_person, admit, check_handle
    from app.storage.authority import access_of

    check_handle(handle)
    session: Session = context.obj
    workspace = session.workspace
    first = workspace.read(access_of, None) is Access.OWNER
    level = access_level(access)
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


def access_level(word: str) -> Access | None:
    """The access a word names, None for no word. Raises Invalid."""
    if not word:
        return None
    if word.upper() not in Access.__members__ or word.upper() == "NONE":
        raise Invalid(_("Access is owner, manager, editor or reader."))
    return Access[word.upper()]


@group.command("role", help=N_("Give a person a role to sign in, or take it away."))
def role(
    context: typer.Context,
    person: Person,
    name: Annotated[str, typer.Argument(metavar="ROLE", help=N_("The role, as gates name it."))],
    *,
    take: Annotated[bool, typer.Option("--take", help=N_("Take it away."))] = False,
    project: InProject = "",
    until: Annotated[
        str | None,
        typer.Option(metavar="TIME", help=N_("Of a deputy: until when, as 2026-03-08T23:00+01:00.")),
    ] = None,
) -> None:
    session: Session = context.obj
    found = session.person(person)
    where = session.project(project) if project else None
    if take:
        from app.commands.people import take_role

        session.do(take_role, found, name, signer=session.signer(), project=where)
    else:
        _give(session, found, name, where, moment_of(until))
    told = _("{name} no longer signs as {role}.") if take else _("{name} may sign as {role}.")
    session.show({"person": found, "role": name}, [told.format(name=session.name_of(found), role=name)])


def _give(
    session: Session, person: bytes, name: str, project: bytes | None = None, until_ms: int | None = None
) -> None:
    from app.commands.people import give_role

    session.do(give_role, person, name, signer=session.signer(), project=project, until_ms=until_ms)


@group.command("access", help=_ACCESS)
def access(
    context: typer.Context,
    person: Person,
    level: Annotated[
        str,
        typer.Argument(metavar="ACCESS", help=N_("owner, manager, editor or reader; none takes it away.")),
    ],
    project: InProject = "",
) -> None:
    from app.commands.people import set_access, set_project_access

    session: Session = context.obj
    wanted = Access.NONE if level.casefold() == "none" else access_level(level)
    if wanted is None:
        raise Invalid(_("Access is owner, manager, editor or reader."))
    found, word = session.person(person), wanted.name.lower()
    if project:
        where = session.project(project)
        session.do(set_project_access, found, where, wanted, signer=session.signer())
        told = (
            _("{name} is {access} of {project} now.")
            if wanted
            else _("{name} has no access to {project} of its own now.")
        )
        name = next(one.name for one in session.projects() if one.id == where)
    else:
        where, name = None, ""
        session.do(set_access, found, wanted, signer=session.signer())
        told = _("{name} is {access} now.") if wanted else _("{name} has no access any more.")
    said = told.format(name=session.name_of(found), access=word, project=name)
    session.show({"person": found, "access": word, "project": where}, [said])


def list_people(context: typer.Context) -> None:
    session: Session = context.obj
    rows = session.read(people_query)
    data = [
        {"id": one.handle, "name": one.name, "email": one.email, "access": one.access, "roles": one.roles}
        | {"level": known(IdentityLevel, one.level).name.lower(), "has_key": one.has_key, "person": one.id}
        | {"projects": one.projects}
        for one in rows
    ]
    titles = {one.id: one.name for one in session.projects()}
    lines = [
        f"{column(one.handle, 12)} {column(one.name, 24)} {column(one.access, 8)} {_holds(one, titles)}".rstrip()
        for one in rows
    ]
    session.show({"people": data}, lines or [_("Nobody yet.")])


def _holds(one: PersonRow, titles: dict[bytes, str]) -> str:
    """Roles, and the access to single projects beside."""
    projects = [f"{titles.get(project, '')}: {access}" for project, access in one.projects]
    return ", ".join([*one.roles, *projects])
