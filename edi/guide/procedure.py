"""What a procedure code asks to be told of: tooth, surfaces, area of the mouth, prosthesis, orthodontics. Ranges of codes, no table.

Sources: the treatment areas that Open Dental's public documentation gives to ranges of codes; the published claim edits of
NextGen (edits 87 to 89) and of Henry Schein eTrans. Codes that payers treat differently are left out.
"""

from __future__ import annotations

from typing import Final


def _ranges(text: str) -> frozenset[str]:
    """The codes in ranges such as "D2140-D2161 D2330"."""
    codes = set()
    for part in text.split():
        first, _, last = part.partition("-")
        codes |= {f"D{number:04}" for number in range(int(first[1:]), int((last or first)[1:]) + 1)}
    return frozenset(codes)


TOOTH: Final = _ranges(
    "D1351-D1354 D2140-D2161 D2330-D2394 D2410-D2430 D2510-D2664 D2710-D2799 D2910-D2957 D2960-D2983 D3110-D3120"
    " D3220-D3357 D3410-D3427 D3430-D3450 D3920 D6010-D6013 D6056-D6077 D6205-D6253 D6545-D6794 D7111-D7140"
    " D7210-D7251 D7270-D7283"
)
"""Codes for one tooth."""
SURFACES: Final = _ranges(
    "D2140-D2161 D2330-D2335 D2391-D2394 D2510-D2530 D2542-D2544 D2610-D2630 D2650-D2652"
)
"""Codes for surfaces of a tooth."""
QUADRANT: Final = _ranges("D4210-D4211 D4240-D4241 D4260-D4261 D4341-D4342 D7310-D7321")
"""Codes for a quadrant; its teeth may be told beside it."""
ARCH: Final = _ranges("D7471")
"""Codes for an arch that the code itself does not name."""
PROSTHESIS: Final = _ranges(
    "D2710-D2794 D5110-D5140 D5211-D5228 D5282-D5286 D6058-D6077 D6110-D6117 D6205-D6253 D6545-D6794"
)
"""Codes of crowns, dentures and bridges, which are placed for the first time or replaced."""
ORTHODONTICS: Final = _ranges("D8010-D8090")
"""Codes of orthodontic treatment, which lasts a number of months."""
FILMS: Final = _ranges("D0220 D0230")
"""Codes of periapical films, of which several may be taken of one tooth."""
FRONT_TEETH_ONLY: Final = _ranges("D2330-D2335 D2390 D3310 D3346 D3410")
BACK_TEETH_ONLY: Final = _ranges("D2391-D2394 D3330 D3348")
REPLACES_TEETH: Final = _ranges("D5000-D6999")
"""Codes that put something in the place of a missing tooth."""
