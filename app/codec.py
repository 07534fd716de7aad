"""Canonical bytes: positional msgpack without floats and maps, one prefix for each kind of thing that is signed.

Format: https://github.com/msgpack/msgpack/blob/master/spec.md, restricted to int, str (NFC), bin, bool, nil and arrays.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Final, TypeVar

import msgpack  # type: ignore[import-untyped]  # ships no types

from app.errors import VerifyError

COMMIT: Final = b"launchbook/commit/1\n"
STATEMENT: Final = b"launchbook/statement/1\n"
CONTENT: Final = b"launchbook/content/1\n"
CERTIFICATE: Final = b"launchbook/certificate/1\n"
LEAF: Final = b"launchbook/leaf/1\n"
REGISTER: Final = b"launchbook/register/1\n"
SALTED: Final = b"launchbook/salted/1\n"
SESSION: Final = b"launchbook/session/1\n"
INVITATION: Final = b"launchbook/invitation/1\n"
SNAPSHOT: Final = b"launchbook/snapshot/1\n"

MOST_BYTES = 256 * 1024
SALT_BYTES = 16
_DEPTH = 12
_MOST_ITEMS = 65_536
_REMEMBERED, _REMEMBERED_BYTES = 2048, 2048

Value = int | str | bytes | bool | None  # what one register holds
T = TypeVar("T")
Plain = Any  # int | str | bytes | bool | None | list of these; mypy cannot say it without casts at every use


def pack(value: Plain) -> bytes:
    """The one encoding of a value; tuples count as arrays."""
    return bytes(msgpack.packb(value, use_bin_type=True, strict_types=False))


def unpack(data: bytes, most: int = MOST_BYTES) -> Plain:
    """The value of canonical bytes from outside; raises VerifyError for anything else, in bounded time and memory.

    `most` bytes are taken: those of a commit, or what else carries one.
    """
    if len(data) > most:
        raise VerifyError(f"{len(data)} bytes are more than a record may have.")
    limits = {"max_str_len": most, "max_bin_len": most, "max_array_len": _MOST_ITEMS}
    try:
        value = msgpack.unpackb(
            data, raw=False, strict_map_key=True, use_list=True, max_map_len=0, max_ext_len=0, **limits
        )
    except Exception as error:
        raise VerifyError(f"The bytes are no valid record: {type(error).__name__}.") from error
    _check(value, 0)
    if pack(value) != data:
        raise VerifyError("The bytes are not in canonical form.")
    return value


def remembered(decode: Callable[[bytes], T]) -> Callable[[bytes], T]:
    """The decoder, keeping what it last made of small records: a commit or statement is read many times over."""
    kept = lru_cache(_REMEMBERED)(decode)

    @wraps(decode)
    def either(data: bytes) -> T:
        return kept(data) if len(data) <= _REMEMBERED_BYTES else decode(data)

    return either


def trusted(data: bytes) -> Plain:
    """The value of bytes this device packed itself."""
    return msgpack.unpackb(data, raw=False, use_list=True)


def _check(value: Plain, depth: int) -> None:
    if not isinstance(value, list):
        value = (value,)
    elif depth > _DEPTH:
        raise VerifyError("The record is nested too deeply.")
    for item in value:
        kind = type(item)
        if kind is str:
            if not (item.isascii() or unicodedata.is_normalized("NFC", item)):
                raise VerifyError("A text is not in normal form C.")
        elif kind is list:
            _check(item, depth + 1)
        elif item is not None and kind not in (bytes, int, bool):
            raise VerifyError(f"A {kind.__name__} cannot stand in a record.")


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def salted_hash(salt: bytes, value: Plain) -> bytes:
    """What stands in signed bytes for an erasable value: SHA-256 over prefix, 16-byte salt and packed value."""
    return sha256(SALTED + salt + pack(value))
