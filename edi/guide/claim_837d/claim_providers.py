"""The providers of a whole claim: loops 2310A to 2310E."""

from __future__ import annotations

from edi.guide.notation import loop
from edi.guide.segments import city, facility, provider, reference, specialty, street

_NUMBERS = "0B 1G G2 LU"
_DOUBT = "Doubt: sources disagree whether it is required; it may be absent."

CLAIM_PROVIDERS = (
    loop(
        "2310A S 2 Referring provider",
        provider("NM1 2500 R 1 Referring provider", "DN P3"),
        specialty("PRV 2550 S 1 Referring provider's specialty", "RF"),
        reference("REF 2710 S 3 Secondary identifier", "0B 1G G2"),
    ),
    loop(
        "2310B S 1 Rendering provider",
        provider("NM1 2500 R 1 Rendering provider", "82", "1 2"),
        specialty("PRV 2550 S 1 Rendering provider's specialty", "PE", _DOUBT),
        reference("REF 2710 S 4 Secondary identifier", _NUMBERS),
        note="Only when it differs from the billing provider.",
    ),
    loop(
        "2310C S 1 Service facility",
        facility("NM1 2500 R 1 Service facility"),
        street(2650),
        city(2700),
        reference("REF 2710 S 3 Secondary identifier", "0B G2 LU"),
        note="Only when the place differs from the billing provider's address.",
    ),
    loop(
        "2310D S 1 Assistant surgeon",
        provider("NM1 2500 R 1 Assistant surgeon", "DD"),
        specialty("PRV 2550 S 1 Assistant surgeon's specialty", "AS", _DOUBT),
        reference("REF 2710 S 4 Secondary identifier", _NUMBERS),
    ),
    loop(
        "2310E S 1 Supervising provider",
        provider("NM1 2500 R 1 Supervising provider", "DQ"),
        reference("REF 2710 S 4 Secondary identifier", _NUMBERS),
    ),
)
