"""The audit log on its way out: the entries somebody asked for, as a table or as JSON, each with its hash."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app import platform
from app.clock import to_iso
from app.errors import Invalid, StorageError
from app.i18n import _
from app.integrations.cells import neutralise
from app.queries.acts import kind_of
from app.queries.audit import AuditLine, Filter, LogIndex, audit
from app.storage.engine import Reader

_ALL = 1 << 40
COLUMNS = (
    *("entry", "number", "time", "arrived", "happened", "person", "on_behalf_of", "device", "kind", "did"),
    *("what", "said", "unusual", "commits", "changes", "action", "hash"),
)


def entries(lines: tuple[AuditLine, ...]) -> list[dict[str, Any]]:
    """One record an entry, oldest first; times in UTC, ids and hashes in hexadecimal."""
    return [_entry(line) for line in reversed(lines)]


def _entry(line: AuditLine) -> dict[str, Any]:
    act = line.act
    values = (
        *(act.rev, line.seq, to_iso(act.when_ms), to_iso(act.arrived_ms)),
        None if act.happened_ms is None else to_iso(act.happened_ms),
        *(line.who, line.behalf, line.device, kind_of(act.verb), line.did, line.what, line.tail),
        *(", ".join(act.unusual), act.commits, act.ops, act.action.hex(), line.hash.hex()),
    )
    return dict(zip(COLUMNS, values, strict=True))


def as_csv(found: list[dict[str, Any]]) -> str:
    """For spreadsheets: with a byte order mark, and an apostrophe before what one would run as a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(
        {name: neutralise(value) if isinstance(value, str) else value for name, value in one.items()}
        for one in found
    )
    return "\ufeff" + out.getvalue()


def as_json(found: list[dict[str, Any]]) -> str:
    return json.dumps({"format": "launchbook/log/1", "entries": found}, ensure_ascii=False, indent=1) + "\n"


FORMATS: Mapping[str, Any] = {".csv": as_csv, ".json": as_json}


def write_log(reader: Reader, index: LogIndex, wanted: Filter, path: Path, language: str) -> int:
    """Writes the entries that are wanted, whole or not at all; the suffix says how. Returns how many.

    Raises Invalid for another suffix, or StorageError with whatever stood there untouched.
    """
    writing = FORMATS.get(path.suffix.casefold())
    if writing is None:
        told = _("{name} names no format to export to. Let it end in one of: {suffixes}.")
        raise Invalid(told.format(name=path.name, suffixes=", ".join(FORMATS)))
    found = entries(audit(reader, index, wanted, language, _ALL).lines)
    try:
        platform.write_shared(path, writing(found).encode())
    except OSError as error:
        told = _("{file} cannot be written ({reason}). Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=path, reason=error.strerror or type(error).__name__)) from error
    return len(found)
