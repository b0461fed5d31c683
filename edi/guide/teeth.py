"""Tooth designations of the Universal/National system, as a claim writes them.

Permanent 1-32, primary A-T, supernumerary permanent 51-82 (tooth + 50), supernumerary primary AS-TS
(letter + S). Facts: OAC 317:30-5-703 and ResDAC's tooth number list.
"""

from __future__ import annotations

from typing import Final, Literal

ToothKind = Literal["permanent", "primary", "supernumerary", "supernumerary-primary"]

_LETTERS = "ABCDEFGHIJKLMNOPQRST"
KINDS: dict[str, ToothKind] = {
    **{str(number): "permanent" for number in range(1, 33)},
    **dict.fromkeys(_LETTERS, "primary"),
    **{str(number): "supernumerary" for number in range(51, 83)},
    **{letter + "S": "supernumerary-primary" for letter in _LETTERS},
}
"""Every designation that may stand on a claim, and its kind."""

FRONT_TEETH: Final = frozenset(
    [*map(str, (*range(6, 12), *range(22, 28), *range(56, 62), *range(72, 78)))]
    + [letter + supernumerary for letter in "CDEFGHMNOPQR" for supernumerary in ("", "S")]
)
"""Incisors and canines: they have an incisal edge and no occlusal surface."""
BACK_TEETH: Final = frozenset(KINDS) - FRONT_TEETH
"""Premolars and molars."""
