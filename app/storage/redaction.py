"""Erasing: a redaction names salted hashes; their plain values go from every place here, what was signed keeps holding.

SYNC 2.13: the signed bytes hold SHA-256(salt, value). Without salt and value nobody can tell what it was.
"""

from collections.abc import Iterable

from app.codec import unpack
from app.domain.entity import Value
from app.domain.registry import SPECS
from app.storage.changes import Change
from app.storage.engine import Reader, Writer
from app.storage.erased import ERASED, MARK
from app.storage.statements import Kind, decode_statement, redacted_hashes


def carry_out(writer: Writer) -> list[Change]:
    """Erases what redactions name that count and were not carried out yet; what changed by it."""
    changes: list[Change] = []
    for name, body in writer.rows(
        "SELECT hash, body FROM statement WHERE kind = ? AND counts = 1 AND hash NOT IN (SELECT statement FROM redacted)",
        (Kind.REDACTION,),
    ):
        for one in redacted_hashes(decode_statement(body)):
            changes += _erase(writer, one)
        writer.execute("INSERT OR IGNORE INTO redacted (statement) VALUES (?)", (name,))
    return changes


def _erase(writer: Writer, name: bytes) -> list[Change]:
    writer.execute("INSERT OR IGNORE INTO erased (hash) VALUES (?)", (name,))
    writer.execute("DELETE FROM detached WHERE hash = ?", (name,))
    changes = [Change(ERASED, name, None, None)]
    for spec in SPECS.values():
        for column, known in spec.fields.items():
            if known.mark.erasable:
                rows = writer.rows(f'SELECT id FROM "{spec.table}" WHERE "{column}_hash" = ?', (name,))
                writer.execute(
                    f'UPDATE "{spec.table}" SET "{column}" = ? WHERE "{column}_hash" = ?', (MARK, name)
                )
                changes += [Change(spec.table, thing, column, None) for (thing,) in rows]
    return changes


def values_of_object(reader: Reader, thing: bytes, field: str = "") -> set[bytes]:
    """Every salted hash that ever stood in an erasable field of an object, or in this one, and the hash of its file."""
    found: set[bytes] = set()
    for entity, initial in reader.rows("SELECT entity, initial FROM creation WHERE object = ?", (thing,)):
        known = SPECS[entity].by_number
        numbers = {
            number
            for number, one in known.items()
            if (one.mark.erasable or one.name == "sha256") and field in ("", one.name)
        }
        found |= _hashes(value for number, _language, value in _listed(initial) if number in numbers)
        for number in numbers:
            rows = reader.rows("SELECT value FROM head WHERE object = ? AND field = ?", (thing, number))
            found |= _hashes(unpack(value) for (value,) in rows)
    return found


def _listed(initial: bytes) -> list[tuple[int, str | None, Value]]:
    return [tuple(value) for value in unpack(initial)]


def _hashes(values: Iterable[object]) -> set[bytes]:
    return {value for value in values if isinstance(value, bytes) and len(value) == 32}
