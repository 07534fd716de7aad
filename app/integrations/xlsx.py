"""Excel workbooks: the sheet that holds the plan, with the row numbers people see in Excel."""

from collections.abc import Mapping
from io import BytesIO
from itertools import count, islice
from typing import TYPE_CHECKING

from app.domain.draft import Draft, Skipped
from app.errors import ImportRefused
from app.i18n import N_, _
from app.integrations.cells import cell_text
from app.integrations.columns import HEADER_ROWS, Header, find_header, refuse_no_title
from app.integrations.contract import Integration
from app.integrations.source import Source
from app.integrations.table import Grid, read_grid
from app.integrations.unpacking import unpack

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_SHEETS = 100
SHEET = "sheet"  # among the fields of a mapping


def grid(source: Source, mapping: Mapping[str, str]) -> Grid:
    """The visible sheet whose header names most fields; `sheet=NAME` in the mapping picks another one."""
    names, sheets = _sheets(source, mapping.get(SHEET))
    name, sheet = _best(sheets, _columns(mapping), source.name)
    left = tuple(
        Skipped(None, _("The sheet {name} was not imported.").format(name=other))
        for other, one in sheets.items()
        if other != name and one.start is not None
    )
    # iter_rows starts at the first row of the sheet, so that positions are the row numbers Excel shows
    return Grid(
        f"xlsx:{source.name}",
        source.stem,
        lambda: zip(sheet.iter_rows(), count(1), strict=False),
        sheets=tuple(names),
        sheet=name,
        left=left,
    )


def _columns(mapping: Mapping[str, str]) -> dict[str, str]:
    return {name: header for name, header in mapping.items() if name != SHEET}


def read(source: Source, mapping: Mapping[str, str]) -> Draft:
    return read_grid(grid(source, mapping), _columns(mapping))


def _sheets(source: Source, wanted: str | None) -> tuple[list[str], dict[str, "CalamineSheet"]]:
    """All names one may choose among, and the sheets looked at."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    plain = unpack(source.data, source.name)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(plain))
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
            and (sheet.visible == SheetVisibleEnum.Visible or sheet.name == wanted)
        ][:MOST_SHEETS]
        return names, {name: workbook.get_sheet_by_name(name) for name in _chosen(names, wanted, source.name)}
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(source.name) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the library's own bug report, outside Exception
            raise _unreadable(source.name) from None
        raise


def _chosen(names: list[str], wanted: str | None, file: str) -> list[str]:
    if not wanted:
        return names
    if wanted not in names:
        raise ImportRefused(
            _(
                "{file} has no sheet {name}. The sheets there: {names}. Nothing was changed. Name one of them."
            ).format(file=file, name=wanted, names=", ".join(names))
        )
    return [wanted]


def _best(
    sheets: Mapping[str, "CalamineSheet"], columns: Mapping[str, str], name: str
) -> tuple[str, "CalamineSheet"]:
    found: dict[str, Header] = {}
    refusal: ImportRefused | None = None
    for sheet_name, sheet in sheets.items():
        try:
            header = find_header(list(islice(sheet.iter_rows(), HEADER_ROWS)), columns)
        except ImportRefused as error:  # the mapping may fit another sheet
            refusal = refusal or error
            continue
        if header is not None:
            found[sheet_name] = header
    if found:
        best = max(found, key=lambda sheet_name: (len(found[sheet_name].columns), sheets[sheet_name].height))
        return best, sheets[best]
    fullest = max(sheets.values(), key=lambda sheet: sheet.height * sheet.width, default=None)
    if refusal is not None:
        raise refusal
    rows = list(islice(fullest.iter_rows(), HEADER_ROWS)) if fullest is not None else []
    if not any(cell_text(cell) for row in rows for cell in row):
        raise ImportRefused(
            _("{name} has no visible sheet with content. Nothing was changed. Check the workbook.").format(
                name=name
            )
        )
    raise refuse_no_title(rows, name)


def _unreadable(name: str) -> ImportRefused:
    return ImportRefused(
        _(
            "{name} cannot be read as an Excel workbook. Nothing was changed. "
            "Open it in Excel or LibreOffice, save it again as .xlsx and import that."
        ).format(name=name)
    )


INTEGRATION = Integration(
    "xlsx", N_("Excel workbook"), (".xlsx", ".xlsm", ".xls"), lambda source: source.is_zip, read, grid
)
