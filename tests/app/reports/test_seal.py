"""A seal holds for every byte, says so to other programs, and breaks at the smallest change."""

import io
import random
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from app.errors import Invalid, VerifyError
from app.reports import approval
from app.reports.seal import certificate, check_seal, seal
from tests.app.reports import examples
from tests.app.reports.tools import needs_poppler, printed

KEY = ec.derive_private_key(20260307, ec.SECP256R1())
NOW = datetime(2026, 3, 7, 2, 41, tzinfo=UTC)
NAME = "张三 Release Manager"


def a_certificate(key: ec.EllipticCurvePrivateKey = KEY) -> Certificate:
    return certificate(key, NAME, 4711, NOW)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    pdf = printed(approval.REPORT, examples.a_gate())
    return seal(pdf, KEY, a_certificate(), reason="上线 Go", when=NOW)


def passes(pdf: bytes) -> bool:
    try:
        found = check_seal(pdf)
    except VerifyError:
        return False
    return found.valid and found.covers_whole_file


def signature_verdict(pdf: bytes, folder: Path) -> str:
    path = folder / "sealed.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdfsig", str(path)], capture_output=True, check=False, timeout=60).stdout.decode()


def test_a_seal_says_who_when_and_why(sealed: bytes) -> None:
    found = check_seal(sealed)

    assert found.valid
    assert found.covers_whole_file
    assert (found.signer, found.signed_at, found.reason) == (NAME, NOW, "上线 Go")
    assert found.certificate_der == a_certificate().public_bytes(Encoding.DER)
    assert found.binding["statements"] == [item.id for item in examples.COUNTING]


@needs_poppler
def test_another_program_finds_the_seal_valid(sealed: bytes, tmp_path: Path) -> None:
    said = signature_verdict(sealed, tmp_path)

    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    assert NAME in said


@needs_poppler
def test_one_changed_byte_breaks_the_seal_for_both(sealed: bytes, tmp_path: Path) -> None:
    at = len(sealed) // 3
    changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]

    assert "Signature is Valid" not in signature_verdict(changed, tmp_path)
    assert not passes(changed)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["anywhere", "container", "tail"])
def test_no_changed_byte_ever_passes(sealed: bytes, place: str) -> None:
    """In the signature container above all: it is the one part that the digest leaves out."""
    chance = random.Random(place)
    start = sealed.index(b"/Contents <") + len("/Contents ")
    low, high = {
        "anywhere": (0, len(sealed)),
        "container": (start, start + 8194),
        "tail": (len(sealed) - 700, len(sealed)),
    }[place]
    for _ in range(100):
        at = chance.randrange(low, high)
        changed = bytearray(sealed)
        changed[at] = chance.choice([value for value in range(256) if value != changed[at]])
        assert not passes(bytes(changed)), at


def test_letters_of_the_container_in_another_case_do_not_pass(sealed: bytes) -> None:
    """The same signature written differently is still a changed file."""
    start = sealed.index(b"/Contents <") + len("/Contents <")
    at = next(at for at in range(start, start + 400) if sealed[at : at + 1].isalpha())
    changed = sealed[:at] + sealed[at : at + 1].swapcase() + sealed[at + 1 :]

    assert not passes(changed)


def test_an_appended_revision_does_not_pass(sealed: bytes) -> None:
    writer = PdfWriter(io.BytesIO(sealed), incremental=True)
    writer.add_metadata({"/Title": "Another title"})
    out = io.BytesIO()
    writer.write(out)

    assert out.getvalue().startswith(sealed)
    assert not passes(out.getvalue())
    assert not passes(sealed + b"\n% a remark")


def test_a_second_seal_does_not_hide_that_the_first_no_longer_covers_the_file(sealed: bytes) -> None:
    stranger = ec.derive_private_key(666, ec.SECP256R1())
    writer = PdfWriter(io.BytesIO(sealed), incremental=True)
    writer.add_metadata({"/Title": "Another title"})
    out = io.BytesIO()
    writer.write(out)
    renamed = out.getvalue().replace(b"LaunchbookSeal", b"LaunchbookSea1")
    try:
        resealed = seal(renamed, stranger, a_certificate(stranger), reason="", when=NOW)
    except Exception:  # noqa: BLE001 - refusing to seal a sealed file is as good
        return

    assert not passes(resealed)


def test_a_key_of_another_person_shows_in_the_certificate() -> None:
    stranger = ec.derive_private_key(666, ec.SECP256R1())
    pdf = printed(approval.REPORT, examples.a_gate())
    found = check_seal(seal(pdf, stranger, a_certificate(stranger), reason="", when=NOW))

    assert found.signer == NAME
    assert found.certificate_der != a_certificate().public_bytes(Encoding.DER)


def test_a_certificate_that_does_not_fit_the_key_is_no_seal() -> None:
    stranger = ec.derive_private_key(666, ec.SECP256R1())
    pdf = printed(approval.REPORT, examples.a_gate())

    assert not passes(seal(pdf, stranger, a_certificate(), reason="", when=NOW))


def test_an_unsealed_paper_is_refused() -> None:
    with pytest.raises(VerifyError, match="no seal"):
        check_seal(printed(approval.REPORT, examples.a_gate()))


@given(st.binary(max_size=200))
def test_hostile_bytes_raise_one_error(data: bytes) -> None:
    for pdf in (data, b"%PDF-1.7\n" + data + b"\nstartxref\n0\n%%EOF"):
        with pytest.raises(VerifyError):
            check_seal(pdf)


@settings(deadline=None, max_examples=60)
@given(cut=st.integers(0, 60_000), junk=st.binary(max_size=40))
def test_a_torn_file_is_refused_or_does_not_pass(sealed: bytes, cut: int, junk: bytes) -> None:
    torn = sealed[:cut] + junk

    assert torn == sealed or not passes(torn)


def test_the_same_certificate_for_the_same_person() -> None:
    assert a_certificate() == a_certificate()
    assert a_certificate().not_valid_after_utc.year == 2036


def test_a_certificate_needs_a_name_and_the_right_curve() -> None:
    with pytest.raises(Invalid):
        certificate(KEY, " \n", 1, NOW)
    with pytest.raises(Invalid):
        certificate(ec.derive_private_key(5, ec.SECP384R1()), NAME, 1, NOW)


def test_a_long_name_is_cut_to_what_certificates_allow() -> None:
    assert certificate(KEY, "名" * 100, 1, NOW).subject.rfc4514_string() == "CN=" + "名" * 21


def test_the_sealed_paper_still_opens(sealed: bytes) -> None:
    assert len(PdfReader(io.BytesIO(sealed)).pages) == 2
