"""What a server says about a snapshot it offers, signed, so that it can be held to it; and the file's bytes on their way."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

import zstandard

from app.codec import SNAPSHOT, pack, unpack
from app.errors import VerifyError
from app.storage.crypto import verify

PART_BYTES = 4 << 20  # asked for at a time
MOST_BYTES = 16 << 30  # of a snapshot's file
_LEVEL = 9
_WINDOW_LOG = 27  # 128 MiB: a plan's ids stand in several tables, far from each other
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Offer:
    """A snapshot: of which workspace, by which version, SHA-256 and bytes of the packed file, bytes of the file, when (UTC ms)."""

    workspace: bytes
    schema_rev: int
    sha256: bytes
    packed: int
    size: int
    made_ms: int

    def encode(self) -> bytes:
        return pack([1, self.workspace, self.schema_rev, self.sha256, self.packed, self.size, self.made_ms])


def signed_bytes(body: bytes) -> bytes:
    """What the server's key signs of an offer."""
    return SNAPSHOT + body


def read_offer(data: bytes, server: bytes) -> Offer:
    """The offer of an answer `[body, signature]`. Raises VerifyError, also where the server's key did not sign it."""
    match unpack(data):
        case [bytes(body), bytes(signature)] if verify(server, signed_bytes(body), signature):
            match unpack(body):
                case [1, bytes(workspace), int(rev), bytes(sha256), int(packed), int(size), int(made_ms)] if (
                    len(workspace) == 16
                    and len(sha256) == 32
                    and 0 < packed <= MOST_BYTES
                    and 0 < size <= MOST_BYTES
                ):
                    return Offer(workspace, rev, sha256, packed, size, made_ms)
    raise VerifyError("The server's offer of a snapshot does not hold.")


def pack_file(source: BinaryIO, target: BinaryIO, size: int) -> bytes:
    """Packs a file of that size; the SHA-256 of what was written."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, source_size=size, window_log=_WINDOW_LOG, enable_ldm=True, write_checksum=True
    )
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj(size=size)
    digest = hashlib.sha256()
    while True:
        part = source.read(_READ)
        packed = packer.compress(part) if part else packer.flush()
        digest.update(packed)
        target.write(packed)
        if not part:
            return digest.digest()


def unpack_file(source: BinaryIO, target: BinaryIO, size: int) -> None:
    """Unpacks exactly that many bytes. Raises VerifyError, with never more than those written."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=1 << _WINDOW_LOG)
    written = 0
    try:
        with unpacker.stream_reader(source, closefd=False) as reader:
            while part := reader.read(_READ):
                written += len(part)
                if written > size:
                    break
                target.write(part)
    except zstandard.ZstdError as error:
        raise VerifyError("The snapshot is damaged.") from error
    if written != size:
        raise VerifyError("The snapshot has another size than was signed.")
