"""Devices: one that was lost or given away is taken out."""

from app.codec import pack
from app.commands.registry import command
from app.commands.stating import Signer, Subject, make_statement
from app.domain import verbs
from app.domain.person import Device
from app.domain.words import Access
from app.errors import Refused
from app.i18n import _
from app.storage.authority import access_of
from app.storage.statements import Kind
from app.storage.taken_out import is_taken_out
from app.storage.transaction import Transaction


@command(verbs.TAKE_OUT_DEVICE)
def take_out_device(tx: Transaction, device: bytes, *, signer: Signer, since_ms: int | None = None) -> None:
    """The device is let in no more, and what it does from now on is refused.

    What it said before stands as far as it is known here; with `since_ms` (UTC) only as far as it had come by then. Raises
    Refused for the device one works on, for one that gives the order, and for anybody but an owner or its own person.
    """
    found = tx.get(Device, device)
    tx.about(device)
    if device == tx.author.device.id:
        raise Refused(_("This is the device you work on. Take it out from another one."))
    if tx.row("SELECT 1 FROM log WHERE sequencer = ?", (found.key,)):
        raise Refused(_("This device gives the order. Hand the order over first."))
    if is_taken_out(tx.writer, device):
        raise Refused(_("This device is taken out already."))
    if access_of(tx.writer, signer.person) is not Access.OWNER and not _is_theirs(tx, device, signer.person):
        raise Refused(_("An owner takes a device out, or who alone has a key on it."))
    make_statement(
        *(tx, signer, Kind.DEVICE, Subject(Device.NUMBER, device)),
        log=tx.workspace,
        meaning="taken out",
        conditions=pack(_cut(tx, device, since_ms)),
    )


def _is_theirs(tx: Transaction, device: bytes, person: bytes) -> bool:
    """Whether it is theirs alone: on a shared laptop nobody takes it from the others."""
    found = tx.rows("SELECT person, level FROM certificate WHERE device = ?", (device,))
    return any(level >= 0 for _, level in found) and all(who == person for who, _ in found)


def _cut(tx: Transaction, device: bytes, since_ms: int | None) -> list[list[object]]:
    """Log -> the last commit of the device that is beyond doubt, by when it was received."""
    rows = tx.rows(
        "SELECT log, max(dev_seq) FROM entry WHERE device = ?1 AND (?2 IS NULL OR received < ?2) GROUP BY log "
        "ORDER BY log",
        (device, since_ms),
    )
    return [[log, dev_seq] for log, dev_seq in rows]
