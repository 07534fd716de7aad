"""Devices that were taken out: up to where what they did stands, each by its own chain, whatever order things came in.

A statement by an owner or by the device's own person names the cut: for each log the last commit of the device that is
beyond doubt. What the device says after it needs somebody's word; what it does after it no sequencer takes.
"""

from app.storage.engine import Reader
from app.storage.ops import op_parts
from app.storage.statements import Kind, cut_conditions, decode_statement


def is_taken_out(reader: Reader, device: bytes) -> bool:
    """Whether somebody who may took the device out."""
    sql = "SELECT 1 FROM statement WHERE kind = ? AND subject = ? AND counts = 1"
    return reader.row(sql, (Kind.DEVICE, device)) is not None


def is_beyond(reader: Reader, device: bytes, log: bytes, dev_seq: int) -> bool:
    """Whether a commit lies beyond the cut of a device that was taken out; the earliest of several cuts decides."""
    rows = reader.rows(
        "SELECT body FROM statement WHERE kind = ? AND subject = ? AND counts = 1", (Kind.DEVICE, device)
    )
    return any(dev_seq > cut_conditions(decode_statement(body)).get(log, 0) for (body,) in rows)


def key_is_beyond(reader: Reader, key: bytes, log: bytes, op: bytes) -> bool:
    """Whether a signature may be that of whoever found the device: beyond its cut, or brought by another device."""
    author, dev_seq, _ = op_parts(op)
    homes = {device for (device,) in reader.rows("SELECT device FROM certificate WHERE key = ?", (key,))}
    return any(
        is_beyond(reader, device, log, dev_seq)
        if device == author
        else is_taken_out(reader, device) and author not in homes
        for device in homes | {author}
    )
