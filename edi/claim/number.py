"""Control numbers that follow from the record alone: the same record gets the same ones in every run."""

from __future__ import annotations

import base64
import hashlib

from edi.visit.record import Visit

_LONGEST = 20  # what a payer must echo of CLM01 (reference 837d.md)
_HEAD = 11


def _short_hash(*parts: str) -> str:
    """Eight letters and digits that stand for the parts (40 bits)."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=5).digest()
    return base64.b32encode(digest).decode("ascii")


def _practice(visit: Visit) -> str:
    billing = visit["billingProvider"]
    return billing.get("npi") or billing.get("taxId", "")


def patient_control_number(visit: Visit) -> str:
    """CLM01: the visitId where it fits 20 characters, else its beginning and a short hash."""
    visit_id = visit["visitId"]
    if len(visit_id) <= _LONGEST:
        return visit_id
    return f"{visit_id[:_HEAD]}-{_short_hash(_practice(visit), visit_id)}"


def attachment_number(visit: Visit, attachment_id: str) -> str:
    """PWK06 of an attachment that brings no number of its own: at most 29 characters, and another for each practice,
    visit and attachment."""
    return f"{patient_control_number(visit)}-{_short_hash(_practice(visit), visit['visitId'], attachment_id)}"
