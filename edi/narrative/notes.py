"""The narrative as a claim carries it: at most five notes of 80 characters, the most telling facts first.

A narrative that does not fit is sent whole as an attachment, and the notes end by saying so. NTE*ADD repeats five times
in loop 2300 of the 837 Dental guide 005010X224A2; NTE02 holds 80 characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from edi.narrative.sentences import Draft, draft_sentences
from edi.visit.charset import clean_text
from edi.visit.facts import Facts

WIDTH = 80
LINES = 5
LENGTH = WIDTH * LINES
ATTACHED = "Full narrative attached."
_DECISIVE = 150
"""Characters that a single sentence may take of the notes when not all sentences fit."""
_LEAST = 24
"""Characters of a sentence after its label; with fewer it says too little to be begun."""
_LOST = 12
"""Characters that line breaks may cost of the room that is left."""


class Narrative(NamedTuple):
    """`text` is the whole; `notes` are the claim's, 0 to 5 of at most 80 characters. With `overflow` the whole must be sent as
    an attachment. All of it has only characters that a claim can carry."""

    text: str
    source: Literal["given", "generated"]
    notes: tuple[str, ...]
    overflow: bool


_NONE = Narrative("", "generated", (), False)


def narrate(facts: Facts) -> Narrative:
    """The record's own narrative, cleaned, or else one written from its facts (see `edi.narrative.compose`)."""
    given = facts.visit.get("narrative")
    if given and (text := clean_text(given)):
        return _given(text)
    told = draft_sentences(facts)
    if not told:
        return _NONE
    text = " ".join([sentence[1] for sentence in told])
    if "  " in text:
        text = " ".join(text.split())
        told = [
            (rank, " ".join(one.split()), sources, " ".join(brief.split()))
            for rank, one, sources, brief in told
        ]
    told.sort(key=_rank)
    if len(text) <= LENGTH:
        notes, fits = _pack([sentence[1] for sentence in told], 0)
        if fits:
            return Narrative(text, "generated", tuple(notes), False)
    notes, _ = _pack([sentence[3] for sentence in told], len(ATTACHED) + 1, cut=True)
    return Narrative(text, "generated", _closed(notes), True)


def _rank(sentence: Draft) -> int:
    return sentence[0]


def _given(text: str) -> Narrative:
    if len(text) <= LENGTH:
        notes, fits = _pack([text], 0)
        if fits:
            return Narrative(text, "given", tuple(notes), False)
    # Every line break may cost the length of a word; the longest start that fits is looked for from above.
    length = LENGTH - len(ATTACHED) - 1
    while True:
        notes, fits = _pack([_shorten(text, length)], len(ATTACHED) + 1)
        if fits:
            return Narrative(text, "given", _closed(notes), True)
        length -= 1


def _shorten(text: str, length: int) -> str:
    """The first words of a text, at most `length` characters with the three points that say that it goes on."""
    cut = text.rfind(" ", 0, length - 2)
    return text[: cut if cut > 0 else length - 3].rstrip(" .;,-") + "..."


def _brief(sentence: str, length: int) -> str:
    """The first whole statements of a sentence in at most `length` characters; else what stands before a comma, or
    in a larger room the first words, with three points: what follows might turn the sense. Empty when too little
    would be left."""
    start = sentence.find(" - ") + 3
    cut = sentence.rfind("; ", start, length)
    if cut > start + _LEAST:
        return sentence[:cut] + "."
    cut = sentence.rfind(". ", start, length)
    while cut > start + _LEAST:
        if sentence[cut + 2].isupper():  # else an abbreviation, as in "ca. 2 mm"
            return sentence[:cut] + "."
        cut = sentence.rfind(". ", start, cut)
    cut = sentence.rfind(", ", start, length - 2)
    if cut > start + _LEAST:
        return sentence[:cut] + "..."
    return _shorten(sentence, length) if length >= WIDTH else ""


def _closed(notes: list[str]) -> tuple[str, ...]:
    """The notes, ended by the words that the whole is attached; `_pack` has kept room for them."""
    if notes and len(notes[-1]) + 1 + len(ATTACHED) <= WIDTH:
        return (*notes[:-1], f"{notes[-1]} {ATTACHED}")
    return (*notes, ATTACHED)


def _pack(sentences: Iterable[str], reserve: int, *, cut: bool = False) -> tuple[list[str], bool]:
    """Sentences in lines cut between words, and whether all of them found room. One that does not fit is left out,
    and a shorter one after it may still come in; with `cut` its first statements are tried instead. The last
    line keeps `reserve` characters free."""
    lines: list[str] = []
    line = ""
    fits = True
    for sentence in sentences:
        if cut and len(sentence) > _DECISIVE:
            sentence = _brief(sentence, _DECISIVE)
        while sentence:
            left = LINES - len(lines)
            # What is longer than all that is left, with the blanks that line breaks spare, need not be tried.
            if len(line) + len(sentence) < left * (WIDTH + 1) - reserve:
                full, rest = _wrapped(f"{line} {sentence}" if line else sentence)
                if len(full) < left - 1 or (len(full) == left - 1 and len(rest) <= WIDTH - reserve):
                    lines += full
                    line = rest
                    break
            fits = False
            room = left * WIDTH - len(line) - reserve - _LOST
            if not cut or room >= len(sentence):
                break
            sentence = _brief(sentence, room) if room > _LEAST else ""
    if line:
        lines.append(line)
    return lines, fits


def _wrapped(text: str) -> tuple[list[str], str]:
    """Whole lines of a text, and what is left for the next one."""
    full: list[str] = []
    start, last = 0, len(text) - WIDTH
    while start < last:
        cut = text.rfind(" ", start + 1, start + WIDTH + 1)
        if cut < 0:  # one word longer than a line
            cut = start + WIDTH
            full.append(text[start:cut])
            start = cut
        else:
            full.append(text[start:cut])
            start = cut + 1
    return full, text[start:]
