"""Bytes to segments: any number of interchanges, any legal delimiters, any size, in flat memory.

Text is decoded as Latin-1, one character a byte, so that lengths and a rewritten file are exact; what is
not an X12 character is the validator's to report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from edi.errors import InputError
from edi.x12.binary import Opener, first_binary, take_binary, unread
from edi.x12.delimiters import DECLARED_WITHIN, Delimiters, declared
from edi.x12.layout import BREAKS, Flaw, LayoutFault, is_tidy, tidied
from edi.x12.source import Source

LONGEST = 1 << 16  # characters kept of a segment; no guide has one of a tenth of that
_BLANK = "\ufeff\r\n\t \x1a"
_MARK = "\xef\xbb\xbf"


Taken = tuple[list[str], list[LayoutFault]]


class Batch(NamedTuple):
    """Some consecutive segments without their terminators. `begins` is true when the first is an ISA; `cut` when the
    file ended within the last one, which is then all that came of it, or cannot be read on after it. Octets of any
    value are not among them: a stand-in says how many there were (`edi.x12.binary`). `layout` are the blanks and line
    breaks that were taken out, each kind where it first stands in the interchange."""

    delimiters: Delimiters
    segments: list[str]
    begins: bool
    cut: bool = False
    layout: Sequence[LayoutFault] = ()


def read_batches(stream: BinaryIO, name: str, opener: Opener = unread) -> Iterator[Batch]:
    """The segments of every interchange in `stream`; what stands between interchanges comes as segments too.
    `opener` gets the octets of binary segments, as they are read.

    Raises InputError when the file does not begin as X12; `name` is how its message calls it."""
    source = Source(stream)
    known: Delimiters | None = None
    while True:
        skipped, delimiters = _begin(source, known)
        if delimiters is None:
            if known is None:
                raise InputError(_not_x12(name, source.text))
            if skipped:
                yield Batch(known, skipped, begins=False)
            return
        if known and skipped:
            yield Batch(known, skipped, begins=False)
        known = delimiters
        yield from _interchange(source, delimiters, opener)


def _begin(source: Source, known: Delimiters | None) -> tuple[list[str], Delimiters | None]:
    """Find the next ISA: what stands before it, and its delimiters. Without one, all is skipped; the first ISA of a
    file is where the file begins."""
    skipped: list[str] = []
    while True:
        while len(source.text) < DECLARED_WITHIN and source.more():
            pass
        source.text = source.text.removeprefix(_MARK).lstrip(_BLANK)
        if len(source.text) < DECLARED_WITHIN and not source.done:
            continue
        delimiters = declared(source.text)
        if delimiters or known is None or not source.text:
            return skipped, delimiters
        # What the interchanges around it have no place for: one piece of it is enough to say so.
        cut = source.text.find("ISA", 1)
        cut = cut if cut >= 0 else max(len(source.text) - 2, 1) if not source.done else len(source.text)
        skipped = skipped or [source.text[:cut].split(known.terminator, 1)[0][:LONGEST]]
        source.text = source.text[cut:]


def _interchange(source: Source, delimiters: Delimiters, opener: Opener) -> Iterator[Batch]:
    """The segments from ISA to IEA, or to the next ISA, or to the end of the file."""
    begins = True
    told: set[Flaw] = set()
    while True:
        if Flaw.BREAK_WITHIN in told and not _has_lines(delimiters):
            source.join_lines()
        binary = first_binary(source.text, delimiters, _at_start)
        text = source.text if binary < 0 else source.text[:binary]
        taken, rest, ended = _take(text, delimiters, fresh=begins)
        if binary < 0 or ended:
            source.text = rest if binary < 0 else rest + source.text[binary:]
        segments, layout = taken
        if segments:
            yield Batch(
                delimiters, segments, begins, layout=[each for each in layout if each.flaw not in told]
            )
            told.update(each.flaw for each in layout)
            begins = False
        if ended:
            return
        if binary >= 0:  # all before it has been taken
            segment, goes_on = take_binary(source, delimiters, binary, opener)
            yield Batch(delimiters, [segment[:LONGEST]], begins, cut=not goes_on)
            if goes_on:
                continue
            source.abandon()
            return
        if source.done:
            rest = source.text.strip(_BLANK)
            source.text = ""
            if rest:
                yield Batch(delimiters, [rest[:LONGEST]], begins, cut=True)
            return
        if len(source.text) > LONGEST:
            source.text = source.text[:LONGEST]
        source.more()


def _take(text: str, delimiters: Delimiters, *, fresh: bool) -> tuple[Taken, str, bool]:
    """Split off the whole segments, as far as the interchange goes; the rest; whether the interchange is over."""
    end = _after(text, "IEA", delimiters)
    other = text.find("ISA" + delimiters.element, 1 if fresh else 0)
    while other > 0 and not _at_start(text, other, delimiters):
        other = text.find("ISA" + delimiters.element, other + 1)
    if other >= 0 and (end is None or other < end):
        return _segments(text[:other], delimiters, fresh=fresh), text[other:], True
    if end is not None:
        return _segments(text[:end], delimiters, fresh=fresh), text[end:], True
    cut = text.rfind(delimiters.terminator) + 1
    if delimiters.line_break and text.startswith(delimiters.line_break, cut):
        cut += len(delimiters.line_break)
    return _segments(text[:cut], delimiters, fresh=fresh), text[cut:].lstrip("\r\n"), False


def _after(text: str, name: str, delimiters: Delimiters) -> int | None:
    """The index after the first whole segment called `name`; None when there is none."""
    found = text.find(name)
    while found >= 0:
        after = text[found + len(name) : found + len(name) + 1]
        if after in (delimiters.element, delimiters.terminator) and _at_start(text, found, delimiters):
            end = text.find(delimiters.terminator, found)
            if end >= 0:
                return end + 1
        found = text.find(name, found + 1)
    return None


def _at_start(text: str, index: int, delimiters: Delimiters) -> bool:
    """Whether a segment begins at an index."""
    while index and text[index - 1] in "\r\n \t" and text[index - 1] != delimiters.terminator:
        index -= 1
    return not index or text[index - 1] == delimiters.terminator


def _has_lines(delimiters: Delimiters) -> bool:
    """Whether each segment stands on a line of its own."""
    return bool(delimiters.line_break) or delimiters.terminator in BREAKS


def _segments(text: str, delimiters: Delimiters, *, fresh: bool) -> Taken:
    separator = delimiters.terminator + delimiters.line_break
    text = text.lstrip(BREAKS) if text[:1] in BREAKS else text
    ends = text.count(separator)
    regular = bool(delimiters.line_break) and text.count(delimiters.terminator) == ends
    segments = text.split(separator if regular else delimiters.terminator)
    if not segments[-1].strip(_BLANK):
        segments.pop()
    if not is_tidy(text, delimiters, text.find(delimiters.terminator) if fresh else 0, ends):
        return tidied(segments, delimiters)
    return segments if regular else [segment.lstrip(BREAKS) for segment in segments], []


def _not_x12(name: str, text: str) -> str:
    if not text:
        return f"{name} is empty: an X12 file begins with an ISA segment."
    if "I\x00S\x00A" in text[:200]:
        return f"{name} is UTF-16 text: save it as plain ASCII or UTF-8, an X12 file begins with the letters ISA."
    return f"{name} is not an X12 file: it does not begin with a whole ISA segment."
