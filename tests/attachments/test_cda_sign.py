"""Electronic signatures: what is signed is verified, and whatever is changed after that is found."""

from __future__ import annotations

import datetime
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from cda_maker import NS, STAMP, enclosed, example, note, official_of, tree
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from edi.attachments.cda import LARGEST, Document, SigningKey, read_document, signing_key
from edi.errors import SettingsError

SUBJECT = "CN=Ingrid Solberg,O=North Shore Pediatric Dentistry LLC"
MAKERS = {
    "rsa": lambda: rsa.generate_private_key(65_537, 2_048),
    "curve": lambda: ec.generate_private_key(ec.SECP256R1()),
    "edwards": ed25519.Ed25519PrivateKey.generate,
}


def files(folder: Path, kind: str, year: int = 2026) -> tuple[Path, Path]:
    """A key of one kind and its own certificate, valid for one year, as PEM files."""
    key: Any = MAKERS[kind]()
    name = x509.Name.from_rfc4514_string(SUBJECT)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(datetime.datetime(year, 1, 1))
        .not_valid_after(datetime.datetime(year, 12, 31))
        .sign(key, None if kind == "edwards" else hashes.SHA256())
    )
    paths = folder / f"{kind}{year}.key", folder / f"{kind}{year}.crt"
    paths[0].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    paths[1].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return paths


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module", params=["rsa", "curve"])
def key(request: pytest.FixtureRequest, folder: Path) -> SigningKey:
    return signing_key(*files(folder, request.param))


def read(document: bytes) -> Document:
    return read_document(io.BytesIO(document))


def rules(document: bytes) -> list[str]:
    return [each.rule for each in read(document).findings]


def test_a_signature_is_verified_and_names_its_signer(key: SigningKey) -> None:
    for document in (note(example(), key=key), enclosed(example(), b"a film", key=key)):
        found = read(document)
        assert found.findings == ()
        assert found.signer
        assert (found.signer.subject, found.signer.issuer) == (SUBJECT, SUBJECT)
        assert (found.signer.valid_from, found.signer.valid_to) == ("2026-01-01", "2026-12-31")
        assert found.signer.fingerprint == key.certificates[0].fingerprint(hashes.SHA256()).hex()


def test_a_signature_changes_nothing_else(key: SigningKey) -> None:
    root = tree(note(example(), key=key))
    text = root.find("c:legalAuthenticator/sdtc:signatureText", NS)
    assert text.getprevious().tag == f"{{{NS['c']}}}signatureCode"
    text.getparent().remove(text)
    assert etree.tostring(root, method="c14n") == etree.tostring(tree(note(example())), method="c14n")


def test_a_signed_document_passes_hl7s_checks(key: SigningKey, shared: Path) -> None:
    official = official_of(shared)
    assert official.violations(note(example(), key=key)) == []
    assert official.violations(enclosed(example(), b"a film", key=key)) == []


def test_an_rsa_signature_can_be_repeated(folder: Path) -> None:
    key = signing_key(*files(folder, "rsa"))
    assert note(example(), key=key) == note(example(), key=key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hanna", b"Hanne"),
        (b'value="20170302"', b'value="20170303"'),
        (b"<title>", b"<title>A "),
        (b'code="S"/>', b'code="X"/>'),
        (b"<component>", b"<component >\n"),
        (b"</ClinicalDocument>", b"<component/></ClinicalDocument>"),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>AAAA"),
        (b"<ds:DigestValue>", b"<ds:DigestValue>AAAA"),
        (b"<ds:X509Certificate>", b"<ds:X509Certificate>AAAA"),
        (b'URI=""', b'URI="#procedure-1"'),
        (b"rsa-sha256", b"hmac-sha256"),
        (b"<ds:SignedInfo>", b"<ds:SignedInfo><ds:Reference/>"),
    ],
)
def test_what_is_changed_after_signing_is_found(folder: Path, old: bytes, new: bytes) -> None:
    key = signing_key(*files(folder, "rsa"))
    document = note(example(), key=key)
    assert old in document
    changed = document.replace(old, new, 1)
    found = read(changed)
    assert [each.rule for each in found.findings if each.severity == "error"] == ["CDA-SIGNATURE"]
    assert found.signer is None


