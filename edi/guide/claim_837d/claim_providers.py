"""The providers of a whole claim: loops 2310A to 2310E."""

from __future__ import annotations

from edi.guide.notation import loop
from edi.guide.segments import city, facility, provider, reference, specialty, street
from edi.guide.shape import SegmentUse

_IDS = "0B 1G G2 LU"


def _secondary(repeat: int, codes: str) -> SegmentUse:
    return reference(2710, "S", repeat, codes, "Secondary identifier")


_DOUBT = "Doubt: sources disagree whether it is required; it may be absent."

CLAIM_PROVIDERS = (
    loop(
        "2310A",
        "S",
        2,
        "Referring provider",
        provider(2500, "DN P3", "Referring provider"),
        specialty(2550, "S", "RF", "Referring provider's specialty"),
        _secondary(3, "0B 1G G2"),
    ),
    loop(
        "2310B",
        "S",
        1,
        "Rendering provider",
        provider(2500, "82", "Rendering provider", "1 2"),
        specialty(2550, "S", "PE", "Rendering provider's specialty", _DOUBT),
        _secondary(4, _IDS),
        note="Only when it differs from the billing provider.",
    ),
    loop(
        "2310C",
        "S",
        1,
        "Service facility",
        facility(2500, "Service facility"),
        street(2650),
        city(2700),
        _secondary(3, "0B G2 LU"),
        note="Only when the place differs from the billing provider's address.",
    ),
    loop(
        "2310D",
        "S",
        1,
        "Assistant surgeon",
        provider(2500, "DD", "Assistant surgeon"),
        specialty(2550, "S", "AS", "Assistant surgeon's specialty", _DOUBT),
        _secondary(4, _IDS),
    ),
    loop(
        "2310E",
        "S",
        1,
        "Supervising provider",
        provider(2500, "DQ", "Supervising provider"),
        _secondary(4, _IDS),
    ),
)
