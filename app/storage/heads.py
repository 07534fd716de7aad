"""Reading registers: which ops are the heads of a field, now or as a view had painted them."""

from collections.abc import Iterable

from app.codec import REGISTER, pack, sha256, trusted
from app.domain.entity import Value
from app.storage.engine import Reader
from app.storage.log import decode_body
from app.storage.ops import LIFE, Delete, Put, op_parts
from app.storage.registers import Head


def heads_of(
    reader: Reader, thing: bytes, number: int, language: str | None, seen: int | None = None, since: int = 0
) -> tuple[Head, ...]:
    """The heads of a register: now, or as a view painted at revision `seen` knew them, plus those from `since` on."""
    rows = reader.rows(
        "SELECT op, value, hlc, came, gone FROM head WHERE object = ? AND field = ? AND language = ?",
        (thing, number, language or ""),
    )
    if not rows:
        return tuple(
            Head(op, value, hlc)
            for op, value, hlc, came in initial_heads(reader, thing, number, language)
            if seen is None or came <= seen or came >= since
        )
    if seen is None:
        return tuple(Head(op, trusted(value), hlc) for op, value, hlc, _, gone in rows if gone is None)
    return tuple(
        Head(op, trusted(value), hlc)
        for op, value, hlc, came, gone in rows
        if (came <= seen and (gone is None or seen < gone < since)) or (came >= since and gone is None)
    )


def initial_heads(
    reader: Reader, thing: bytes, number: int, language: str | None
) -> list[tuple[bytes, Value, int, int]]:
    found = []
    for op, hlc, rev, initial in reader.rows(
        "SELECT op, hlc, rev, initial FROM creation WHERE object = ?", (thing,)
    ):
        for field_number, field_language, value in trusted(initial):
            if field_number == number and (field_language or "") == (language or ""):
                found.append((op, value, hlc, rev))
    return found


def current_ops(reader: Reader, thing: bytes, seen: int | None = None, since: int = 0) -> set[bytes]:
    """The ops that stand as heads of an object's registers, its creation among them; what a delete has seen."""
    limit = "" if seen is None else f" AND (rev <= {int(seen)} OR rev >= {int(since)})"
    ops = {row[0] for row in reader.rows(f"SELECT op FROM creation WHERE object = ?{limit}", (thing,))}
    limit = limit.replace("rev", "came")
    return ops | {
        row[0]
        for row in reader.rows(
            f"SELECT op FROM head WHERE object = ? AND field <> 0 AND gone IS NULL{limit}",
            (thing,),
        )
    }


def register_hash(thing: bytes, number: int, language: str, heads: Iterable[Head]) -> int:
    """One summand of the replica digest: a register and the ops that are its heads."""
    return int.from_bytes(
        sha256(REGISTER + pack([thing, number, language, sorted(h.op for h in heads)])), "big"
    )


def standing_base(reader: Reader, log: bytes, op: Put) -> set[bytes]:
    """The base of an op; an op of a refused commit in it stands for that op's own base (SYNC 2.3)."""
    base = set(op.base)
    if reader.row("SELECT 1 FROM entry WHERE accepted = 0 LIMIT 1") is None:
        return base
    todo = list(op.base)
    while todo:
        for below in _base_if_refused(reader, log, todo.pop(), op):
            if below not in base:
                base.add(below)
                todo.append(below)
    return base


def _base_if_refused(reader: Reader, log: bytes, name: bytes, op: Put) -> tuple[bytes, ...]:
    device, dev_seq, index = op_parts(name)
    body = reader.value(
        "SELECT body FROM entry WHERE log = ? AND device = ? AND dev_seq = ? AND accepted = 0",
        (log, device, dev_seq),
    )
    ops = decode_body(body).ops if body is not None else ()
    below = ops[index] if index < len(ops) else None
    match below:
        case Put() if (below.object, below.field, below.language) == (op.object, op.field, op.language):
            return below.base
        case Delete() if (below.object, LIFE) == (op.object, op.field):
            return below.base
    return ()
