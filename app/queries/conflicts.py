"""Open conflicts: fields with several values written without knowing of each other, each with who wrote it when."""

from typing import NamedTuple

from app.clock import hlc_ms
from app.domain.registry import SPECS
from app.queries.devices import device_labels
from app.queries.people import names
from app.queries.texts import pick
from app.storage.engine import Reader
from app.storage.heads import heads_of
from app.storage.log import decode_body
from app.storage.plain import plain_text


class ConflictValue(NamedTuple):
    """One of the values; `counts` marks the one that stands for now, `reason` is what its author gave with it."""

    value: object
    person: str
    when_ms: int
    device: str
    counts: bool
    reason: str = ""


class Conflict(NamedTuple):
    object: bytes
    table: str
    field: str
    language: str
    title: str
    project: bytes
    signed: bool
    values: tuple[ConflictValue, ...]


def conflicts(reader: Reader, project_id: bytes | None = None, language: str = "en") -> list[Conflict]:
    """All open conflicts, or those of one project."""
    people = names(reader)
    found = []
    for thing, number, tongue, entity, log in reader.rows(
        "SELECT object, field, language, entity, log FROM conflict WHERE ? IS NULL OR log = ? ORDER BY object, field",
        (project_id, project_id),
    ):
        spec = SPECS[entity]
        known = spec.by_number[number]
        shown = reader.value(f'SELECT "{known.name}" FROM "{spec.table}" WHERE id = ?', (thing,))
        standing = pick(shown, tongue or "en") if known.mark.per_language else shown
        values = []
        for head in heads_of(reader, thing, number, tongue or None):
            value = (
                plain_text(reader, head.value)
                if known.mark.erasable and isinstance(head.value, bytes)
                else head.value
            )
            person, device, reason = _author(reader, log, head.op)
            name = people.get(value, value) if isinstance(value, bytes) else value
            values.append(
                ConflictValue(
                    name, people.get(person, ""), hlc_ms(head.hlc), device, value == standing, reason
                )
            )
        title = _title(reader, spec.table, thing, language)
        found.append(
            Conflict(thing, spec.table, known.name, tongue, title, log, known.mark.signed, tuple(values))
        )
    return found


def _author(reader: Reader, log: bytes, op: bytes) -> tuple[bytes, str, str]:
    """Who wrote an op, on which device, and the reason given."""
    device, dev_seq = op[:16], int.from_bytes(op[16:20], "big")
    found = reader.row(
        "SELECT person, body FROM entry WHERE log = ? AND device = ? AND dev_seq = ?", (log, device, dev_seq)
    )
    person, body = found or (None, None)
    name = device_labels(reader, beside_person=True).get(device) or device.hex()[-6:]
    reason = plain_text(reader, decode_body(body).reason) if body is not None else ""
    return person or b"", name, reason


def _title(reader: Reader, table: str, thing: bytes, language: str) -> str:
    sql = {
        "task": "SELECT title FROM task WHERE id = ?",
        "stage": "SELECT title FROM stage WHERE id = ?",
        "gate": "SELECT name FROM gate WHERE id = ?",
        "check_item": "SELECT text FROM check_item WHERE id = ?",
        "criterion": "SELECT text FROM criterion WHERE id = ?",
        "attempt": "SELECT t.title FROM attempt a JOIN step s ON s.id = a.step JOIN task t ON t.id = s.task WHERE a.id = ?",
        "link": "SELECT t.title FROM link l JOIN task t ON t.id = l.before WHERE l.id = ?",
        "check_result": "SELECT c.text FROM check_result r JOIN check_item c ON c.id = r.item WHERE r.id = ?",
    }.get(table)
    return pick(reader.value(sql, (thing,)), language) if sql else ""
