"""The electronic signature of a document: an enveloped XML signature of the whole of it, by the legal authenticator.

It stands as a ds:Signature in legalAuthenticator/sdtc:signatureText, where HL7 puts a document's signature (a value of
type ED, which may hold XML of another namespace). Needs signxml, the extra `sign`; nothing else here does.
"""

from __future__ import annotations

import base64
import datetime
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from edi.attachments.cda.faults import fault
from edi.attachments.cda.markup import HL7, SDTC, Parsed
from edi.attachments.cda.values import Signer
from edi.errors import SettingsError
from edi.finding import Finding
from edi.settings import read_octets

LARGEST = 9_000_000
"""Octets of the largest document that is signed or verified. Both hold it whole, several times, and libxml2 takes no
text above ten million."""

_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_NS = {"c": HL7, "sdtc": SDTC, "ds": _DSIG}
_SIGNATURE = f"{{{_DSIG}}}Signature"
_TEXT = f"{{{SDTC}}}signatureText"
_PLACE = "c:legalAuthenticator/sdtc:signatureText/ds:Signature"
_WHOLE = ""
"""The URI for the document that holds the signature."""

_METHODS = ("RSA_SHA256", "RSA_SHA384", "RSA_SHA512", "ECDSA_SHA256", "ECDSA_SHA384", "ECDSA_SHA512")


class SigningKey(NamedTuple):
    """A private key and its certificates, the signer's first (objects of `cryptography`)."""

    key: Any
    certificates: tuple[Any, ...]


def signing_key(key: Path, certificate: Path) -> SigningKey:
    """The key in a PEM file, RSA or elliptic curve and without a password, and the certificate in another.

    Raises SettingsError when signxml is not installed, a file cannot be read or holds something else, or key and
    certificate do not belong together.
    """
    try:
        import signxml  # noqa: F401 - it brings cryptography
        from cryptography import x509
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec, rsa
    except ImportError as error:
        raise SettingsError('Signing needs signxml: pip install "edi-dental[sign]".') from error
    try:
        private = serialization.load_pem_private_key(read_octets(key), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError(f"{key} holds no private key in PEM without a password.") from error
    try:
        certificates = tuple(x509.load_pem_x509_certificates(read_octets(certificate)))
    except ValueError as error:
        raise SettingsError(f"{certificate} holds no certificate in PEM.") from error
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SettingsError(f"{key} must be an RSA or an elliptic curve key.")
    if private.public_key() != certificates[0].public_key():
        raise SettingsError(f"{certificate} is not the certificate of the key in {key}.")
    return SigningKey(private, certificates)


def signed(document: bytes, key: SigningKey) -> bytes:
    """A finished document of at most LARGEST octets with the signature of its legal authenticator.

    With an RSA key the same document always gives the same bytes; an elliptic curve signs with chance in it.
    """
    from cryptography.hazmat.primitives.asymmetric import rsa
    from signxml.algorithms import (
        CanonicalizationMethod,
        DigestAlgorithm,
        SignatureConstructionMethod,
        SignatureMethod,
    )
    from signxml.signer import XMLSigner

    root = etree.fromstring(document)
    text = etree.Element(_TEXT, mediaType="text/xml")
    etree.SubElement(text, _SIGNATURE, nsmap={"ds": _DSIG}, Id="placeholder")
    code: Any = root.find("c:legalAuthenticator/c:signatureCode", _NS)
    code.addnext(text)
    is_rsa = isinstance(key.key, rsa.RSAPrivateKey)
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.RSA_SHA256 if is_rsa else SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    whole = signer.sign(root, key=key.key, cert=list(key.certificates))
    data: bytes = etree.tostring(whole, encoding="UTF-8", xml_declaration=True)
    return data


def is_signed(root: Parsed) -> bool:
    """Whether a document claims to be signed, anywhere in it."""
    return next(root.iter(_SIGNATURE, _TEXT), None) is not None


def verified(data: bytes | None, root: Parsed) -> tuple[Signer | None, Finding | None]:
    """Who signed a document that claims to be signed, or why that does not hold. `data` are its octets, None when they
    are more than LARGEST; `root` is its tree."""
    if next(root.iter(_SIGNATURE), None) is None:
        return None, _unverified("The document is signed otherwise than with an XML signature in it")
    if data is None:
        return None, _unverified(f"The document is larger than {LARGEST // 1_000_000} MB")
    try:
        from cryptography import x509
        from signxml.algorithms import SignatureMethod
        from signxml.verifier import SignatureConfiguration, XMLVerifier
    except ImportError:
        return None, _unverified("Signxml is not installed (the extra sign)")
    place = root.findall(_PLACE, _NS)
    if not place or len(list(root.iter(_SIGNATURE))) != 1 or _signs(place[0]) != [_WHOLE]:
        return None, fault(
            "CDA-SIGNATURE",
            "The document must have one signature, of its legal authenticator for the whole of it; it has another, or several.",
        )
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(_certificate(place[0])))
        XMLVerifier().verify(
            data,
            x509_cert=certificate,
            expect_config=SignatureConfiguration(
                signature_methods=frozenset(SignatureMethod[name] for name in _METHODS),
                verification_time=_signing_time(root),
            ),
        )
    except Exception:  # whatever signxml stumbles over in a hostile signature: it does not hold
        return None, fault(
            "CDA-SIGNATURE",
            "The electronic signature does not fit the document: it was changed since, or the certificate was not valid "
            "on the day of signing.",
        )
    return _signer(certificate), None


def _unverified(why: str) -> Finding:
    return fault("CDA-SIGNATURE-UNVERIFIED", f"{why}; its electronic signature was not verified.")


def _signs(signature: Parsed) -> list[str]:
    """The URIs of the references that a signature covers."""
    return [each.get("URI", "?") for each in signature.iterfind("ds:SignedInfo/ds:Reference", _NS)]


def _certificate(signature: Parsed) -> str:
    return signature.findtext("ds:KeyInfo/ds:X509Data/ds:X509Certificate", "", _NS) or ""


def _signing_time(root: Parsed) -> datetime.datetime:
    """Noon of the day on which the legal authenticator signed."""
    time = root.find("c:legalAuthenticator/c:time", _NS).get("value")
    return datetime.datetime.strptime(time[:8], "%Y%m%d").replace(hour=12, tzinfo=datetime.UTC)


def _signer(certificate: Any) -> Signer:
    from cryptography.hazmat.primitives.hashes import SHA256

    return Signer(
        certificate.subject.rfc4514_string(),
        certificate.issuer.rfc4514_string(),
        certificate.fingerprint(SHA256()).hex(),
        certificate.not_valid_before_utc.date().isoformat(),
        certificate.not_valid_after_utc.date().isoformat(),
    )
