"""A plan file on its way in: read in the writer thread, all of it or nothing, with a report in one sentence."""

from pathlib import Path
from typing import Any

from app.i18n import _, ngettext


def import_plan(workspace: Any, path: Path) -> Any:
    """Runs in the writer thread: reading a large file takes its time."""
    from app.commands.imports import import_draft
    from app.integrations import read_file

    return workspace.run(import_draft, read_file(path)).result


def report_words(report: Any) -> str:
    parts = [
        ngettext("{n} stage", "{n} stages", report.stages).format(n=report.stages),
        ngettext("{n} task", "{n} tasks", report.tasks).format(n=report.tasks),
        ngettext("{n} check", "{n} checks", report.checks).format(n=report.checks),
        ngettext("{n} link", "{n} links", report.links).format(n=report.links),
    ]
    text = _("Came in: {what}.").format(what=", ".join(parts))
    if report.skipped:
        count = len(report.skipped)
        first = report.skipped[0]
        left = ngettext("{n} line did not: {reason}", "{n} lines did not, the first because: {reason}", count)
        text = f"{text} {left.format(n=count, reason=first.reason)}"
    return text


def skipped_words(report: Any) -> list[str]:
    """One sentence a line that did not come in."""
    return [
        _("Line {line}: {reason}").format(line=one.line, reason=one.reason)
        if one.line is not None
        else one.reason
        for one in report.skipped
    ]
