"""Elements of a CDA document, one call each. Texts of the record come in as they are: what XML cannot hold is a space."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

HL7: Final = "urn:hl7-org:v3"
SDTC: Final = "urn:hl7-org:sdtc"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
TYPE: Final = f"{{{XSI}}}type"

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_HL7: Final = f"{{{HL7}}}"

_NAMES: Final[Any] = {None: HL7, "sdtc": SDTC, "xsi": XSI}

Element = Any
"""An lxml element."""


def legible(text: str) -> str:
    """A text without the characters that XML cannot hold, and without blanks around it."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _UNFIT.sub(" ", text).strip()


def root(tag: str) -> Element:
    """A new document's outermost element."""
    return etree.Element(_IN_HL7 + tag, nsmap=_NAMES)


def child(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    """A new last child of `parent`."""
    fit = {name: legible(value) for name, value in attributes.items()}
    element = etree.SubElement(parent, _IN_HL7 + tag, fit)
    if text:
        element.text = legible(text)
    return element


def template(parent: Element, oid: str, extension: str = "") -> None:
    """The claim to be made after a template; one with an extension claims its R1.1 ancestor too, as R2.1 demands."""
    child(parent, "templateId", root=oid)
    if extension:
        child(parent, "templateId", root=oid, extension=extension)


def identifier(parent: Element, tag: str, value: tuple[str, str]) -> None:
    """An instance identifier: root and extension."""
    child(parent, tag, root=value[0], extension=value[1])


def day(iso: str) -> str:
    """An ISO date as HL7 writes it."""
    return iso.replace("-", "")


def period(parent: Element, days: list[str]) -> None:
    """An effectiveTime from the first to the last of ISO dates; unknown where there are none."""
    time = child(parent, "effectiveTime")
    if days:
        child(time, "low", value=day(min(days)))
        child(time, "high", value=day(max(days)))
    else:
        child(time, "low", nullFlavor="UNK")
        child(time, "high", nullFlavor="UNK")


def serialized(document: Element) -> bytes:
    """The document as it is sent: UTF-8, with its declaration."""
    data: bytes = etree.tostring(document, encoding="UTF-8", xml_declaration=True)
    return data
