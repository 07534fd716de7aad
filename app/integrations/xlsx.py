"""Excel workbooks: the sheet that holds the plan, with the row numbers people see in Excel."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING

from app.domain.draft import Draft, Skipped
from app.errors import ImportRefused
from app.i18n import N_, _
from app.integrations.cells import cell_text
from app.integrations.columns import HEADER_ROWS, Header, find_header, refuse_no_title
from app.integrations.contract import Integration
from app.integrations.source import Source
from app.integrations.table import read_table
from app.integrations.unpacking import unpack

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_SHEETS = 100


def read(source: Source, mapping: Mapping[str, str]) -> Draft:
    """The visible sheet whose header names most fields; `sheet=NAME` in the mapping picks another one."""
    wanted = mapping.get("sheet")
    columns = {name: header for name, header in mapping.items() if name != "sheet"}
    sheets = _sheets(source, wanted)
    name, sheet = _best(sheets, columns, source.name)
    # iter_rows starts at the first row of the sheet, so that positions are the row numbers Excel shows
    draft = read_table(sheet.iter_rows(), f"xlsx:{source.name}", columns, name=source.stem)
    left = tuple(
        Skipped(None, _("The sheet {name} was not imported.").format(name=other))
        for other, sheet in sheets.items()
        if other != name and sheet.start is not None
    )
    return replace(draft, skipped=draft.skipped + left)


def _sheets(source: Source, wanted: str | None) -> dict[str, "CalamineSheet"]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    plain = unpack(source.data, source.name)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(plain))
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
            and (sheet.visible == SheetVisibleEnum.Visible or sheet.name == wanted)
        ]
        return {name: workbook.get_sheet_by_name(name) for name in _chosen(names, wanted, source.name)}
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(source.name) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the library's own bug report, outside Exception
            raise _unreadable(source.name) from None
        raise


def _chosen(names: list[str], wanted: str | None, file: str) -> list[str]:
    if wanted is None:
        return names[:MOST_SHEETS]
    if wanted not in names:
        raise ImportRefused(
            _(
                "{file} has no sheet {name}. The sheets there: {names}. Nothing was changed. Name one of them."
            ).format(file=file, name=wanted, names=", ".join(names[:MOST_SHEETS]))
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
    "xlsx", N_("Excel workbook"), (".xlsx", ".xlsm", ".xls"), lambda source: source.is_zip, read
)
