"""The reader of C-CDA documents: facts, the file inside, findings, and whether a signature fits.

Nothing is fetched, no DTD or entity is read, and libxml2's limits stay on. The document is read once, in chunks; the file
inside it is passed on as it comes, so that memory stays flat. What is too large or too many to be a clinical record is a
finding.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, BinaryIO

from lxml import etree

from edi.attachments.cda.facts import document_of
from edi.attachments.cda.faults import fault
from edi.attachments.cda.markup import HL7, Parsed
from edi.attachments.cda.payload import Payload
from edi.attachments.cda.sign import LARGEST, is_signed, verified
from edi.attachments.cda.values import Body, Document
from edi.finding import Finding
from edi.visit.markup_fault import markup_fault

_PIECE = 1 << 16
_MOST_ELEMENTS = 200_000
_MOST_TEXT = 16 << 20
_DEEPEST = 100
_TEXT = f"{{{HL7}}}text"
_BODY = f"{{{HL7}}}nonXMLBody"
_NOTHING = Document("", "", ("", ""), ("", ""), "", (), (), None, (), None, ())


def read_document(source: BinaryIO, payload: BinaryIO | None = None) -> Document:
    """The document in a stream; the octets of the file inside it go to `payload`.

    Never raises for what the stream holds: that is a finding (`edi.attachments.cda.faults`). OSError when reading or
    writing fails.
    """
    builder = _Builder(payload)
    target: Any = builder
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False)
    kept: list[bytes] | None = []
    size = 0
    try:
        while piece := source.read(_PIECE):
            size += len(piece)
            if size > LARGEST:
                kept = None
            elif kept is not None:
                kept.append(piece)
            parser.feed(piece)
        root: Parsed = parser.close()
    except _Refused as refused:
        return _NOTHING._replace(findings=(*builder.findings, refused.finding))
    except etree.XMLSyntaxError:
        line, why = markup_fault(parser.feed_error_log)
        found = fault("CDA-XML", f"The document is not well-formed XML: line {line}, {why}.")
        return _NOTHING._replace(body=builder.body, findings=(*builder.findings, found))
    if root.tag != f"{{{HL7}}}ClinicalDocument":
        found = fault(
            "CDA-ROOT", "The document's outermost element is not a ClinicalDocument of HL7 version 3."
        )
        return _NOTHING._replace(findings=(found,))
    document = document_of(root, builder.body, builder.findings)
    return _with_signer(document, root, None if kept is None else b"".join(kept))


def _with_signer(document: Document, root: Parsed, data: bytes | None) -> Document:
    if not is_signed(root):
        return document
    signer, found = verified(data, root)
    return document._replace(
        signer=signer, findings=(*document.findings, found) if found else document.findings
    )


class _Refused(Exception):  # noqa: N818 - it ends the parsing, and is no error of ours
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class _Builder:
    """A parser's target: a tree of all but the text in nonXMLBody, which goes to the payload."""

    def __init__(self, sink: BinaryIO | None) -> None:
        self.body: Body | None = None
        self.findings: list[Finding] = []
        self._sink = sink
        self._tree: Any = etree.TreeBuilder()
        self._path: list[str] = []
        self._payload: Payload | None = None
        self._inside = 0
        self._reference = ""
        self._elements = 0
        self._text = 0

    def doctype(self, *_: str | None) -> None:
        raise _Refused(fault("CDA-DOCTYPE", "The document has a DOCTYPE, which is not read."))

    def start(self, tag: str, attributes: dict[str, str], nsmap: dict[str, str]) -> None:
        self._elements += 1
        self._grow(len(tag) + sum(map(len, chain(attributes, attributes.values(), nsmap.values()))))
        if self._payload is not None:
            self._inside += 1
            self._reference = self._reference or attributes.get("value", "")
        elif tag == _TEXT and self._path[-1:] == [_BODY] and self.body is None:
            self._payload = Payload(
                self._sink,
                attributes.get("mediaType", ""),
                base64=attributes.get("representation") == "B64",
            )
        self._path.append(tag)
        try:
            self._tree.start(tag, attributes, {prefix or None: uri for prefix, uri in nsmap.items()})
        except ValueError:  # libxml2 tells of a name such as ":title" only when the text ends
            raise _Refused(fault("CDA-XML", "The document has an element whose name is no name.")) from None

    def end(self, tag: str) -> None:
        self._path.pop()
        self._tree.end(tag)
        if self._inside:
            self._inside -= 1
        elif self._payload is not None:
            self.body = self._payload.close(self._reference)
            self.findings += self._payload.findings
            self._payload = None

    def data(self, text: str) -> None:
        if self._payload is not None:
            if not self._inside:
                self._payload.feed(text)
            return
        self._grow(len(text))
        self._tree.data(text)

    def close(self) -> Parsed:
        """The tree. The parser calls this also after a fault, and then raises the fault."""
        try:
            return self._tree.close()
        except etree.XMLSyntaxError:
            return None

    def _grow(self, length: int) -> None:
        self._text += length
        if self._elements > _MOST_ELEMENTS or self._text > _MOST_TEXT or len(self._path) >= _DEEPEST:
            raise _Refused(
                fault(
                    "CDA-SIZE",
                    f"The document has more than {_MOST_ELEMENTS} elements, elements more than {_DEEPEST} deep, or "
                    f"more than {_MOST_TEXT >> 20} MB of names and text outside a file; it was not read further.",
                )
            )
