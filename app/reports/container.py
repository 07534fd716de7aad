"""The signature inside a seal (CMS, RFC 5652): one fixed form, so that no byte of it can vary unnoticed."""

import hashlib
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_ECDSA = ec.ECDSA(hashes.SHA256())


def sign(digest: bytes, private_key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Any:
    """A detached signature over the digest of a file, with the certificate bound in as PAdES asks."""
    from asn1crypto import x509 as asn1_x509

    der = certificate.public_bytes(serialization.Encoding.DER)
    attributes = _attributes(digest, der)
    signature = private_key.sign(attributes.dump(), _ECDSA)
    return _container(asn1_x509.Certificate.load(der), attributes, signature)


def _attributes(digest: bytes, certificate_der: bytes) -> Any:
    from asn1crypto import cms, tsp

    bound = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate_der).digest()})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [bound]})]}
            ),
        ]
    )


def _container(certificate: Any, attributes: Any, signature: bytes) -> Any:
    from asn1crypto import algos, cms

    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    issued = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": issued}),
            "digest_algorithm": sha256,
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": signature,
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms((sha256,)),
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": data})


class Signed:
    """A container read back; malformed ones raise whatever their reader raises."""

    def __init__(self, container: bytes) -> None:
        from asn1crypto import cms

        data = cms.ContentInfo.load(container)["content"]
        self._certificate = data["certificates"][0].chosen
        self._signature: bytes = data["signer_infos"][0]["signature"].native
        self.certificate_der: bytes = self._certificate.dump()
        self.certificate = x509.load_der_x509_certificate(self.certificate_der)

    def exact(self, digest: bytes) -> bytes:
        """The only container that this certificate, this signature and this digest make."""
        attributes = _attributes(digest, self.certificate_der)
        return bytes(_container(self._certificate, attributes, self._signature).dump())

    def holds(self, digest: bytes) -> bool:
        """Whether the key of the certificate signed this digest and this certificate."""
        key = self.certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            return False
        try:
            key.verify(self._signature, _attributes(digest, self.certificate_der).dump(), _ECDSA)
        except InvalidSignature:
            return False
        return True
