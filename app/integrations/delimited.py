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
from app.integrations.table import read_table

_DELIMITERS = (",", ";", "\t", "|", "，")


def read(source: Source, mapping: Mapping[str, str]) -> Draft:
    delimiter = _delimiter(source.text, mapping)
    lines: list[int | None] = []
    rows = _rows(source.text, delimiter, lines)
    return read_table(_refusing(rows, source.name), f"csv:{source.name}", mapping, lines=_follow(lines))


def read_pasted(text: str, source: str, mapping: Mapping[str, str] | None = None) -> Draft:
    """Text from the clipboard, header included; Excel puts tabs between the cells."""
    pasted = Source(source, text.encode("utf-8", "replace"))
    delimiter = _delimiter(pasted.text, mapping or {})
    lines: list[int | None] = []
    rows = _rows(pasted.text, delimiter, lines)
    return read_table(_refusing(rows, source), source, mapping, lines=_follow(lines))


def tabbed(text: str) -> list[list[str]]:
    """Cells pasted without a header; one with a line end in it is quoted, as Excel does it."""
    return list(_refusing(_rows(text, "\t", []), _("The clipboard")))  # type: ignore[arg-type]


def recognises(source: Source) -> bool:
    """A header that names the task and something else of it."""
    if source.is_zip or source.looks_like_json:
        return False
    header = find_header(_sample(source.text, _delimiter(source.text, {})), {})
    return header is not None and len(header.columns) > 1


def _rows(text: str, delimiter: str, lines: list[int | None]) -> Iterator[list[str]]:
    """The records; `lines` gets the line each one starts in, since a quoted cell may run over several."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    for row in reader:
        lines.append(start)
        start = reader.line_num + 1
        yield row


def _follow(lines: list[int | None]) -> Iterator[int | None]:
    """The line numbers as the rows are read; each is noted just before it is asked for."""
    while lines:
        yield lines.pop()


def _refusing(rows: Iterator[list[str]], name: str) -> Iterator[Sequence[Cell]]:
    try:
        yield from rows
    except csv.Error:
        raise ImportRefused(
            _(
                "{name} has a cell that never ends, often because of one quotation mark too many. "
                "Nothing was changed. Correct it, or save the table as an Excel workbook."
            ).format(name=name)
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

    return max(_DELIMITERS, key=worth)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(islice(_rows(text[:200_000], delimiter, []), HEADER_ROWS))
    except csv.Error:
        return []


INTEGRATION = Integration(
    "csv", N_("CSV or tab-separated table"), (".csv", ".tsv", ".tab", ".txt"), recognises, read
)
