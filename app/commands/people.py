"""People: who is in the workspace, what they may change, in whose name they sign, and their keys."""

import re

from app.commands.registry import command
from app.commands.stating import Signer, Subject, certify, make_statement, must_be_verified
from app.domain import verbs
from app.domain.person import Person
from app.domain.project import Project
from app.domain.words import Access
from app.errors import Invalid, Refused
from app.i18n import _
from app.queries.people import free_handle
from app.storage.authority import access_of, project_access, roles_of
from app.storage.statements import Kind
from app.storage.terms import GRANTED, REVOKED
from app.storage.transaction import Transaction

NO_DEVICE = bytes(16)  # of an invitation: it stands for nobody until a device follows it
_HANDLE = re.compile(r"[a-z0-9_]{1,40}")


@command(verbs.ADD_PERSON)
def add_person(
    tx: Transaction,
    name: str,
    handle: str,
    email: str = "",
    *,
    signer: Signer | None = None,
    own: Signer | None = None,
    access: Access | None = None,
    roles: tuple[str, ...] = (),
    project: bytes | None = None,
    id: bytes | None = None,
) -> bytes:
    """A new person. `own` carries their own new key, `signer` is the owner who vouches; the first person is both.

    The first person of a workspace becomes its owner, people an owner adds are editors unless `access` says otherwise:
    of everything, or of one `project` alone.
    """
    check_handle(handle)
    if not name.strip():
        raise Invalid(_("A person needs a name."))
    if tx.row("SELECT 1 FROM person WHERE handle = ? AND alive", (handle,)):
        raise Refused(_("The id {handle} is taken.").format(handle=handle))
    person = tx.create(
        Person, {"handle": handle, "name": name.strip(), "email": email}, log=tx.workspace, id=id
    )
    tx.about(person)
    _admit(tx, person, signer, own, access, roles, project)
    return person


def check_handle(handle: str) -> None:
    """Raises Invalid for what can be no short id of a person."""
    if not _HANDLE.fullmatch(handle):
        raise Invalid(_("An id is made of a-z, 0-9 and _, at most 40 of them."))


@command(verbs.ADMIT)
def admit(
    tx: Transaction,
    person: bytes,
    *,
    signer: Signer,
    own: Signer | None = None,
    access: Access = Access.EDITOR,
) -> None:
    """Makes a contact of the plan a person who may change it."""
    tx.about(person)
    _admit(tx, person, signer, own, access, ())


def _admit(
    tx: Transaction,
    person: bytes,
    signer: Signer | None,
    own: Signer | None,
    access: Access | None,
    roles: tuple[str, ...],
    project: bytes | None = None,
) -> None:
    first = access_of(tx.writer, None) is Access.OWNER
    if first and own is None:
        raise Refused(_("The first person is the owner and signs for it: a PIN is needed."))
    voucher = own if first else signer
    if voucher is None:
        raise Refused(_("An owner signs for new people: the owner's PIN is needed."))
    if own is not None:
        certify(tx, person, own.public, own)
        if not first:
            certify(tx, person, own.public, voucher)
    granted = access or (Access.OWNER if first else Access.EDITOR)
    if project is not None:
        _check_for_project(granted)
    subject = Subject(Person.NUMBER, person)
    word = granted.name.lower()
    make_statement(tx, voucher, Kind.ACCESS, subject, log=tx.workspace, meaning=word, request=project)
    tx.flush()
    for role in roles:
        make_statement(
            tx, voucher, Kind.ROLE, subject, log=tx.workspace, meaning=GRANTED, role=role, request=project
        )


def _check_for_project(access: Access) -> None:
    if access is Access.OWNER:
        raise Refused(_("An owner owns the whole workspace. A project has managers, editors and readers."))


@command(verbs.SET_ACCESS)
def set_access(tx: Transaction, person: bytes, access: Access, *, signer: Signer) -> None:
    """What a person may change from now on; the last owner stays one. Who gets none keeps no single project either."""
    tx.about(person, access.name.lower())
    if access is not Access.OWNER and access_of(tx.writer, person) is Access.OWNER and len(_owners(tx)) == 1:
        raise Refused(_("The last owner stays owner. Make somebody else owner first."))
    subject = Subject(Person.NUMBER, person)
    make_statement(tx, signer, Kind.ACCESS, subject, log=tx.workspace, meaning=access.name.lower())
    if access is Access.NONE:
        for project in project_access(tx.writer, person):
            make_statement(
                tx, signer, Kind.ACCESS, subject, log=tx.workspace, meaning="none", request=project
            )


