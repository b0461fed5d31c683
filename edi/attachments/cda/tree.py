"""Elements of a CDA document, one call each. Texts of the record come in as they are: what XML cannot hold is a space.

An element is made of text from the start, escaped: lxml takes five times as long to build and write the same document.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

HL7: Final = "urn:hl7-org:v3"
SDTC: Final = "urn:hl7-org:sdtc"

_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_NAMES: Final = f' xmlns="{HL7}" xmlns:sdtc="{SDTC}" xmlns:xsi="{_XSI}"'
_DECLARATION: Final = "<?xml version='1.0' encoding='UTF-8'?>\n"
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Parsed = Any
"""An element of a document that lxml has read."""


class Element:
    """An element that is being built: its attributes as they will be written, and what is inside, which is escaped text
    and elements that may still grow."""

    __slots__ = ("attributes", "inside", "tag")

    def __init__(self, tag: str, attributes: str) -> None:
        self.tag = tag
        self.attributes = attributes
        self.inside: list[str | Element] = []

    def __str__(self) -> str:
        if not self.inside:
            return f"<{self.tag}{self.attributes}/>"
        return f"<{self.tag}{self.attributes}>{''.join(map(str, self.inside))}</{self.tag}>"


class Section(Element):
    """A section that is being built, with its narrative block at hand."""

    __slots__ = ("text",)

    text: Element


def section(parent: Element) -> Section:
    """A new section of the body; its `text` is set when its place has come."""
    made = Section("section", "")
    parent.inside.append(made)
    return made


def legible(text: str) -> str:
    """A text without the characters that XML cannot hold, and without blanks around it."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _UNFIT.sub(" ", text).strip()


def root(tag: str) -> Element:
    """A new document's outermost element."""
    return Element(tag, _NAMES)


def child(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    """A new last child of `parent`."""
    element = Element(tag, "".join([_attribute(name, value) for name, value in attributes.items()]))
    if text:
        element.inside.append(_escaped(legible(text)))
    parent.inside.append(element)
    return element


def words(parent: Element, text: str) -> None:
    """More text at the end of `parent`, legible already."""
    parent.inside.append(_escaped(text))


def typed(element: Element, name: str) -> None:
    """Say which of HL7's data types the value in an element has."""
    element.attributes += f' xsi:type="{name}"'


def unknown(element: Element) -> None:
    """Say of an element that there is no information for it."""
    element.attributes += ' nullFlavor="NI"'


@lru_cache(maxsize=64)
def _template(oid: str, extension: str) -> str:
    claim = f"<templateId{_attribute('root', oid)}"
    return f"{claim}/>" + (f"{claim}{_attribute('extension', extension)}/>" if extension else "")


def template(parent: Element, oid: str, extension: str = "") -> None:
    """The claim to be made after a template; one with an extension claims its R1.1 ancestor too, as R2.1 demands."""
    parent.inside.append(_template(oid, extension))


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
    return f"{_DECLARATION}{document}".encode()


def _attribute(name: str, value: str) -> str:
    fit = _escaped(legible(value))
    if (
        '"' in fit or not fit.isprintable()
    ):  # a reader makes a blank of a line break that is none by its number
        fit = fit.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f' {name}="{fit}"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
