"""Situations of the attachment: what a 275 needs only in some cases."""

from __future__ import annotations

from edi.guide.condition import Has, Is
from edi.guide.notation import situation

SITUATIONS = (
    situation(
        "X12-275-UNSOLICITED at 2000A/TRN 01",
        Is("TRN 01", "1"),
        "Send TRN*1 with the number in PWK06 of the claim, or BGN*11 where a request is answered.",
        when=Is("ST/BGN 01", "02"),
        source="vendors and companion guides (attachments.md S3, S17)",
    ),
    situation(
        "X12-275-SOLICITED at 2000A/TRN 01",
        Is("TRN 01", "2"),
        "Send TRN*2 with the payer's number from TRN02 of its request, or BGN*02 where nobody asked.",
        when=Is("ST/BGN 01", "11"),
        source="vendors and companion guides (attachments.md S3, S17)",
    ),
    situation(
        "X12-275-ASKED at 2000A/STC",
        Has("STC"),
        "Repeat the STC of the request, so that the payer knows which question is answered.",
        when=Is("ST/BGN 01", "11"),
        severity="warning",
        source="mirror of the 277 (attachments.md S28b, S35); the segment is optional in the standard",
    ),
)
