"""What replicas send each other as records: positional msgpack, bounded, and checked before it is believed.

A message is a sequence of records (`sync/README.md` lists them): a head that says whose it is and what that side holds,
commits in causal order, the sequencer's receipts, and an end that says how many of each there were.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from types import NoneType
from typing import Any

from app.codec import MOST_BYTES, pack, unpack
from app.errors import VerifyError
from app.storage.delivery import Delivery, Held, Packet, Receipt
from app.storage.proofs import Leaf

VERSION = 1
MOST_RECORD = 8 * MOST_BYTES
_LEAVES_A_RECORD = 1000
_VALUES_A_RECORD = 2 * MOST_BYTES  # bytes of erasable values, and one more that may be long
_ID, _HASH, _SIGNATURE = 16, 32, 128  # bytes; of a signature at most


class Kind(IntEnum):
    """The first item of a record; numbers are never reused, and 7 is taken by `here.py`."""

    HEAD = 1
    COMMIT = 2
    VALUES = 3
    RECEIPT = 4
    LEAVES = 5
    END = 6


@dataclass(frozen=True, slots=True)
class Head:
    """Whose message it is: the workspace, the device that wrote it, and what that one holds."""

    workspace: bytes
    device: bytes
    held: Held


def records(head: Head, delivery: Delivery, files: int = 0) -> Iterator[bytes]:
    """A whole message; `files` of evidence stand behind it, on a stick."""
    yield _head_record(head)
    for packet in delivery.packets:
        yield from _commit_records(packet)
    for receipt in delivery.receipts:
        yield from _receipt_records(receipt)
    yield pack([Kind.END, len(delivery.packets), len(delivery.receipts), *([files] if files else [])])


def _head_record(head: Head) -> bytes:
    commits = sorted([log, device, upto] for (log, device), upto in head.held.commits.items())
    leaves = sorted([log, epoch, size] for (log, epoch), size in head.held.leaves.items())
    return pack([Kind.HEAD, VERSION, head.workspace, head.device, commits, leaves])


def _commit_records(packet: Packet) -> Iterator[bytes]:
    """Its erasable values come in records of their own: the notes of a large import are many times its commit."""
    yield pack([Kind.COMMIT, packet.body, packet.signature, len(packet.detached)])
    part: list[list[bytes]] = []
    size = 0
    for salt, value in packet.detached:
        part.append([salt, value])
        size += len(salt) + len(value)
        if size >= _VALUES_A_RECORD:
            yield pack([Kind.VALUES, part])
            part, size = [], 0
    if part:
        yield pack([Kind.VALUES, part])


def _receipt_records(receipt: Receipt) -> Iterator[bytes]:
    """Its leaves come in records of their own: a log may have a hundred thousand."""
    count = len(receipt.leaves)
    yield pack([Kind.RECEIPT, receipt.log, receipt.epoch, receipt.start, count, receipt.checkpoint])
    for start in range(0, count, _LEAVES_A_RECORD):
        part = receipt.leaves[start : start + _LEAVES_A_RECORD]
        yield pack([Kind.LEAVES, [[one.hash, one.received, int(one.accepted), one.reason] for one in part]])


# -- reading ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Reading:
    """Reads a message record by record, with what it has to hold to so far; `is_whole` once its end was there."""

    head: Head | None = None
    is_whole: bool = False
    files: int = 0  # that stand behind it
    _commits: int = 0
    _receipts: int = 0
    _open: Packet | Receipt | None = None  # its parts follow
    _parts: list[Any] = field(default_factory=list)
    _wanted: int = 0

    def take(self, record: bytes) -> Packet | Receipt | None:
        """The commit or the receipt that is complete with this record. Raises VerifyError for what no message has."""
        array = unpack(record, MOST_RECORD)
        if not isinstance(array, list) or not array or self.is_whole:
            raise VerifyError("A record stands where none may.")
        kind, *values = array
        if type(kind) is not int or kind not in tuple(Kind):
            raise VerifyError("A record is of a kind that is not known here. A newer version wrote it.")
        if (self.head is None) != (kind == Kind.HEAD) or type(self._open) is not _FOLLOWS.get(kind, NoneType):
            raise VerifyError("The records are not in their order.")
        match kind:
            case Kind.HEAD:
                self.head = _head(values)
            case Kind.COMMIT:
                self._commits += 1
                self._open, self._wanted = _packet(values)
            case Kind.RECEIPT:
                self._receipts += 1
                self._open, self._wanted = _receipt(values)
            case Kind.VALUES | Kind.LEAVES:
                self._go_on(values, _value if kind == Kind.VALUES else _leaf)
            case Kind.END:
                self._end(values)
        return self._complete()

    def _go_on(self, values: list[Any], read_one: Callable[[Any], Any]) -> None:
        (listed,) = _shaped(values, list)
        self._parts += [read_one(one) for one in listed]
        if not listed or len(self._parts) > self._wanted:
            raise VerifyError("A commit or receipt has other parts than it says.")

    def _complete(self) -> Packet | Receipt | None:
        if self._open is None or len(self._parts) < self._wanted:
            return None
        found, parts = self._open, tuple(self._parts)
        self._open, self._parts = None, []
        return replace(found, detached=parts) if isinstance(found, Packet) else replace(found, leaves=parts)

    def _end(self, values: list[Any]) -> None:
        counts, more = values[:2], values[2:]
        if _shaped(counts, int, int) != [self._commits, self._receipts]:
            raise VerifyError("The message holds other records than its end says.")
        (self.files,) = _shaped(more, int) if more else (0,)
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


def _packet(values: list[Any]) -> tuple[Packet, int]:
    """Without its erasable values, and how many follow."""
    body, signature, count = _shaped(values, bytes, bytes, int)
    if len(signature) > _SIGNATURE or count < 0:
        raise VerifyError("A commit has the wrong shape.")
    return Packet(body, signature), count


def _value(one: Any) -> tuple[bytes, bytes]:
    salt, value = _shaped(one, bytes, bytes)
    return salt, value


def _receipt(values: list[Any]) -> tuple[Receipt, int]:
    """Without its leaves, and how many follow."""
    log, epoch, start, count, checkpoint = _shaped(values, bytes, int, int, int, str)
    if len(log) != _ID or min(epoch, start) < 0 or count <= 0:
        raise VerifyError("A receipt has the wrong shape.")
    return Receipt(log, epoch, start, (), checkpoint), count


def _leaf(one: Any) -> Leaf:
    name, received, accepted, reason = _shaped(one, bytes, int, int, int)
    if len(name) != _HASH or accepted not in (0, 1):
        raise VerifyError("A leaf has the wrong shape.")
    return Leaf(name, received, bool(accepted), reason)


_FOLLOWS: Mapping[int, type] = {Kind.VALUES: Packet, Kind.LEAVES: Receipt}  # what has to be open before these
