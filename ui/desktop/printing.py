"""Papers from the window: where to, whose PIN seals them, then written in the writer thread."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app import platform
from app.errors import StorageError
from app.i18n import _
from app.queries.people import names
from app.storage.engine import Reader
from ui.desktop.desk import Desk
from ui.desktop.exporting import choose_file
from ui.desktop.secrets import ask_pin


class Wanted(NamedTuple):
    """Which paper: "checklist", "gate" with its gate, "situation" or "protocol"; of which run, in which language."""

    kind: str
    project: bytes
    run: bytes
    language: str
    gate: bytes | None = None


class Printing(QObject):
    """Papers of a run: its checklist, the approval record of a gate, the situation, the protocol."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window

    def print_checklist(self) -> None:
        self._choose("checklist", _("checklist"))

    def print_record(self, gate: bytes, name: str) -> None:
        self._choose("gate", name, gate=gate)

    def print_situation(self, run: bytes, language: str) -> None:
        self._choose("situation", _("situation report"), run=run, language=language)

    def print_protocol(self, run: bytes | None = None) -> None:
        self._choose("protocol", _("run protocol"), run=run)

    def _choose(
        self, kind: str, name: str, *, run: bytes | None = None, gate: bytes | None = None, language: str = ""
    ) -> None:
        wanted = self.wanted(kind, run=run, gate=gate, language=language)
        if wanted is None:
            return
        to = choose_file(self._window, _("Print into a file"), name, ".pdf")
        if to is not None:
            self.print_to(to, wanted)

    def wanted(
        self, kind: str, *, run: bytes | None = None, gate: bytes | None = None, language: str = ""
    ) -> Wanted | None:
        """Of the run looked at where none is named; chosen now, whatever is looked at when the PIN is given."""
        project, run = self._desk.project_id, run or self._desk.run_id
        if project is None or run is None:
            return None
        return Wanted(kind, project, run, language or self._desk.language, gate)

    def print_to(self, to: Path, wanted: Wanted) -> None:
        """Asks for the PIN that seals it; where nobody is known yet the paper stays unsealed and says so."""
        person = self._desk.bridge.workspace.person
        if person is None:
            self._write(to, wanted, "")
        else:
            name = self._desk.bridge.read(names).get(person, "")
            ask_pin(
                self._desk,
                _("PIN of {name}, to seal the paper").format(name=name),
                _("Print"),
                partial(self._write, to, wanted),
            )

    def _write(self, to: Path, wanted: Wanted, pin: str) -> None:
        job = partial(print_now, self._desk.bridge.workspace, to, pin, wanted)
        self._desk.bridge.write(job, then=self._written)

    def _written(self, told: tuple[Path, tuple[str, ...]]) -> None:
        to, warnings = told
        text = " ".join((_("Printed: {file}.").format(file=to.name), *warnings))
        self._desk.say(text, "late" if warnings else "done")


def print_now(workspace: Any, to: Path, pin: str, wanted: Wanted) -> tuple[Path, tuple[str, ...]]:
    """Runs in the writer thread. The report library is loaded here, with the first paper."""
    from app.reports.material import paper_languages
    from app.reports.printing import Issuer, print_record

    now, person = workspace.clock.now_ms(), workspace.person
    name = "" if person is None else workspace.read(names).get(person, "")
    issuer = None if person is None else Issuer(workspace.signer(person, pin).private, name)

    def printed(reader: Reader) -> tuple[bytes, tuple[str, ...]]:
        languages = paper_languages(reader, wanted.project, wanted.language)
        paper = _paper(reader, wanted, languages, name, now)
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


def _paper(reader: Reader, wanted: Wanted, languages: Any, name: str, now: int) -> Any:
    place = (reader, wanted.project, wanted.run)
    if wanted.kind == "situation":
        from app.reports.situation import situation_paper

        return situation_paper(*place, languages, name, now)
    if wanted.kind == "protocol":
        from app.reports.run_record import protocol_paper

        return protocol_paper(*place, languages, name, now)
    from app.reports.records import checklist_paper, gate_paper

    if wanted.gate is not None:
        return gate_paper(*place, wanted.gate, languages, name, now)
    return checklist_paper(*place, languages, name, now)