@command(verbs.SET_PROJECT_ACCESS)
def set_project_access(
    tx: Transaction, person: bytes, project: bytes, access: Access, *, signer: Signer
) -> None:
    """What a person may change in one project, beside what they may everywhere; none takes only that away."""
    _check_for_project(access)
    tx.get(Project, project)
    tx.about(person, access.name.lower(), project)
    subject = Subject(Person.NUMBER, person)
    word = access.name.lower()
    make_statement(tx, signer, Kind.ACCESS, subject, log=tx.workspace, meaning=word, request=project)


def _owners(tx: Transaction) -> list[bytes]:
    people = tx.rows("SELECT id FROM person WHERE alive")
    return [person for (person,) in people if access_of(tx.writer, person) is Access.OWNER]


@command(verbs.GIVE_ROLE)
def give_role(
    tx: Transaction,
    person: bytes,
    role: str,
    *,
    signer: Signer,
    project: bytes | None = None,
    until_ms: int | None = None,
) -> None:
    """From now on the person may sign in this role's name, in all projects or in one; a deputy until a moment (UTC ms)."""
    if not role.strip():
        raise Invalid(_("A role needs a name."))
    if until_ms is not None and until_ms <= tx.now:
        raise Invalid(_("A term ends in the future."))
    tx.about(person, role)
    subject = Subject(Person.NUMBER, person)
    make_statement(
        *(tx, signer, Kind.ROLE, subject),
        log=tx.workspace,
        meaning=GRANTED,
        role=role.strip(),
        request=project,
        expires=until_ms,
    )


@command(verbs.TAKE_ROLE)
def take_role(
    tx: Transaction, person: bytes, role: str, *, signer: Signer, project: bytes | None = None
) -> None:
    """Later sign-offs in this role do not count any more; earlier ones stay."""
    if role not in roles_of(tx.writer, person, project):
        raise Refused(_("The role {role} is not held.").format(role=role))
    tx.about(person, role)
    subject = Subject(Person.NUMBER, person)
    make_statement(
        tx, signer, Kind.ROLE, subject, log=tx.workspace, meaning=REVOKED, role=role, request=project
    )


@command(verbs.ADD_KEY)
def add_key(tx: Transaction, person: bytes, own: Signer, *, voucher: Signer | None = None) -> None:
    """A person's key on this device, self-declared, and vouched for where an owner signs too."""
    tx.about(person)
    certify(tx, person, own.public, own)
    if voucher is not None and voucher.person != person:
        certify(tx, person, own.public, voucher)


@command(verbs.INVITE)
def invite(tx: Transaction, person: bytes, invitation: Signer, *, signer: Signer) -> None:
    """An owner certifies a key that is no device's: whoever is given its secret may bring a key of this person's own."""
    must_be_verified(tx)
    tx.about(person)
    certify(tx, person, invitation.public, signer, device=NO_DEVICE)


@command(verbs.FOLLOW_INVITATION)
def follow_invitation(tx: Transaction, person: bytes, invitation: Signer, *, own: Signer) -> None:
    """A key of one's own on this device, certified by the invitation."""
    tx.about(person)
    certify(tx, person, own.public, own)
    certify(tx, person, own.public, invitation)


@command(verbs.VOUCH)
def vouch(tx: Transaction, person: bytes, *, signer: Signer) -> int:
    """An owner certifies every key that was only claimed for a person; returns how many."""
    must_be_verified(tx)
    tx.about(person)
    claimed = tx.rows(
        "SELECT public, device FROM certificate WHERE person = ? GROUP BY key, device HAVING max(level) <= 0",
        (person,),
    )
    if not claimed:
        raise Refused(_("There is no key to vouch for."))
    for public, device in claimed:
        certify(tx, person, public, signer, device=device)
    return len(claimed)


@command(verbs.NOTE_WRONG_PIN)
def note_wrong_pin(tx: Transaction, person: bytes) -> None:
    """A line in the audit log, without any op."""
    tx.about(person)
    tx.record(tx.workspace)


@command(verbs.SET_PERSON)
def set_person(tx: Transaction, person: bytes, **values: str) -> None:
    """Name or e-mail of a person."""
    tx.about(person)
    for name, value in values.items():
        tx.set(Person, person, name, value)


def contact(tx: Transaction, name: str) -> bytes:
    """The person of that name or id; a new contact without access when nobody is called so."""
    wanted = " ".join(name.split())
    for person, handle, known in tx.rows("SELECT id, handle, name FROM person WHERE alive"):
        if wanted.casefold() in (handle.casefold(), known.casefold()):
            return bytes(person)
    handle = free_handle(tx.writer, wanted)
    return tx.create(Person, {"handle": handle, "name": wanted}, log=tx.workspace)
