"""Tooth designations of the Universal/National system, as a claim writes them.

Permanent 1-32, primary A-T, supernumerary permanent 51-82 (tooth + 50), supernumerary primary AS-TS
(letter + S). Facts: OAC 317:30-5-703 and ResDAC's tooth number list.
"""

from __future__ import annotations

import re
from typing import Literal

ToothKind = Literal["permanent", "primary", "supernumerary", "supernumerary-primary"]

_LETTERS = "ABCDEFGHIJKLMNOPQRST"
KINDS: dict[str, ToothKind] = {
    **{str(number): "permanent" for number in range(1, 33)},
    **dict.fromkeys(_LETTERS, "primary"),
    **{str(number): "supernumerary" for number in range(51, 83)},
    **{letter + "S": "supernumerary-primary" for letter in _LETTERS},
}
"""Every designation that may stand on a claim, and its kind."""

THIRD_MOLARS = frozenset(("1", "16", "17", "32"))

_SEPARATORS = re.compile(r"[\s,;/&+]+|\band\b", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,2})-(\d{1,2})")


def plain_tooth(text: str) -> str | None:
    """The designation that a loosely written one means ("#09" -> "9", "as" -> "AS"), or None."""
    bare = text.strip().lstrip("#").strip().upper().lstrip("0")
    return bare if bare in KINDS else None


def teeth_named(text: str) -> tuple[str, ...]:
    """The teeth that a film's or a test's tooth field names: "9", "8, 9", "7-10", "8 and 9"."""
    if text in KINDS:
        return (text,)
    teeth: list[str] = []
    for part in _SEPARATORS.split(text):
        if span := _RANGE.fullmatch(part):
            teeth += (str(n) for n in range(int(span[1]), int(span[2]) + 1) if str(n) in KINDS)
        elif tooth := plain_tooth(part):
            teeth.append(tooth)
    return tuple(teeth)
