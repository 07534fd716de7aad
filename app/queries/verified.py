"""What a verification of logs proves, in sentences: for whom, up to where, by whose order, and what it does not prove."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.i18n import N_, _, counted
from app.queries.devices import device_words
from app.queries.doubts import log_name, told
from app.storage.engine import Reader
from app.storage.verification import EpochProof, LogProof, Problem, Proof, What

_WRONG = {
    What.COMMIT: N_("Commit {number} of the device {device} in {log} does not hold: {detail}"),
    What.MISSING: N_(
        "Commit {number} of the device {device} in {log}, and what follows it, rest on something that is missing."
    ),
    What.COLUMNS: N_(
        "Commit {number} of the device {device} in {log} is entered otherwise than it was signed."
    ),
    What.ORDER: N_("The official order of {log} in epoch {number} is not the one that was signed."),
    What.EPOCH: N_("Who gives {log} its order in epoch {number} was stated by no owner."),
    What.WITHOUT_COMMIT: N_("{number} commits that have a place in the order of {log} are missing."),
    What.LOST: N_("This device held the order of {log} up to place {number}, and part of it is missing."),
    What.STATEMENT: N_("A statement or certificate ({id}) of {log} is kept otherwise than it was signed."),
    What.ROW: N_("What is shown of {detail} {id} in {log} does not follow from what was signed."),
}


def what_it_proves(reader: Reader, proof: Proof, own: bytes, language: str) -> list[str]:
    """What was verified of each log; `own` is this device's public key."""
    return [_proves(reader, one, own, language) for one in proof.logs]


def _proves(reader: Reader, one: LogProof, own: bytes, language: str) -> str:
    text = _(
        "{log}: {commits}, each signed by the device that made it and following the one before it, with {statements}. "
        "{order}"
    )
    return text.format(
        log=log_name(reader, one.log, language),
        commits=counted(
            "{n} commit of {devices}", "{n} commits of {devices}", one.commits, devices=_devices(one.devices)
        ),
        statements=counted(
            "{n} signed statement that verifies", "{n} signed statements that verify", one.statements
        ),
        order=" ".join(_order(reader, epoch, own) for epoch in one.epochs if epoch.places)
        or _("Nobody has given them an official order."),
    )


def _devices(count: int) -> str:
    return counted("{n} device", "{n} devices", count)


def _order(reader: Reader, epoch: EpochProof, own: bytes) -> str:
    text = _("{device} gave the order in epoch {epoch} up to place {places}, on {when}.")
    device = _("This device") if epoch.sequencer == own else _device(reader, epoch.sequencer)
    return text.format(
        device=device, epoch=epoch.number, places=f"{epoch.places:,}", when=_when(epoch.last_ms or 0)
    )


def _when(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _device(reader: Reader, key: bytes) -> str:
    """How the device with this key is called; the first digits of the key where nobody here knows it."""
    device = reader.value("SELECT id FROM device WHERE key = ?", (key,))
    return device_words(reader)[device] if device is not None else key.hex()[:16]


def fingerprint(reader: Reader) -> bytes:
    """What names the workspace to somebody outside: the hash of the commit that founded it."""
    return bytes(
        reader.value(
            "SELECT hash FROM entry WHERE log = (SELECT value FROM meta WHERE key = 'workspace') ORDER BY rev LIMIT 1"
        )
    )


def what_it_leaves_open(reader: Reader, proof: Proof, own: bytes, language: str) -> list[str]:
    """What the bytes here cannot prove."""
    found = []
    for one in proof.logs:
        log = log_name(reader, one.log, language)
        if one.unplaced:
            found.append(
                counted(
                    "{n} commit of {log} has no place in the official order yet: that it came before or after others is "
                    "not proven.",
                    "{n} commits of {log} have no place in the official order yet: that they came before or after others "
                    "is not proven.",
                    one.unplaced,
                    log=log,
                )
            )
        if one.refused:
            found.append(
                counted(
                    "{n} commit of {log} was refused and counts for nothing.",
                    "{n} commits of {log} were refused and count for nothing.",
                    one.refused,
                    log=log,
                )
            )
        if one.devices == 1 and all(epoch.sequencer == own for epoch in one.epochs):
            found.append(
                _(
                    "Nobody but this device has seen {log}: whoever holds its keys could have written all of it anew."
                ).format(log=log)
            )
        elif one.epochs and one.witnessed < one.epochs[-1].places:
            found.append(
                _(
                    "Places {first} to {last} of {log} are known from whoever gives the order alone: no commit of another "
                    "device names them yet."
                ).format(first=one.witnessed + 1, last=one.epochs[-1].places, log=log)
            )
    return found


def what_is_wrong(reader: Reader, problems: Sequence[Problem], language: str) -> list[str]:
    """A sentence for each thing that does not hold."""
    return [_wrong(reader, one, language) for one in problems]


def _wrong(reader: Reader, one: Problem, language: str) -> str:
    if one.claim is not None:
        return told(reader, one.claim, language)
    return _(_WRONG[one.what]).format(
        log=log_name(reader, one.log, language),
        device=device_words(reader).get(one.device) or one.device.hex()[:8],
        number=one.number,
        detail=one.detail,
        id=one.device.hex()[:12],
    )
