"""A workbook unpacked within limits: what the sheet library sees is a copy that was counted byte by byte.

A small zip can hold gigabytes, lie about its sizes, or name one cell at the far corner of a sheet so that whoever builds
the rectangle around it takes all memory. The library cannot be stopped midway, so all of that is measured before.
"""

import re
import zipfile
import zlib
from io import BytesIO

from app.errors import ImportRefused
from app.i18n import _
from app.integrations.columns import HEADER_ROWS
from app.integrations.table import LARGEST_COLUMNS, LARGEST_ROWS, refuse_rows

LARGEST_TOTAL = 200 * 2**20
LARGEST_RATIO = 200  # 100,000 equal rows reach about 20
RATIO_COUNTS_FROM = 2**20
MOST_ENTRIES = 1_000
MOST_STRINGS = 3_000_000
LARGEST_AREA = 8_000_000  # cells of the rectangle around a sheet
_CHUNK = 2**20

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_PREFIX = rb"<(?:[^\s<>/:!?]+:)?"
_OTHER = rb"\s+(?!r\s*=)[^\s<>=/\"']+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')"
_CELL = re.compile(_PREFIX + rb"c(?=[\s>/])")
_PLACED = re.compile(
    _PREFIX
    + rb"c(?:"
    + _OTHER
    + rb")*\s+r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"'](?:"
    + _OTHER
    + rb")*\s*(/?)>"
)
_UNPLACED = re.compile(_PREFIX + rb"c(?:" + _OTHER + rb")*\s*(/?)>")
_ROW_NUMBER = re.compile(_PREFIX + rb"row\s[^<>]*?\br\s*=\s*[\"'](\d+)[\"']")
_ROW = re.compile(_PREFIX + rb"row(?=[\s>/])")


def unpack(data: bytes, name: str) -> bytes:
    """A plain, uncompressed zip of the same workbook, holding its XML only."""
    if data.startswith(_OLD_OR_LOCKED):
        raise ImportRefused(
            _(
                "{name} is protected by a password or in the old .xls format. Nothing was changed. "
                "Save it as .xlsx without a password and import that."
            ).format(name=name)
        )
    if data.count(b"PK\x01\x02") > MOST_ENTRIES:  # before the directory is read into objects
        raise _bomb(name)
    copy = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(copy, "w") as plain:
            _copy(archive, plain, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError, OSError):
        raise _damaged(name) from None
    return copy.getvalue()


def _copy(archive: zipfile.ZipFile, plain: zipfile.ZipFile, name: str) -> None:
    total, seen = 0, set()
    for entry in archive.infolist():
        total += entry.file_size
        ratio = entry.file_size / max(entry.compress_size, 1)
        if total > LARGEST_TOTAL or (entry.file_size > RATIO_COUNTS_FROM and ratio > LARGEST_RATIO):
            raise _bomb(name)
        if entry.is_dir() or not entry.filename.casefold().endswith((".xml", ".rels")):
            continue  # pictures and macros are not read
        if entry.filename in seen or entry.flag_bits & 1:
            raise _damaged(name)
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _damaged(name)
        seen.add(entry.filename)
        content = _content(archive, entry, name)
        _check_extent(content, name)
        plain.writestr(zipfile.ZipInfo(entry.filename), content)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes that are really there: zipfile stops at the declared size and then compares the checksum."""
    parts, size = [], 0
    with archive.open(entry) as file:
        while part := file.read(_CHUNK):
            size += len(part)
            if size > entry.file_size or size > LARGEST_TOTAL:
                raise _bomb(name)
            parts.append(part)
    if size != entry.file_size:
        raise _damaged(name)
    return b"".join(parts)


def _check_extent(content: bytes, name: str) -> None:
    """Refuses a sheet whose rectangle would not fit: every cell with content must say a place within the limits."""
    if content.count(b"<si") > MOST_STRINGS:
        raise _bomb(name)
    last_row, unplaced = 0, 0
    columns: set[bytes] = set()
    for start, end in _slices(content):
        piece = content[start:end]
        found = _PLACED.findall(piece)
        last_row = max(last_row, max((int(row) for _column, row, closed in found if not closed), default=0))
        columns.update(column for column, _row, closed in found if not closed)
        cells = len(_CELL.findall(piece))
        if len(found) != cells:
            others = _UNPLACED.findall(piece)
            if len(found) + len(others) != cells:
                raise _damaged(name)
            unplaced += sum(1 for closed in others if not closed)
    width = max((_column_number(column) for column in columns), default=0)
    if unplaced:  # cells without a place stand side by side in numbered rows
        last_row = max([last_row, *(int(number[:9]) for number in _ROW_NUMBER.findall(content))])
        last_row = max(last_row, len(_ROW.findall(content)))
        width = max(width, *(len(_CELL.findall(row)) for row in _ROW.split(content)))
    if last_row > LARGEST_ROWS + HEADER_ROWS:
        raise refuse_rows(name)
    if width > LARGEST_COLUMNS or last_row * width > LARGEST_AREA:
        raise ImportRefused(
            _(
                "{name} has a sheet of {rows} rows by {columns} columns, too large for a plan. Nothing was changed. "
                "Delete the stray cells far right or far below, or copy the plan to a new workbook."
            ).format(name=name, rows=last_row, columns=width)
        )


def _slices(content: bytes) -> list[tuple[int, int]]:
    """Pieces of some megabytes, cut where a tag begins so that none is torn."""
    pieces, start = [], 0
    while start < len(content):
        end = start + 4 * _CHUNK
        if end < len(content):
            cut = content.rfind(b"<", start + 1, end)
            end = cut if cut > start else end
        pieces.append((start, min(end, len(content))))
        start = end
    return pieces


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _bomb(name: str) -> ImportRefused:
    return ImportRefused(
        _(
            "{name} would unpack to far more than a plan needs ({limit} MB at most). Nothing was changed. "
            "If you trust it, copy the sheet to a new workbook and import that."
        ).format(name=name, limit=LARGEST_TOTAL // 2**20)
    )


def _damaged(name: str) -> ImportRefused:
    return ImportRefused(
        _(
            "{name} is no readable Excel workbook; it may be damaged or cut off. Nothing was changed. "
            "Open it in Excel or LibreOffice, save it again as .xlsx and import that."
        ).format(name=name)
    )
