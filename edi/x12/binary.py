"""Binary segments (BIN, BDS): their octets, of any value, are found in the text, counted, and replaced by a stand-in.

The octets go to an opener's payload as they are read; the segment goes on with one word in their place. The word
says that they are as many as the segment states, or what is wrong. It has letters and digits only, so that it is
never taken for structure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from edi.guide.standard import BINARY
from edi.x12.delimiters import Delimiters
from edi.x12.source import CHUNK, Source

WHOLE = "OCTETS"
"""The stand-in for octets that are as many as stated."""

DESCRIBED = "OCTETSX"
"""Begins the stand-in for as many octets as stated, with a description in hexadecimal digits after it."""

COUNTED = "OCTETS0"
"""Begins the stand-in for octets that were `COUNTED<n>`, which is not what the segment states."""

CUT = "OCTETSCUT"
"""The stand-in for octets that end with the file."""

LOST = "OCTETSLOST"
"""The stand-in for octets of which the segment states too many: the segments after them were taken for octets."""

_SAID = {CUT: "cut off", LOST: "not read"}
_LONGEST_HEAD = 80  # characters before the octets: BDS*B64*<15 digits>* and room for what is wrong
_NEAR = CHUNK  # so many octets are looked at as a whole, so that a lie about their number loses nothing
_WINDOW = 1 << 9  # where small payloads follow each other, the next one's head is nearer than that
_DIGITS = re.compile(r"[0-9]{1,15}")
_LONGEST_START = 8  # characters in which a terminator and the begin of the next segment stand


class Payload(Protocol):
    """Takes the octets of one segment."""

    def take(self, octets: bytes) -> None:
        """The next octets."""

    def end(self, *, whole: bool) -> str:
        """All octets have come, or (not `whole`) their stated number was wrong and they are to be dropped. "", or the
        stand-in that says what is wrong with them."""


Opener = Callable[[str], Payload]
"""Makes the payload that takes one segment's octets, from what stands before them ("BDS*B64*1336")."""


class _Unread:
    """Drops the octets."""

    def take(self, octets: bytes) -> None:
        pass

    def end(self, *, whole: bool) -> str:
        return ""


def unread(_head: str) -> Payload:
    """An `Opener` that drops the octets."""
    return _Unread()


def without_stand_in(segment: str, delimiters: Delimiters) -> str:
    """A segment as it may be shown: where it has a stand-in for octets, their number in its place ("BIN*8*(8 bytes)")."""
    name, _, rest = segment.partition(delimiters.element)
    if name not in BINARY or WHOLE not in rest:
        return segment
    *fields, word = segment.split(delimiters.element)
    if not word.startswith(WHOLE):
        return segment
    count = word.removeprefix(COUNTED) if word.startswith(COUNTED) else fields[-1]
    return delimiters.element.join((*fields, f"({_SAID.get(word) or f'{count} bytes'})"))


def first_binary(text: str, delimiters: Delimiters, at_start: Callable[[str, int, Delimiters], bool]) -> int:
    """Where the first binary segment of `text` begins; -1 when there is none. `at_start` tells whether a segment
    begins at an index."""
    tags = [name + delimiters.element for name in BINARY]
    # By growing windows: else each small payload would cost a look at all of the text for a tag that is not in it.
    begin, end = 0, _WINDOW
    while begin < len(text):
        first = -1
        for tag in tags:
            here = text.find(tag, begin, end + len(tag) - 1)
            while here >= 0 and not at_start(text, here, delimiters):
                here = text.find(tag, here + 1, end + len(tag) - 1)
            if here >= 0:
                first = end = here  # the other tag matters before this one only
        if first >= 0:
            return first
        begin, end = end, 3 * end
    return -1


