"""Sharing a workspace through a server, inviting people to it, and joining by an invitation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app import platform
from app.clock import Clock
from app.commands import founding, people
from app.commands.stating import Signer
from app.domain.words import Access
from app.errors import Refused, VerifyError
from app.i18n import _
from app.storage.crypto import key_id
from app.storage.keys import Cost, KeyStore
from app.workspace import DATABASE, KEYS, Workspace
from sync.client.connection import Connection, by_invitation
from sync.client.place import Invitation, Place, load_place, parse_address, save_place
from sync.client.runner import Runner
from sync.client.snapshot import Told, fetch_snapshot
from sync.core.exchange import Phase, Status

Passphrase = Callable[[], str | None]
Write = Callable[[Callable[[], Any]], Any]


def at_once(work: Callable[[], Any]) -> Any:
    """On the caller's own thread."""
    return work()


def connect(workspace: Workspace, place: Place | None = None) -> Connection:
    """The connection to a place, or to the workspace's server. Raises Refused where it has none, Unreachable or VerifyError."""
    place = place or load_place(workspace.folder)
    if place is None:
        raise Refused(
            _("This workspace is shared through no server yet: launchbook share, or a file (--to).")
        )
    return Connection(place, workspace.id, workspace.device, workspace.clock)


def share(
    workspace: Workspace,
    signer: Signer,
    address: str,
    *,
    write: Write = at_once,
    told: Callable[[Status], None] = lambda _status: None,
) -> tuple[Place, Status]:
    """Hands the order of every log to the server at an address and brings it all there is.

    Nothing is changed before the server has said that it takes the workspace. `write` carries out what changes it; the
    desktop passes its writer thread's. Raises Refused, Unreachable or VerifyError.
    """
    if workspace.is_sample:
        raise Refused(_("The sample stays on this device. Make a workspace of your own to share."))
    named, code = parse_address(address)
    connection = Connection(named, workspace.id, workspace.device, workspace.clock)
    try:
        greeting = connection.hello()
        place = Place(named.url, named.fingerprint, greeting.server)
        connection.place = place
        connection.grant = lambda _hello: (code.encode(),) if code else ()
        connection.token()
        server = key_id(greeting.server)
        write(lambda: workspace.run(founding.hand_over_order, signer, server, named.url, greeting.server))
        save_place(workspace.folder, place)
        runner = Runner(
            workspace, connection, take=lambda delivery: write(lambda: workspace.take(delivery)), told=told
        )
        return place, runner.once()
    finally:
        connection.close()


def invite(
    workspace: Workspace,
    signer: Signer,
    name: str,
    handle: str,
    access: Access,
    *,
    project: bytes | None = None,
    place: Place | None = None,
) -> Invitation:
    """A person with this access, to everything or to one project, and the invitation that lets one device of theirs in.

    It leads to the server, or else to a place such as a room. Raises Refused.
    """
    _place_of(workspace, place)
    person = workspace.clock.new_id()
    workspace.run(people.add_person, name, handle, signer=signer, access=access, project=project, id=person)
    return invite_known(workspace, signer, person, place=place)


def invite_known(
    workspace: Workspace,
    signer: Signer,
    person: bytes,
    access: Access | None = None,
    *,
    place: Place | None = None,
) -> Invitation:
    """An invitation for a device of somebody who is in the plan already; with `access` they get it first."""
    place = _place_of(workspace, place)
    secret = Signer(person, ec.generate_private_key(ec.SECP256R1()))
    if access is not None:
        workspace.run(people.admit, person, signer=signer, access=access)
    workspace.run(people.invite, person, secret, signer=signer)
    return Invitation(place, workspace.id, secret)


def _place_of(workspace: Workspace, otherwise: Place | None) -> Place:
    place = load_place(workspace.folder) or otherwise
    if place is None:
        raise Refused(_("Share the workspace first: launchbook share PROJECT --server ADDRESS."))
    return place


def join(
    folder: Path,
    invitation: Invitation,
    pin_of: Callable[[Workspace, bytes], tuple[str, str]],
    *,
    place: Place | None = None,
    clock: Clock | None = None,
    passphrase: Passphrase = lambda: None,
    cost: Cost | None = None,
    device_name: str = "",
    told: Told = lambda _come, _of: None,
    doubted: Callable[[str], object] = lambda _sentence: None,
) -> Workspace:
    """Fetches the workspace of an invitation and introduces this device and its person there; goes on where it stopped.

    `place` is where it is fetched, where that is not what the invitation names: a room, for one. A large one comes as a
    snapshot, of which `told` hears, and is unverified then (`Workspace.is_unverified`); where the snapshot does not hold
    `doubted` hears why, and it comes commit by commit. What was fetched stays for the next try. Raises Refused,
    Unreachable or VerifyError.
    """
    clock, cost = clock or Clock(), cost or Cost()
    keys = KeyStore(platform.private_folder(folder) / KEYS, clock, passphrase, cost)
    device = keys.device(device_name)
    connection = Connection(place or invitation.place, invitation.workspace, device, clock)
    connection.grant = by_invitation(connection, invitation.signer)
    try:
        _fetch_state(folder, connection, told, doubted)
        _fetch(folder, invitation, connection, clock)
        workspace = Workspace.open(folder, clock=clock, passphrase=passphrase, cost=cost)
        try:
            _follow(workspace, invitation, *pin_of(workspace, invitation.signer.person))
            _must_reach(Runner(workspace, connection).once())
        except BaseException:
            workspace.close()
            raise
        return workspace
    finally:
        connection.close()


def _fetch_state(folder: Path, connection: Connection, told: Told, doubted: Callable[[str], object]) -> None:
    """Where nothing is here yet, what the server offers as the present state; else the log alone has to bring it."""
    if (folder / DATABASE).exists():
        return
    try:
        fetch_snapshot(folder, connection, told)
    except VerifyError as error:
        doubted(str(error))


def _fetch(folder: Path, invitation: Invitation, connection: Connection, clock: Clock) -> None:
    """All there is, before this device says anything of its own."""
    mirror = Workspace.mirror(folder, invitation.workspace, connection.device, clock=clock)
    try:
        if mirror.id != invitation.workspace:
            raise Refused(_("Another workspace is here already. Choose another data folder (--home)."))
        _must_reach(Runner(mirror, connection).once())
        save_place(folder, invitation.place)
    finally:
        is_empty = not mirror.rev
        mirror.close()
        if is_empty:  # nothing came: no workspace that cannot be opened is left behind
            for part in folder.glob(f"{DATABASE}*"):
                part.unlink()


def _follow(workspace: Workspace, invitation: Invitation, pin: str, presence: str) -> None:
    person = invitation.signer.person
    if not workspace.keys.has_key(person):
        own = workspace.new_key(person, pin, presence)
        workspace.run(people.follow_invitation, person, invitation.signer, own=own)
    workspace.act_as(person, presence)


def _must_reach(status: Status) -> None:
    if status.phase is not Phase.SYNCED:
        raise Refused(status.reason or _("The server cannot be reached. Try again; what came is kept."))
