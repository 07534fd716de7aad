"""Asking another server, or one's own, which history of a log it shows: two who were told different ones find out by it."""

from dataclasses import dataclass

from app.errors import VerifyError
from app.i18n import _
from app.storage.delivery import Delivery, Receipt
from app.storage.engine import Reader
from app.storage.epochs import sequencer_of
from app.storage.proofs import read_checkpoint, root_of, tree_of, verify_consistency
from app.storage.tlog import read_hashes
from app.workspace import Workspace
from sync.client.connection import Connection


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness shows of a log: up to which place, and whether that is the history that is here."""

    size: int
    agrees: bool


def ask(workspace: Workspace, connection: Connection, log: bytes) -> Seen:
    """Compares the witness's tree with the one here; a checkpoint over places that are here, and that convicts, is kept.

    Raises Refused, Unreachable, or VerifyError for what whoever gives the order did not sign.
    """
    epoch, sequencer, size, root = workspace.read(_running, log)
    note = connection.text("/v1/checkpoint", log=log.hex(), epoch=epoch)
    theirs, _root = _signed(note, sequencer, log, epoch)
    if theirs <= size:
        taken = workspace.take(Delivery((), (Receipt(log, epoch, 0, (), note),)), gives_order=False)
        return Seen(theirs, agrees=not taken.forged)
    text = connection.text("/v1/proof", **{"log": log.hex(), "epoch": epoch, "from": size})
    head, _gap, note = text.partition("\n\n")
    theirs, their_root = _signed(note, sequencer, log, epoch)
    try:
        path = read_hashes(head.split("\n")[1:])
    except ValueError:
        path = []
    return Seen(theirs, verify_consistency(size, root, theirs, their_root, path))


def _running(reader: Reader, log: bytes) -> tuple[int, bytes, int, bytes]:
    epoch = int(reader.value("SELECT epoch FROM log WHERE id = ?", (log,)))
    size, frontier = tree_of(reader, log, epoch)
    return epoch, sequencer_of(reader, log, epoch) or b"", size, root_of(frontier)


def _signed(note: str, sequencer: bytes, log: bytes, epoch: int) -> tuple[int, bytes]:
    found = read_checkpoint(note, sequencer, log, epoch)
    if found is None:
        raise VerifyError(_("The checkpoint is not signed by whoever gives this log its order."))
    return found
