"""Delimiters of an interchange, and the character sets of X12."""

from __future__ import annotations

import re
from typing import NamedTuple

# X12 basic and extended character sets (reference 837d.md, S3: the guide's appendix).
BASIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"&'()*+,-./:;?= "
EXTENDED = "abcdefghijklmnopqrstuvwxyz%~@[]_{}\\|<>#$^`"


class Delimiters(NamedTuple):
    """The four delimiters, and what stands between a terminator and the next segment ("" or a line break)."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    line_break: str = "\n"

    @property
    def text_characters(self) -> str:
        """The characters that data may hold: both X12 character sets without the delimiters."""
        taken = self.element + self.component + self.repetition + self.terminator
        return "".join(char for char in BASIC + EXTENDED if char not in taken)

    @property
    def clash(self) -> bool:
        """Whether two of the characters are the same, so that the text cannot be taken apart."""
        taken = [self.element, self.component, self.terminator, *self.repetition]
        return len(set(taken)) < len(taken)


DEFAULT = Delimiters()

DECLARED_WITHIN = 1 << 13
"""Characters from an ISA on that `declared` may look at."""

_ISA_ELEMENTS = 16
_ISA_LONGEST = 400  # an ISA is 106 characters; this leaves room for wrong widths, which the guide reports
_COMPONENTS = ":><|\\/;!"  # separators of components in use, the usual one first


def declared(text: str) -> Delimiters | None:
    """The delimiters that the ISA at the beginning of `text` declares; None when there is no whole ISA. Where it has lost its
    last element, the component separator is the one that is likeliest in what follows."""
    if not text.startswith("ISA") or len(text) <= _ISA_ELEMENTS:
        return None
    element = text[3]
    fields = text[:_ISA_LONGEST].split(element, _ISA_ELEMENTS)
    if element.isalnum() or len(fields) < _ISA_ELEMENTS:
        return None
    repetition = fields[11].strip("\r\n")
    repetition = repetition if len(repetition) == 1 and not repetition.isalnum() else ""
    rest = text[sum(len(field) + 1 for field in fields[: _ISA_ELEMENTS - 1]) :]  # ISA15 and on
    found = _without_component(text, element, repetition, rest) or _whole(element, repetition, rest)
    # With one character in two roles, or a letter as one, nothing that follows could be told apart.
    return None if not found or found.clash or (found.component + found.terminator).isalnum() else found


def _whole(element: str, repetition: str, rest: str) -> Delimiters | None:
    _, _, end = rest[:_ISA_LONGEST].partition(element)
    # Blanks and line breaks before a terminator are a flaw of the layout.
    after = re.sub(r"^\s+(?=[^\w\s])", "", end[1:])
    return Delimiters(element, end[0], repetition, after[0], _line_break(after[1:])) if after else None


def _without_component(text: str, element: str, repetition: str, rest: str) -> Delimiters | None:
    """The delimiters where the terminator stands in the place of ISA16, with the separator before it or without."""
    mark = re.escape(element)
    found = re.match(rf"[A-Z]?{mark}?([^\w{mark}])(\r?\n|)(?:GS|TA1|IEA){mark}", rest)
    if not found:
        return None
    terminator, line_break = found[1], found[2]
    if line_break:  # or it is the component separator, and the line break is the terminator
        line, _, _ = rest[found.end(2) :].partition(line_break)
        if not line.endswith(terminator):
            return None
    taken = element + terminator + repetition
    component = max((char for char in _COMPONENTS if char not in taken), key=text[:DECLARED_WITHIN].count)
    return Delimiters(element, component, repetition, terminator, line_break)


def _line_break(text: str) -> str:
    return "\r\n" if text[:2] == "\r\n" else "\n" if text[:1] == "\n" else ""
