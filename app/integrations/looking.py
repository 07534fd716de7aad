"""Looking into a file before anything comes in: its columns with the guessed fields, its first rows, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from app.domain.draft import Draft
from app.domain.durations import parse_minutes, parse_moment
from app.errors import ImportRefused
from app.i18n import _
from app.integrations.cells import Cell, cell_minutes, cell_text, serial_moment
from app.integrations.columns import (
    HEADER_ROWS,
    Header,
    find_header,
    header_row,
    is_plain_word,
    likely_header_row,
)
from app.integrations.contract import Integration
from app.integrations.delimited import DELIMITER
from app.integrations.reading import choose, columns_of, guarded, with_encoding
from app.integrations.source import Source
from app.integrations.table import LARGEST_COLUMNS, Grid
from app.integrations.texts import shorten
from app.integrations.values import claim_of, priority_of
from app.integrations.xlsx import SHEET

SHOWN_ROWS = 20
SHOWN_COLUMNS = 200
_SAMPLE = 60

GIVEN, SURE, LIKELY, DOUBTFUL = "given", "sure", "likely", "doubtful"


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """One column: its header, the field it goes to ("" for none), and how sure that is."""

    name: str
    field: str
    sure: str  # given | sure | likely | doubtful, "" for a column nobody reads


@dataclass(frozen=True, slots=True)
class TableLook:
    """`header_row` and `lines` count as people see them, from 1."""

    columns: tuple[ColumnLook, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int | None, ...]
    header_row: int
    sheets: tuple[str, ...]
    sheet: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one file is and says. `problem` is the sentence it would be refused with; then there is no draft."""

    name: str
    format: str  # name of the integration, "" when none knows the file
    title: str  # of the format, not translated
    encoding: str  # "" for what is no text
    table: TableLook | None
    draft: Draft | None
    problem: str


def look_with(integrations: tuple[Integration, ...], given: Source, mapping: Mapping[str, str]) -> Look:
    """Never raises for what is wrong with a file: that is part of what one sees of it."""
    source, entry, table = given, None, None
    try:
        source = with_encoding(given, mapping)
        with guarded(source):
            entry = choose(integrations, source)
            columns = columns_of(mapping)
            if entry.grid is not None:
                table = _table_look(entry.grid(source, columns), columns)
            draft = entry.read(source, columns)
    except ImportRefused as refused:
        return _look(source, entry, table, None, str(refused))
    return _look(source, entry, table, draft, "")


def _look(
    source: Source, entry: Integration | None, table: TableLook | None, draft: Draft | None, problem: str
) -> Look:
    name, title = (entry.name, entry.title) if entry is not None else ("", "")
    return Look(source.name, name, title, _encoding(source), table, draft, problem)


def _encoding(source: Source) -> str:
    if source.is_zip:
        return ""
    try:
        return source.decoded[1]
    except ImportRefused:
        return source.encoding


def _table_look(grid: Grid, mapping: Mapping[str, str]) -> TableLook:
    fields = {name: header for name, header in mapping.items() if name not in (SHEET, DELIMITER)}
    head = list(islice(grid.numbered(), HEADER_ROWS + _SAMPLE))
    cells = [row[:LARGEST_COLUMNS] for row, _line in head]
    header = find_header(cells, fields)
    if header is None:
        given = header_row(fields)
        index = given if given is not None and given < len(cells) else likely_header_row(cells)
        names = tuple(shorten(cell_text(cell), 120) for cell in cells[index]) if cells else ()
        header = Header(index, names, {})
    body = [entry for entry in head[header.index + 1 :] if any(cell_text(cell) for cell in entry[0])]
    width = min(SHOWN_COLUMNS, max([len(header.names), *(len(row) for row, _line in body)], default=0))
    samples = [row for row, _line in body[:_SAMPLE]]
    return TableLook(
        tuple(_column(header, fields, samples, index) for index in range(width)),
        tuple(tuple(_shown(row, index) for index in range(width)) for row, _line in body[:SHOWN_ROWS]),
        tuple(line for _row, line in body[:SHOWN_ROWS]),
        header.index + 1,
        grid.sheets,
        grid.sheet,
        grid.delimiter,
    )


def _shown(row: Sequence[Cell], index: int) -> str:
    return shorten(cell_text(row[index]), 200) if index < len(row) else ""


def _column(
    header: Header, mapping: Mapping[str, str], samples: Sequence[Sequence[Cell]], index: int
) -> ColumnLook:
    name = header.names[index] if index < len(header.names) else ""
    field = next((field for field, places in header.columns.items() if index in places), "")
    if not field:
        return ColumnLook(name, "", "")
    if mapping.get(field):
        return ColumnLook(name, field, GIVEN)
    cells = [row[index] for row in samples if index < len(row) and cell_text(row[index])]
    understood = _UNDERSTANDS.get(field)
    if understood is not None and cells and sum(map(understood, cells)) * 2 < len(cells):
        return ColumnLook(name, field, DOUBTFUL)
    return ColumnLook(name, field, SURE if is_plain_word(name, field) else LIKELY)


def _is_length(cell: Cell) -> bool:
    return cell_minutes(cell) is not None or parse_minutes(cell_text(cell).rstrip("?？")) is not None


def _is_moment(cell: Cell) -> bool:
    return parse_moment(serial_moment(cell) or cell_text(cell)) is not None


def _is_reference(cell: Cell) -> bool:
    return any(letter.isdigit() for letter in cell_text(cell))


# Whether a cell says something of the kind its column is taken for.
_UNDERSTANDS: Mapping[str, Callable[[Cell], bool]] = {
    "minutes": _is_length,
    "rollback_minutes": _is_length,
    "start": _is_moment,
    "due": _is_moment,
    "priority": lambda cell: priority_of(cell_text(cell)) is not None,
    "status": lambda cell: claim_of(cell_text(cell)) is not None,
    "predecessors": _is_reference,
}


def with_place(draft: Draft, name: str, zone: str, t0: str) -> Draft:
    """The draft as the project a person named, where the file does not say it; wall times stay as the file writes them."""
    if len(draft.projects) != 1:
        return draft
    part = draft.projects[0]
    moment = parse_moment(t0, zone=zone or part.zone) if t0.strip() else None
    if t0.strip() and moment is None:
        raise ImportRefused(
            _("{text} is no date and time. Nothing was changed. Write T-0 like 2026-03-06 22:00.").format(
                text=t0
            )
        )
    given = replace(
        part, name=name.strip() or part.name, zone=zone or part.zone, t0=moment or part.t0, said=part
    )
    return replace(draft, projects=(given,))
