"""Papers from the window: where to, whose PIN seals them, then written in the writer thread."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app import platform
from app.errors import StorageError
from app.i18n import _
from app.queries.people import names
from app.storage.engine import Reader
from ui.desktop.desk import Desk
from ui.desktop.secrets import ask_pin


class Printing(QObject):
    """The checklist of a run, or with a gate its approval record."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window

    def print_checklist(self) -> None:
        self._choose(None, _("checklist"))

    def print_record(self, gate: bytes, name: str) -> None:
        self._choose(gate, name)

    def _choose(self, gate: bytes | None, name: str) -> None:
        plain = "".join(letter if letter.isalnum() else "-" for letter in name).strip("-")
        file, _filter = QFileDialog.getSaveFileName(
            self._window, _("Print into a file"), f"{plain}.pdf", _("PDF (*.pdf)")
        )
        if file:
            self.print_to(Path(file), gate)

    def print_to(self, to: Path, gate: bytes | None) -> None:
        """Asks for the PIN that seals it; where nobody is known yet the paper stays unsealed and says so."""
        person = self._desk.bridge.workspace.person
        if person is None:
            self._write(to, gate, "")
        else:
            name = self._desk.bridge.read(names).get(person, "")
            ask_pin(
                self._desk,
                _("PIN of {name}, to seal the paper").format(name=name),
                _("Print"),
                partial(self._write, to, gate),
            )

    def _write(self, to: Path, gate: bytes | None, pin: str) -> None:
        project, run = self._desk.project_id, self._desk.run_id
        if project is None or run is None:
            return
        place = (project, run, gate, self._desk.language)
        self._desk.bridge.write(
            partial(print_now, self._desk.bridge.workspace, to, pin, *place), then=self._written
        )

    def _written(self, told: tuple[Path, tuple[str, ...]]) -> None:
        to, warnings = told
        text = " ".join((_("Printed: {file}.").format(file=to.name), *warnings))
        self._desk.say(text, "late" if warnings else "done")


def print_now(
    workspace: Any, to: Path, pin: str, project: bytes, run: bytes, gate: bytes | None, language: str
) -> tuple[Path, tuple[str, ...]]:
    """Runs in the writer thread. The report library is loaded here, with the first paper."""
    from app.reports.material import paper_languages
    from app.reports.printing import Issuer, print_record
    from app.reports.records import checklist_paper, gate_paper

    now, person = workspace.clock.now_ms(), workspace.person
    name = "" if person is None else workspace.read(names).get(person, "")
    issuer = None if person is None else Issuer(workspace.signer(person, pin).private, name)

    def printed(reader: Reader) -> tuple[bytes, tuple[str, ...]]:
        languages = paper_languages(reader, project, language)
        if gate is not None:
            paper: Any = gate_paper(reader, project, run, gate, languages, name, now)
        else:
            paper = checklist_paper(reader, project, run, languages, name, now)
        return print_record(reader, paper, issuer, datetime.fromtimestamp(now / 1000, UTC))

    pdf, warnings = workspace.read(printed)
    try:
        platform.write_shared(to, pdf)
    except OSError as error:
        told = _("{file} cannot be written ({reason}). Nothing was changed. Choose another place.")
        raise StorageError(
            told.format(file=to.name, reason=error.strerror or type(error).__name__)
        ) from error
    return to, tuple(warnings)
