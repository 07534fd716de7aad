"""What was stated and came too late to count: it waits for an owner's word."""

from typing import NamedTuple

from app.queries.log import sentence
from app.storage.engine import Reader


class LateRow(NamedTuple):
    """`sentence` is the log's; `when_ms`: by the author's clock; `received_ms`: by the sequencer's."""

    statement: bytes
    person: bytes
    sentence: str
    when_ms: int
    received_ms: int


def late(reader: Reader, language: str = "en") -> list[LateRow]:
    """Everything that waits, oldest first."""
    from app.storage.authority import Counts
    from app.storage.log import decode_body

    rows = reader.rows(
        "SELECT s.hash, s.person, e.body, e.wall, e.received FROM statement s JOIN entry e ON e.rev = s.rev "
        "WHERE s.counts = ? ORDER BY s.rev, s.op",
        (Counts.LATE,),
    )
    found = []
    for statement, person, body, wall, received in rows:
        commit = decode_body(body)
        told = sentence(reader, commit.verb, commit.args, language)
        found.append(LateRow(statement, person, told, wall, received))
    return found
