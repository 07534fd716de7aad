"""Tasks as text for other programs: cells between tabs for a spreadsheet, a list of boxes for a page or a chat."""

from collections.abc import Sequence

from app.domain.durations import format_minutes
from app.i18n import _
from app.queries.checklist import StageRow, TaskRow
from ui.desktop.checklist.columns import Shown
from ui.desktop.checklist.filtering import CLOSED


def as_table(rows: Sequence[Sequence[str]]) -> str:
    """One line a task; what would break a cell becomes a space."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


def as_markdown(stages: Sequence[StageRow], tasks: Sequence[TaskRow], shown: Shown) -> str:
    """Headings only where the tasks are of several stages; owner and duration as they are read back."""
    titles = {stage.id: stage.title or _("Without a stage") for stage in stages}
    several = len({task.stage_id for task in tasks}) > 1
    lines: list[str] = []
    heading: bytes | str | None = "none yet"
    for task in tasks:
        if several and task.stage_id != heading:
            heading = task.stage_id
            lines += ["", f"## {titles.get(task.stage_id, _('Without a stage'))}", ""]
        length = format_minutes(task.minutes, shown.language) if task.minutes is not None else ""
        lines.append(f"- [{'x' if task.status in CLOSED else ' '}] {task.title}")
        if task.owner:
            lines.append("  - " + _("Owner: {name}").format(name=task.owner))
        if length:
            lines.append("  - " + _("Duration: {length}").format(length=length))
    return "\n".join(lines).strip() + "\n"
