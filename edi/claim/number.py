"""Control numbers that follow from the record alone: the same record gets the same ones in every run."""

from __future__ import annotations

import hashlib

from edi.visit.record import Visit

_LONGEST = 20  # what a payer must echo of CLM01 (reference 837d.md)
_DIGITS = 10
_HEAD = _LONGEST - _DIGITS - 1


def _short_hash(*parts: str) -> str:
    """Ten digits and letters that stand for the parts (40 bits)."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=_DIGITS // 2).hexdigest().upper()


def _practice(visit: Visit) -> str:
    billing = visit["billingProvider"]
    return billing.get("npi") or billing.get("taxId", "")


def patient_control_number(visit: Visit) -> str:
    """CLM01: the visitId where it fits 20 characters, else its beginning and a short hash."""
    visit_id = visit["visitId"]
    if len(visit_id) <= _LONGEST:
        return visit_id
    return f"{visit_id[:_HEAD]}-{_short_hash(_practice(visit), visit_id)}"


def attachment_number(visit: Visit, control_number: str, attachment_id: str) -> str:
    """PWK06 of an attachment that brings no number of its own: `control_number` is CLM01. At most 31 characters, and
    another for each practice, visit and attachment."""
    return f"{control_number}-{_short_hash(_practice(visit), visit['visitId'], attachment_id)}"
