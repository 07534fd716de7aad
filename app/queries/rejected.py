"""What was done on this device and the sequencer did not accept: it stays in the log, and counts for nothing."""

from typing import NamedTuple

from app.queries.log import sentence
from app.storage.engine import Reader


class RejectedRow(NamedTuple):
    """`reason`: the number in the sequencer's leaf (app/storage/judging.py); `when_ms`: by this device's clock."""

    action: bytes
    sentence: str
    when_ms: int
    reason: int


def rejected(reader: Reader, device: bytes, language: str = "en") -> list[RejectedRow]:
    """The device's own commits that were refused for good, newest first, one row an action."""
    from app.storage.log import decode_body

    found: dict[bytes, RejectedRow] = {}
    for action, wall, body, reason in reader.rows(
        "SELECT e.action, e.wall, e.body, l.reason FROM entry e JOIN standing_leaf l ON l.hash = e.hash "
        "WHERE e.device = ? AND NOT e.accepted AND NOT l.accepted ORDER BY e.rev DESC",
        (device,),
    ):
        commit = decode_body(body)
        found[action] = RejectedRow(
            action, sentence(reader, commit.verb, commit.args, language), wall, reason
        )
    return list(found.values())
