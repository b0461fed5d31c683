"""What a visit has or is, as bits: a rule says with them when it applies, so that the others are never called."""

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
SEVERAL_LINES: Final = 1 << 9
REPEATED_LINES: Final = 1 << 10
ATTACHMENTS: Final = 1 << 11
SEVERAL_ATTACHMENTS: Final = 1 << 12
FILES: Final = 1 << 13
CLINICAL: Final = 1 << 14
TOOTH: Final = 1 << 15
FILMS: Final = 1 << 16
TESTS: Final = 1 << 17
EPISODE: Final = 1 << 18
HISTORY: Final = 1 << 19
COURSE: Final = 1 << 20
"""Any of the three codes."""

# Bits that spare calls: what a rule looks for cannot be there without them.
FULL_CHART: Final = 1 << 21
"""The chart has every text that the codes of the claim ask for."""
UNDATED: Final = 1 << 22
"""The claim has no service date."""
WRONG_DAY: Final = 1 << 23
"""The claim's service date cannot be right."""
LINE_DATES: Final = 1 << 24
"""A procedure has a date of its own."""
ACCIDENT: Final = 1 << 25
LONG_EPISODE: Final = 1 << 26
"""The episode lists more than one visit."""
FIRST_BEFORE: Final = 1 << 27
CLOSED_BEFORE: Final = 1 << 28
OTHER_BEFORE: Final = 1 << 29
"""A D3351, a D3353, a code beside the three is known of the tooth."""
NOT_BEFORE: Final = 1 << 30
"""A visit listed as earlier may not be."""
LIMITS: Final = 1 << 31
"""The payer's profile asks for something that the default profile does not."""
OTHER_PAYERS: Final = 1 << 32
"""Another payer has decided on the claim, or will."""

# Doubts: `edi.rules.doubts` finds in one look which single values are out of the ordinary. They spare calls, too.
ODD_LINE: Final = 1 << 33
"""A code, tooth, fee, quantity or pointer of a procedure."""
RIVAL_CODE: Final = 1 << 34
"""A code that does not go with apexification of the same tooth."""
ODD_TOOTH: Final = 1 << 35
"""The tooth of the three codes, by itself or for the patient's age, or that a line may have none."""
ODD_DIAGNOSIS: Final = 1 << 36
"""A diagnosis that is none, or does not fit the three codes."""
OTHER_DIAGNOSIS: Final = 1 << 37
"""A diagnosis that is not known to fit the three codes."""
ODD_NUMBER: Final = 1 << 38
"""A number of a provider."""
ODD_STATE: Final = 1 << 39
"""A state of an address or an accident."""
ODD_CHARACTER: Final = 1 << 40
ODD_EPISODE: Final = 1 << 41
"""The dates of the episode do not rise from visit to visit."""
ODD_IMAGE: Final = 1 << 42
"""The images attached are not those that the radiographs name."""
ODD_STREET: Final = 1 << 43
"""The street or postal code of the billing provider."""
ODD_PROOF: Final = 1 << 44
"""The tooth of a radiograph or pulp test, or the date of a radiograph."""
ODD_ID: Final = 1 << 45
"""The visit's id: another record or a claim has it."""
ODD_ACCIDENT: Final = 1 << 46
"""The date of the accident."""
DOUBTS: Final = (
    ODD_LINE
    | RIVAL_CODE
    | ODD_TOOTH
    | ODD_DIAGNOSIS
    | OTHER_DIAGNOSIS
    | ODD_NUMBER
    | ODD_STATE
    | ODD_CHARACTER
    | ODD_EPISODE
    | ODD_IMAGE
    | ODD_STREET
    | ODD_PROOF
    | ODD_ID
    | ODD_ACCIDENT
)

KINDS: Final[dict[int, str]] = {
    PREDETERMINATION: "predeterminations",
    ENCOUNTER: "encounters",
    REPLACEMENT: "replacements",
    VOID: "voids",
}
"""How an explanation names a kind of claim."""

PARTS: Final[dict[int, str]] = {
    CHILD: "a patient who is the subscriber's child",
    DIAGNOSES: "diagnoses",
    ATTACHMENTS: "attachments",
    SEVERAL_ATTACHMENTS: "more than one attachment",
    CLINICAL: "a clinical record",
    TOOTH: "a tooth number",
    FILMS: "radiographs",
    TESTS: "pulp tests",
    EPISODE: "an episode",
    LONG_EPISODE: "an episode of several visits",
    OTHER_PAYERS: "other insurance",
    HISTORY: "earlier visits",
    OTHER_BEFORE: "earlier treatment of the tooth",
    ACCIDENT: "an accident",
}
"""How an explanation names what a record has. Bits that only spare calls have no name."""

CODES: Final[dict[int, str]] = {FIRST: "D3351", RENEWAL: "D3352", CLOSING: "D3353"}
"""How an explanation names a code."""
