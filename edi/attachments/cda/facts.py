"""The facts in a parsed document: for people, and for matching it to a claim."""

from __future__ import annotations

from collections.abc import Iterator

from edi.attachments.cda.block import block_html
from edi.attachments.cda.faults import fault
from edi.attachments.cda.header import US_REALM
from edi.attachments.cda.markup import HL7, R21, Parsed
from edi.attachments.cda.values import MEDIA_TYPES, Body, Document, Section
from edi.finding import Finding

_NS = {"c": HL7}
_DEMANDED = ("id", "code", "effectiveTime", "recordTarget", "author", "custodian", "legalAuthenticator")
_PEOPLE = (
    ("Author", "c:author/c:assignedAuthor", "c:assignedPerson"),
    ("Authenticated by", "c:legalAuthenticator/c:assignedEntity", "c:assignedPerson"),
    ("Performed by", "c:documentationOf/c:serviceEvent/c:performer/c:assignedEntity", "c:assignedPerson"),
)


def document_of(root: Parsed, body: Body | None, findings: list[Finding]) -> Document:
    """The facts of a ClinicalDocument; `body` and `findings` are already known."""
    sections = tuple(_sections(root))
    found = [*findings, *_lacking(root), *_body_faults(root, body, bool(findings))]
    return Document(
        code=_attribute(root, "c:code", "code"),
        title=_text(root, "c:title"),
        id=_identifier(root, "c:id"),
        set_id=_identifier(root, "c:setId"),
        version=_attribute(root, "c:versionNumber", "value"),
        templates=tuple(
            ":".join(filter(None, (each.get("root"), each.get("extension"))))
            for each in root.iterfind("c:templateId", _NS)
        ),
        header=tuple(_header(root)),
        body=body,
        sections=sections,
        signer=None,
        findings=tuple(found),
    )


def _lacking(root: Parsed) -> Iterator[Finding]:
    if not any(
        (each.get("root"), each.get("extension")) == (US_REALM, R21)
        for each in root.iterfind("c:templateId", _NS)
    ):
        yield fault("CDA-TEMPLATE", "The document does not claim the US Realm header of C-CDA R2.1.")
    for tag in _DEMANDED:
        if root.find(f"c:{tag}", _NS) is None:
            yield fault("CDA-HEADER", f"The document's header has no {tag}.")


def _body_faults(root: Parsed, body: Body | None, is_spoilt: bool) -> Iterator[Finding]:
    if root.find("c:component/c:structuredBody", _NS) is not None:
        return
    if body is None:
        yield fault("CDA-BODY", "The document has no body: neither sections nor a file.")
        return
    text = root.find("c:component/c:nonXMLBody/c:text", _NS)
    if body.reference:
        yield fault("CDA-BODY", "The document's file is not inside it; where it lies is not looked at.")
    elif not body.size and not is_spoilt:
        yield fault("CDA-BODY", "The file inside the document is empty.")
    elif text.get("representation") != "B64" or not body.media_type:
        yield fault("CDA-BODY", "The file inside the document is not in base64, or has no media type.")
    if body.media_type and body.media_type not in MEDIA_TYPES:
        yield fault("CDA-MEDIA-TYPE", "The file inside the document is of a type that C-CDA does not list.")
    if text.get("compression"):
        yield fault("CDA-COMPRESSED", "The file inside the document is compressed.")


def _sections(root: Parsed) -> Iterator[Section]:
    for section in root.iterfind("c:component/c:structuredBody//c:section", _NS):
        text = section.find("c:text", _NS)
        yield Section(
            _attribute(section, "c:code", "code"),
            _text(section, "c:title"),
            section.get("nullFlavor", ""),
            "" if text is None else block_html(text),
        )


def _header(root: Parsed) -> Iterator[tuple[str, str]]:
    role = root.find("c:recordTarget/c:patientRole", _NS)
    if role is not None:
        yield from _said(
            ("Patient", _name(role.find("c:patient", _NS))),
            ("Born", _day(_attribute(role, "c:patient/c:birthTime", "value"))),
            ("Sex", _attribute(role, "c:patient/c:administrativeGenderCode", "code")),
            ("Address", _address(role.find("c:addr", _NS))),
        )
    event = "c:documentationOf/c:serviceEvent/c:effectiveTime/c:"
    first, last = (_day(_attribute(root, event + end, "value")) for end in ("low", "high"))
    yield from _said(("Service", first if last in ("", first) else f"{first} to {last}"))
    for label, path, person in _PEOPLE:
        entity = root.find(path, _NS)
        if entity is not None:
            yield from _said((label, _name(entity.find(person, _NS)) or _organization(entity)))
    keeper = root.find("c:custodian/c:assignedCustodian/c:representedCustodianOrganization", _NS)
    if keeper is not None:
        yield from _said(("Kept by", _text(keeper, "c:name")), ("At", _address(keeper.find("c:addr", _NS))))
    yield from _said(
        ("Written", _day(_attribute(root, "c:effectiveTime", "value"))),
        ("Document", " ".join(filter(None, _identifier(root, "c:id")))),
        ("Version", _attribute(root, "c:versionNumber", "value")),
        ("Replaces", " ".join(filter(None, _identifier(root, "c:relatedDocument/c:parentDocument/c:id")))),
    )


def _said(*pairs: tuple[str, str]) -> Iterator[tuple[str, str]]:
    return (pair for pair in pairs if pair[1])


def _name(person: Parsed | None) -> str:
    name = None if person is None else person.find("c:name", _NS)
    return "" if name is None else _words(name)


def _organization(entity: Parsed) -> str:
    return _text(entity, "c:representedOrganization/c:name")


def _address(address: Parsed | None) -> str:
    return "" if address is None else ", ".join(filter(None, map(_words, address)))


def _words(element: Parsed) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _text(parent: Parsed, path: str) -> str:
    found = parent.find(path, _NS)
    return "" if found is None else _words(found)


def _attribute(parent: Parsed, path: str, name: str) -> str:
    found = parent.find(path, _NS)
    return "" if found is None else str(found.get(name, ""))


def _identifier(parent: Parsed, path: str) -> tuple[str, str]:
    return _attribute(parent, path, "root"), _attribute(parent, path, "extension")


def _day(time: str) -> str:
    """An HL7 time as an ISO date; unchanged when it is shorter than a date."""
    return f"{time[:4]}-{time[4:6]}-{time[6:8]}" if len(time) >= 8 and time[:8].isdigit() else time
