"""A document as a page for people: self-contained HTML, made of what was read and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from edi.attachments.cda.codes import DOCUMENTS
from edi.attachments.cda.values import Document

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1d232b}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:#59636e}dd{margin:0}
table{border-collapse:collapse;margin:.5rem 0}th,td{border:1px solid #c9d1d9;padding:.2rem .6rem;text-align:left}
.silent{color:#59636e}.error{color:#a40e26}.warning{color:#7d4e00}
"""


def rendering(document: Document) -> str:
    """The page: findings, header, sections, and what is known of a file inside. It shows PHI."""
    return "".join(_page(document))


def _page(document: Document) -> Iterator[str]:
    known = DOCUMENTS.get(document.code)
    title = escape(document.title or (known.meaning if known else "Clinical document"))
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body>\n<h1>{title}</h1>\n"
    for finding in document.findings:
        yield f'<p class="{finding.severity}">{escape(finding.message)} {escape(finding.fix)}</p>\n'
    yield "<dl>"
    for label, value in (*_kind(document), *document.header, *_signature(document), *_file(document)):
        yield f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>\n"
    yield "</dl>\n"
    for section in document.sections:
        silent = ' class="silent"' if section.null_flavor else ""
        yield f"<section{silent}><h2>{escape(section.title)}</h2>{section.html}</section>\n"
    yield "</body></html>\n"


def _kind(document: Document) -> Iterator[tuple[str, str]]:
    if document.code:
        known = DOCUMENTS.get(document.code)
        yield "Kind", f"{known.meaning} (LOINC {document.code})" if known else f"LOINC {document.code}"


def _signature(document: Document) -> Iterator[tuple[str, str]]:
    if signer := document.signer:
        yield (
            "Electronic signature",
            f"fits the document; by {signer.subject}, certificate of {signer.issuer}",
        )
        yield "Certificate", f"SHA-256 {signer.fingerprint}, valid {signer.valid_from} to {signer.valid_to}"


def _file(document: Document) -> Iterator[tuple[str, str]]:
    if body := document.body:
        yield (
            "File inside",
            f"{body.media_type or 'of no stated type'}, {body.size} octets, SHA-256 {body.sha256}",
        )