def test_a_changed_film_is_found(key: SigningKey) -> None:
    document = enclosed(example(), b"a film", key=key)
    assert rules(document.replace(b"YSBmaWxt", b"YSBmaWxu")) == ["CDA-SIGNATURE"]


def test_a_signature_moved_elsewhere_or_doubled_is_found(key: SigningKey) -> None:
    for change in ("move", "double"):
        root = tree(note(example(), key=key))
        signature = root.find(".//ds:Signature", NS)
        copy = etree.fromstring(etree.tostring(signature))
        root.find("c:custodian", NS).append(copy)
        if change == "move":
            signature.getparent().remove(signature)
        assert rules(etree.tostring(root)) == ["CDA-SIGNATURE"]


def test_a_signature_of_another_form_is_not_called_verified() -> None:
    root = tree(note(example()))
    code = root.find("c:legalAuthenticator/c:signatureCode", NS)
    text = etree.Element(f"{{{NS['sdtc']}}}signatureText", mediaType="text/xml", representation="B64")
    text.text = "PFNpZ25hdHVyZS8+"
    code.addnext(text)
    assert rules(etree.tostring(root)) == ["CDA-SIGNATURE-UNVERIFIED"]


def test_the_signer_is_the_first_of_a_chain(folder: Path) -> None:
    pem, certificate = files(folder, "rsa")
    _, issuer = files(folder, "curve")
    both = folder / "chain.crt"
    both.write_bytes(certificate.read_bytes() + issuer.read_bytes())
    key = signing_key(pem, both)
    found = read(note(example(), key=key)).signer
    assert found
    assert found.fingerprint == key.certificates[0].fingerprint(hashes.SHA256()).hex()


def test_a_certificate_must_be_valid_on_the_day_of_signing(folder: Path) -> None:
    key = signing_key(*files(folder, "rsa", 2020))
    assert rules(note(example(), key=key)) == ["CDA-SIGNATURE"]
    signed_then = note(example(), stamp=STAMP._replace(as_of="2020-06-01"), key=key)
    assert read(signed_then).signer


def test_a_large_film_travels_unsigned(key: SigningKey) -> None:
    octets = bytes(LARGEST // 4 * 3)
    assert enclosed(example(), octets, key=key) == enclosed(example(), octets)


@pytest.mark.parametrize("size", [0, 5, LARGEST // 4 * 3 - 10_000])
def test_a_film_is_signed(key: SigningKey, size: int) -> None:
    assert read(enclosed(example(), bytes(size), key=key)).signer


def test_a_document_too_large_to_be_verified_is_not_called_verified(key: SigningKey) -> None:
    document = enclosed(example(), b"a film", key=key)
    larger = document.replace(b"YSBmaWxt", b"YSBm" * (LARGEST // 4))
    found = read(larger)
    assert [each.rule for each in found.findings] == ["CDA-SIGNATURE-UNVERIFIED"]
    assert found.signer is None


def test_without_signxml_nothing_is_called_verified(key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> None:
    document = note(example(), key=key)
    for name in [name for name in sys.modules if name.partition(".")[0] == "signxml"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "signxml", None)
    assert rules(document) == ["CDA-SIGNATURE-UNVERIFIED"]
    with pytest.raises(SettingsError, match="needs signxml"):
        signing_key(Path("a"), Path("b"))


def test_keys_that_cannot_sign_are_refused(folder: Path) -> None:
    key, certificate = files(folder, "rsa")
    other_key, other_certificate = files(folder, "curve")
    edwards = files(folder, "edwards")
    locked = folder / "locked.key"
    locked.write_bytes(
        MAKERS["curve"]().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    for pair, message in (
        ((folder / "none.key", certificate), "cannot be read"),
        ((certificate, certificate), "holds no private key"),
        ((locked, other_certificate), "without a password"),
        ((key, key), "holds no certificate"),
        ((other_key, certificate), "not the certificate of the key"),
        (edwards, "RSA or an elliptic curve"),
    ):
        with pytest.raises(SettingsError, match=message):
            signing_key(*pair)


def test_the_subject_is_as_the_certificate_has_it(key: SigningKey) -> None:
    (name,) = key.certificates[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "Ingrid Solberg"
