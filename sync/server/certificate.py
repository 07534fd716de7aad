"""A server's own TLS certificate, for rooms and offices without a certificate authority: clients pin its fingerprint."""

import datetime as dt
import hashlib
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app import platform

FILE = "tls.pem"
_YEARS_10 = dt.timedelta(days=3650)


def own_certificate(folder: Path, host: str, now_ms: int) -> tuple[Path, str]:
    """The file with key and certificate (made at the first call), and the certificate's fingerprint in hexadecimal."""
    path = folder / FILE
    if not path.exists():
        platform.write_private(path, _made(host, dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC)))
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return path, fingerprint(certificate.public_bytes(Encoding.DER))


def fingerprint(der: bytes) -> str:
    """What a client compares: SHA-256 of the certificate."""
    return hashlib.sha256(der).hexdigest()


def _made(host: str, now: dt.datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "launchbook")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + _YEARS_10)
        .add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret + certificate.public_bytes(Encoding.PEM)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
