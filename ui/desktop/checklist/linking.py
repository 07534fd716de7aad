"""What a task waits for, as people write it: "1.3, 2.1SS+30" becomes predecessors."""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from app.domain.durations import parse_minutes
from app.i18n import _

_PART = re.compile(r"(\d+\.\d+)\s*(FS|SS|FF|SF)?\s*(?:([+\-−])\s*(\S.*))?", re.IGNORECASE)


class Before(NamedTuple):
    """One predecessor; `lag` in minutes."""

    task: bytes
    type: str = "FS"
    lag: int = 0


def read_after(text: str, tasks: Mapping[str, bytes], own: Collection[bytes]) -> tuple[list[Before], str]:
    """The predecessors a text names, or a sentence that says which part cannot be read."""
    found = []
    for part in (piece.strip() for piece in re.split(r"[,;，；、]", text)):
        if not part:
            continue
        match = _PART.fullmatch(part)
        if match is None:
            return [], _("“{text}” is no predecessor. Try 1.3 or 2.1SS+30.").format(text=part)
        number, kind, sign, length = match.groups()
        task = tasks.get(number)
        if task is None or task in own:
            return [], _("There is no other task {number}.").format(number=number)
        lag = parse_minutes(length) if length else 0
        if lag is None:
            return [], _("“{text}” is no duration. Try 90, 1h30 or 1.5h.").format(text=length)
        found.append(Before(task, (kind or "FS").upper(), -lag if sign in ("-", "−") else lag))
    return found, ""
