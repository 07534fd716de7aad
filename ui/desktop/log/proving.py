"""The log's two tools: verifying all of it in the background, and writing the entries one looks at into a file."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.i18n import _, ngettext
from app.queries.audit import Filter, LogIndex
from app.storage.checks import Findings
from ui.desktop.bridge import Work
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.working import WorkingLine
from ui.desktop.desk import Desk
from ui.desktop.moments import local, now_ms


class LogTools(QWidget):
    """`source` gives the filter one looks through."""

    verified = Signal(str)  # what to say beside an entry

    def __init__(self, desk: Desk, working: WorkingLine) -> None:
        super().__init__()
        self._desk, self.working = desk, working
        self.wanted = Filter()
        self.verify = KeyButton(desk.theme, _("Verify all"), icon="tick")
        self.export = KeyButton(desk.theme, _("Export…"), icon="download")
        self.verify.clicked.connect(lambda _on=False: self.verify_all())
        self.export.clicked.connect(lambda _on=False: self._choose())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(desk.theme.px(8))
        row.addStretch(1)
        row.addWidget(self.verify)
        row.addWidget(self.export)

    def set_total(self, total: int) -> None:
        self.verify.set_word(_("Verify all {n}").format(n=f"{total:,}"))

    # Verifying.

    def verify_all(self) -> None:
        job = partial(check_all, self._desk.bridge.workspace)
        self.working.begin(_("Verifying every entry…"), job, self._on_verified)

    def _on_verified(self, found: Findings) -> None:
        if found.problems:
            first = found.problems[0]
            count = ngettext("{n} thing does not hold", "{n} things do not hold", len(found.problems))
            text = _("{count}: {first} Nothing was changed. Go back to a backup, or ask who keeps the log.")
            self._desk.say(text.format(count=count.format(n=len(found.problems)), first=first), "blocked")
            self.verified.emit("")
            return
        text = _(
            "Everything holds: {commits} commits of {logs} logs, each signature and each chain without a gap, "
            "{statements} statements, and the official order up to its last checkpoint."
        )
        self._desk.say(
            text.format(commits=f"{found.commits:,}", logs=found.logs, statements=f"{found.statements:,}")
        )
        clock = local(now_ms(), self._desk.zone).strftime("%H:%M")
        self.verified.emit(_("chain unbroken to the first entry, verified at {time}").format(time=clock))

    # Writing.

    def _choose(self) -> None:
        file, _filter = QFileDialog.getSaveFileName(
            self, _("Write these entries into a file"), _("log") + ".csv", _("Table (*.csv);;JSON (*.json)")
        )
        if file:
            self.export_to(Path(file))

    def export_to(self, to: Path) -> None:
        place = (self._desk.project_id, self.wanted, to, self._desk.language)
        job = partial(export_now, self._desk.bridge.workspace, *place)
        self.working.begin(_("Writing the entries…"), job, partial(self._on_written, to))

    def _on_written(self, to: Path, count: int) -> None:
        text = ngettext("{n} entry is in {file}.", "{n} entries are in {file}.", count)
        self._desk.say(text.format(n=f"{count:,}", file=to.name))


def check_all(workspace: Any, work: Work) -> Findings:
    from app.storage.checks import check

    found: Findings = workspace.read(check, work.told)
    return found


def export_now(
    workspace: Any, project: bytes | None, wanted: Filter, to: Path, language: str, _work: Work
) -> int:
    from app.integrations.export_log import write_log

    count: int = workspace.read(write_log, LogIndex(project), wanted, to, language)
    return count
