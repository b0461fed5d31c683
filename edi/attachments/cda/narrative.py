"""Narrative blocks: what a person reads of a section. Each function fills a section's `text` element."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from edi.attachments.cda.tree import Element, child, legible, words

SILENT = "No information in the record."


def said(*labelled: tuple[str, str | None]) -> list[tuple[str, str]]:
    """Those of label and text pairs in which something is said."""
    return [(label, text) for label, raw in labelled if raw and (text := legible(raw))]


def paragraphs(text: Element, labelled: Iterable[tuple[str, str]]) -> None:
    """A paragraph for each label and text; "" is no label. Lines of a text stay lines."""
    for label, told in labelled:
        paragraph = child(text, "paragraph")
        first, *more = told.splitlines()
        if label:
            child(paragraph, "content", f"{label}:", styleCode="Bold")
            first = " " + first
        words(paragraph, first)
        for line in more:
            child(paragraph, "br")
            words(paragraph, legible(line))


def items(text: Element, lines: Sequence[str]) -> None:
    """A list."""
    listed = child(text, "list")
    for line in lines:
        child(listed, "item", line)


def table(text: Element, heads: Sequence[str], rows: Sequence[Sequence[str]], name: str = "") -> None:
    """A table without the columns in which nothing is said. With a `name`, row n has the ID name-n, to be referred to."""
    filled = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    whole = child(text, "table")
    head = child(child(whole, "thead"), "tr")
    for place in filled:
        child(head, "th", heads[place])
    body = child(whole, "tbody")
    for number, row in enumerate(rows, start=1):
        line = child(body, "tr", **({"ID": f"{name}-{number}"} if name else {}))
        for place in filled:
            child(line, "td", row[place])
