"""Who a visit is of, and which visit it is: by what records of the same patient and of the same visit are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

SEPARATOR: Final = "\x1f"
"""Between the parts of a key."""


def patient_of(record: Mapping[str, Any]) -> str:
    """All that tells patients apart: payer, practice, member, and the person where that is not the subscriber. What is
    only reported (an encounter) has a history of its own."""
    patient = record.get("patient")
    reporting = record.get("claim", {}).get("purpose") == "encounter"
    return SEPARATOR.join(
        (
            "R" if reporting else "C",
            _practice(record),
            record["payer"]["payerId"],
            record["subscriber"]["memberId"],
            f"{patient['birthDate']} {patient['lastName']} {patient.get('firstName', '')}" if patient else "",
        )
    )


def visit_of(record: Mapping[str, Any]) -> str:
    """A visitId within its practice."""
    return f"{_practice(record)}{SEPARATOR}{record['visitId']}"


def _practice(record: Mapping[str, Any]) -> str:
    billing = record["billingProvider"]
    practice: str = billing.get("npi") or billing.get("taxId", "")
    return practice
