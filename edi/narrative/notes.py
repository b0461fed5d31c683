"""The narrative as a claim carries it: at most five notes of 80 characters, the most telling facts first.

What does not fit travels whole as an attachment, and the notes end by saying so. NTE*ADD repeats five times
in loop 2300 of the 837 Dental guide 005010X224A2; NTE02 holds 80 characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from edi.narrative.sentences import tell
from edi.visit.charset import clean_text
from edi.visit.facts import Facts

WIDTH = 80
LINES = 5
LENGTH = WIDTH * LINES
ATTACHED = "Full narrative attached."
_DECISIVE = 150
"""What a single sentence may take of the notes when not all fits."""


class Narrative(NamedTuple):
    """`text` is the whole; `notes` are the claim's, 0 to 5 of at most 80 characters; with `overflow` the whole
    must travel as an attachment. All of it has only characters that a claim can carry."""

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
    told = tell(facts)
    if not told:
        return _NONE
    text = " ".join([sentence[1] for sentence in told])
    if "  " in text:
        text = " ".join(text.split())
        told = [(rank, " ".join(one.split()), sources) for rank, one, sources in told]
    told.sort()
    telling = [sentence[1] for sentence in told]
    if len(text) <= LENGTH:
        notes, fits = _pack(telling, 0)
        if fits:
            return Narrative(text, "generated", tuple(notes), False)
    notes, _ = _pack(
        [one if len(one) <= _DECISIVE else _shorten(one, _DECISIVE) for one in telling], len(ATTACHED) + 1
    )
    return Narrative(text, "generated", _closed(notes), True)


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


def _closed(notes: list[str]) -> tuple[str, ...]:
    """Notes that say in their last words that the whole is attached; `_pack` has kept the room."""
    if notes and len(notes[-1]) + 1 + len(ATTACHED) <= WIDTH:
        return (*notes[:-1], f"{notes[-1]} {ATTACHED}")
    return (*notes, ATTACHED)


def _pack(sentences: Iterable[str], reserve: int) -> tuple[list[str], bool]:
    """Sentences in lines cut between words, and whether all of them found room. One that does not fit is left
    out, and a shorter one after it may still come in. The last line keeps `reserve` characters free."""
    lines: list[str] = []
    line = ""
    fits = True
    for sentence in sentences:
        text = f"{line} {sentence}" if line else sentence
        full: list[str] = []
        while len(text) > WIDTH:
            cut = text.rfind(" ", 0, WIDTH + 1)
            if cut < 1:  # one word longer than a line
                full.append(text[:WIDTH])
                text = text[WIDTH:]
            else:
                full.append(text[:cut])
                text = text[cut + 1 :]
        count = len(lines) + len(full) + 1
        if count < LINES or (count == LINES and len(text) <= WIDTH - reserve):
            lines += full
            line = text
        else:
            fits = False
    if line:
        lines.append(line)
    return lines, fits
