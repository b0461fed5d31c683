"""The markup of a CDA document: elements, attributes and escaped text.

A document is text from the start, each piece in the shape that it will have. Texts of the record come in as they are; they
are escaped where they are put in, and what XML cannot hold is a space.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

HL7: Final = "urn:hl7-org:v3"
SDTC: Final = "urn:hl7-org:sdtc"

START: Final = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    f'<ClinicalDocument xmlns="{HL7}" xmlns:sdtc="{SDTC}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
END: Final = "</ClinicalDocument>"
"""The beginning and the end of every document, which is sent in UTF-8."""

R20: Final = "2014-06-09"
R21: Final = "2015-08-01"
"""Extensions of templates: the releases of C-CDA that they are from."""

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Parsed = Any
"""An element of a document that lxml has read."""


def legible(raw: str) -> str:
    """A text without the characters that XML cannot hold, and without blanks around it."""
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    return _UNFIT.sub(" ", raw).strip()


def escaped(clean: str) -> str:
    """A legible text as it stands in an element."""
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def text(raw: str) -> str:
    """A text of the record as it stands in an element."""
    if raw.isascii() and raw.isprintable() and not ("&" in raw or "<" in raw or ">" in raw):
        return raw.strip()  # nearly every text, in half the time
    return escaped(legible(raw))


def lines(raw: str) -> str:
    """A text of the record as it stands in a paragraph, where its lines stay lines."""
    if len(raw.splitlines()) == 1:
        return text(raw)
    first, *more = legible(raw).splitlines() or [""]
    return "<br/>".join([escaped(first), *map(text, more)])


def quoted(raw: str) -> str:
    """A text of the record as it stands between the quotes of an attribute, where a reader makes a blank of a line break
    that is none by its number."""
    clean = text(raw)
    if clean.isprintable() and '"' not in clean:
        return clean
    return clean.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def element(tag: str, raw: str | None) -> str:
    """An element that holds a text of the record; "" when nothing is said in it."""
    clean = text(raw) if raw else ""
    return f"<{tag}>{clean}</{tag}>" if clean else ""


@lru_cache(maxsize=64)
def template(oid: str, extension: str = "") -> str:
    """The statement that a template is followed; with an extension also that its R1.1 ancestor is, as R2.1 demands."""
    claim = f'<templateId root="{oid}"'
    return f'{claim}/>{claim} extension="{extension}"/>' if extension else f"{claim}/>"


def identifier(tag: str, value: tuple[str, str]) -> str:
    """An instance identifier: root, an OID, and extension."""
    return f'<{tag} root="{value[0]}" extension="{quoted(value[1])}"/>'


def day(iso: str) -> str:
    """An ISO date as HL7 writes it."""
    return quoted(iso.replace("-", ""))
