"""Teeth that get apexification: their names, and the ages at which their roots are still open.

Ages lie between a usual eruption and a little after usual root closure (general textbook knowledge),
so that no rule on age has anything to say.
"""

from __future__ import annotations

from typing import NamedTuple

ANTERIOR, PREMOLAR, MOLAR = "anterior", "premolar", "molar"


class Tooth(NamedTuple):
    """`youngest` and `oldest` are whole years at the first visit; `length` is a usual root length in mm."""

    number: str
    label: str
    kind: str
    youngest: int
    oldest: int
    length: int


# Position from the midline: name, kind, youngest and oldest age (upper, lower), length in mm (upper, lower).
_POSITIONS = (
    ("central incisor", ANTERIOR, (8, 7), (11, 10), (21, 19)),
    ("lateral incisor", ANTERIOR, (9, 8), (12, 11), (20, 20)),
    ("canine", ANTERIOR, (12, 11), (15, 14), (25, 24)),
    ("first premolar", PREMOLAR, (12, 12), (14, 14), (20, 21)),
    ("second premolar", PREMOLAR, (12, 12), (15, 15), (20, 21)),
    ("first molar", MOLAR, (7, 7), (10, 10), (20, 20)),
    ("second molar", MOLAR, (13, 13), (15, 15), (19, 19)),
)


def _tooth(number: int) -> Tooth:
    lower = number > 16
    in_arch = number - 16 if lower else number
    left = (in_arch > 8) != lower
    place = in_arch - 9 if in_arch > 8 else 8 - in_arch
    name, kind, youngest, oldest, length = _POSITIONS[place]
    label = f"{'lower' if lower else 'upper'} {'left' if left else 'right'} {name}"
    return Tooth(str(number), label, kind, youngest[lower], oldest[lower], length[lower])


TEETH = {number: _tooth(number) for number in range(2, 32) if number not in (16, 17)}

# Upper incisors take most injuries; a grown-up's open apex is an old injury of one of them.
# fmt: off
USUAL = tuple(
    TEETH[number]
    for number in (
        8, 8, 8, 8, 9, 9, 9, 9, 7, 7, 10, 10, 24, 25, 23, 26, 6, 11, 22, 27,
        4, 5, 12, 13, 20, 20, 29, 29, 21, 28, 3, 14, 19, 19, 30, 30, 2, 15, 18, 31,
    )
)
# fmt: on
OLD_INJURY = tuple(TEETH[number] for number in (7, 8, 8, 8, 9, 9, 9, 10))
