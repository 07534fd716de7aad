"""A message as bytes: each record after its length in four bytes (big-endian), all of it in one zstd frame with checksum."""

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import zstandard

from app.errors import VerifyError
from sync.core.wire import MOST_RECORD

MOST_MESSAGE = 128 << 20  # bytes of records a message may hold: more than any bounded one does
_LEVEL = 6
_MOST_WINDOW = 1 << 23


def write_frames(stream: BinaryIO, records: Iterable[bytes], *, level: int = _LEVEL) -> None:
    """Writes records at the stream's place; the stream stays open."""
    packer = zstandard.ZstdCompressor(level=level, write_checksum=True)
    with packer.stream_writer(stream, closefd=False) as writer:
        for record in records:
            writer.write(len(record).to_bytes(4, "big") + record)


def read_frames(stream: BinaryIO, most_bytes: int | None = None) -> Iterator[bytes]:
    """The records from the stream's place on, in bounded memory. Raises Damaged or Cut; `most_bytes` of records at most."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW)
    try:
        with unpacker.stream_reader(stream, closefd=False) as reader:
            yield from _split(io.BufferedReader(reader), most_bytes)
    except zstandard.ZstdError as error:
        raise Damaged("A message is damaged.") from error


def _split(stream: BinaryIO, most_bytes: int | None) -> Iterator[bytes]:
    total = 0
    while head := stream.read(4):
        length = int.from_bytes(head, "big")
        total += length
        if len(head) < 4 or not 0 < length <= MOST_RECORD or (most_bytes is not None and total > most_bytes):
            raise Damaged("A message is damaged.")
        record = stream.read(length)
        if len(record) < length:
            raise Cut("A message is not whole.")
        yield record


class Damaged(VerifyError):
    """Bytes that no writer made, or more of them than a message may have."""


class Cut(VerifyError):
    """A message that ends too early."""


def to_bytes(records: Iterable[bytes]) -> bytes:
    """A whole message in memory, packed fast: it waits for nothing but the network."""
    stream = io.BytesIO()
    write_frames(stream, records, level=1)
    return stream.getvalue()


def from_bytes(data: bytes) -> Iterator[bytes]:
    """The records of a message in memory. Raises VerifyError."""
    return read_frames(io.BytesIO(data), MOST_MESSAGE)
