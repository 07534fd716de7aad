"""Verifying on the command line: what a project's log proves, what it leaves open, what does not hold; and single proofs."""

from pathlib import Path
from typing import Any

from app.clock import to_iso
from app.errors import Invalid
from app.i18n import _, counted
from app.queries.verified import fingerprint, what_is_wrong, what_it_leaves_open, what_it_proves
from app.storage.verification import LogProof, verify_logs
from ui.cli.session import Session


def verify_project(
    session: Session, project: bytes, witness: str | None = None
) -> tuple[dict[str, Any], list[str]]:
    """As data and as lines; with an address, what a server there shows is compared too."""
    data, lines = _verified(session, project)
    if witness is not None:
        agrees, sentence = _witnessed(session, project, witness)
        data |= {"valid": data["valid"] and agrees, "witness": {"agrees": agrees, "sentence": sentence}}
        lines.append(sentence)
    return data, lines


def _witnessed(session: Session, project: bytes, address: str) -> tuple[bool, str]:
    from sync.client.connection import Connection
    from sync.client.place import parse_address
    from sync.client.witness import ask

    place, _code = parse_address(address)
    connection = Connection(place, session.workspace.id, session.workspace.device)
    try:
        seen = ask(session.workspace, connection, project)
    finally:
        connection.close()
    if seen.agrees:
        told = _("The server at {url} shows the same history, up to place {size}.")
    else:
        told = _(
            "The server at {url} shows another history than this device holds. What is here is kept. Ask an owner."
        )
    return seen.agrees, told.format(url=place.url, size=seen.size)


def _verified(session: Session, project: bytes) -> tuple[dict[str, Any], list[str]]:
    workspace = session.workspace
    device = workspace.device
    proof = session.read(verify_logs, (workspace.id, project), device.id)
    problems = session.read(what_is_wrong, proof.problems, session.language)
    proves = session.read(what_it_proves, proof, device.public, session.language)
    leaves = session.read(what_it_leaves_open, proof, device.public, session.language)
    data: dict[str, Any] = {"valid": proof.holds, "logs": [_data(one) for one in proof.logs]}
    data["problems"] = [
        {"what": one.what.value, "log": one.log, "of": one.device, "number": one.number, "sentence": sentence}
        for one, sentence in zip(proof.problems, problems, strict=True)
    ]
    if not proof.holds:
        kept = _(
            "Nothing was changed. Keep this file as it is, go back to a backup, or fetch the log from who holds it."
        )
        return data, [_("It does not hold."), *_indented(problems), kept]
    anchor = session.read(fingerprint).hex()
    data |= {"proves": proves, "leaves_open": leaves, "fingerprint": anchor}
    known = _("The fingerprint of the workspace is {fingerprint}.").format(fingerprint=anchor)
    lines = [_("Everything holds."), *_indented([*proves, known])]
    return data, lines + ([_("What this does not prove:"), *_indented(leaves)] if leaves else [])


def _data(one: LogProof) -> dict[str, Any]:
    data: dict[str, Any] = {"log": one.log, "commits": one.commits, "devices": one.devices}
    data |= {"refused": one.refused, "statements": one.statements, "not_sequenced": one.unplaced}
    data["witnessed"] = one.witnessed
    data["epochs"] = [
        {"epoch": epoch.number, "sequencer": epoch.sequencer, "places": epoch.places}
        | {"last": None if epoch.last_ms is None else to_iso(epoch.last_ms)}
        for epoch in one.epochs
    ]
    return data


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


# -- proofs of single statements -----------------------------------------------------------------------------------


def write_project_proofs(session: Session, project: bytes, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """One file for each statement, and the program that verifies them anywhere."""
    from app.integrations.tlog_proofs import write_proofs

    written = session.read(write_proofs, project, folder)
    anchor = session.read(fingerprint).hex()
    data: dict[str, Any] = {"valid": True, "files": [str(file) for file in written.files]}
    data |= {"verifier": str(written.verifier), "not_sequenced": written.unplaced, "fingerprint": anchor}
    lines = [counted("{n} statement is proved.", "{n} statements are proved.", len(written.files))]
    if written.unplaced:
        lines.append(
            counted(
                "{n} statement has no place in the official order yet, and no proof.",
                "{n} statements have no place in the official order yet, and no proof.",
                written.unplaced,
            )
        )
    told = _(
        "With Python and its package cryptography anybody verifies them: python {verifier} FILE --workspace {fingerprint}"
    )
    return data, [*lines, told.format(verifier=written.verifier.name, fingerprint=anchor)]


def verify_proof(session: Session, file: Path) -> tuple[dict[str, Any], list[str]]:
    """By the program that is given to others, and whether it is of this workspace."""
    from resources.verifier import verify_proof as verifier

    try:
        found = verifier.read(file)
    except OSError as error:
        told = _("{file} cannot be read ({reason}).")
        raise Invalid(told.format(file=file, reason=error.strerror or type(error).__name__)) from error
    except verifier.Refused as error:
        return {"valid": False, "reason": str(error)}, [_("It does not hold."), f"  {error}"]
    here = session.read(fingerprint) == found.founding.hash
    said = list(verifier.lines_of(found))
    where = _("It is of this workspace.") if here else _("It is of another workspace than this one.")
    data = {"valid": True, "this_workspace": here, "says": said, "fingerprint": found.founding.hash}
    return data, [_("It holds."), *said, where]
