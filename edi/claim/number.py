"""Control numbers of a claim. Without a ledger they follow from the record alone: the same record gets the same ones
in every run. A ledger has a number for each claim that no other claim ever gets, and they are made of it."""

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


def patient_control_number(visit: Visit, number: int | None = None) -> str:
    """CLM01: the visitId where it fits 20 characters, else its beginning and the ledger's `number` or a short hash."""
    visit_id = visit["visitId"]
    if len(visit_id) <= _LONGEST:
        return visit_id
    short = _short_hash(_practice(visit), visit_id) if number is None else f"{number:0{_DIGITS}}"
    return f"{visit_id[:_HEAD]}-{short}"


def attachment_number(
    visit: Visit, control_number: str, attachment_id: str, number: int | None = None
) -> str:
    """PWK06 of an attachment that brings no number of its own: `control_number` is CLM01, `number` the ledger's. At
    most 31 characters, and another for each practice, visit and attachment; with a ledger for each claim too."""
    if number is not None:
        ids = [attachment["id"] for attachment in visit.get("attachments", ())]
        place = ids.index(attachment_id) + 1 if attachment_id in ids else 0
        return f"{number:0{_DIGITS}}-{place}"
    return f"{control_number}-{_short_hash(_practice(visit), visit['visitId'], attachment_id)}"
