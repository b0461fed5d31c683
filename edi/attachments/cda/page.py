"""A clinical document as an HTML page for people."""

from __future__ import annotations

from collections.abc import Iterator

from edi.attachments.cda.codes import DOCUMENTS
from edi.attachments.cda.values import Document
from edi.pages import render


def rendering(document: Document) -> str:
    """The page: findings, header, sections, and the facts about the file inside. It shows PHI."""
    known = DOCUMENTS.get(document.code)
    title = document.title or (known.meaning if known else "Clinical document")
    return render("document.html", title=title, document=document, facts=list(_facts(document)))


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    if document.code:
        known = DOCUMENTS.get(document.code)
        yield "Kind", f"{known.meaning} (LOINC {document.code})" if known else f"LOINC {document.code}"
    yield from document.header
    if signer := document.signer:
        yield (
            "Electronic signature",
            f"fits the document; by {signer.subject}, certificate of {signer.issuer}",
        )
        yield "Certificate", f"SHA-256 {signer.fingerprint}, valid {signer.valid_from} to {signer.valid_to}"
    if body := document.body:
        yield (
            "File inside",
            f"{body.media_type or 'of no stated type'}, {body.size} octets, SHA-256 {body.sha256}",
        )
