"""Sealed papers: read by other programs, broken by one byte, and verified against what changed since."""

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.commands import gates, runs, signing
from app.domain.words import CheckOutcome
from app.errors import Refused
from app.i18n import set_language
from app.reports.printing import Issuer, print_record
from app.reports.seal import certificate, seal
from app.reports.verifying import verify_record
from tests.app.reports.stories import (
    BOTH,
    ENGLISH,
    by,
    checklist,
    record,
    sealed,
    verified,
)
from tests.app.reports.tools import needs_poppler, text
from tests.factories import Plan, a_workspace


def test_a_sealed_record_is_valid_and_current(signed: Plan) -> None:
    for paper in (record(signed), checklist(signed)):
        found = verified(signed, sealed(signed, paper))

        assert found.valid
        assert found.current
        assert (found.signer, found.known_person) == ("Mara Lind", signed.team.ids["mara"])
        assert found.digest == found.present_digest == paper.digest


@needs_poppler
@pytest.mark.parametrize("languages", [ENGLISH, ("zh",), BOTH])
def test_other_programs_read_text_and_seal(signed: Plan, tmp_path: Path, languages: Sequence[str]) -> None:
    pdf = sealed(signed, record(signed, languages))
    said = text(pdf, tmp_path)
    path = tmp_path / "record.pdf"
    path.write_bytes(pdf)
    verdict = subprocess.run(
        ["pdfsig", str(path)], capture_output=True, check=False, timeout=60
    ).stdout.decode()

    assert "Signature is Valid" in verdict
    assert "Total document signed" in verdict
    assert ("Gate approval record" in said) == ("en" in languages)
    assert ("关口批准记录" in said) == ("zh" in languages)
    assert "第一个文件被截断" in said
    assert "Jun Sato" in said


@needs_poppler
def test_one_changed_byte_is_invalid_for_all(signed: Plan, tmp_path: Path) -> None:
    pdf = sealed(signed, record(signed))
    at = len(pdf) // 2
    changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    path = tmp_path / "record.pdf"
    path.write_bytes(changed)
    verdict = subprocess.run(
        ["pdfsig", str(path)], capture_output=True, check=False, timeout=60
    ).stdout.decode()

    assert "Signature is Valid" not in verdict
    assert not verified(signed, changed).valid


@pytest.mark.slow
def test_no_changed_byte_is_ever_valid(signed: Plan) -> None:
    pdf = sealed(signed, record(signed))
    step = max(1, len(pdf) // 150)
    for at in range(0, len(pdf), step):
        changed = pdf[:at] + bytes([pdf[at] ^ 0x20]) + pdf[at + 1 :]
        assert not verified(signed, changed).valid, at


def test_the_seal_of_a_stranger_is_not_valid_whatever_name_it_bears(signed: Plan) -> None:
    paper = record(signed)
    with pytest.raises(Refused):
        signed.team.workspace.read(
            print_record,
            paper,
            Issuer(ec.generate_private_key(ec.SECP256R1()), "Mara Lind"),
            datetime.now(UTC),
        )
    pdf, _warnings = signed.team.workspace.read(print_record, paper, None, datetime.now(UTC))
    stranger = ec.generate_private_key(ec.SECP256R1())
    forged = seal(
        pdf,
        stranger,
        certificate(stranger, "Mara Lind", 1, datetime.now(UTC)),
        reason="",
        when=datetime.now(UTC),
    )
    found = verified(signed, forged)

    assert not found.valid
    assert (found.signer, found.known_person) == ("", None)
    assert "does not know" in found.reasons[0]


def test_a_record_of_another_workspace_is_not_valid_here(signed: Plan, tmp_path: Path) -> None:
    other = a_workspace(tmp_path / "other")
    try:
        assert not other.read(verify_record, sealed(signed, record(signed))).valid
    finally:
        other.close()


def test_without_an_issuer_the_paper_says_that_it_is_not_sealed(signed: Plan) -> None:
    pdf, warnings = signed.team.workspace.read(print_record, record(signed), None, datetime.now(UTC))

    assert "not sealed" in warnings[0]
    assert not verified(signed, pdf).valid


def test_a_changed_content_leaves_the_seal_valid_and_names_the_revision(signed: Plan) -> None:
    paper = record(signed)
    gate, steps = sealed(signed, paper), sealed(signed, checklist(signed))
    signed.team.run("ann", runs.tick, signed.run, signed.checks["rows"], CheckOutcome.PASS, value="1201")
    found = verified(signed, gate)

    assert found.valid
    assert not found.current
    assert "The gate “Ready to go” has changed since: the paper shows content " in found.reasons[0]
    assert paper.digest[:4].upper() in found.reasons[0]
    assert found.present_digest[:4].upper() in found.reasons[0]
    assert found.changes[0].startswith("1.2 Export the stock, measured value: 1199 → 1201, by Ann Weiss")
    assert "closed now" in " ".join(found.reasons)
    assert "The checklist of “Warehouse cutover”" in verified(signed, steps).reasons[0]


def test_reasons_come_in_the_reader_s_language(signed: Plan) -> None:
    pdf = sealed(signed, record(signed))
    signed.team.run("mara", gates.set_criterion, signed.criterion, {"text": "No incident at all"})
    set_language("zh")

    assert "关口" in verified(signed, pdf).reasons[0]


def test_evidence_added_later_keeps_a_record_current(signed: Plan) -> None:
    pdf = sealed(signed, record(signed))
    freeze = signed.tasks["Freeze the code"]
    signed.team.run("ann", runs.attach_file, signed.run, freeze, bytes(32), 3, "late.png")

    assert verified(signed, pdf).current


def test_a_withdrawal_makes_a_record_outdated(signed: Plan) -> None:
    paper = record(signed)
    pdf = sealed(signed, paper)
    statement = bytes.fromhex(by(paper, "Jun Sato").id)
    signed.team.run("jun", signing.withdraw, signed.team.signers["jun"], statement)
    found = verified(signed, pdf)

    assert found.valid
    assert not found.current
    assert "The signature of Jun Sato was withdrawn since." in found.reasons


def test_a_record_of_a_project_that_is_not_here_cannot_be_compared(signed: Plan) -> None:
    paper = record(signed)
    moved = replace(paper, binding={**paper.binding, "project": bytes(16).hex()})
    found = verified(signed, sealed(signed, moved))

    assert found.valid
    assert not found.current
    assert "cannot be compared" in found.reasons[0]


def test_a_record_that_knows_more_than_this_workspace_cannot_be_compared(signed: Plan) -> None:
    paper = record(signed)
    project = signed.project.hex()
    ahead = replace(paper, binding={**paper.binding, "frontier": (f"{project}:{'ab' * 16}:3",)})
    found = verified(signed, sealed(signed, ahead))

    assert found.valid
    assert not found.current
    assert "3 changes" in found.reasons[0]


def test_a_sealed_file_of_another_kind_is_no_record(signed: Plan) -> None:
    paper = record(signed)
    odd = replace(paper, binding={**paper.binding, "frontier": ("nonsense",)})

    assert not verified(signed, sealed(signed, odd)).valid