def take_binary(source: Source, delimiters: Delimiters, at: int, opener: Opener) -> tuple[str, bool]:
    """Take the binary segment that begins at an index of the source's text, with what stands before it and with its terminator:
    the segment with a stand-in for its octets, and whether the file can be read on after it."""
    text = source.text
    place = BINARY[text[at : text.index(delimiters.element, at)]]
    while len(text) < at + _LONGEST_HEAD and text.find(delimiters.terminator, at) < 0 and source.more():
        text = source.text
    fields = text[at : at + _LONGEST_HEAD].split(delimiters.element, place)
    head = delimiters.element.join(fields[:place])
    if len(fields) <= place or delimiters.terminator in head:
        source.text = text[at:]
        return _plain(source, delimiters)
    begin, word, on = at + len(head) + 1, WHOLE, True
    if not _DIGITS.fullmatch(fields[place - 1]):
        source.text = text[begin:]
        _, on = _counted(source, delimiters, 0)  # what is wrong with the number, the guide says
    else:
        word, on = _octets(source, delimiters, begin, int(fields[place - 1]), opener, head)
    return f"{head}{delimiters.element}{word}" if word else head, on


def _plain(source: Source, delimiters: Delimiters) -> tuple[str, bool]:
    """A segment without octets, or one that is cut off."""
    while (end := source.text.find(delimiters.terminator)) < 0 and len(source.text) < _NEAR and source.more():
        pass
    cut = end if end >= 0 else len(source.text)
    segment, source.text = source.text[:cut], source.text[cut + 1 :]
    return segment, end >= 0


def _octets(
    source: Source, delimiters: Delimiters, begin: int, stated: int, opener: Opener, head: str
) -> tuple[str, bool]:
    """The stand-in for so many octets from an index of the source's text on, which are taken with what stands before them and the
    terminator after them."""
    while len(source.text) - begin <= min(stated, _NEAR) and source.more():
        pass
    text, end = source.text, begin + stated
    if end < len(text) and text[end] == delimiters.terminator:
        source.text = text[end + 1 :]  # once for all of it: each cut copies what is left
        if not stated:
            return "", True  # no octets: the element is empty
        payload = opener(head)
        payload.take(text[begin:end].encode("latin-1"))
        return payload.end(whole=True) or WHOLE, True
    source.text = text[begin:]
    if end < len(text) or source.done:
        count, on = _counted(source, delimiters, 0)
        return (f"{COUNTED}{count}", True) if on else (CUT, False)
    return _streamed(source, delimiters, stated, opener(head))


def _streamed(source: Source, delimiters: Delimiters, stated: int, payload: Payload) -> tuple[str, bool]:
    """As `_octets`, of more than are looked at as a whole: they are handed on before their end is known."""
    left, passed, before = stated, False, b""
    while left and (piece := source.octets(left)):
        payload.take(piece)
        left -= len(piece)
        passed = passed or _ends_in(before + piece, delimiters)
        before = piece[-_LONGEST_START:]
    if not source.text:
        source.more()
    if not left and source.text[:1] == delimiters.terminator:
        source.text = source.text[1:]
        return payload.end(whole=True) or WHOLE, True
    payload.end(whole=False)
    if passed:
        return LOST, False
    count, on = (0, False) if left else _counted(source, delimiters, stated)
    return (f"{COUNTED}{count}", True) if on else (CUT, False)


def _ends_in(octets: bytes, delimiters: Delimiters) -> bool:
    """Whether a segment seems to end and another to begin among octets."""
    terminator = delimiters.terminator.encode("latin-1")
    return terminator in octets and bool(_segment_end(delimiters).search(octets.decode("latin-1")))


def _counted(source: Source, delimiters: Delimiters, count: int) -> tuple[int, bool]:
    """Drop text until a segment ends and another begins: how many octets that were, `count` before them, and whether
    there was such an end before that of the file."""
    end = _segment_end(delimiters)
    while not (found := end.search(source.text)):
        if source.done:
            count, source.text = count + len(source.text), ""
            return count, False
        keep = max(len(source.text) - _LONGEST_START, 0)
        count, source.text = count + keep, source.text[keep:]
        source.more()
    source.text = source.text[found.end() :]
    return count + found.start(), True


@lru_cache(maxsize=8)
def _segment_end(delimiters: Delimiters) -> re.Pattern[str]:
    """A terminator after which a segment begins."""
    element, terminator = re.escape(delimiters.element), re.escape(delimiters.terminator)
    return re.compile(rf"{terminator}(?=[\r\n]{{0,2}}[A-Z][A-Z0-9]{{1,2}}(?:{element}|{terminator}))")
