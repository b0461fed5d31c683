"""The headings of interchanges, groups, transaction sets and loops."""

from __future__ import annotations

from edi.printable import printable
from edi.validate.trace import Level

_WORDS = {"interchange": "Interchange", "group": "Functional group", "set": "Transaction set"}


def level_heading(level: Level, *, mask: bool) -> tuple[str, str]:
    """The two parts of a heading: ("2300", "Claim 2, A100"), ("Transaction set 0001", "Dental claim, 005010X224A2")."""
    loop = level.loop
    if loop:
        name = loop.name if loop.repeat == 1 else f"{loop.name} {level.ordinal}"
        return loop.id, f"{name}, {printable(level.number)}" if level.number and not mask else name
    # With mask, a control number that is no number may be anything.
    number = printable(level.number) if level.number.isdecimal() or not mask else ""
    if level.kind == "set" and not level.name:
        return f"{_WORDS['set']} {number}".rstrip(), "no guide here reads it; names are the standard's"
    return f"{_WORDS[level.kind]} {number}".rstrip(), level.name
