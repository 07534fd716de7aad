"""Plans on their way out: JSON with everything, a table for spreadsheets, or a Markdown checklist."""

from collections.abc import Callable, Mapping
from pathlib import Path

from app import platform
from app.errors import Invalid, StorageError
from app.i18n import _
from app.integrations import export_csv, export_json, export_markdown
from app.queries.outgoing import Outgoing, outgoing
from app.storage.engine import Reader

Writing = Callable[[Reader, Outgoing, int], str]

EXPORTS: Mapping[str, Writing] = {
    ".json": export_json.written,
    ".csv": export_csv.written,
    ".md": export_markdown.written,
}


def write_export(reader: Reader, project: bytes, run: bytes, path: Path, language: str, now_ms: int) -> int:
    """Writes a project with the facts of a run, whole or not at all; the suffix says how. Returns its tasks.

    Raises Invalid for another suffix, NotFound, or StorageError with whatever stood there untouched.
    """
    writing = EXPORTS.get(path.suffix.casefold())
    if writing is None:
        raise Invalid(
            _("{name} names no format to export to. Let it end in one of: {suffixes}.").format(
                name=path.name, suffixes=", ".join(EXPORTS)
            )
        )
    found = outgoing(reader, project, run, language, now_ms)
    content = writing(reader, found, now_ms)
    try:
        platform.write_shared(path, content.encode())
    except OSError as error:
        told = _("{file} cannot be written ({reason}). Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=path, reason=error.strerror or type(error).__name__)) from error
    return len(found.rows.tasks)
