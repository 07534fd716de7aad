"""What must hold of verdicts and accepted exceptions, worked out from the statements' bodies and plain rows."""

from typing import Any, NamedTuple

from app.codec import trusted
from app.queries.exceptions import ExceptionRow, at_gate
from app.queries.facts import run_facts
from app.queries.gate_facts import verdict_of
from app.storage.engine import Reader
from tests.simulation.oracles import content_of_gate, still_covers, withdrawn_statements

VERDICT, ACCEPTANCE = 4, 5
LONG_AFTER_MS = 2**45
_FRONTIER, _MEANING = 7, 10
_REST_ON_VERDICTS = ("changed after go", "no-go ignored")


class Stated(NamedTuple):
    """A statement that counts and was not taken back."""

    name: bytes
    op: bytes
    meaning: str
    frontier: dict[tuple[bytes, bytes], int]
    log: bytes

    def saw(self, other: "Stated") -> bool:
        device, number = other.op[:16], int.from_bytes(other.op[16:20], "big")
        if self.op[:16] == device and self.op > other.op:
            return True
        return self.name != other.name and number <= self.frontier.get((other.log, device), 0)


def standing(reader: Reader, kind: int, run: bytes, gate: bytes) -> list[Stated]:
    gone = withdrawn_statements(reader)
    rows = reader.rows(
        "SELECT hash, op, log, body FROM statement WHERE kind = ? AND run = ? AND subject = ? AND counts = 1",
        (kind, run, gate),
    )
    found = []
    for name, op, log, body in rows:
        array = trusted(body)
        frontier = {(where, who): upto for where, who, upto in array[_FRONTIER]}
        found.append(Stated(name, op, array[_MEANING], frontier, log))
    return [one for one in found if one.name not in gone]


def in_force(reader: Reader, run: bytes, gate: bytes) -> str:
    """Of the verdicts that nobody saw who gave a later one, the stricter."""
    given = standing(reader, VERDICT, run, gate)
    last = {one.meaning for one in given if not any(other.saw(one) for other in given)}
    return "no-go" if "no-go" in last else "go" if "go" in last else ""


def premise(reader: Reader, run: bytes, gate: bytes, kind: str) -> dict[str, Any]:
    """What an acceptance rests on: the gate's content and, where a verdict is at stake, the verdicts."""
    rests = kind in _REST_ON_VERDICTS
    verdicts = {one.name for one in standing(reader, VERDICT, run, gate)} if rests else set()
    return {**content_of_gate(reader, run, gate), "verdicts": verdicts}


def rows_at(reader: Reader, gate: bytes) -> list[ExceptionRow]:
    """What the product lists at a gate in the main run of its project."""
    project = reader.value("SELECT log FROM gate WHERE id = ?", (gate,))
    facts = run_facts(reader, project, None, LONG_AFTER_MS)
    return at_gate(reader, facts, gate, "", {})


def wrongs(reader: Reader, signed: dict[bytes, Any]) -> list[str]:
    """Gates with another verdict than the statements give, and exceptions answered by what does not answer them."""
    found = []
    for gate, project in reader.rows("SELECT id, log FROM gate WHERE alive ORDER BY id"):
        facts = run_facts(reader, project, None, LONG_AFTER_MS, gates=False)
        if verdict_of(reader, facts, gate) != in_force(reader, facts.run, gate):
            found.append(f"verdict in force: {verdict_of(reader, facts, gate)!r}")
        answering = {one.name: one for one in standing(reader, ACCEPTANCE, facts.run, gate)}
        found += [
            f"{row.kind} is taken for answered"
            for row in at_gate(reader, facts, gate, "", {})
            if row.answer is not None and not _answers(reader, facts.run, gate, row, answering, signed)
        ]
    return found


def _answers(
    reader: Reader,
    run: bytes,
    gate: bytes,
    row: ExceptionRow,
    answering: dict[bytes, Stated],
    signed: dict[bytes, Any],
) -> bool:
    assert row.answer is not None  # asked for where there is one
    stated = answering.get(row.answer.id)
    if stated is None or stated.meaning != row.kind or stated.name not in signed:
        return False
    return still_covers(signed[stated.name], premise(reader, run, gate, row.kind))
