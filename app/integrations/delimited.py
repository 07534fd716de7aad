"""CSV, TSV and text pasted from Excel, whatever separates its columns."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from itertools import islice

from app.domain.draft import Draft
from app.errors import ImportRefused
from app.i18n import N_, _
from app.integrations.cells import Cell
from app.integrations.columns import HEADER_ROWS, find_header
from app.integrations.contract import Integration
from app.integrations.source import Source
from app.integrations.table import Grid, read_grid

DELIMITER = "delimiter"  # among the fields of a mapping
DELIMITERS = (",", ";", "\t", "|", "，")


def grid(source: Source, mapping: Mapping[str, str]) -> Grid:
    """`delimiter=;` in the mapping says what separates the columns, where the guess is wrong; "tab" is a word for it."""
    return _grid(source, f"csv:{source.name}", mapping)


def _grid(source: Source, name: str, mapping: Mapping[str, str]) -> Grid:
    given = mapping.get(DELIMITER, "")
    given = "\t" if given.casefold() == "tab" else given
    if given and given not in DELIMITERS:
        raise ImportRefused(
            _("Columns are separated by one of {known}, not by {text}. Nothing was changed.").format(
                known=" ".join("tab" if one == "\t" else one for one in DELIMITERS), text=given
            )
        )
    delimiter = given or _delimiter(source.text, columns_of(mapping))
    title = name.partition(":")[2].rsplit(".", 1)[0] or name
    return Grid(name, title, lambda: _numbered(source, delimiter), delimiter=delimiter)


def columns_of(mapping: Mapping[str, str]) -> dict[str, str]:
    return {name: header for name, header in mapping.items() if name != DELIMITER}


def read(source: Source, mapping: Mapping[str, str]) -> Draft:
    return read_grid(grid(source, mapping), columns_of(mapping))


def read_pasted(text: str, source: str, mapping: Mapping[str, str] | None = None) -> Draft:
    """Text from the clipboard, header included; Excel puts tabs between the cells."""
    pasted = Source(source, text.encode("utf-8", "replace"))
    return read_grid(_grid(pasted, source, mapping or {}), columns_of(mapping or {}))


def tabbed(text: str) -> list[list[str]]:
    """Cells pasted without a header; one with a line end in it is quoted, as Excel does it."""
    pasted = Source(_("The clipboard"), text.encode("utf-8", "replace"))
    return [[str(cell) for cell in row] for row, _line in _numbered(pasted, "\t")]


def recognises(source: Source) -> bool:
    """A header that names the task and something else of it."""
    if source.is_zip or source.looks_like_json:
        return False
    header = find_header(_sample(source.text, _delimiter(source.text, {})), {})
    return header is not None and len(header.columns) > 1


def _numbered(source: Source, delimiter: str) -> Iterator[tuple[Sequence[Cell], int]]:
    """The records with the line each one starts in, since a quoted cell may run over several."""
    reader = csv.reader(StringIO(source.text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for row in reader:
            yield row, start
            start = reader.line_num + 1
    except csv.Error:
        raise ImportRefused(
            _(
                "{name} has a cell that never ends, often because of one quotation mark too many. "
                "Nothing was changed. Correct it, or save the table as an Excel workbook."
            ).format(name=source.name)
        ) from None


def _delimiter(text: str, mapping: Mapping[str, str]) -> str:
    """The separator under which the header names most fields; among equals the one that makes most columns."""
    head = text[:200_000]

    def worth(delimiter: str) -> tuple[int, int]:
        rows = _sample(head, delimiter)
        try:
            header = find_header(rows, mapping)
        except ImportRefused:
            header = None
        return len(header.columns) if header else 0, max((len(row) for row in rows), default=0)

    return max(DELIMITERS, key=worth)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    try:
        reader = csv.reader(StringIO(text[:200_000], newline=""), delimiter=delimiter)
        return list(islice(reader, HEADER_ROWS))
    except csv.Error:
        return []


INTEGRATION = Integration(
    "csv", N_("CSV or tab-separated table"), (".csv", ".tsv", ".tab", ".txt"), recognises, read, grid
)
