"""Narrative blocks: the part of a section that a person reads.

Labels, heads and names of tables are the writer's own words, in which there is nothing to escape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from edi.attachments.cda.markup import lines, text


def paragraph(raw: str | None, label: str = "") -> str:
    """A paragraph, after its label if it has one; "" when it is blank. Lines of a text stay lines."""
    told = lines(raw) if raw else ""
    if label and told:
        return f'<paragraph><content styleCode="Bold">{label}:</content> {told}</paragraph>'
    return f"<paragraph>{told}</paragraph>" if told else ""


def items(raws: Sequence[str]) -> str:
    """A list of the texts that are not blank; "" when there are none."""
    listed = "".join([f"<item>{clean}</item>" for raw in raws if (clean := text(raw))])
    return f"<list>{listed}</list>" if listed else ""


def table(columns: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]], name: str = "") -> str:
    """A table without its empty columns; "" without rows. A column is its head, and the key of its
    texts in the rows. With a `name`, row n has the ID name-n, to be referred to."""
    if not rows:
        return ""
    heads, keys = "", []
    for head, key in columns:
        for row in rows:
            if row.get(key):
                heads += f"<th>{head}</th>"
                keys.append(key)
                break
    body = ""
    for number, row in enumerate(rows, start=1):
        body += f'<tr ID="{name}-{number}">' if name else "<tr>"
        for key in keys:
            raw = row.get(key)
            body += f"<td>{text(raw)}</td>" if raw else "<td/>"
        body += "</tr>"
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
