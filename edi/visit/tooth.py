"""Teeth as a record writes them: loosely written designations, lists and ranges."""

from __future__ import annotations

import re

from edi.guide.teeth import KINDS

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
