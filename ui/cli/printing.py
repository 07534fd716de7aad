"""Papers on the command line: printed and sealed with the acting person's key, and verified later."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import platform
from app.errors import Invalid, StorageError
from app.i18n import _
from app.queries.gates import gates as gates_query
from app.queries.people import names
from app.reports.codes import groups
from app.reports.material import paper_languages
from app.reports.papers import Heading
from app.reports.printing import Issuer, print_record
from app.reports.records import checklist_paper, gate_paper
from app.reports.run_record import protocol_paper
from app.reports.seal import MAX_BYTES
from app.reports.situation import situation_paper
from app.reports.verifying import verify_record
from app.storage.engine import Reader
from ui.cli.session import Session

_OF_A_RUN: Mapping[str, Callable[..., Heading]] = {
    "checklist": checklist_paper,
    "situation": situation_paper,
    "protocol": protocol_paper,
}


def print_report(
    session: Session, project: bytes, run: bytes, kind: str, gate: bytes | None, to: Path
) -> list[str]:
    """Writes the PDF and returns what has to be said about it; asks for the acting person's PIN to seal it."""
    if kind == "approval" and gate is None:
        gate = _only_gate(session, project, run)
    workspace = session.workspace
    now = workspace.clock.now_ms()
    person = workspace.person
    name = "" if person is None else workspace.read(names).get(person, "")
    issuer = None if person is None else Issuer(session.signer().private, name)

    def printed(reader: Reader) -> tuple[bytes, tuple[str, ...]]:
        languages = paper_languages(reader, project, session.language)
        paper: Heading
        if kind == "approval" and gate is not None:
            paper = gate_paper(reader, project, run, gate, languages, name, now)
        else:
            paper = _OF_A_RUN[kind](reader, project, run, languages, name, now)
        return print_record(reader, paper, issuer, datetime.fromtimestamp(now / 1000, UTC))

    pdf, warnings = workspace.read(printed)
    write_file(to, pdf)
    return list(warnings)


def _only_gate(session: Session, project: bytes, run: bytes) -> bytes:
    found = session.read(gates_query, project, run, session.language)
    if len(found) == 1:
        return bytes(found[0].id)
    if not found:
        raise Invalid(_("The project has no gate to print a record of. Add one first: launchbook gate add."))
    listed = ", ".join(one.name for one in found)
    raise Invalid(_("Say which gate the record is of (--gate): {gates}.").format(gates=listed))


def write_file(path: Path, content: bytes) -> None:
    """The whole file or none of it, where the user said."""
    try:
        platform.write_shared(path, content)
    except OSError as error:
        told = _("{file} cannot be written ({reason}). Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=path, reason=error.strerror or type(error).__name__)) from error


def verify_file(session: Session, file: Path) -> tuple[dict[str, Any], list[str]]:
    """What a printed record proves, as data and as lines."""
    try:
        with file.open("rb") as source:
            content = source.read(MAX_BYTES + 1)
    except OSError as error:
        told = _("{file} cannot be read ({reason}).")
        raise Invalid(told.format(file=file, reason=error.strerror or type(error).__name__)) from error
    found = session.read(verify_record, content)
    data = {"valid": found.valid, "current": found.current, "reasons": found.reasons, "signer": found.signer}
    data |= {"kind": found.kind, "digest": found.digest, "present_digest": found.present_digest}
    data |= {"identity": found.identity, "changes": found.changes}
    data |= {"sealed_at": found.sealed_at and found.sealed_at.isoformat()}
    if not found.valid:
        head = _("Not valid.")
    elif found.current:
        head = _("Valid and current.")
    else:
        head = _("Valid, but not current.")
    lines = [head, *(f"  {reason}" for reason in found.reasons)]
    if found.digest:
        lines.append(f"  {found.kind}  {groups(found.digest, limit=4)}")
    return data, lines
