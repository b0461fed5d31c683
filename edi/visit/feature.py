"""The features of a visit, one bit each: what it is and what its record holds. A rule's scope names them."""

from __future__ import annotations

from typing import Final

FIRST: Final = 1 << 0
RENEWAL: Final = 1 << 1
CLOSING: Final = 1 << 2
APEXIFICATION: Final = FIRST | RENEWAL | CLOSING
PREDETERMINATION: Final = 1 << 3
ENCOUNTER: Final = 1 << 4
REPLACEMENT: Final = 1 << 5
VOID: Final = 1 << 6
CHILD: Final = 1 << 7
DIAGNOSES: Final = 1 << 8
ATTACHMENTS: Final = 1 << 9
SEVERAL_ATTACHMENTS: Final = 1 << 10
FILES: Final = 1 << 11
CLINICAL: Final = 1 << 12
TOOTH: Final = 1 << 13
FILMS: Final = 1 << 14
TESTS: Final = 1 << 15
EPISODE: Final = 1 << 16
LONG_EPISODE: Final = 1 << 17
HISTORY: Final = 1 << 18
ACCIDENT: Final = 1 << 19
OTHER_PAYERS: Final = 1 << 20
LIMITS: Final = 1 << 21

CODES: Final[dict[int, str]] = {FIRST: "D3351", RENEWAL: "D3352", CLOSING: "D3353"}
"""Features that are a code of the claim."""

KINDS: Final[dict[int, str]] = {
    PREDETERMINATION: "predeterminations",
    ENCOUNTER: "encounters",
    REPLACEMENT: "replacements",
    VOID: "voids",
}
"""Features that are a kind of claim, as a sentence names it."""

PARTS: Final[dict[int, str]] = {
    CHILD: "the patient is the subscriber's child",
    DIAGNOSES: "the record has diagnoses",
    ATTACHMENTS: "the record has attachments",
    SEVERAL_ATTACHMENTS: "the record has more than one attachment",
    FILES: "an attachment has a file",
    CLINICAL: "the record has a clinical part",
    TOOTH: "the procedure has a tooth number",
    FILMS: "the chart has radiographs",
    TESTS: "the chart has pulp tests",
    EPISODE: "the record has an episode",
    LONG_EPISODE: "the episode has several visits",
    HISTORY: "earlier visits are known",
    ACCIDENT: "the record has an accident",
    OTHER_PAYERS: "the record has other insurance",
    LIMITS: "the payer's profile differs from the default",
}
"""All other features, as the condition that a sentence states."""
