"""Verifying a project's log on the command line: what it proves, what it leaves open, and what does not hold."""

from typing import Any

from app.clock import to_iso
from app.i18n import _
from app.queries.verified import what_is_wrong, what_it_leaves_open, what_it_proves
from app.storage.verification import LogProof, verify_logs
from ui.cli.session import Session


def verify_project(session: Session, project: bytes) -> tuple[dict[str, Any], list[str]]:
    """As data and as lines."""
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
    data |= {"proves": proves, "leaves_open": leaves}
    lines = [_("Everything holds."), *_indented(proves)]
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
