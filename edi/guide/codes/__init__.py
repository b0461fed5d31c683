"""Meanings of codes, in our own few words: once for each data element, and only of codes that a guide here uses.

In the tables `# 98` heads the codes of data element 98. Where one element's codes mean different things in different
places, the guide's own name of the element heads the list instead of the number.
"""

from __future__ import annotations

from edi.guide.codes import acknowledgment, attachment, claim, envelope, request
from edi.guide.shape import ElementUse


def read(*tables: str) -> dict[str, dict[str, str]]:
    """Meanings by element and code. Raises ValueError when a code of an element stands in the tables twice."""
    meanings: dict[str, dict[str, str]] = {}
    for line in "".join(tables).strip().splitlines():
        code, _, meaning = line.partition(" ")
        if code == "#":
            codes = meanings.setdefault(meaning, {})
        elif code in codes:
            raise ValueError(f"code {code} ({meaning}) stands twice under one element")
        elif code:
            codes[code] = meaning
    return meanings


MEANINGS: dict[str, dict[str, str]] = read(
    envelope.TABLE, claim.TABLE, acknowledgment.TABLE, attachment.TABLE, request.TABLE
)


def meanings_of(use: ElementUse) -> dict[str, str]:
    """Meanings of the codes that may stand here: those under the element's own name, else under its number."""
    return MEANINGS.get(use.name) or MEANINGS.get(use.number, {})
