"""Blanks and line breaks where X12 has none: taken out, and told where they begin.

Nothing may stand between a terminator and the next segment but a line break, and no line break within a segment. Files made
by hand, mailed or printed have more: indented segments, blanks at the ends of lines or beside separators, lines cut at 80
characters, a line break in place of a terminator. What was meant is plain in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from edi.guide.standard import SEGMENTS
from edi.x12.delimiters import Delimiters

BREAKS = "\r\n"
_BLANKS = " \t"


class Flaw(Enum):
    """What is wrong with the layout."""

    AROUND_SEGMENT = 1
    AROUND_ELEMENT = 2
    BREAK_WITHIN = 3
    BREAK_AS_END = 4


class LayoutFault(NamedTuple):
    """A flaw, the place of the first segment that has it in its list, and that segment as it stands in the file."""

    flaw: Flaw
    place: int
    raw: str


def is_tidy(text: str, delimiters: Delimiters, begin: int, ends: int) -> bool:
    """Whether a piece of text cannot have a flaw; blanks before the index `begin` are those of an ISA. `ends` counts its terminators with
    the line break after them."""
    element, component, _, terminator, line_break = delimiters
    if (
        text[:1] in _BLANKS
        or "\t" in text
        or f"{terminator}{line_break} " in text
        or f" {terminator}" in text
    ):
        return False
    for separator in (element, component):
        if text.find(f" {separator}", begin) >= 0 or text.find(f"{separator} ", begin) >= 0:
            return False
    own = text.count(terminator) if terminator in BREAKS else 0
    return text.count("\n") + text.count("\r") == ends * len(line_break) + own


def tidied(pieces: list[str], delimiters: Delimiters) -> tuple[list[str], list[LayoutFault]]:
    """Pieces between terminators as the segments that were meant, and each flaw once, where it is first."""
    made: list[str] = []
    found: dict[Flaw, LayoutFault] = {}
    for piece in pieces:
        for segment, flaws in _segments(piece, delimiters):
            for flaw in flaws:
                found.setdefault(flaw, LayoutFault(flaw, len(made), piece.strip(BREAKS)))
            made.append(segment)
    return made, [*found.values()]


def _segments(piece: str, delimiters: Delimiters) -> Iterator[tuple[str, list[Flaw]]]:
    """The segments in one piece: more than one where terminators are lost."""
    first, *lines = re.split(r"\r\n?|\n", piece.strip(_BLANKS + BREAKS))
    own_line = bool(delimiters.line_break) or delimiters.terminator in BREAKS
    wide = piece.strip(BREAKS) != piece.strip(_BLANKS + BREAKS)
    mixed = delimiters.terminator == "\n" and piece.endswith("\r")
    flaws = [Flaw.AROUND_SEGMENT] * wide + [Flaw.BREAK_AS_END] * mixed
    segment = first
    for line in lines:
        if own_line and _begins_segment(line.lstrip(_BLANKS), delimiters.element):
            yield _without_blanks(segment, [*flaws, Flaw.BREAK_AS_END], delimiters)
            segment, flaws = line, [Flaw.AROUND_SEGMENT] * (line[:1] in _BLANKS)
        else:
            segment += line
            flaws.append(Flaw.BREAK_WITHIN)
    yield _without_blanks(segment, flaws, delimiters)


def _begins_segment(line: str, element: str) -> bool:
    name, separator, _ = line.partition(element)
    return bool(separator) and name in SEGMENTS


def _without_blanks(segment: str, flaws: list[Flaw], delimiters: Delimiters) -> tuple[str, list[Flaw]]:
    """A segment without the blanks around it and beside its separators; those of an ISA belong to it."""
    if segment.startswith("ISA"):
        return segment.strip(_BLANKS), flaws
    stripped = segment.strip(_BLANKS)
    plain = _beside(delimiters).sub("", stripped)
    if plain != stripped:
        flaws = [*flaws, Flaw.AROUND_ELEMENT]
    return (plain if plain == segment else plain.rstrip(delimiters.element)), flaws


@lru_cache(maxsize=8)
def _beside(delimiters: Delimiters) -> re.Pattern[str]:
    """Blanks beside a separator."""
    separator = "[" + re.escape(delimiters.element + delimiters.component + delimiters.repetition) + "]"
    return re.compile(rf"[{_BLANKS}]+(?={separator})|(?<={separator})[{_BLANKS}]+")
