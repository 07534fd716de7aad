"""Joining by a snapshot: fetched part by part, gone on with where it stopped, put in place as a workspace to be verified."""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app import platform
from app.errors import Refused, VerifyError
from app.i18n import _
from app.storage.schema import SCHEMA_REV
from app.storage.snapshots import install_snapshot
from app.workspace import DATABASE
from sync.client.connection import Connection
from sync.core.snapshots import PART_BYTES, Offer, read_offer, unpack_file

Told = Callable[[int, int], object]  # bytes that have come, of how many


def fetch_snapshot(folder: Path, connection: Connection, told: Told = lambda _come, _of: None) -> bool:
    """Whether a workspace lies in the folder now, made of the server's snapshot; what is newer is still lacking.

    False where the server offers none, or one of another version. Raises Unreachable, with what came kept for the next
    try, VerifyError, or Refused where the disk has no room.
    """
    found = _offered(connection)
    if found is None:
        return False
    offer, answer = found
    _must_fit(folder, offer)
    packed = folder / f"{offer.sha256.hex()}.snapshot"
    for other in set(folder.glob("*.snapshot")) - {packed}:
        other.unlink()
    if not _fetch(packed, offer, connection, told):
        return False
    plain = folder / "plain.snapshot"
    try:
        _check(packed, offer)
        with packed.open("rb") as source, plain.open("wb") as target:
            unpack_file(source, target, offer.size)
        install_snapshot(plain, folder / DATABASE, offer.workspace, answer)
    finally:
        for one in (packed, plain):
            with suppress(OSError):
                one.unlink(missing_ok=True)
    return True


def _offered(connection: Connection) -> tuple[Offer, bytes] | None:
    try:
        answer = connection.snapshot()
    except Refused:
        return None
    offer = read_offer(answer, connection.server)
    if offer.workspace != connection.workspace:
        raise VerifyError(_("The server offered a snapshot of another workspace. Nothing of it was taken."))
    return (offer, answer) if offer.schema_rev == SCHEMA_REV else None


def _must_fit(folder: Path, offer: Offer) -> None:
    """Packed, unpacked, and in place with its indexes."""
    if shutil.disk_usage(folder).free < offer.packed + 3 * offer.size:
        raise Refused(
            _(
                "The workspace needs {size} MB on this disk. Make room and join again; what came is kept."
            ).format(size=(offer.packed + 3 * offer.size) // 1_000_000)
        )


def _fetch(packed: Path, offer: Offer, connection: Connection, told: Told) -> bool:
    """Adds to what came before; False where the server has withdrawn it meanwhile."""
    if not packed.exists():
        platform.create_private(packed)
    with packed.open("ab") as file:
        come = file.tell()
        while come < offer.packed:
            told(come, offer.packed)
            try:
                part = connection.snapshot_part(offer.sha256, come, min(PART_BYTES, offer.packed - come))
            except Refused:
                return False
            if not part or come + len(part) > offer.packed:
                raise VerifyError(
                    _("The server's snapshot has another length than it said. Nothing of it was taken.")
                )
            file.write(part)
            file.flush()
            come += len(part)
    told(offer.packed, offer.packed)
    return True


def _check(packed: Path, offer: Offer) -> None:
    with packed.open("rb") as file:
        if hashlib.file_digest(file, "sha256").digest() != offer.sha256:
            raise VerifyError(
                _("The snapshot that came is not the one the server signed. Nothing of it was taken.")
            )
