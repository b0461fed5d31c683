"""Balances of the dental claim: amounts that must add up. What their sources are: `situations` beside this."""

from __future__ import annotations

from edi.guide.comparison import SumIs
from edi.guide.condition import Has, Not
from edi.guide.notation import situation

_ADJUSTED = (3, 6, 9, 12, 15, 18)

BALANCES = (
    situation(
        "X12-BALANCE-CLAIM at 2300/CLM 02",
        SumIs("CLM 02", ("2400/SV3 02",)),
        "Make CLM02 the sum of the charges of all service lines.",
        snip=3,
        category="charge",
        source="writer",
    ),
    situation(
        "X12-BALANCE-OTHER-PAYER at 2320/AMT:D 02",
        SumIs(
            "2300/CLM 02",
            ("AMT:D 02", *(f"CAS {place:02}" for place in _ADJUSTED)),
            tuple(f"2430/CAS {place:02}" for place in _ADJUSTED),
            key="2430/SVD 01",
            equals="2330B/NM1 09",
        ),
        "Check what the other payer paid and adjusted against its explanation of benefits.",
        when=Has("AMT:D"),
        until="2300",
        words="what the other payer paid (AMT*D) and all its adjustments, of the claim and of its lines, must add up to CLM02",
        snip=3,
        category="charge",
        source="writer",
    ),
    situation(
        "X12-BALANCE-LINE at 2430/SVD 02",
        SumIs("2400/SV3 02", ("SVD 02", *(f"CAS {place:02}" for place in _ADJUSTED))),
        "Check what the other payer paid and adjusted on this line against its explanation of benefits.",
        # What a payer bundled into another line balances there.
        when=Not(Has("SVD 06")),
        words="what the other payer paid on the line (SVD02) and its adjustments of the line must add up to SV302",
        snip=3,
        category="charge",
        source="writer",
    ),
)
