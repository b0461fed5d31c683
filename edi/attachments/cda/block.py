"""A narrative block as HTML: plain elements, every text escaped, nothing that runs, links or loads."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lxml import etree

from edi.attachments.cda.markup import HL7, Parsed

_SAME = frozenset(("table", "thead", "tbody", "tfoot", "tr", "th", "td", "sub", "sup"))
_TAGS = {"paragraph": "p", "item": "li", "caption": "p", "footnote": "small"}
_STYLES = {"bold": "strong", "italics": "em", "underline": "u"}
_SPANS = ("colspan", "rowspan")
_WIDEST = 100


def block_html(text: Parsed) -> str:
    """The inside of a section's `text` as HTML. An element that is not known gives its words alone."""
    return "".join(_inside(text))


def _inside(element: Parsed) -> Iterator[str]:
    yield escape(element.text or "")
    for each in element:
        if isinstance(each.tag, str):
            yield from _element(each)
        yield escape(each.tail or "")


def _element(element: Parsed) -> Iterator[str]:
    name = etree.QName(element)
    tag = _tag(element, name.localname) if name.namespace == HL7 else ""
    if tag == "br":
        yield "<br>"
        return
    if not tag:
        yield from _inside(element)
        return
    yield f"<{tag}{_spans(element)}>"
    yield from _inside(element)
    yield f"</{tag}>"


def _tag(element: Parsed, name: str) -> str:
    if name == "list":
        return "ol" if element.get("listType") == "ordered" else "ul"
    if name == "content":
        styles = element.get("styleCode", "").lower().split()
        return next((_STYLES[style] for style in styles if style in _STYLES), "")
    if name == "caption" and element.getparent().tag == f"{{{HL7}}}table":
        return "caption"
    return name if name in _SAME or name == "br" else _TAGS.get(name, "")


def _spans(element: Parsed) -> str:
    found = ((name, element.get(name, "")) for name in _SPANS)
    return "".join(
        f' {name}="{int(value)}"'
        for name, value in found
        if value.isascii() and value.isdigit() and 0 < len(value) <= 3 and 0 < int(value) <= _WIDEST
    )
