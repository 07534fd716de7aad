"""Which workspaces were open on this machine, newest first, and where one stood in each: kept beside the data."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

FILE = "recent.json"
KEEP = 12
_LEAST, _MOST = 400, 20_000  # px; a damaged file must not make a window nobody can find


class Visit(NamedTuple):
    """`project` and `run` are ids in hexadecimal; `place` is a place of the rail or a face of it."""

    folder: str
    name: str = ""
    project: str = ""
    run: str = ""
    place: str = ""
    width: int = 0
    height: int = 0

    @property
    def path(self) -> Path:
        return Path(self.folder)


class Recent(NamedTuple):
    file: Path | None
    visits: tuple[Visit, ...] = ()

    def of(self, folder: Path) -> Visit:
        """The last visit; a folder never visited has none of its values."""
        return next((one for one in self.visits if one.path == folder), Visit(str(folder)))

    def noted(self, folder: Path, **values: Any) -> "Recent":
        """With this workspace in front and some of its values changed; written at once."""
        visit = self.of(folder)._replace(**values)
        return self._kept((visit, *(one for one in self.visits if one.path != folder)))

    def forgotten(self, folder: Path) -> "Recent":
        """Leaves the list; the folder itself is not touched."""
        return self._kept(one for one in self.visits if one.path != folder)

    def _kept(self, visits: Iterable[Visit]) -> "Recent":
        new = self._replace(visits=tuple(visits)[:KEEP])
        if new.file is not None:
            try:
                new.file.parent.mkdir(parents=True, exist_ok=True)
                text = json.dumps([one._asdict() for one in new.visits], ensure_ascii=False, indent=1)
                new.file.write_text(text, encoding="utf-8")
            except OSError:
                pass  # a list that cannot be kept still holds for today
        return new


def load_recent(file: Path | None) -> Recent:
    """A damaged or missing file means an empty list."""
    if file is None:
        return Recent(None)
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return Recent(file, tuple(_visit(one) for one in raw[:KEEP]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Recent(file)


def _visit(raw: dict[str, Any]) -> Visit:
    name, project, run, place = (str(raw.get(key, "")) for key in ("name", "project", "run", "place"))
    width, height = (min(int(raw.get(key, 0)), _MOST) for key in ("width", "height"))
    if min(width, height) < _LEAST:
        width = height = 0
    return Visit(str(raw["folder"]), name, project, run, place, width, height)
