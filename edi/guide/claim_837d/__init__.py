"""The dental claim, 837 by guide 005010X224A2, as data.

Where public sources disagree, the reading that accepts more stands here and a note beside it says "Doubt"; the licensed
guide itself was not read.
"""

from __future__ import annotations

from edi.guide.claim_837d.billing import BILLING_LEVEL
from edi.guide.claim_837d.head import HEAD
from edi.guide.claim_837d.situations import SITUATIONS
from edi.guide.notation import loop
from edi.guide.segments import set_trailer
from edi.guide.shape import Guide

GUIDE = Guide(
    version="005010X224A2",
    transaction="837",
    functional_id="HC",
    name="Dental claim",
    root=loop("ST R >1 Transaction set", *HEAD, BILLING_LEVEL, set_trailer(5550)),
    situations=SITUATIONS,
    receiver="1000B/NM1:40 09",
    payer="2010BB/NM1:PR 09",
    same=("2010BA/NM1:IL", "2010CA/NM1:QC", "CLM", "DTP:472", "2400/SV3", "2400/TOO", "2400/DTP:472"),
)
