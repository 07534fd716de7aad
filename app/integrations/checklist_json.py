"""JSON lists of check items: objects with a text and a category, in the file itself or under "items"."""

from collections.abc import Mapping
from itertools import repeat

from app.domain.draft import Draft, Skipped
from app.errors import ImportRefused
from app.i18n import N_, _
from app.integrations.cells import Cell
from app.integrations.columns import find_header
from app.integrations.contract import Integration
from app.integrations.source import Source
from app.integrations.table import LARGEST_COLUMNS, LARGEST_ROWS, Grid, read_grid, refuse_rows
from app.integrations.texts import one_line

_LISTS = ("items", "tasks", "checklist", "checks", "steps", "data")


def recognises(source: Source) -> bool:
    if not source.looks_like_json:
        return False
    items, _where = _items(source.json)
    keys = _keys(items[:200])
    return bool(keys) and find_header([keys], {}) is not None


def read(source: Source, mapping: Mapping[str, str]) -> Draft:
    return read_grid(grid(source, mapping), mapping)


def grid(source: Source, _mapping: Mapping[str, str]) -> Grid:
    """Each item is a row under its own keys, so the same words mean the same as in a spreadsheet's header."""
    items, where = _items(source.json)
    if not items:
        raise ImportRefused(
            _(
                "{name} holds no list of items with a text each. Nothing was changed. "
                "Import a list of objects, or an object with such a list under 'items'."
            ).format(name=source.name)
        )
    if len(items) > LARGEST_ROWS:
        raise refuse_rows(source.name)
    keys = _keys(items)
    if len(keys) > LARGEST_COLUMNS:
        raise ImportRefused(
            _("{name} has too many different fields. Nothing was changed. Check the file.").format(
                name=source.name
            )
        )
    rows: list[list[Cell]] = [list(keys)]
    rows += [[_cell(item.get(key)) for key in keys] for item in items]
    name = _project_name(source.json) or source.stem
    left = (*_odd_items(source.json, where), *_left_out(source.json, where))
    return Grid(f"json:{source.name}", name, lambda: zip(rows, repeat(None)), left=left)


def _items(data: object) -> tuple[list[dict[str, object]], str]:
    """The list of objects and the key it stands under ("" for the file itself)."""
    if isinstance(data, list):
        return [item for item in data if isinstance(item, dict)], ""
    if isinstance(data, dict):
        for key in _LISTS:
            value = data.get(key)
            if isinstance(value, list) and any(isinstance(item, dict) and len(item) > 1 for item in value):
                return [item for item in value if isinstance(item, dict)], key
    return [], ""


def _keys(items: list[dict[str, object]]) -> list[str]:
    return list(dict.fromkeys(key for item in items for key in item))


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list):
        return "\n".join(str(part) for part in value if isinstance(part, str | int | float))
    return ""


def _project_name(data: object) -> str:
    if not isinstance(data, dict):
        return ""
    about = data.get("metadata")
    for holder in (about if isinstance(about, dict) else {}, data):
        for key in ("name", "title"):
            if isinstance(value := holder.get(key), str) and value.strip():
                return one_line(value)
    return ""


def _odd_items(data: object, where: str) -> list[Skipped]:
    whole = data if isinstance(data, list) else data.get(where) if isinstance(data, dict) else []
    odd = sum(1 for item in whole if not isinstance(item, dict)) if isinstance(whole, list) else 0
    reason = _("Entries of the list that are no objects with a text: {count}.")
    return [Skipped(None, reason.format(count=odd))] if odd else []


def _left_out(data: object, where: str) -> list[Skipped]:
    if not isinstance(data, dict):
        return []
    reason = _("The part {name} of the file describes no tasks and was not imported.")
    return [Skipped(None, reason.format(name=key)) for key in data if key != where]


INTEGRATION = Integration("json", N_("JSON list of check items"), (".json",), recognises, read, grid)
