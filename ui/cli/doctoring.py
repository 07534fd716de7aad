"""What `doctor` looks at, and what it says."""

from typing import Any

from app.i18n import _
from app.storage.checks import check
from app.storage.engine import Reader
from app.storage.rebuild import replays_equal
from app.workspace import Workspace


def examine(workspace: Workspace) -> tuple[dict[str, Any], list[str]]:
    """Findings as data and as lines."""
    findings = workspace.read(check)
    problems = list(findings.problems)
    if not problems and not replays_equal(workspace.database):
        problems.append(_("Rows and log do not say the same. Restore a backup, or send us the file."))
    absent = [name for name in workspace.read(_evidence_files) if not workspace.files.has(name)]
    notes = []
    if absent:
        notes.append(_("{count} files are not on this device.").format(count=len(absent)))
    data: dict[str, Any] = {"problems": problems, "notes": notes}
    data |= {"commits": findings.commits, "statements": findings.statements, "logs": findings.logs}
    told = _("{commits} commits, {statements} statements, {logs} logs: every signature and chain holds.")
    lines = problems or [
        told.format(commits=findings.commits, statements=findings.statements, logs=findings.logs)
    ]
    return data, lines + notes


def _evidence_files(reader: Reader) -> list[bytes]:
    return [
        name
        for (name,) in reader.rows("SELECT DISTINCT sha256 FROM evidence WHERE sha256 IS NOT NULL AND alive")
    ]
