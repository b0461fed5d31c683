"""A narrative block of a clinical document as HTML."""

from __future__ import annotations

from lxml import etree

from edi.attachments.cda.markup import HL7, Parsed
from edi.pages import render

_SAME = frozenset(("br", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "sub", "sup"))
_TAGS = {"paragraph": "p", "item": "li", "caption": "p", "footnote": "small"}
_STYLES = {"bold": "strong", "italics": "em", "underline": "u"}
_SPANS = ("colspan", "rowspan")
_WIDEST = 100


def block_html(text: Parsed) -> str:
    """The inside of a section's `text` as HTML."""
    return render("narrative.html", block=text, tag_of=_tag, spans_of=_spans)


def _tag(element: Parsed) -> str:
    """The HTML element for an element of a narrative block; "" for one that is not known."""
    qualified = etree.QName(element)
    name = qualified.localname
    if qualified.namespace != HL7:
        return ""
    if name == "list":
        return "ol" if element.get("listType") == "ordered" else "ul"
    if name == "content":
        styles = element.get("styleCode", "").lower().split()
        return next((_STYLES[style] for style in styles if style in _STYLES), "")
    if name == "caption" and element.getparent().tag == f"{{{HL7}}}table":
        return "caption"
    return name if name in _SAME else _TAGS.get(name, "")


def _spans(element: Parsed) -> dict[str, int]:
    found = ((name, element.get(name, "")) for name in _SPANS)
    return {
        name: int(value)
        for name, value in found
        if value.isascii() and value.isdigit() and 0 < len(value) <= 3 and 0 < int(value) <= _WIDEST
    }
