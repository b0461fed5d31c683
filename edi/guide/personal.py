"""Personal data in X12: which elements `edi inspect --mask` covers.

By the safe harbour of HIPAA, 45 CFR 164.514(b)(2): names, places smaller than a state, every date but its year, numbers of persons,
plans, accounts, claims and devices, ways to reach somebody, and whatever may hold one of these, free text above all. Amounts, procedures,
diagnoses and teeth tell of nobody by themselves. Providers, payers and those who pass a claim on are not the persons protected, so
their own names, numbers and places may be seen. Whatever is listed nowhere is covered when it is text.
"""

from __future__ import annotations

from typing import Literal

from edi.guide.shape import ElementUse, Loop
from edi.guide.standard import ELEMENTS

Cover = Literal["", "day", "whole"]
"""Nothing is covered; all but the year; all."""


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_OF_PARTIES = _set("19 67 93 116 166 310 364 443 1035 1036 1037 1038 1039")
"""Names, places, identifiers and telephones: covered unless they are a business party's."""

_ALWAYS = _set("352 449 724 933 1028 9998 I02 I04")
"""Free text, the patient's account (CLM01), copies of an element or of a claim's number, and what opens a door."""

_DATES = frozenset(("1251",))
"""Dates of care; those of the file itself (element 373) are nobody's. A person's own date is that of birth, whose year may tell an
age above 89, which is covered too."""

_NUMBERS = frozenset(("127",))
_OPEN_QUALIFIERS = _set("0B 1G 2U EI FY G2 LU NF PXC")
"""A number is covered unless the qualifier before it says that it is a provider's, a payer's or an organization's own."""

_OPEN = _set(
    "I06 I07 I15 I65 124 142 234 329 447 480 628 725 734 799 1222 1271 1331 1339 1690 1692 1705 9999"
)
"""Text that tells of nobody: codes that others keep, control numbers, versions, senders and receivers."""

_WORDS = _set("I06 I07 124 142 9999")
"""Of these, what may have several words: who sends and who receives, and what a 999 calls a context."""

_OPEN_NAMES = frozenset(("Batch number", "Other payer identifier", "Remark code", "Tooth"))
"""The same by the guide's own name of the element, where its number is used for other things too."""

_ENTITY = "98"
_BUSINESS = _set("1P 40 41 82 85 87 DD DN DQ P3 PE PR")
"""Entities that are no patient, subscriber or kin. A service location (77) may be the patient's home, so it is not among them."""


def cover(loop: Loop | None, element: ElementUse, qualifier: str) -> Cover:
    """How much of an element's value is to be covered. `qualifier` is the value before it; `loop` the one it stands in, None in the
    envelope."""
    number = element.number
    if element.codes or number in _OPEN or element.name in _OPEN_NAMES:
        return ""
    if number in _DATES:
        return "whole" if _is_party(loop) and not _is_business(loop) else "day"
    if number in _NUMBERS:
        return "" if qualifier in _OPEN_QUALIFIERS else "whole"
    if number in _OF_PARTIES:
        return "" if _is_business(loop) else "whole"
    known = ELEMENTS.get(number)
    return "whole" if number in _ALWAYS or known is None or known.type in ("AN", "B") else ""


def tells_of_persons(number: str) -> bool:
    """Whether a data element may tell who somebody is, wherever it stands. A file and a composite, which have no text of their own,
    are taken to do so."""
    known = ELEMENTS.get(number)
    return known is None or known.type == "B" or number in _OF_PARTIES | _ALWAYS | _DATES | _NUMBERS


def is_no_code(element: ElementUse, value: str) -> bool:
    """Whether a value has several words where the element, which is not covered, is for one code, number or version."""
    named = element.number in _OPEN or element.name in _OPEN_NAMES
    return named and element.number not in _WORDS and " " in value.strip()


def is_listed(number: str) -> bool:
    """Whether a data element stands in one of the lists above."""
    return any(number in each for each in (_OF_PARTIES, _ALWAYS, _DATES, _NUMBERS, _OPEN))


def _is_party(loop: Loop | None) -> bool:
    return loop is not None and bool(loop.trigger.key) and _key(loop).number == _ENTITY


def _is_business(loop: Loop | None) -> bool:
    return loop is not None and _is_party(loop) and _BUSINESS.issuperset(loop.trigger.keys)


def _key(loop: Loop) -> ElementUse:
    return loop.trigger.elements[loop.trigger.key - 1]
