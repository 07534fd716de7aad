"""What a person chose for the screen: language, theme, scale, layouts, hints, what was used last; kept beside the data, in no log."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

SCALES = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


class Preferences(NamedTuple):
    language: str = ""  # empty: as the system says
    theme: str = ""  # empty: as the system says
    scale: float = 1.0
    layouts: Mapping[str, Any] = {}
    commands: tuple[str, ...] = ()  # used last in the search box, by their untranslated text
    unwanted_hints: tuple[str, ...] = ()  # ids; "*" stands for all of them
    file: Path | None = None

    def changed(self, **values: object) -> "Preferences":
        """A copy with other values, written at once; a choice that cannot be kept still holds for today."""
        new = self.changed_in_memory(**values)
        if new.file is not None:
            kept = {key: value for key, value in new._asdict().items() if key != "file"}
            try:
                new.file.parent.mkdir(parents=True, exist_ok=True)
                new.file.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            except OSError:
                pass
        return new

    def changed_in_memory(self, **values: object) -> "Preferences":
        """A copy for this sitting only: what the command line asked for."""
        return self._replace(**values)  # type: ignore[arg-type]


def load_preferences(file: Path | None) -> Preferences:
    """A damaged or missing file means the defaults."""
    if file is None:
        return Preferences()
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        scale = float(raw.get("scale", 1.0))
        layouts = raw.get("layouts")
        return Preferences(
            str(raw.get("language", "")),
            str(raw.get("theme", "")),
            min(max(scale, 1.0), 3.0),
            layouts if isinstance(layouts, dict) else {},
            tuple(map(str, raw.get("commands", ()))),
            tuple(map(str, raw.get("unwanted_hints", ()))),
            file,
        )
    except (OSError, ValueError, AttributeError, TypeError):
        return Preferences(file=file)
