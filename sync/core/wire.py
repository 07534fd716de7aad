"""What replicas send each other as records: positional msgpack, bounded, and checked before it is believed.

A message is a sequence of records (`sync/README.md` lists them): a head that says whose it is and what that side holds,
commits in causal order, the sequencer's receipts, and an end that says how many of each there were.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.codec import MOST_BYTES, pack, unpack
from app.errors import VerifyError
from app.storage.delivery import Delivery, Held, Packet, Receipt
from app.storage.proofs import Leaf

VERSION = 1
HEAD, COMMIT, RECEIPT, LEAVES, END = 1, 2, 3, 4, 5
MOST_RECORD = 8 * MOST_BYTES  # a commit with the erasable values beside it
_LEAVES_A_RECORD = 1000
_ID, _HASH, _SIGNATURE = 16, 32, 128  # bytes; of a signature at most


@dataclass(frozen=True, slots=True)
class Head:
    """Whose message it is: the workspace, the device that wrote it, and what that one holds."""

    workspace: bytes
    device: bytes
    held: Held


def records(head: Head, delivery: Delivery) -> Iterator[bytes]:
    """A whole message."""
    yield _head_record(head)
    for packet in delivery.packets:
        yield pack([COMMIT, packet.body, packet.signature, [list(pair) for pair in packet.detached]])
    for receipt in delivery.receipts:
        yield from _receipt_records(receipt)
    yield pack([END, len(delivery.packets), len(delivery.receipts)])


def _head_record(head: Head) -> bytes:
    commits = sorted([log, device, upto] for (log, device), upto in head.held.commits.items())
    leaves = sorted([log, epoch, size] for (log, epoch), size in head.held.leaves.items())
    return pack([HEAD, VERSION, head.workspace, head.device, commits, leaves])


def _receipt_records(receipt: Receipt) -> Iterator[bytes]:
    """Its leaves come in records of their own: a log may have a hundred thousand."""
    count = len(receipt.leaves)
    yield pack([RECEIPT, receipt.log, receipt.epoch, receipt.start, count, receipt.checkpoint])
    for start in range(0, count, _LEAVES_A_RECORD):
        part = receipt.leaves[start : start + _LEAVES_A_RECORD]
        yield pack([LEAVES, [[one.hash, one.received, int(one.accepted), one.reason] for one in part]])


# -- reading ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Reading:
    """Reads a message record by record, with what it has to hold to so far; `is_whole` once its end was there."""

    head: Head | None = None
    is_whole: bool = False
    _commits: int = 0
    _receipts: int = 0
    _open: Receipt | None = None
    _leaves: list[Leaf] = field(default_factory=list)
    _wanted: int = 0

    def take(self, record: bytes) -> Packet | Receipt | None:
        """The commit or the receipt that is complete with this record. Raises VerifyError for what no message has."""
        array = unpack(record, MOST_RECORD)
        if not isinstance(array, list) or not array or self.is_whole:
            raise VerifyError("A record stands where none may.")
        kind, *values = array
        if (self.head is None) != (kind == HEAD) or (self._open is not None) != (kind == LEAVES):
            raise VerifyError("The records are not in their order.")
        match kind:
            case 1:  # HEAD
                self.head = _head(values)
            case 2:  # COMMIT
                self._commits += 1
                return _packet(values)
            case 3:  # RECEIPT
                return self._begin(values)
            case 4:  # LEAVES
                return self._go_on(values)
            case 5:  # END
                self._end(values)
            case _:
                raise VerifyError("A record is of a kind that is not known here. A newer version wrote it.")
        return None

    def _begin(self, values: list[Any]) -> Receipt | None:
        log, epoch, start, count, checkpoint = _shaped(values, bytes, int, int, int, str)
        if len(log) != _ID or min(epoch, start) < 0 or count <= 0:
            raise VerifyError("A receipt has the wrong shape.")
        self._receipts += 1
        self._open, self._wanted, self._leaves = Receipt(log, epoch, start, (), checkpoint), count, []
        return None

    def _go_on(self, values: list[Any]) -> Receipt | None:
        (listed,) = _shaped(values, list)
        assert self._open is not None  # checked with the order of records
        self._leaves += [_leaf(one) for one in listed]
        if not listed or len(self._leaves) > self._wanted:
            raise VerifyError("A receipt has other leaves than it says.")
        if len(self._leaves) < self._wanted:
            return None
        found = self._open
        self._open = None
        return Receipt(found.log, found.epoch, found.start, tuple(self._leaves), found.checkpoint)

    def _end(self, values: list[Any]) -> None:
        if _shaped(values, int, int) != [self._commits, self._receipts]:
            raise VerifyError("The message holds other records than its end says.")
        self.is_whole = True


def read(found: Iterable[bytes]) -> tuple[Head, Delivery]:
    """A whole message at once. Raises VerifyError."""
    reading, packets, receipts = Reading(), [], []
    for record in found:
        one = reading.take(record)
        if isinstance(one, Packet):
            packets.append(one)
        elif isinstance(one, Receipt):
            receipts.append(one)
    if reading.head is None or not reading.is_whole:
        raise VerifyError("The message is not whole.")
    return reading.head, Delivery(tuple(packets), tuple(receipts))


def _shaped(values: Any, *kinds: type) -> list[Any]:
    """The values, of just these kinds; a bool is no number."""
    if not isinstance(values, list) or [type(one) for one in values] != list(kinds):
        raise VerifyError("A record has the wrong shape.")
    return values


def _head(values: list[Any]) -> Head:
    version, workspace, device, commits, leaves = _shaped(values, int, bytes, bytes, list, list)
    if version != VERSION:
        raise VerifyError("Another version of the program wrote this message. Bring both to the same one.")
    if len(workspace) != _ID or len(device) != _ID:
        raise VerifyError("A head has the wrong shape.")
    return Head(workspace, device, Held(_upto(commits, bytes), _upto(leaves, int)))


def _upto(listed: list[Any], second: type) -> Mapping[Any, int]:
    found = {}
    for one in listed:
        log, which, upto = _shaped(one, bytes, second, int)
        if upto < 0:
            raise VerifyError("A head has the wrong shape.")
        found[log, which] = upto
    return found


def _packet(values: list[Any]) -> Packet:
    body, signature, detached = _shaped(values, bytes, bytes, list)
    pairs = tuple(tuple(_shaped(pair, bytes, bytes)) for pair in detached)
    if len(signature) > _SIGNATURE:
        raise VerifyError("A commit has the wrong shape.")
    return Packet(body, signature, pairs)


def _leaf(one: Any) -> Leaf:
    name, received, accepted, reason = _shaped(one, bytes, int, int, int)
    if len(name) != _HASH or accepted not in (0, 1):
        raise VerifyError("A leaf has the wrong shape.")
    return Leaf(name, received, bool(accepted), reason)
