"""The four characters that structure an interchange, and the character sets of X12."""

from __future__ import annotations

from typing import NamedTuple

# X12 basic and extended character sets (reference 837d.md, S3: the guide's appendix).
BASIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"&'()*+,-./:;?= "
EXTENDED = "abcdefghijklmnopqrstuvwxyz%~@[]_{}\\|<>#$^`"


class Delimiters(NamedTuple):
    """Single characters, and what stands between a terminator and the next segment ("" or a line break)."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    line_break: str = "\n"

    @property
    def text_characters(self) -> str:
        """The characters that data may hold: both X12 sets without the delimiters."""
        taken = self.element + self.component + self.repetition + self.terminator
        return "".join(char for char in BASIC + EXTENDED if char not in taken)

    @property
    def clash(self) -> bool:
        """Whether two of the characters are the same, so that the text cannot be taken apart."""
        taken = [self.element, self.component, self.terminator, *self.repetition]
        return len(set(taken)) < len(taken)


DEFAULT = Delimiters()
