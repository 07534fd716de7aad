"""Signatures of two kinds: a device's Ed25519 and a person's P-256, each with its algorithm in the first byte."""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.codec import sha256

ED25519: Final = 1
P256: Final = 2


def sign_as_device(key: Ed25519PrivateKey, message: bytes) -> bytes:
    """65 bytes: algorithm, signature (RFC 8032)."""
    return bytes([ED25519]) + key.sign(message)


def sign_as_person(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """65 bytes: algorithm, r and s of 32 bytes each (FIPS 186-5, P-256 with SHA-256; the nonce by RFC 6979)."""
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True)))
    return bytes([P256]) + r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature holds; `public` is 32 bytes (Ed25519) or 33 (P-256, compressed). Never raises."""
    try:
        if len(signature) != 65:
            return False
        if signature[0] == ED25519 and len(public) == 32:
            Ed25519PublicKey.from_public_bytes(public).verify(signature[1:], message)
            return True
        if signature[0] == P256 and len(public) == 33:
            r, s = int.from_bytes(signature[1:33], "big"), int.from_bytes(signature[33:], "big")
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
            key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
            return True
    except (InvalidSignature, ValueError):
        return False
    return False


def public_bytes(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """The public half: 32 bytes raw Ed25519, or 33 bytes compressed P-256 point."""
    if isinstance(key, Ed25519PrivateKey):
        return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def key_id(public: bytes) -> bytes:
    """What names a key in statements and on paper: 16 bytes of its SHA-256."""
    return sha256(public)[:16]
