"""The ops a commit is made of, and their bytes.

Create  [1, entity, object, [[field, language | nil, value], ...]]
Put     [2, entity, object, field, language | nil, value, base]
Delete  [3, entity, object, base]
State   [4, statement body, person signature]
Certify [5, key certificate body, issuer signature]
Found   [6, kind, sequencer's public key, workspace]      first op of a log's first commit
7 increment, 8 redact: reserved. A custom field's Put carries a 16-byte id in place of the number: reserved, and left to
the version that knows custom fields, like every op decoded to None.

`base` lists the register heads the author saw, as [dev_seq, index] of its own device or [device, dev_seq, index].
An op is known by `op_id`: 16 bytes device, 4 bytes dev_seq, 2 bytes index in its commit.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.codec import Value
from app.errors import VerifyError

CREATE, PUT, DELETE, STATE, CERTIFY, FOUND = 1, 2, 3, 4, 5, 6
LIFE = 0  # the register of tombstones; its value is True, or the ops a delete saw


@dataclass(frozen=True, slots=True)
class Create:
    entity: int
    object: bytes
    values: tuple[tuple[int, str | None, Value], ...]


@dataclass(frozen=True, slots=True)
class Put:
    entity: int
    object: bytes
    field: int
    language: str | None
    value: Value
    base: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Delete:
    entity: int
    object: bytes
    base: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class State:
    body: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Certify:
    body: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """Begins a log: 1 workspace or 2 project, who sequences it, and the workspace it belongs to."""

    kind: int
    sequencer: bytes
    workspace: bytes


Op = Create | Put | Delete | State | Certify | Found


def op_id(device: bytes, dev_seq: int, index: int) -> bytes:
    return device + dev_seq.to_bytes(4, "big") + index.to_bytes(2, "big")


def op_parts(op: bytes) -> tuple[bytes, int, int]:
    """Device, dev_seq and index of an op id."""
    return op[:16], int.from_bytes(op[16:20], "big"), int.from_bytes(op[20:], "big")


def encode(op: Op, device: bytes) -> list[Any]:
    """The op as the array that is packed; `device` is its author."""
    match op:
        case Create():
            return [CREATE, op.entity, op.object, [list(value) for value in op.values]]
        case Put():
            return [PUT, op.entity, op.object, op.field, op.language, op.value, _short(op.base, device)]
        case Delete():
            return [DELETE, op.entity, op.object, _short(op.base, device)]
        case State():
            return [STATE, op.body, op.signature]
        case Certify():
            return [CERTIFY, op.body, op.signature]
        case Found():
            return [FOUND, op.kind, op.sequencer, op.workspace]


def _short(base: Collection[bytes], device: bytes) -> list[list[Any]]:
    short = []
    for op in sorted(base):
        author, dev_seq, index = op_parts(op)
        short.append([dev_seq, index] if author == device else [author, dev_seq, index])
    return short


def decode(array: Any, device: bytes) -> Op | None:
    """The op of an array from a verified commit, None for a kind of a newer version; raises VerifyError."""
    try:
        match array:
            case [1, int(entity), bytes(thing), list(values)] if len(thing) == 16:
                return Create(entity, thing, tuple(_value(value) for value in values))
            case [2, int(), bytes(thing), bytes(custom), _, _, list()] if len(thing) == len(custom) == 16:
                return None
            case [2, int(entity), bytes(thing), int(field), language, value, list(base)] if len(thing) == 16:
                field, language, value = _value([field, language, value])
                return Put(entity, thing, field, language, value, _long(base, device))
            case [3, int(entity), bytes(thing), list(base)] if len(thing) == 16:
                return Delete(entity, thing, _long(base, device))
            case [4, bytes(body), bytes(signature)]:
                return State(body, signature)
            case [5, bytes(body), bytes(signature)]:
                return Certify(body, signature)
            case [6, int(kind), bytes(sequencer), bytes(workspace)] if (
                len(sequencer) == 32 and len(workspace) == 16
            ):
                return Found(kind, sequencer, workspace)
            case [int(kind), *_] if kind > FOUND:
                return None
    except (ValueError, TypeError, OverflowError) as error:
        raise VerifyError("An op has the wrong shape.") from error
    raise VerifyError("An op has the wrong shape.")


def _value(item: Any) -> tuple[int, str | None, Value]:
    field, language, value = item
    if language is None and type(field) is int and field >= 0 and type(value) is not list:
        return field, None, value  # nearly always
    if not isinstance(field, int) or isinstance(field, bool) or field < 0:
        raise VerifyError("A field is no number.")
    if language is not None and not (isinstance(language, str) and is_language(language)):
        raise VerifyError("A language is no language tag.")
    if isinstance(value, list):
        raise VerifyError("A value is a list.")
    return field, language, value


def is_language(tag: str) -> bool:
    """A BCP 47 tag as far as texts need it: en, zh, pt-BR."""
    return 2 <= len(tag) <= 12 and tag.isascii() and tag[:2].isalpha() and tag.replace("-", "").isalnum()


def _long(base: list[Any], device: bytes) -> tuple[bytes, ...]:
    ids = []
    for item in base:
        author, dev_seq, index = item if len(item) == 3 else (device, *item)
        if not isinstance(author, bytes) or len(author) != 16 or not type(dev_seq) is type(index) is int:
            raise VerifyError("A base names no op.")
        ids.append(op_id(author, dev_seq, index))
    return tuple(ids)
