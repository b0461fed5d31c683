"""006020X314: the payload stands in BDS, below OOI.

45 CFR 162.2002(c) prints the number without its first zero; GS08 and ST03 carry it whole.
"""

from __future__ import annotations

from edi.guide.attachment_275.body import attachment_guide, payload
from edi.guide.notation import R, use

GUIDE = attachment_guide(
    "006020X314",
    "00602",
    use(
        "OOI 2900 R 1 Kind of payload",
        R("OOI01 Object group", "1"),
        R("OOI02 Object type", "47"),
        R("OOI03 Object attribute", note="ATTACHMENT."),
    ),
    use(
        "BDS 3000 R 1 Payload",
        R("BDS01 Filter", "ASC B64", note="Doubt: one author says that later releases keep B64 only."),
        *payload("BDS02", "BDS03"),
        note="With B64 the whole MIME entity is in base64, whose body is in base64 already.",
    ),
)
