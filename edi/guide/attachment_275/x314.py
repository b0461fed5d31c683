"""006020X314: the payload stands in BDS, below OOI. (45 CFR 162.2002(c) prints the number without its first zero; GS08 and
ST03 carry it whole.)"""

from __future__ import annotations

from edi.guide.attachment_275.body import attachment_guide, payload
from edi.guide.notation import use
from edi.guide.shape import R

GUIDE = attachment_guide(
    "006020X314",
    "00602",
    use(
        "OOI",
        2900,
        "R",
        1,
        "Kind of payload",
        R("Object group", "1"),
        R("Object type", "47"),
        R("Object attribute", note="ATTACHMENT."),
        1,
    ),
    use(
        "BDS",
        3000,
        "R",
        1,
        "Payload",
        R("Filter", "ASC B64", note="Doubt: one author says that later releases keep B64 only."),
        *payload("Length of the payload", "Payload"),
        note="With B64 the whole MIME entity is in base64, whose body is in base64 already.",
    ),
)
