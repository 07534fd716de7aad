"""What a task waits for, as people write it: "1.3, 2.1SS+30" becomes links, and only what differs is changed."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.domain.durations import parse_minutes
from app.i18n import _
from app.queries.task_detail import task_detail
from ui.desktop.actions import load

_PART = re.compile(r"(\d+\.\d+)\s*(FS|SS|FF|SF)?\s*(?:([+\-−])\s*(\S.*))?", re.IGNORECASE)


class Before(NamedTuple):
    """One predecessor; `lag` in minutes."""

    task: bytes
    type: str = "FS"
    lag: int = 0


def read_after(text: str, tasks: Mapping[str, bytes], own: bytes) -> tuple[list[Before], str]:
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
        if task is None or task == own:
            return [], _("There is no other task {number}.").format(number=number)
        lag = parse_minutes(length) if length else 0
        if lag is None:
            return [], _("“{text}” is no duration. Try 90, 1h30 or 1.5h.").format(text=length)
        found.append(Before(task, (kind or "FS").upper(), -lag if sign in ("-", "−") else lag))
    return found, ""


def apply_links(workspace: Any, task: bytes, wanted: list[Before]) -> None:
    """Runs in the writer thread: new links first, so that a refused circle leaves the old ones standing."""
    detail = workspace.read(task_detail, task)
    present = {Before(link.other, link.type, link.lag): link.id for link in detail.links if link.into}
    by_kind = {(one.task, one.type): (one, link) for one, link in present.items()}
    kept = set()
    for one in wanted:
        before, link = by_kind.get((one.task, one.type), (None, b""))
        if before is None:
            command = load("app.commands.tasks:link_tasks")
            workspace.run(command, one.task, task, type=one.type, lag=one.lag)
            continue
        kept.add(link)
        if before.lag != one.lag:
            workspace.run(load("app.commands.tasks:set_link"), link, {"lag": one.lag})
    for link in present.values():
        if link not in kept:
            workspace.run(load("app.commands.tasks:unlink"), link)
