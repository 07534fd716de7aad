"""Outside files become drafts: one format a file, one line here, and `read_file` to choose among them."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from app.domain.draft import Draft
from app.integrations import checklist_json, cutover_json, delimited, markdown, project_json, xlsx
from app.integrations.contract import Integration
from app.integrations.looking import Look, look_with
from app.integrations.reading import read_with
from app.integrations.source import Source, load

# A more particular format stands before a more general one of the same suffix.
INTEGRATIONS: tuple[Integration, ...] = (
    markdown.INTEGRATION,
    xlsx.INTEGRATION,
    delimited.INTEGRATION,
    project_json.INTEGRATION,
    cutover_json.INTEGRATION,
    checklist_json.INTEGRATION,
)


def read_file(
    path: Path,
    *,
    mapping: Mapping[str, str] = MappingProxyType({}),
    project_name: str | None = None,
    t0: str | None = None,
) -> Draft:
    """What the file says, or ImportRefused. `mapping` overrides guessed columns, FIELD=HEADER."""
    return read_with(INTEGRATIONS, path, mapping, project_name, t0)


def look_at(file: Path | Source, mapping: Mapping[str, str] = MappingProxyType({})) -> Look:
    """What the file is and what would come in; raises ImportRefused only where there is no file to look at."""
    return look_with(INTEGRATIONS, file if isinstance(file, Source) else load(file), mapping)


__all__ = ["INTEGRATIONS", "Integration", "Look", "Source", "load", "look_at", "read_file"]
