"""Seals a finished PDF with a person's key (PAdES) and says whether a sealed one is still what was sealed."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import Invalid, VerifyError
from app.i18n import _
from app.reports import container

FIELD = "LaunchbookSeal"
MAX_BYTES = 200_000_000
_RESERVED = 8192  # hexadecimal digits for the signature container; ours takes about 2,500
_VALID_YEARS = 10
_COMMON_NAME_LIMIT = 64  # of X.520, here in bytes
_FILE = "launchbook.json"


@dataclass(frozen=True, slots=True)
class SealCheck:
    """Trust a paper only if it is valid, covers the whole file and its certificate is one the record knows.

    Anybody can seal with a key of their own: who `signer` is, only `certificate_der` proves. Reason, time and
    binding are those that were sealed; the binding is empty unless the seal holds for the whole file.
    """

    valid: bool
    covers_whole_file: bool
    signer: str
    certificate_der: bytes
    signed_at: datetime | None
    reason: str
    binding: Mapping[str, Any]


def certificate(
    private_key: ec.EllipticCurvePrivateKey, name: str, serial: int, now: datetime
) -> x509.Certificate:
    """A self-signed certificate of a person's key; the same arguments give the same bytes."""
    if not isinstance(private_key.curve, ec.SECP256R1):
        raise Invalid(_("A seal needs a key on the curve P-256."))
    printable = "".join(filter(str.isprintable, name)).strip()
    common = printable.encode()[:_COMMON_NAME_LIMIT].decode(errors="ignore")
    if not common:
        raise Invalid(_("A seal needs the name of its person."))
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    start = now.astimezone(UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private_key.public_key())
        .serial_number(serial)
        .not_valid_before(start - timedelta(days=1))  # clocks of two laptops may differ
        .not_valid_after(start + timedelta(days=365 * _VALID_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                encipher_only=False,
                decipher_only=False,
                **usage,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private_key.public_key()), critical=False)
    )
    return builder.sign(private_key, hashes.SHA256(), ecdsa_deterministic=True)


def seal(
    pdf: bytes,
    private_key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    *,
    reason: str,
    when: datetime,
) -> bytes:
    """The PDF with an invisible signature over every byte; `when` is what the record says, not the clock here."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import cms_embedder
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    embedding = cms_embedder.PdfCMSEmbedder(new_field_spec=SigFieldSpec(FIELD)).write_cms(FIELD, writer)
    next(embedding)
    placeholder = SignatureObject(
        timestamp=when.astimezone(UTC).replace(microsecond=0),
        name=_common_name(certificate),
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        bytes_reserved=_RESERVED,
    )
    embedding.send(cms_embedder.SigObjSetup(sig_placeholder=placeholder))
    digest, out = embedding.send(cms_embedder.SigIOSetup(md_algorithm="sha256", in_place=False))
    embedding.send(container.sign(digest.document_digest, private_key, certificate))
    return bytes(out.getvalue())


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def check_seal(pdf: bytes) -> SealCheck:
    """What the first seal of the file proves. A file that cannot be read or has no seal raises VerifyError."""
    if len(pdf) > MAX_BYTES:
        raise VerifyError(_("The file is too large to be a paper of this program."))
    try:
        return _check(pdf)
    except VerifyError:
        raise
    except Exception as error:  # readers of hostile bytes fail in ways nobody can list
        raise VerifyError(_("The file is not a sealed paper, or it is damaged.")) from error


def _check(pdf: bytes) -> SealCheck:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf))
    signatures = reader.embedded_regular_signatures
    if not signatures:
        raise VerifyError(_("The file carries no seal."))
    first = signatures[0]
    start, before, after, rest = (int(number) for number in first.byte_range)
    whole = _covers(pdf, start, before, after, rest)
    signed = container.Signed(bytes(first.pkcs7_content))
    digest = hashlib.sha256(pdf[start : start + before] + pdf[after : after + rest]).digest()
    valid = signed.holds(digest) and _is_exact(pdf[start + before : after], signed.exact(digest))
    holds = valid and whole and len(signatures) == 1
    return SealCheck(
        valid=valid,
        covers_whole_file=whole and len(signatures) == 1,
        signer=_common_name(signed.certificate),
        certificate_der=signed.certificate_der,
        signed_at=first.self_reported_timestamp,
        reason=str(first.sig_object.get("/Reason", "")),
        binding=_binding(reader) if holds else {},
    )


def _covers(pdf: bytes, start: int, before: int, after: int, rest: int) -> bool:
    """Whether only the place of the signature itself is left out."""
    return start == 0 and 0 < before < after and rest > 0 and after + rest == len(pdf)


def _is_exact(gap: bytes, expected: bytes) -> bool:
    """The bytes left out of the digest hold the signature, zeros and nothing else."""
    digits = expected.hex().encode().ljust(_RESERVED, b"0")
    return gap in (b"<" + digits + b">", b"<" + digits.upper() + b">")


def _binding(reader: Any) -> Mapping[str, Any]:
    """The attached file that names project, run and statements."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    for at in range(0, len(names) - 1, 2):
        if str(names[at]) == _FILE:
            read = json.loads(names[at + 1]["/EF"]["/F"].data)
            return read if isinstance(read, dict) else {}
    return {}
