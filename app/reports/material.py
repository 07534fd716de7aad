"""What every paper of a run draws on: the run's rows, its texts in the paper's languages, and moments in its zone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.words import RunKind, known
from app.errors import NotFound
from app.i18n import LANGUAGES, N_, _, in_language
from app.process.digests import DIGEST_REV
from app.queries.checklist import Checklist, checklist
from app.queries.facts import RunFacts, run_facts
from app.queries.people import names
from app.queries.printed import Printed, PrintedEvidence, printed
from app.queries.projects import is_sample
from app.queries.texts import pick
from app.reports import moments
from app.reports.papers import BindingValue, Evidence, Texts
from app.reports.speech import RUN
from app.storage.engine import Reader
from app.storage.log import frontier


@dataclass(frozen=True)
class Material:
    """One run of one project, for a paper in one or two languages."""

    reader: Reader
    rows: Checklist
    facts: RunFacts
    languages: tuple[str, ...]
    printed_by: str
    now_ms: int

    @cached_property
    def printed(self) -> Printed:
        return printed(self.reader, self.facts)

    @cached_property
    def people(self) -> dict[bytes, str]:
        return names(self.reader)

    @property
    def first(self) -> str:
        """The project's own language, in which its digests are made."""
        return self.rows.project.language

    @property
    def zone(self) -> str:
        return self.rows.project.zone

    def texts(self, thing: bytes | None, column: str) -> Texts:
        stored = "" if thing is None else self.printed.texts.get((thing, column), "")
        return in_languages(stored, self.languages, self.first)

    def moment(self, ms: int | None) -> datetime | None:
        return None if ms is None else moments.instant(ms)

    def wall(self, text: str | None) -> datetime | None:
        """A wall time of the plan as a moment; one that cannot be read is not printed."""
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.zone))

    def heading(self, digest: bytes, **binding: BindingValue) -> dict[str, Any]:
        """The fields every paper begins with."""
        project, run = self.rows.project, self.rows.run
        workspace = self.reader.value("SELECT value FROM meta WHERE key = 'workspace'")
        kind = known(RunKind, run.kind)
        held = frontier(self.reader, (project.id, workspace))
        bound: dict[str, BindingValue] = {
            "workspace": workspace.hex(),
            "project": project.id.hex(),
            "run": run.id.hex(),
            "language": self.first,
            "frontier": tuple(f"{log.hex()}:{device.hex()}:{upto}" for log, device, upto in held),
        }
        moments.local(
            datetime.now(UTC), self.zone
        )  # a zone nobody knows is refused before anything is printed
        return {
            "project": project.name,
            "run": run.name or in_language(RUN[kind], self.languages[0]),
            "run_kind": kind,
            "languages": self.languages,
            "zone": self.zone,
            "sample": is_sample(self.reader),
            "digest": digest.hex(),
            "digest_rev": DIGEST_REV,
            "printed_at": self.moment(self.now_ms),
            "printed_by": self.printed_by or in_language(UNNAMED, self.languages[0]),
            "binding": {**bound, **binding},
        }


UNNAMED = N_("an unnamed person")


def material(
    reader: Reader, project: bytes, run: bytes, languages: Sequence[str], printed_by: str, now_ms: int
) -> Material:
    """Raises NotFound for a run that is not the project's."""
    chosen = tuple(languages[:2]) or ("en",)
    if reader.row("SELECT 1 FROM run WHERE id = ? AND log = ?", (run, project)) is None:
        raise NotFound(_("There is no such run in this project."))
    rows = checklist(reader, project, run, chosen[0], now_ms)
    return Material(reader, rows, run_facts(reader, project, run, now_ms), chosen, printed_by, now_ms)


def in_languages(stored: str, languages: Sequence[str], first: str) -> Texts:
    """A stored text in the paper's languages; what is not translated stands once, in the language there is."""
    known = json.loads(stored or "{}")
    return (pick(stored, languages[0], first), *(str(known.get(one) or "") for one in languages[1:2]))


def paper_languages(reader: Reader, project: bytes, first: str) -> tuple[str, ...]:
    """The wanted language, and the other one where texts of the plan are written in it."""
    stored = [
        text
        for table, column in (("project", "name"), ("stage", "title"), ("task", "title"))
        for (text,) in reader.rows(f"SELECT {column} FROM {table} WHERE log = ? AND alive", (project,))
    ]
    written = {language for text in stored for language, words in json.loads(text).items() if words}
    return (first, *(other for other in LANGUAGES if other != first and other in written))


def evidence_of(pieces: Sequence[PrintedEvidence], supports: str = "") -> tuple[Evidence, ...]:
    """Files, notes and links as a paper lists them, each with the hash that the record holds."""
    return tuple(
        Evidence(
            piece.name or piece.text,
            piece.fingerprint.hex() if piece.fingerprint else "",
            piece.size,
            supports,
        )
        for piece in pieces
    )
