"""Devices on the command line: whose they are, and one that is lost is taken out."""

from collections import Counter
from typing import Annotated

import typer

from app.clock import to_iso
from app.i18n import N_, _
from app.queries.devices import DeviceRow, devices
from app.queries.find import find_device
from app.queries.people import names
from ui.cli.columns import column
from ui.cli.moments import moment_of
from ui.cli.session import Session

group = typer.Typer(
    help=N_("List the devices: whose they are, when they last did something. A lost one is taken out."),
    invoke_without_command=True,
    rich_markup_mode=None,
)


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="devices")


@group.callback()
def list_devices(context: typer.Context) -> None:
    if context.invoked_subcommand is not None:
        return
    session: Session = context.obj
    known = session.read(names)
    rows = session.read(devices)
    data = [
        {
            "device": one.id,
            "name": one.name,
            "key": one.key,
            "persons": [known.get(who, "") for who in one.persons],
        }
        | {"last": to_iso(one.last_ms) if one.last_ms else None, "commits": one.commits}
        | {"sequences": one.sequences, "here": one.id == session.workspace.device.id}
        | {"taken_out": one.taken_out, "version": one.version}
        for one in rows
    ]
    called = Counter(one.name for one in rows)
    lines = [_device_line(one, known, session, alone=called[one.name] == 1) for one in rows]
    session.show({"devices": data}, lines)


def _device_line(one: DeviceRow, known: dict[bytes, str], session: Session, *, alone: bool) -> str:
    """The key stands behind it only where the name is not enough to say which one is meant."""
    whose = ", ".join(known.get(who, "") for who in one.persons)
    when = to_iso(one.last_ms) if one.last_ms else ""
    marks = [_("this one")] if one.id == session.workspace.device.id else []
    marks += [_("gives the order")] if one.sequences else []
    marks += [_("taken out")] if one.taken_out else []
    marks += [_("newer version")] if one.version > 0 else []
    marks += [_("older version")] if one.version < 0 else []
    marks += [] if one.name and alone else [_("key {key}").format(key=one.key)]
    name = column(one.name or one.id.hex()[-6:], 24)
    return f"{name} {column(whose, 24)} {column(when, 20)} {', '.join(marks)}".rstrip()


@group.command("revoke", help=N_("Take a lost device out: the server lets it in no more; asks for the PIN."))
def revoke(
    context: typer.Context,
    device: Annotated[
        str,
        typer.Argument(
            metavar="DEVICE",
            help=N_("Its name; where two are called the same, the key that devices shows, or the id."),
        ),
    ],
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help=N_(
                "Since when it may be in other hands: what was signed there after it needs an owner's word."
            ),
        ),
    ] = None,
) -> None:
    from app.commands.devices import take_out_device

    session: Session = context.obj
    found, name = session.read(find_device, device)
    since_ms = moment_of(since)
    session.do(take_out_device, found, signer=session.signer(), since_ms=since_ms)
    told = _("{name} is taken out. What it does from now on is refused.").format(name=name)
    session.show({"device": found}, [told])
