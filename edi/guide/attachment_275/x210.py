"""005010X210: the payload stands in BIN, below EFI."""

from __future__ import annotations

from edi.guide.attachment_275.body import attachment_guide, payload
from edi.guide.notation import R, use

GUIDE = attachment_guide(
    "005010X210",
    "00501",
    use("EFI 2900 R 1 Kind of payload", R("EFI01 Security level", "05")),
    use("BIN 3000 R 1 Payload", *payload("BIN01", "BIN02")),
)
