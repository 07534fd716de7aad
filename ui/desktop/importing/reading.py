"""What the sheet shows of a file, read in the reader thread: its columns, what would come in, what would change."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.durations import format_minutes
from app.errors import LaunchbookError
from app.i18n import _, counted
from app.queries.differences import Differences, differences
from app.queries.projects import projects
from app.storage.engine import Reader

if TYPE_CHECKING:
    from app.domain.draft import Draft, Skipped
    from app.integrations import Look, Source


class Place(StrEnum):
    """Where a file comes in."""

    NEW = "new"
    MERGE = "merge"
    ADD = "add"


class Wish(NamedTuple):
    """What a person chose so far; `place` None lets the file decide."""

    mapping: Mapping[str, str]
    place: Place | None = None
    project: bytes | None = None
    language: str = "en"


class StageLine(NamedTuple):
    title: str
    tasks: int
    line: int | None


class TaskLine(NamedTuple):
    title: str
    owner: str
    length: str
    checks: int
    line: int | None


class Shown(NamedTuple):
    """`project` is the name of the one looked at, "" when there is none; `has_tasks`: it holds something already."""

    source: "Source"
    look: "Look"
    place: Place
    lines: tuple[StageLine | TaskLine, ...]
    counts: Mapping[str, int]
    skipped: "tuple[Skipped, ...]"
    project: str
    compared: Differences | None
    problem: str  # why it cannot go where it is wished to; the look has its own


def load_file(path: Path) -> "Source":
    from app.integrations import load

    return load(path)


def read_shown(reader: Reader, file: "Path | Source", wish: Wish) -> Shown:
    """Raises ImportRefused only when there is no such file; all else is shown."""
    from app.integrations import load, look_at

    source = load(file) if isinstance(file, Path) else file
    look = look_at(source, wish.mapping)
    name, has_tasks = _project(reader, wish)
    compared, problem = None, ""
    if look.draft is not None and wish.project is not None:
        try:
            compared = differences(reader, wish.project, look.draft, wish.language)
        except LaunchbookError as error:
            problem = str(error)
    place = wish.place or _best_place(name, compared, has_tasks=has_tasks)
    return Shown(
        source,
        look,
        place,
        tuple(_lines(look.draft, wish.language)),
        _counts(look.draft),
        look.draft.skipped if look.draft is not None else (),
        name,
        compared if compared is not None and compared.source is not None else None,
        problem if place is Place.MERGE else "",
    )


def _project(reader: Reader, wish: Wish) -> tuple[str, bool]:
    found = next((one for one in projects(reader, wish.language) if one.id == wish.project), None)
    if found is None:
        return "", False
    return found.name, reader.row(
        "SELECT 1 FROM task WHERE log = ? AND alive LIMIT 1", (found.id,)
    ) is not None


def _best_place(project: str, compared: Differences | None, *, has_tasks: bool) -> Place:
    """To where it came from; into a project that waits for its plan; else to a project of its own."""
    if compared is not None and compared.source is not None:
        return Place.MERGE
    return Place.ADD if project and not has_tasks else Place.NEW


def _counts(draft: "Draft | None") -> dict[str, int]:
    stages = [stage for part in draft.projects for stage in part.stages] if draft is not None else []
    tasks = [task for stage in stages for task in stage.tasks]
    gates = [gate for part in draft.projects for gate in part.gates] if draft is not None else []
    return {
        "stages": len(stages),
        "tasks": len(tasks),
        "checks": sum(len(task.checks) for task in tasks),
        "links": sum(len(part.links) for part in draft.projects) if draft is not None else 0,
        "gates": len(gates),
    }


def _lines(draft: "Draft | None", language: str) -> Any:
    for part in draft.projects if draft is not None else ():
        for stage in part.stages:
            yield StageLine(stage.title, len(stage.tasks), stage.line)
            for task in stage.tasks:
                length = format_minutes(task.minutes, language) if task.minutes is not None else ""
                yield TaskLine(task.title, task.owner, length, len(task.checks), task.line)


def report_words(report: Any) -> str:
    """What came in, in one sentence."""
    from app.i18n import ngettext

    parts = [
        counted("{n} stage", "{n} stages", report.stages),
        counted("{n} task", "{n} tasks", report.tasks),
        counted("{n} check", "{n} checks", report.checks),
        counted("{n} link", "{n} links", report.links),
    ]
    text = _("Came in: {what}.").format(what=", ".join(parts))
    if report.skipped:
        count = len(report.skipped)
        left = ngettext("{n} line did not: {reason}", "{n} lines did not, the first because: {reason}", count)
        text = f"{text} {left.format(n=count, reason=report.skipped[0].reason)}"
    return text


def merge_words(report: Any) -> str:
    """What a merge did, in one sentence."""
    from app.i18n import ngettext

    counted = (
        (report.changed, ngettext("{n} field changed", "{n} fields changed", report.changed)),
        (report.tasks, ngettext("{n} task new", "{n} tasks new", report.tasks)),
        (report.checks, ngettext("{n} check new", "{n} checks new", report.checks)),
        (report.links, ngettext("{n} link new", "{n} links new", report.links)),
        (report.removed, ngettext("{n} thing removed", "{n} things removed", report.removed)),
        (report.returned, ngettext("{n} thing back", "{n} things back", report.returned)),
    )
    parts = [text.format(n=count) for count, text in counted if count]
    if not parts:
        return _("Nothing was changed here; the file will not ask this again.")
    text = _("Merged: {what}.").format(what=", ".join(parts))
    if report.kept:
        kept = ngettext(
            "{n} difference stays as it is here.", "{n} differences stay as they are here.", report.kept
        )
        text = f"{text} {kept.format(n=report.kept)}"
    return text
